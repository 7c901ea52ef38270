//! How fast an array is summed: alone, by threads, by processes, by a library,
//! with 1, 2, 4 and 8 workers; and how fast it can be read at all.
//!
//! The functions do what the programs of `sum-array` do between the start of
//! their clock and its end. Every fork comes from this process while it has a
//! single thread: criterion is built without its feature `rayon`, the threads of
//! a scope have ended when it is left, `common::fork` refuses any other, and
//! rayon's own bench comes last.

use benches::figures::{self, WORKERS};
use benches::workers::assert_single_threaded;
use common::{
    Array, ArraySpec, Children, SharedSlice, fork, partial_sum, run_child, split, waitpid,
};
use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, BenchmarkId, Throughput};
use nix::unistd::ForkResult;
use rayon::prelude::*;
use std::hint::black_box;
use std::sync::atomic::{AtomicI64, Ordering::Relaxed};
use std::thread;

mod settings;

fn main() {
    let mut criterion = settings::criterion();
    let array = Array::random(&ArraySpec::SUM).expect("400 MB");
    let expected = partial_sum(&array);
    assert_single_threaded();

    let mut group = criterion.benchmark_group(figures::SUM);
    group.throughput(Throughput::Bytes(size_of_val(&*array) as u64));
    group.bench_function("sequential", |b| b.iter(|| partial_sum(black_box(&array))));
    let mut series = |name: &str, sum: fn(&[i32], usize) -> i64, expected| {
        bench(&mut group, name, &array, sum, expected);
    };
    series("processes", processes, Some(expected));
    series("threads", threads, Some(expected));
    series("read_only", read_only, None);
    series("reduce", reduce, Some(expected));
    group.finish();
    criterion.final_summary();
}

fn bench(
    group: &mut BenchmarkGroup<'_, WallTime>,
    name: &str,
    array: &[i32],
    sum: fn(&[i32], usize) -> i64,
    expected: Option<i64>,
) {
    for num in WORKERS {
        group.bench_function(BenchmarkId::new(name, num), |b| {
            b.iter(|| {
                let sum = black_box(sum(array, num));
                assert!(expected.is_none_or(|expected| expected == sum), "{sum}");
            });
        });
    }
}

fn threads(array: &[i32], num: usize) -> i64 {
    by_threads(array, num, partial_sum)
}

fn by_threads(array: &[i32], num: usize, work: fn(&[i32]) -> i64) -> i64 {
    let results: Vec<_> = (0..num).map(|_| AtomicI64::new(0)).collect();
    thread::scope(|scope| {
        let workers: Vec<_> = split(array.len(), num)
            .zip(&results)
            .map(|(part, result)| {
                let part = &array[part];
                thread::Builder::new()
                    .spawn_scoped(scope, move || result.store(work(part), Relaxed))
                    .expect("a thread")
            })
            .collect();
        for worker in workers {
            worker.join().expect("the sum of a part");
        }
    });
    results.iter().map(|result| result.load(Relaxed)).sum()
}

fn processes(array: &[i32], num: usize) -> i64 {
    let results = SharedSlice::<AtomicI64>::zeroed(num).expect("shared memory");
    let mut workers = Children::new();
    for (part, result) in split(array.len(), num).zip(results.iter()) {
        match fork().expect("a process") {
            ForkResult::Child => run_child(|| {
                result.store(partial_sum(&array[part]), Relaxed);
                Ok(())
            }),
            ForkResult::Parent { child } => workers.push(child),
        }
    }
    for &worker in workers.iter() {
        let mut status = 0;
        waitpid(worker, &mut status).expect("a child");
        assert_eq!(status, 0);
    }
    results.iter().map(|result| result.load(Relaxed)).sum()
}

fn reduce(array: &[i32], num: usize) -> i64 {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(num).build();
    pool.expect("a thread pool").install(|| {
        array
            .par_iter()
            .map(|&number| i64::from(number))
            .reduce(|| 0, i64::wrapping_add)
    })
}

/// The limit: brings the array from memory to the CPUs, and does as little with
/// it as there is to do. Numbers that are not widened take the vector
/// instructions of every CPU no time to speak of.
fn read_only(array: &[i32], num: usize) -> i64 {
    by_threads(array, num, |part| {
        part.iter().fold(0, |all, &number| all ^ number).into()
    })
}
