//! Verdict: passed
//!
//! Draw a number, wait on the Condvar until it is served. Slow with many workers (notify_all).

use anyhow::{Result, anyhow};
use common::{Stopwatch, args, print_counter};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Condvar, Mutex};
use std::thread;

#[derive(Default)]
struct Desk {
    state: Mutex<State>,
    next_please: Condvar,
}

#[derive(Default)]
struct State {
    next_ticket: u64,
    now_serving: u64,
}

impl Desk {
    fn enter(&self) {
        let mut state = self.state.lock().expect("not poisoned");
        let mine = state.next_ticket;
        state.next_ticket += 1;
        let _state = self
            .next_please
            .wait_while(state, |state| state.now_serving != mine)
            .expect("not poisoned");
        // The mutex is unlocked here, but now_serving says that it is my turn.
    }

    fn leave(&self) {
        self.state.lock().expect("not poisoned").now_serving += 1;
        self.next_please.notify_all();
    }
}

fn main() -> Result<()> {
    let args = args::counter();
    let counter = AtomicU64::new(0);
    let desk = Desk::default();

    let stopwatch = Stopwatch::start();
    thread::scope(|scope| {
        let mut workers = Vec::new();
        for i in 0..args.num {
            let worker = thread::Builder::new()
                .name(format!("worker {i}"))
                .spawn_scoped(scope, || {
                    for _ in 0..args.increments {
                        if args.is_atomic {
                            counter.fetch_add(1, Relaxed);
                        } else {
                            desk.enter();
                            let value = counter.load(Relaxed);
                            counter.store(value + 1, Relaxed);
                            desk.leave();
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

    print_counter(counter.load(Relaxed), &stopwatch)
}
