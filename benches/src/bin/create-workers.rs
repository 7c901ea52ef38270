//! How long it takes to create a worker that does nothing and to wait for it.
//!
//! The twin of `peers/create_workers.c`; the bench `peers` runs both.

use anyhow::{Context, Result, bail};
use benches::workers;
use common::{Stopwatch, print_line};
use std::num::NonZeroU32;

const USAGE: &str = "usage: create-workers thread|process|process-of-common count";

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [kind, count] = &arguments[..] else {
        bail!(USAGE);
    };
    let create = match kind.as_str() {
        "thread" => workers::thread,
        "process" => workers::process,
        "process-of-common" => workers::exercise_process,
        _ => bail!(USAGE),
    };
    let count: u32 = count.parse::<NonZeroU32>().context(USAGE)?.into();

    let stopwatch = Stopwatch::start();
    for _ in 0..count {
        create();
    }
    let ms = stopwatch.elapsed().as_secs_f64() * 1e3 / f64::from(count);
    print_line(format_args!("Time spent: {ms:.6} ms"))
}
