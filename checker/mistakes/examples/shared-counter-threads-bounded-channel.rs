//! Verdict: timed-out
//!
//! Each worker sends its number through a channel that has room for 100. Main joins all workers
//! before it receives. With more workers, the 101st waits forever for room, and main for it.

use anyhow::{Result, anyhow};
use common::{Stopwatch, args, print_counter};
use std::sync::mpsc::sync_channel;
use std::thread;

fn main() -> Result<()> {
    let args = args::counter();
    let (sender, receiver) = sync_channel(100);

    let stopwatch = Stopwatch::start();
    thread::scope(|scope| {
        let mut workers = Vec::new();
        for i in 0..args.num {
            let sender = sender.clone();
            let worker = thread::Builder::new()
                .name(format!("worker {i}"))
                .spawn_scoped(scope, move || {
                    let mut own: u64 = 0;
                    for _ in 0..args.increments {
                        own += 1;
                    }
                    sender.send(own)
                })
                .map_err(|error| anyhow!("cannot start thread {i}: {error}"))?;
            workers.push(worker);
        }
        for (i, worker) in workers.into_iter().enumerate() {
            let sent = worker.join().map_err(|_| anyhow!("thread {i} panicked"))?;
            sent?;
        }
        anyhow::Ok(())
    })?;
    drop(sender);

    print_counter(receiver.iter().sum(), &stopwatch)
}
