//! Verdict: passed
//!
//! Nothing is shared while they count: each worker has its own sum, and `join` returns it.
//! With `--atomic`, each worker adds its sum by one fetch_add.

use anyhow::{Result, anyhow};
use common::{Stopwatch, args, print_counter};
use std::hint::black_box;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::thread;

fn main() -> Result<()> {
    let args = args::counter();
    let total = AtomicU64::new(0);

    let stopwatch = Stopwatch::start();
    let sum = thread::scope(|scope| -> Result<u64> {
        let mut workers = Vec::with_capacity(args.num);
        for i in 0..args.num {
            let total = &total;
            let body = move || -> u64 {
                let mut mine = 0u64;
                for _ in 0..args.increments {
                    mine = black_box(mine) + 1;
                }
                if args.is_atomic {
                    total.fetch_add(mine, Relaxed);
                    0
                } else {
                    mine
                }
            };
            workers.push(
                thread::Builder::new()
                    .name(format!("worker {i}"))
                    .spawn_scoped(scope, body)
                    .map_err(|error| anyhow!("cannot start thread {i}: {error}"))?,
            );
        }
        workers
            .into_iter()
            .map(|worker| worker.join().map_err(|_| anyhow!("a thread panicked")))
            .sum()
    })?;

    print_counter(sum + total.load(Relaxed), &stopwatch)
}
