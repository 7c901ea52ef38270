//! How long it takes to create a worker that does nothing and to wait for it.
//!
//! The twin of `peers/create_workers.c`; the bench `peers` runs both.

use benches::workers;
use common::{Context, Error, exit_code};
use std::io::{self, Write};
use std::process::ExitCode;
use std::time::Instant;

const USAGE: &str = "usage: create-workers thread|process|process-of-common count";

fn main() -> ExitCode {
    exit_code(run())
}

fn run() -> Result<(), Error> {
    let arguments: Vec<_> = std::env::args_os().skip(1).collect();
    let arguments: Vec<_> = arguments.iter().map(|argument| argument.to_str()).collect();
    let usage = |problem: &str| Error::Usage {
        problem: problem.into(),
        usage: USAGE.into(),
    };
    let [Some(kind), Some(count)] = arguments[..] else {
        return Err(usage("a kind and a count are needed"));
    };
    let create: fn() -> Result<(), Error> = match kind {
        "thread" => workers::thread,
        "process" => workers::process,
        "process-of-common" => workers::exercise_process,
        _ => return Err(usage("there is no such kind")),
    };
    let count = match count.parse() {
        Ok(count @ 1..) => count,
        _ => return Err(usage("the count must be a positive number")),
    };

    let start = Instant::now();
    for _ in 0..count {
        create()?;
    }
    let each = start.elapsed() / count;
    let ms = each.as_secs_f64() * 1e3;
    writeln!(io::stdout(), "Time spent: {ms:.6} ms").context("cannot write to standard output")
}
