//! The figures of the lab: the names under which criterion keeps them, the
//! values that are measured, and what follows from them.

use crate::line::Line;
use crate::resident::{MIB, huge_page, page};
use crate::results::{Results, Time, criterion_folder};
use common::report;
use std::fmt;
use std::time::SystemTime;

/// The group of `spawn_cost` where nothing grows.
pub const SPAWN: &str = "spawn";
/// The group of `spawn_cost` where memory grows.
pub const BY_MEMORY: &str = "spawn_by_memory";
/// The group of `spawn_cost` where the number of open files grows.
pub const BY_DESCRIPTORS: &str = "spawn_by_descriptors";
/// The group of `sum_scaling` that sums the array of the exercises, from memory.
pub const SUM: &str = "sum";
/// The group of `sum_scaling` that does as many additions with numbers from the caches.
pub const SUM_CACHED: &str = "sum_cached";
/// The group of `copy_on_write`.
pub const COPY_ON_WRITE: &str = "copy_on_write";
/// The group of `switch_cost`.
pub const SWITCH: &str = "switch";

/// Memory of the process that creates a worker, besides its own, in MiB.
pub const MEMORY_MIB: [usize; 5] = [0, 16, 64, 256, 1024];
/// Open files of the process that creates a worker.
pub const DESCRIPTORS: [usize; 3] = [10, 1_000, 10_000];
/// Numbers of workers.
pub const WORKERS: [usize; 4] = [1, 2, 4, 8];
/// How many numbers `sum_cached` sums, and how often: 4 MB fit into the caches.
pub const CACHED_LEN: usize = 1_000_000;
/// The number of rounds, for as many additions as the array of `sum` takes.
pub const CACHED_ROUNDS: u32 = 100;
/// The array of `copy_on_write`, in MiB.
pub const COW_MIB: usize = 512;
/// How much of it the child writes to, in percent.
pub const COW_PERCENT: [usize; 4] = [0, 1, 10, 100];

/// How many small pages `percent` of the array of `copy_on_write` are.
#[must_use]
pub fn written_pages(percent: usize) -> usize {
    COW_MIB * MIB / page() * percent / 100
}

/// The times of a function with some of these parameters: those that were
/// measured.
#[must_use]
pub fn series(
    results: &Results,
    group: &str,
    function: &str,
    values: &[usize],
) -> Vec<(usize, Time)> {
    let time = |&value| Some((value, results.time_with(group, function, value)?));
    values.iter().filter_map(time).collect()
}

/// What one more of something costs.
#[derive(Clone, Debug)]
pub struct Slope {
    /// What grows: "fork, small pages".
    pub what: &'static str,
    /// What there is one more of: "page of 4 KiB".
    pub per: String,
    /// The size of one of them in bytes; 1 for what has none.
    pub unit_bytes: usize,
    /// Time in nanoseconds over the number of them.
    pub line: Line,
    /// The largest number of them that was measured.
    pub most: f64,
}

impl Slope {
    /// Whether the time stays the same: all of them together add less than half
    /// to it, which is no more than a machine that others use may add too.
    #[must_use]
    pub fn is_flat(&self) -> bool {
        self.line.slope * self.most < self.line.at_zero / 2.0
    }
}

impl fmt::Display for Slope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ns = self.line.slope;
        match ns {
            _ if self.is_flat() => write!(f, "{}: nothing per {}", self.what, self.per),
            9.95.. => write!(f, "{}: {ns:.0} ns per {}", self.what, self.per),
            _ => write!(f, "{}: {ns:.1} ns per {}", self.what, self.per),
        }
    }
}

/// What a page of the parent adds to a fork.
#[must_use]
pub fn per_page(results: &Results, function: &str) -> Option<Slope> {
    let (what, size) = match function {
        "fork_small" => ("fork, small pages", page()),
        "fork_huge" => ("fork, huge pages", huge_page()),
        "thread_small" => ("thread, small pages", page()),
        _ => ("thread, huge pages", huge_page()),
    };
    let points = points(results, (BY_MEMORY, function, &MEMORY_MIB), |mib| {
        mib * MIB / size
    });
    slope(what, format!("page of {}", in_words(size)), size, &points)
}

/// What an open file of the parent adds to a fork or a thread.
#[must_use]
pub fn per_descriptor(results: &Results, function: &str) -> Option<Slope> {
    let what = match function {
        "fork" => "fork, open files",
        _ => "thread, open files",
    };
    let points = points(results, (BY_DESCRIPTORS, function, &DESCRIPTORS), |count| {
        count
    });
    slope(what, "open file".into(), 1, &points)
}

/// What a page costs that the child writes to first.
#[must_use]
pub fn per_copy(results: &Results, function: &str) -> Option<Slope> {
    let what = match function {
        "small" => "copy-on-write, small pages",
        _ => "copy-on-write, huge pages",
    };
    let points = points(
        results,
        (COPY_ON_WRITE, function, &COW_PERCENT),
        written_pages,
    );
    slope(
        what,
        format!("written page of {}", in_words(page())),
        page(),
        &points,
    )
}

fn slope(
    what: &'static str,
    per: String,
    unit_bytes: usize,
    points: &[(f64, f64)],
) -> Option<Slope> {
    let line = Line::fit(points)?;
    let most = points.iter().map(|&(count, _)| count).fold(0.0, f64::max);
    Some(Slope {
        what,
        per,
        unit_bytes,
        line,
        most,
    })
}

/// Times over the number of something.
fn points(
    results: &Results,
    (group, function, values): (&str, &str, &[usize]),
    count: impl Fn(usize) -> usize,
) -> Vec<(f64, f64)> {
    series(results, group, function, values)
        .into_iter()
        .map(|(value, time)| (count(value) as f64, time.median))
        .collect()
}

/// How many times faster than `alone`. The interval is that of a quotient when
/// both times are off in the worst way.
#[must_use]
pub fn speed_up(alone: Time, time: Time) -> Time {
    Time {
        median: alone.median / time.median,
        low: alone.low / time.high,
        high: alone.high / time.low,
    }
}

/// All slopes in these groups.
#[must_use]
pub fn slopes(results: &Results, groups: &[&str]) -> Vec<Slope> {
    let mut slopes = Vec::new();
    for &group in groups {
        slopes.extend(match group {
            BY_MEMORY => ["fork_small", "fork_huge", "thread_small", "thread_huge"]
                .map(|function| per_page(results, function))
                .to_vec(),
            BY_DESCRIPTORS => ["fork", "thread"]
                .map(|function| per_descriptor(results, function))
                .to_vec(),
            COPY_ON_WRITE => ["small", "huge"]
                .map(|function| per_copy(results, function))
                .to_vec(),
            _ => Vec::new(),
        });
    }
    slopes.into_iter().flatten().collect()
}

/// Prints the slopes in these groups at the end of a bench that began at
/// `start`, as far as it has measured them.
pub fn print_slopes(groups: &[&str], start: SystemTime) {
    match criterion_folder().and_then(|folder| Results::read(&folder)) {
        Ok(results) => {
            for slope in slopes(&results.since(start), groups) {
                println!("{slope}");
            }
        }
        Err(error) => report(format_args!("Error: {error:#}")),
    }
}

/// A size in bytes, in KiB or MiB.
fn in_words(bytes: usize) -> String {
    match bytes {
        MIB.. => format!("{} MiB", bytes / MIB),
        _ => format!("{} KiB", bytes / 1024),
    }
}
