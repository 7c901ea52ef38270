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

use benches::figures::values;
use benches::workers::{assert_single_threaded, wait};
use common::{Array, ArraySpec, Children, SharedSlice};
use common::{exit_child, fork, partial_sum, repeat, split, sum_of};
use criterion::{BenchmarkId, Criterion, Throughput};
use nix::unistd::ForkResult;
use rayon::prelude::*;
use std::hint::black_box;
use std::sync::atomic::{AtomicI64, Ordering::Relaxed};
use std::thread;

mod settings;

/// How many numbers `sum_cached` sums, and how often: 4 MB fit into the caches.
const CACHED_LEN: usize = 1_000_000;
/// The number of rounds, for as many additions as the array of `sum` takes.
const CACHED_ROUNDS: u32 = 100;

fn main() {
    let mut criterion = settings::criterion();
    sums(&mut criterion, "sum_cached", CACHED_LEN, CACHED_ROUNDS);
    sums(&mut criterion, "sum", ArraySpec::SUM.len, 1);
}

/// Sums an array with a number of workers. Each of them sums its part several times.
type Sum = fn(&[i32], usize, u32) -> i64;

const SUMS: [(&str, Sum); 4] = [
    ("processes", processes),
    ("threads", threads),
    ("read_only", read_only),
    ("reduce", reduce),
];

fn sums(criterion: &mut Criterion, group: &str, len: usize, rounds: u32) {
    let mut spec = ArraySpec::SUM;
    spec.len = len;
    let array = Array::random(&spec).expect("the memory for an array");
    assert_single_threaded();
    let mut group = criterion.benchmark_group(group);
    let bytes = size_of_val(&array[..]) as u64 * u64::from(rounds);
    group.throughput(Throughput::Bytes(bytes));
    group.bench_function("sequential", |b| {
        b.iter(|| repeat(rounds, || partial_sum(black_box(&array))));
    });
    for (name, sum) in SUMS {
        let expected = match name {
            // It sums once.
            "reduce" if rounds > 1 => continue,
            "read_only" => mixed(&array, 1),
            _ => partial_sum(&array),
        };
        for &num in values("speed-up") {
            group.bench_function(BenchmarkId::new(name, num), |b| {
                b.iter(|| assert_eq!(black_box(sum(&array, num, rounds)), expected));
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
    let work = &work;
    thread::scope(|scope| {
        let workers = split(array, num).map(|part| scope.spawn(move || work(part)));
        // All of them are started before the first is joined.
        let workers: Vec<_> = workers.collect();
        let results = workers.into_iter().map(|worker| worker.join());
        let results = results.map(|result| result.expect("the sum of a part"));
        results.collect()
    })
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
    workers.iter().copied().for_each(wait);
    sum_of(&results)
}

fn reduce(array: &[i32], num: usize, _: u32) -> i64 {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(num).build();
    let numbers = array.par_iter().map(|&number| i64::from(number));
    let sum = || numbers.reduce(|| 0, i64::wrapping_add);
    pool.expect("a thread pool").install(sum)
}

/// The limit: brings the array to the CPUs, and does as little as possible
/// with it. The CPU needs next to no time for numbers that are not widened.
fn read_only(array: &[i32], num: usize, rounds: u32) -> i64 {
    let results = by_threads(array, num, |part| mixed(part, rounds));
    results.iter().fold(0, |all, result| all ^ result)
}

fn mixed(part: &[i32], rounds: u32) -> i64 {
    let (blocks, rest) = part.as_chunks::<32>();
    let mix = || {
        // With several results, the CPU need not wait for one before it loads the next number.
        let mut all = [0; 32];
        blocks
            .iter()
            .for_each(|block| (0..32).for_each(|i| all[i] ^= block[i]));
        all.iter().chain(rest).fold(0, |all, number| all ^ number)
    };
    repeat(rounds, mix).into()
}
