//! Verdict: wrong-output
//!
//! Each worker counts in one of four slots, without a lock. With up to four workers this is right,
//! with more it is not.

use anyhow::{Result, anyhow};
use common::{Stopwatch, args, print_counter};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::thread;

fn main() -> Result<()> {
    let args = args::counter();
    let slots = [const { AtomicU64::new(0) }; 4];

    let stopwatch = Stopwatch::start();
    thread::scope(|scope| {
        let mut workers = Vec::new();
        for i in 0..args.num {
            let slot = &slots[i % slots.len()];
            let worker = thread::Builder::new()
                .spawn_scoped(scope, move || {
                    for _ in 0..args.increments {
                        if args.is_atomic {
                            slot.fetch_add(1, Relaxed);
                        } else {
                            slot.store(slot.load(Relaxed) + 1, Relaxed);
                        }
                    }
                })
                .map_err(|error| anyhow!("cannot start thread {i}: {error}"))?;
            workers.push(worker);
        }
        for worker in workers {
            worker.join().map_err(|_| anyhow!("a thread panicked"))?;
        }
        anyhow::Ok(())
    })?;

    let counter = slots.iter().map(|slot| slot.load(Relaxed)).sum();
    print_counter(counter, &stopwatch)
}
