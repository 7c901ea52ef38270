//! What a child pays for writing to the memory that it got from its parent.
//!
//! A fork copies no page. The first write to a page copies it, in a page fault, and the
//! child waits for that. Here a child goes through an array of 512 MiB, page by
//! page. It writes one number to each of the first 0, 1, 10 or 100 percent of
//! the pages, and reads one from each of the others. The child measures the time itself and
//! passes it on through shared memory, so neither the fork nor the child's end is counted.
//!
//! A page is always a small one here, so that with small and with huge pages the
//! same memory is written to. The bench also prints the number of page faults. A write to a
//! huge page can copy all of it, or split it and copy a small one. The kernel decides, and
//! Linux 5.8 changed that decision.
//!
//! Every fork comes from this process while it has a single thread: criterion is
//! built without its feature `rayon`, which would start threads.

use benches::figures::{COW_MIB, values};
use benches::resident::{huge_bytes, page, resident};
use benches::slope::Per;
use benches::workers::wait;
use common::{Array, Pages, SharedSlice, Stopwatch, exit_child, fork};
use criterion::{BenchmarkId, SamplingMode};
use nix::sys::resource::{UsageWho, getrusage};
use nix::unistd::ForkResult;
use std::hint::black_box;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

mod settings;

fn main() {
    let mut criterion = settings::criterion();
    let mut group = criterion.benchmark_group("copy_on_write");
    // A child that writes to all pages, with its fork and its end, takes a third
    // of a second.
    group
        .sample_size(10)
        .sampling_mode(SamplingMode::Flat)
        .measurement_time(Duration::from_secs(5));
    for (pages, name) in [(Pages::Small, "small"), (Pages::Huge, "huge")] {
        // The child may copy all of it.
        let mut array = match resident(COW_MIB, pages, 2 * COW_MIB) {
            Ok(array) => array,
            Err(why) => {
                eprintln!("{COW_MIB} MiB on {name} pages: left out, {why}");
                continue;
            }
        };
        let huge = huge_bytes(&array);
        for &percent in values("copy-on-write") {
            let written = Per::WrittenPage.count(percent);
            let mut faults = None;
            group.bench_function(BenchmarkId::new(name, percent), |b| {
                b.iter_custom(|iters| {
                    let visits = (0..iters).map(|_| child_writes(&mut array, written));
                    let visits = visits.inspect(|visit| faults = Some(visit.1));
                    visits.map(|(time, _)| time).sum()
                });
            });
            if let Some(faults) = faults {
                eprintln!("{name} pages, {percent} %: {written} pages written in {faults} faults");
            }
        }
        let now = huge_bytes(&array);
        if now != huge {
            eprintln!("{name} pages: the parent had {huge} bytes on huge ones, and has {now}");
        }
    }
}

/// The time that a child takes, and its page faults without a disk: `ru_minflt` of getrusage(2).
fn child_writes(array: &mut Array, written: usize) -> (Duration, u64) {
    let measured = SharedSlice::<AtomicU64>::zeroed(2).expect("shared memory");
    match fork().expect("a process") {
        ForkResult::Child => {
            let before = faults();
            let stopwatch = Stopwatch::start();
            visit(array, written);
            let time = stopwatch.elapsed();
            measured[0].store(u64::try_from(time.as_nanos()).unwrap_or(u64::MAX), Relaxed);
            measured[1].store(faults() - before, Relaxed);
            exit_child(0)
        }
        ForkResult::Parent { child } => wait(child),
    }
    let [nanos, faults] = [0, 1].map(|place| measured[place].load(Relaxed));
    (Duration::from_nanos(nanos), faults)
}

fn visit(numbers: &mut [i32], written: usize) {
    for (i, page) in numbers.chunks_mut(page() / size_of::<i32>()).enumerate() {
        let number = black_box(&mut page[0]);
        if i < written {
            *number = 1;
        } else {
            black_box(*number);
        }
    }
}

fn faults() -> u64 {
    let usage = getrusage(UsageWho::RUSAGE_SELF).expect("the page faults of this process");
    usage.minor_page_faults().unsigned_abs()
}
