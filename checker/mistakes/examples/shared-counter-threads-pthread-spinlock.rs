//! Verdict: passed
//! A pthread spin lock, held from the load to the store. `--atomic` subtracts the two's
//! complement of 1.

use anyhow::{Result, anyhow};
use common::{Stopwatch, args, print_counter};
use std::cell::UnsafeCell;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::thread;

fn main() -> Result<()> {
    let args = args::counter();
    let counter = AtomicU64::new(0);
    let lock = Spin::new();

    let stopwatch = Stopwatch::start();
    thread::scope(|scope| {
        let mut workers = Vec::new();
        for i in 0..args.num {
            let (counter, lock) = (&counter, &lock);
            let worker = thread::Builder::new()
                .name(format!("worker {i}"))
                .spawn_scoped(scope, move || {
                    for _ in 0..args.increments {
                        if args.is_atomic {
                            add_atomically(counter);
                        } else {
                            add_with_lock(counter, lock);
                        }
                    }
                })
                .map_err(|error| anyhow!("cannot start thread {i}: {error}"))?;
            workers.push(worker);
        }
        for (i, worker) in workers.into_iter().enumerate() {
            worker.join().map_err(|_| anyhow!("thread {i} panicked"))?;
        }
        anyhow::Ok(())
    })?;

    print_counter(counter.load(Relaxed), &stopwatch)
}

fn add_with_lock(counter: &AtomicU64, lock: &Spin) {
    // SAFETY: initialised, and it does not move while threads run
    unsafe { libc::pthread_spin_lock(lock.0.get()) };
    let value = counter.load(Relaxed);
    counter.store(value + 1, Relaxed);
    // SAFETY: locked above
    unsafe { libc::pthread_spin_unlock(lock.0.get()) };
}

fn add_atomically(counter: &AtomicU64) {
    counter.fetch_sub(u64::MAX, Relaxed);
}

struct Spin(Box<UnsafeCell<libc::pthread_spinlock_t>>);

// SAFETY: it is used by the pthread functions only
unsafe impl Sync for Spin {}

impl Spin {
    fn new() -> Self {
        let spin = Self(Box::new(UnsafeCell::new(0)));
        // SAFETY: memory of the right type, which stays in its box
        unsafe { libc::pthread_spin_init(spin.0.get(), libc::PTHREAD_PROCESS_PRIVATE) };
        spin
    }
}
