//! The command line of `cargo lab`.

use checker::Workspace;
use checker::handout::{Comparison, HandoutError, handouts};
use clap::{Parser, Subcommand};
use std::error::Error;
use std::io::{self, Write};
use std::process::ExitCode;

/// Helps you through the lab on threads and processes
#[derive(Parser)]
#[command(name = "cargo lab", bin_name = "cargo lab", version)]
struct Arguments {
    #[command(subcommand)]
    command: Lab,
}

#[derive(Subcommand)]
enum Lab {
    /// For those who work on the lab itself
    #[command(subcommand)]
    Dev(Dev),
}

#[derive(Subcommand)]
enum Dev {
    /// Writes the skeletons in src/bin from the files in solutions, over whatever is there
    Skeletons,
    /// Proves that every skeleton is in step with its solution
    Check,
}

/// How a command went, and with which exit status it says so.
enum Outcome {
    /// 0
    Passed,
    /// 1
    Failed,
}

fn main() -> ExitCode {
    // Clap ends the program itself where the command line is wrong, with 2.
    let Arguments { command } = Arguments::parse();
    let outcome = match command {
        Lab::Dev(Dev::Skeletons) => write_skeletons(),
        Lab::Dev(Dev::Check) => check_skeletons(),
    };
    match outcome {
        Ok(Outcome::Passed) => ExitCode::SUCCESS,
        Ok(Outcome::Failed) => ExitCode::FAILURE,
        Err(error) => {
            report(error.as_ref());
            ExitCode::from(2)
        }
    }
}

/// Says what went wrong, and each reason behind it.
fn report(error: &dyn Error) {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text += &format!(": {error}");
        source = error.source();
    }
    let _ = writeln!(io::stderr(), "cargo lab: {text}");
}

fn write_skeletons() -> Result<Outcome, Box<dyn Error>> {
    let workspace = Workspace::locate()?;
    let mut out = io::stdout().lock();
    for handout in handouts(&workspace)? {
        handout.write()?;
        let skeleton = handout.skeleton.strip_prefix(workspace.root())?;
        writeln!(out, "written: {}", skeleton.display())?;
    }
    Ok(Outcome::Passed)
}

fn check_skeletons() -> Result<Outcome, Box<dyn Error>> {
    let workspace = Workspace::locate()?;
    let mut out = io::stdout().lock();
    let mut outcome = Outcome::Passed;
    for handout in handouts(&workspace)? {
        let skeleton = handout.skeleton.strip_prefix(workspace.root())?.display();
        let verdict = match handout.compare() {
            Ok(Comparison::Same) => "in step".into(),
            Ok(Comparison::Different) => {
                outcome = Outcome::Failed;
                "differs from its solution: edit the solution, then run cargo lab dev skeletons"
                    .into()
            }
            Ok(Comparison::Missing) => {
                outcome = Outcome::Failed;
                "is missing: run cargo lab dev skeletons".into()
            }
            Err(HandoutError::Marks { source, .. }) => {
                outcome = Outcome::Failed;
                format!("has a solution that is not marked properly: {source}")
            }
            Err(error) => return Err(error.into()),
        };
        writeln!(out, "{skeleton}: {verdict}")?;
    }
    Ok(outcome)
}
