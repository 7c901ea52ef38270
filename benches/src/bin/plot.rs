//! Draws what the benches have measured, and prints it as a table.
//!
//! ```console
//! $ cargo bench -p benches
//! $ cargo run -p benches --bin plot
//! ```

use benches::machine::Machine;
use benches::plot::{pictures, table};
use benches::results::{Results, criterion_folder, target_folder};
use common::{Context, Error, exit_code};
use std::io::{self, Write};
use std::process::ExitCode;
use std::{env, fs};

const USAGE: &str = "usage: plot [--help]";
const HELP: &str = "\
Reads what criterion has measured, draws it as SVGs in target/plots and prints it
as a table in Markdown. Measure first: cargo bench -p benches";

fn main() -> ExitCode {
    exit_code(run())
}

fn run() -> Result<(), Error> {
    if let Some(argument) = env::args_os().nth(1) {
        return Err(match argument.to_str() {
            Some("-h" | "--help") => Error::Help {
                text: format!("{HELP}\n\n{USAGE}"),
            },
            _ => Error::Usage {
                problem: format!("'{}' is not known", argument.display()),
                usage: USAGE.into(),
            },
        });
    }
    let results = Results::read(&criterion_folder()?)?;
    let machine = Machine::this();

    let folder = target_folder()?.join("plots");
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let mut missing = Vec::new();
    for picture in pictures(&results, &machine)? {
        let path = folder.join(picture.name).with_extension("svg");
        if let Some(svg) = picture.svg {
            fs::write(&path, svg).with_context(|| format!("cannot write {}", path.display()))?;
            common::report(format_args!("wrote {}", path.display()));
        } else {
            missing.push(format!("cargo bench -p benches --bench {}", picture.bench));
        }
    }
    let mut out = io::stdout().lock();
    write!(out, "{}", table(&results, &machine))
        .and_then(|()| out.flush())
        .context("cannot write to standard output")?;
    if missing.is_empty() {
        return Ok(());
    }
    Err(Error::Other(format!(
        "some results are missing. Measure them with\n  {}",
        missing.join("\n  ")
    )))
}
