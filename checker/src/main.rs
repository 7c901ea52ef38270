//! The command line of `cargo lab`.

mod commands;

use checker::Workspace;
use checker::terminal::progress;
use clap::{Parser, Subcommand};
use commands::{
    CommandResult, Which, check::Check, dev::Dev, doctor::doctor, explore::Explore, grade::Grade,
    hint::Hint, quiz::Questions, reset::reset, show::Show, status::status, trace::Trace,
    watch::watch,
};
use std::env;
use std::io::{self, ErrorKind, Write};
use std::path::Path;
use std::process::ExitCode;

/// Helps you through the lab on threads and processes
#[derive(Parser)]
#[command(name = "cargo lab", bin_name = "cargo lab", version)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Lab>,
}

#[derive(Subcommand)]
enum Lab {
    Check(Check),
    Show(Show),
    /// Checks your programs now, and again whenever you save a file
    Watch(Which),
    Trace(Trace),
    Explore(Explore),
    Hint(Hint),
    Quiz(Questions),
    /// Restores the original file of a task; your file is kept beside it
    Reset(Which),
    Grade(Grade),
    /// Checks whether the lab works on this machine, and says how to fix what is missing
    Doctor,
    #[command(subcommand)]
    Dev(Dev),
}

fn main() -> ExitCode {
    if env::var_os("TMPDIR").is_some_and(|folder| !Path::new(&folder).is_dir()) {
        // SAFETY: there is no other thread yet.
        unsafe { env::remove_var("TMPDIR") };
    }
    // For a wrong command line, clap ends the program itself with exit status 2.
    match run(Arguments::parse().command) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            // The reader may have closed the pipe, as `head` does.
            let kind = error.downcast_ref().map(io::Error::kind);
            if kind != Some(ErrorKind::BrokenPipe) {
                progress("");
                let _ = writeln!(io::stderr(), "cargo lab: {error:#}");
            }
            ExitCode::from(2)
        }
    }
}

fn run(command: Option<Lab>) -> CommandResult {
    // A student's program runs as the same user. It must not access the checker's memory or
    // open files through /proc.
    nix::sys::prctl::set_dumpable(false)?;
    let workspace = Workspace::locate();
    match command {
        None => status(&workspace),
        Some(Lab::Check(check)) => check.run(&workspace),
        Some(Lab::Show(show)) => show.run(),
        Some(Lab::Watch(which)) => watch(&which, &workspace),
        Some(Lab::Trace(trace)) => trace.run(&workspace),
        Some(Lab::Explore(explore)) => explore.run(&workspace),
        Some(Lab::Hint(hint)) => hint.run(&workspace),
        Some(Lab::Quiz(questions)) => questions.ask(&workspace),
        Some(Lab::Reset(which)) => reset(&which, &workspace),
        Some(Lab::Grade(grade)) => grade.run(&workspace),
        Some(Lab::Doctor) => doctor(&workspace),
        Some(Lab::Dev(dev)) => dev.run(&workspace),
    }
}
