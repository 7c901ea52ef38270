//! The programs of the lab against programs of the same kind in C, in turns.
//!
//! The C programs of the folder `peers` are compiled with the system's gcc. The programs of
//! sum-array are built as `cargo run` builds them.

use anyhow::Result;
use benches::machine::cpus;
use benches::programs::{Measure, Pair, build_sum_array, by_effort, command, compare};
use benches::programs::{compile, spent, whole};
use std::path::Path;

fn main() -> Result<()> {
    compare(env!("CARGO_CRATE_NAME"), "peers", pairs)
}

/// The name of the ratio, the program of sum-array, the one in C, and what is compared.
const SUMS: [(&str, &str, &str, Measure); 5] = [
    ("threads", "threads", "sum_pthreads", spent),
    ("processes", "processes", "sum_fork", spent),
    ("reduce", "reduce", "sum_openmp", spent),
    ("whole", "threads", "sum_pthreads", whole),
    ("limit", "threads", "fill_and_sum", whole),
];

/// The name of the ratio, and what the two programs create.
const WORKERS: [(&str, &str, &str); 3] = [
    ("thread", "thread", "thread"),
    ("fork", "process", "process"),
    ("fork_of_common", "process-of-common", "process"),
];

fn pairs() -> Result<Vec<Pair>> {
    let pair = |name: &str, measure, commands| Pair {
        function: format!("peers/{name}"),
        value: None,
        measure,
        commands,
    };
    let mut pairs = Vec::new();
    let folder = build_sum_array()?;
    let len = by_effort(1_000_000, 10_000_000, 100_000_000).to_string();
    let cpus = cpus().to_string();
    for (name, bin, peer, measure) in SUMS {
        let Some(peer) = compile(peer)? else { continue };
        // The limit is that of two threads.
        let num = if name == "limit" { "2" } else { &cpus };
        for pages in ["huge", "small"] {
            let ours = command(&folder.join(bin), &[num, "--len", &len, "--pages", pages]);
            let theirs = command(&peer, &[num, &len, pages]);
            pairs.push(pair(&format!("{name}_{pages}"), measure, [ours, theirs]));
        }
    }
    if let Some(peer) = compile("create_workers")? {
        let count = by_effort(10, 300, 2000).to_string();
        for (name, our_kind, their_kind) in WORKERS {
            let ours = Path::new(env!("CARGO_BIN_EXE_create-workers"));
            let ours = command(ours, &[our_kind, &count]);
            let theirs = command(&peer, &[their_kind, &count]);
            pairs.push(pair(name, spent, [ours, theirs]));
        }
    }
    Ok(pairs)
}
