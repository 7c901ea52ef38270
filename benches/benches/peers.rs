//! The programs of the lab against programs of the same kind in C, in turns.
//!
//! The C programs of the folder `peers` are compiled with the system's gcc. The programs of
//! sum-array are built as `cargo run` builds them.

use anyhow::{Result, anyhow};
use benches::pairs::{Measure, Pair, command, compare};
use benches::programs::{Effort, build_sum_array, compile};
use std::path::Path;
use std::thread::available_parallelism;

mod settings;

fn main() -> Result<()> {
    settings::show_progress();
    // An error in one line, with its causes.
    run().map_err(|error| anyhow!("{error:#}"))
}

/// Names of the ratios with huge and with small pages, the program of sum-array, the one in C,
/// and what is compared.
type Sum = ([&'static str; 2], &'static str, &'static str, Measure);

const SUMS: [Sum; 5] = [
    (
        ["threads_huge", "threads_small"],
        "threads",
        "sum_pthreads",
        Measure::Spent,
    ),
    (
        ["processes_huge", "processes_small"],
        "processes",
        "sum_fork",
        Measure::Spent,
    ),
    (
        ["reduce_huge", "reduce_small"],
        "reduce",
        "sum_openmp",
        Measure::Spent,
    ),
    (
        ["whole_huge", "whole_small"],
        "threads",
        "sum_pthreads",
        Measure::Whole,
    ),
    (
        ["limit_huge", "limit_small"],
        "threads",
        "fill_and_sum",
        Measure::Whole,
    ),
];

/// Names of the ratios, and what the two programs create.
const WORKERS: [(&str, &str, &str); 3] = [
    ("thread", "thread", "thread"),
    ("fork", "process", "process"),
    ("fork_of_common", "process-of-common", "process"),
];

fn run() -> Result<()> {
    let Some(effort) = Effort::of_command_line("peers") else {
        return Ok(());
    };
    let folder = build_sum_array()?;
    let len = effort.len.to_string();
    let cpus = available_parallelism().map_or(1, usize::from).to_string();
    let mut pairs = Vec::new();
    for (functions, bin, peer, measure) in SUMS {
        let Some(peer) = compile(peer)? else { continue };
        // The limit is that of two threads.
        let num = if functions[0] == "limit_huge" {
            "2"
        } else {
            &cpus
        };
        for (function, pages) in functions.into_iter().zip(["huge", "small"]) {
            let ours = command(&folder.join(bin), &[num, "--len", &len, "--pages", pages]);
            let commands = [ours, command(&peer, &[num, &len, pages])];
            pairs.push(Pair {
                function,
                value: None,
                measure,
                commands,
            });
        }
    }
    if let Some(peer) = compile("create_workers")? {
        let ours = Path::new(env!("CARGO_BIN_EXE_create-workers"));
        let count = effort.workers.to_string();
        for (function, ours_creates, peer_creates) in WORKERS {
            let commands = [
                command(ours, &[ours_creates, &count]),
                command(&peer, &[peer_creates, &count]),
            ];
            pairs.push(Pair {
                function,
                value: None,
                measure: Measure::Spent,
                commands,
            });
        }
    }
    compare("peers", &pairs, effort.rounds)
}
