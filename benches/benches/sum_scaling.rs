//! How fast an array is summed: by the program alone, by threads, by processes and by
//! a library, with 1, 2, 4 and 8 workers; and how fast it can be read at all.
//!
//! The group `sum` sums 400 MB from memory, once. The group `sum_cached` is the control
//! experiment: it does as many additions with 4 MB, which fit into the caches of the
//! CPUs. A second worker that helps there, but not with 400 MB, proves that the memory
//! is the limit.
//!
//! The functions do what the programs of `sum-array` do while their stopwatch runs.
//! Every `fork` comes from this process while it has a single thread: criterion is
//! built without its feature `rayon`, all threads are joined, and rayon's own bench comes last.

use benches::figures::{CACHED_LEN, CACHED_ROUNDS, WORKERS};
use benches::workers::assert_single_threaded;
use common::{Array, ArraySpec, Children, SharedSlice};
use common::{exit_child, fork, partial_sum, repeat, split, sum_of, waitpid};
use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, BenchmarkId, Criterion, Throughput};
use nix::unistd::ForkResult;
use rayon::prelude::*;
use std::hint::black_box;
use std::sync::atomic::{AtomicI64, Ordering::Relaxed};
use std::thread;

mod settings;

fn main() {
    let mut criterion = settings::criterion();
    from_the_caches(&mut criterion);
    from_memory(&mut criterion);
    criterion.final_summary();
}

fn from_the_caches(criterion: &mut Criterion) {
    let array = Array::random(&ArraySpec {
        len: CACHED_LEN,
        ..ArraySpec::SUM
    });
    let array = array.expect("4 MB");
    assert_single_threaded();
    let mut sums = Experiment::begin(criterion, "sum_cached", &array, CACHED_ROUNDS);
    sums.measure("processes", processes);
    sums.measure("threads", threads);
    sums.measure("read_only", read_only);
}

fn from_memory(criterion: &mut Criterion) {
    let array = Array::random(&ArraySpec::SUM).expect("400 MB");
    assert_single_threaded();
    let mut sums = Experiment::begin(criterion, "sum", &array, 1);
    sums.measure("processes", processes);
    sums.measure("threads", threads);
    sums.measure("read_only", read_only);
    sums.measure("reduce", reduce);
}

/// An array that is summed in different ways.
struct Experiment<'a, 'c> {
    group: BenchmarkGroup<'c, WallTime>,
    array: &'a [i32],
    /// How often each worker sums its part.
    rounds: u32,
}

impl<'a, 'c> Experiment<'a, 'c> {
    /// Begins with the program that sums alone.
    fn begin(criterion: &'c mut Criterion, name: &str, array: &'a [i32], rounds: u32) -> Self {
        let mut group = criterion.benchmark_group(name);
        let bytes = size_of_val(array) as u64 * u64::from(rounds);
        group.throughput(Throughput::Bytes(bytes));
        group.bench_function("sequential", |b| {
            b.iter(|| repeat(rounds, || partial_sum(black_box(array))));
        });
        Self {
            group,
            array,
            rounds,
        }
    }

    fn measure(&mut self, name: &str, sum: fn(&[i32], usize, u32) -> i64) {
        let (array, rounds) = (self.array, self.rounds);
        let expected = match name {
            "read_only" => mixed(array, rounds),
            _ => partial_sum(array),
        };
        for &num in WORKERS {
            self.group.bench_function(BenchmarkId::new(name, num), |b| {
                b.iter(|| assert_eq!(black_box(sum(array, num, rounds)), expected));
            });
        }
    }
}

fn threads(array: &[i32], num: usize, rounds: u32) -> i64 {
    let work = |part: &[i32]| repeat(rounds, || partial_sum(part));
    by_threads(array, num, work).iter().sum()
}

/// The result of each thread's work.
fn by_threads(array: &[i32], num: usize, work: impl Fn(&[i32]) -> i64 + Sync) -> Vec<i64> {
    let mut results = vec![0; num];
    let work = &work;
    thread::scope(|scope| {
        let mut workers = Vec::new();
        for (part, result) in split(array, num).zip(&mut results) {
            let worker = thread::Builder::new().spawn_scoped(scope, || *result = work(part));
            workers.push(worker.expect("a thread"));
        }
        for worker in workers {
            worker.join().expect("the sum of a part");
        }
    });
    results
}

fn processes(array: &[i32], num: usize, rounds: u32) -> i64 {
    let results = SharedSlice::<AtomicI64>::zeroed(num).expect("shared memory");
    let mut workers = Children::new();
    for (part, result) in split(array, num).zip(&results) {
        match fork().expect("a process") {
            ForkResult::Child => {
                result.store(repeat(rounds, || partial_sum(part)), Relaxed);
                exit_child(0)
            }
            ForkResult::Parent { child } => workers.push(child),
        }
    }
    for &worker in workers.iter() {
        assert_eq!(waitpid(worker).expect("a child"), 0);
    }
    sum_of(&results)
}

fn reduce(array: &[i32], num: usize, _: u32) -> i64 {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(num).build();
    pool.expect("a thread pool").install(|| {
        array
            .par_iter()
            .map(|&number| i64::from(number))
            .reduce(|| 0, i64::wrapping_add)
    })
}

/// The limit: brings the array to the CPUs, and does as little as possible
/// with it. The CPU needs next to no time for numbers that are not widened.
fn read_only(array: &[i32], num: usize, rounds: u32) -> i64 {
    let results = by_threads(array, num, |part| mixed(part, rounds));
    results.iter().fold(0, |all, result| all ^ result)
}

fn mixed(part: &[i32], rounds: u32) -> i64 {
    repeat(rounds, || {
        part.iter().fold(0, |all, &number| all ^ number).into()
    })
}
