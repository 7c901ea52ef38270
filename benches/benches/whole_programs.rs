//! The programs `processes` and `threads` of sum-array as wholes, from their start to their end,
//! with 2 to 64 workers. They run in turns, and the result is the ratio of their times.

use anyhow::Result;
use benches::figures::values;
use benches::programs::{Pair, build_sum_array, by_effort, command, compare, whole};

fn main() -> Result<()> {
    compare(env!("CARGO_CRATE_NAME"), "programs", pairs)
}

fn pairs() -> Result<Vec<Pair>> {
    let folder = build_sum_array()?;
    let len = by_effort(1_000_000, 10_000_000, 100_000_000).to_string();
    let mut pairs = Vec::new();
    for pages in ["huge", "small"] {
        for &workers in values("programs") {
            let num = workers.to_string();
            let arguments = [num.as_str(), "--len", &len, "--pages", pages];
            pairs.push(Pair {
                function: format!("programs/{pages}"),
                value: Some(workers),
                measure: whole,
                commands: ["processes", "threads"]
                    .map(|bin| command(&folder.join(bin), &arguments)),
            });
        }
    }
    Ok(pairs)
}
