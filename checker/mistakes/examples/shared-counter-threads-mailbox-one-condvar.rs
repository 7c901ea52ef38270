//! Verdict: timed-out
//!
//! Workers put parts into a mailbox for one; an adder takes them. Senders and adder wait on the
//! same Condvar with notify_one: a sender may wake a sender, and then all sleep.

use anyhow::{Result, anyhow};
use common::{Stopwatch, args, print_counter};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Condvar, Mutex, PoisonError};
use std::thread;

#[derive(Default)]
struct Slot {
    mail: Option<u64>,
    is_closed: bool,
}

/// Room for one message.
#[derive(Default)]
struct Mailbox {
    slot: Mutex<Slot>,
    changed: Condvar,
}

impl Mailbox {
    fn put(&self, mail: u64) {
        let mut slot = self.slot.lock().unwrap_or_else(PoisonError::into_inner);
        while slot.mail.is_some() {
            slot = self
                .changed
                .wait(slot)
                .unwrap_or_else(PoisonError::into_inner);
        }
        slot.mail = Some(mail);
        self.changed.notify_one();
    }

    fn take(&self) -> Option<u64> {
        let mut slot = self.slot.lock().unwrap_or_else(PoisonError::into_inner);
        while slot.mail.is_none() && !slot.is_closed {
            slot = self
                .changed
                .wait(slot)
                .unwrap_or_else(PoisonError::into_inner);
        }
        self.changed.notify_one();
        slot.mail.take()
    }

    fn close(&self) {
        self.slot
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .is_closed = true;
        self.changed.notify_all();
    }
}

fn main() -> Result<()> {
    let args = args::counter();
    let counter = AtomicU64::new(0);
    let mailbox = Mailbox::default();
    let (counter, mailbox) = (&counter, &mailbox);

    let stopwatch = Stopwatch::start();
    thread::scope(|scope| {
        let adder = scope.spawn(|| {
            // Only this thread writes the counter.
            while let Some(sum) = mailbox.take() {
                let value = counter.load(Relaxed);
                counter.store(value + sum, Relaxed);
            }
        });
        let mut workers = Vec::new();
        for i in 0..args.num {
            let worker = thread::Builder::new()
                .name(format!("worker {i}"))
                .spawn_scoped(scope, move || {
                    if args.is_atomic {
                        for _ in 0..args.increments {
                            add_atomically(counter);
                        }
                        return;
                    }
                    let mut left = u64::from(args.increments);
                    while left > 0 {
                        let part = left.min(100);
                        mailbox.put(part);
                        left -= part;
                    }
                })
                .map_err(|error| anyhow!("cannot start thread {i}: {error}"))?;
            workers.push(worker);
        }

        for (i, worker) in workers.into_iter().enumerate() {
            worker.join().map_err(|_| anyhow!("thread {i} panicked"))?;
        }
        mailbox.close();
        adder.join().map_err(|_| anyhow!("the adder panicked"))?;
        anyhow::Ok(())
    })?;

    print_counter(counter.load(Relaxed), &stopwatch)
}

fn add_atomically(counter: &AtomicU64) {
    counter.fetch_add(1, Relaxed);
}
