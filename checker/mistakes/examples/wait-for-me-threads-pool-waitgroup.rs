//! Verdict: passed
//!
//! A thread pool with a queue of jobs and a wait group (a counter, a mutex and a condition
//! variable, as in Go). The main thread waits until the group is empty; the pool is never joined.

use anyhow::Result;
use common::args;
use common::pace::{print_slowly, work_a_little};
use std::collections::VecDeque;
use std::sync::atomic::{AtomicI32, Ordering::Relaxed};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

static NUMBERS: [AtomicI32; 400] = [const { AtomicI32::new(0) }; 400];

type Job = Box<dyn FnOnce() + Send>;

#[derive(Default)]
struct Inner {
    queue: VecDeque<Job>,
    unfinished: usize,
}

#[derive(Default)]
struct Pool {
    inner: Mutex<Inner>,
    changed: Condvar,
}

impl Pool {
    fn with_threads(n: usize) -> Arc<Self> {
        let pool = Arc::new(Pool::default());
        for _ in 0..n {
            let pool = pool.clone();
            thread::spawn(move || pool.serve());
        }
        pool
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn sleep<'a>(&self, guard: MutexGuard<'a, Inner>) -> MutexGuard<'a, Inner> {
        self.changed
            .wait(guard)
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn submit(&self, job: impl FnOnce() + Send + 'static) {
        let mut inner = self.lock();
        inner.unfinished += 1;
        inner.queue.push_back(Box::new(job));
        self.changed.notify_all();
    }

    fn serve(&self) {
        let mut inner = self.lock();
        loop {
            if let Some(job) = inner.queue.pop_front() {
                drop(inner);
                job();
                inner = self.lock();
                inner.unfinished -= 1;
                self.changed.notify_all();
            } else {
                inner = self.sleep(inner);
            }
        }
    }

    fn wait_until_idle(&self) {
        let mut inner = self.lock();
        while inner.unfinished > 0 {
            inner = self.sleep(inner);
        }
    }
}

fn main() -> Result<()> {
    args::none();
    for (number, value) in NUMBERS.iter().zip(1..) {
        number.store(value, Relaxed);
    }

    let pool = Pool::with_threads(2);
    pool.submit(negate_numbers);
    pool.wait_until_idle();

    print_slowly(&NUMBERS)
}

fn negate_numbers() {
    for number in NUMBERS.iter().rev() {
        number.store(-number.load(Relaxed), Relaxed);
        work_a_little();
    }
}
