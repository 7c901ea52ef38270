//! What it costs to share a counter: 4,000,000 additions of 1, split among 1, 2 and 4 threads.
//!
//! All threads add to one number behind a lock, or to one atomic number; or each of them
//! adds to a number of its own, and the creator adds these when it joins the threads. The
//! time covers the creation of the threads and the wait for them, as in shared-counter.

use benches::figures::values;
use criterion::{BenchmarkId, Throughput};
use std::hint::black_box;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::thread;

mod settings;

const ADDITIONS: u64 = 4_000_000;

fn main() {
    let mut criterion = settings::criterion();
    let mut group = criterion.benchmark_group("counter");
    group.throughput(Throughput::Elements(ADDITIONS));
    for &workers in values("counter") {
        for (name, add_all) in [
            ("mutex", mutex as fn(usize) -> u64),
            ("fetch_add", fetch_add),
            ("own_sums", own_sums),
        ] {
            assert_eq!(add_all(workers), ADDITIONS);
            let id = BenchmarkId::new(name, workers);
            group.bench_function(id, |b| b.iter(|| add_all(workers)));
        }
    }
}

fn mutex(workers: usize) -> u64 {
    let counter = Mutex::new(0);
    count(workers, |_| *counter.lock().expect("no worker panics") += 1);
    counter.into_inner().expect("no worker panicked")
}

fn fetch_add(workers: usize) -> u64 {
    let counter = AtomicU64::new(0);
    count(workers, |_| _ = counter.fetch_add(1, Relaxed));
    counter.into_inner()
}

fn own_sums(workers: usize) -> u64 {
    // The compiler would replace the loop by its result.
    count(workers, |own| *own = black_box(*own + 1))
}

/// Splits the additions among workers. Each of them has a number of its own, and the result is the
/// sum of these.
fn count(workers: usize, add_one: impl Fn(&mut u64) + Sync) -> u64 {
    let work = || {
        let mut own = 0;
        (0..ADDITIONS / workers as u64).for_each(|_| add_one(&mut own));
        own
    };
    thread::scope(|scope| {
        // All of them are started before the first is joined.
        let workers: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        let sums = workers.into_iter().map(|worker| worker.join());
        sums.map(|sum| sum.expect("no worker panics")).sum()
    })
}
