//! How long it takes to create a worker that does nothing and to wait for it.
//!
//! The twin of `peers/create_workers.c`; the bench `peers` runs both.

use anyhow::{Result, bail};
use benches::workers;
use common::{Stopwatch, print_line};

const USAGE: &str = "usage: create-workers thread|process|process-of-common count";

fn main() -> Result<()> {
    let arguments: Vec<_> = std::env::args_os().skip(1).collect();
    let arguments: Vec<_> = arguments.iter().map(|argument| argument.to_str()).collect();
    let [Some(kind), Some(count)] = arguments[..] else {
        bail!("{USAGE}");
    };
    let create: fn() -> Result<()> = match kind {
        "thread" => workers::thread,
        "process" => workers::process,
        "process-of-common" => workers::exercise_process,
        _ => bail!("{USAGE}"),
    };
    let count = match count.parse() {
        Ok(count @ 1..) => count,
        _ => bail!("{USAGE}"),
    };

    let stopwatch = Stopwatch::start();
    for _ in 0..count {
        create()?;
    }
    let each = stopwatch.elapsed() / count;
    let ms = each.as_secs_f64() * 1e3;
    print_line(format_args!("Time spent: {ms:.6} ms"))
}
