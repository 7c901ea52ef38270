//! The programs `processes` and `threads` of sum-array as wholes, from their start to their end,
//! with 2 to 64 workers. They run in turns, and the result is the ratio of their times.

use anyhow::{Result, anyhow};
use benches::figures::MANY_WORKERS;
use benches::pairs::{Measure, Pair, command, compare};
use benches::programs::{Effort, build_sum_array};

mod settings;

fn main() -> Result<()> {
    settings::show_progress();
    // An error in one line, with its causes.
    run().map_err(|error| anyhow!("{error:#}"))
}

fn run() -> Result<()> {
    let Some(effort) = Effort::of_command_line("programs") else {
        return Ok(());
    };
    let folder = build_sum_array()?;
    let len = effort.len.to_string();
    let mut pairs = Vec::new();
    for pages in ["huge", "small"] {
        for &workers in MANY_WORKERS {
            let num = workers.to_string();
            let arguments = [num.as_str(), "--len", &len, "--pages", pages];
            pairs.push(Pair {
                function: pages,
                value: Some(workers),
                measure: Measure::Whole,
                commands: ["processes", "threads"]
                    .map(|bin| command(&folder.join(bin), &arguments)),
            });
        }
    }
    compare("programs", &pairs, effort.rounds)
}
