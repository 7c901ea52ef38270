//! The figures of the lab. One description of each gives the names under which its results
//! are kept, its table, its picture and the cost of one unit more.

use crate::results::{Results, Time, id};
use crate::slope::{Per, Slope};
use Per::{File, HugePage, SmallPage, WrittenPage};
use Y::{Micros, Millis, Ratio, SpeedUp};

/// The data of a picture. Without an x axis, it is only a table.
#[derive(Debug)]
pub struct Figure {
    /// The name of its picture's file, without `.svg`.
    pub name: &'static str,
    /// The bench that measures it.
    pub bench: &'static str,
    /// Its title.
    pub title: &'static str,
    /// What grows, with its unit. Empty if nothing does: then there is no picture.
    pub x: &'static str,
    /// The values of what grows.
    pub values: &'static [usize],
    /// What is measured.
    pub y: Y,
    /// Its lines.
    pub series: &'static [Series],
}

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Y {
    /// Times of less than a millisecond.
    Micros,
    /// Longer ones.
    Millis,
    /// How many times faster than the function `sequential` of the same group.
    SpeedUp,
    /// The time of one program divided by that of another.
    Ratio,
}

impl Y {
    /// The unit of the axis, where results are in nanoseconds, and its title.
    #[must_use]
    pub fn axis(self) -> (f64, &'static str) {
        match self {
            Micros => (1e-3, "time, in µs"),
            Millis => (1e-6, "time, in ms"),
            SpeedUp => (1.0, "times as fast as the sequential program"),
            Ratio => (1.0, "ratio of the times"),
        }
    }
}

/// A function of a bench, with all values of what grows.
#[derive(Debug)]
pub struct Series {
    /// Criterion's names of the group and of the function.
    pub id: &'static str,
    /// In the words of a legend.
    pub name: &'static str,
    /// The look of its line: classes of `picture.css`.
    pub look: &'static str,
    /// The unit of the slope, if the time is expected to lie on a straight line.
    pub per: Option<Per>,
}

/// Memory of the process that creates a worker, besides its own, in MiB.
pub const MEMORY_MIB: &[usize] = &[0, 16, 64, 256, 1024];
/// Open files of the process that creates a worker.
pub const DESCRIPTORS: &[usize] = &[10, 1_000, 10_000];
/// Numbers of workers that sum.
pub const WORKERS: &[usize] = &[1, 2, 4, 8];
/// Numbers of workers of the whole programs.
pub const MANY_WORKERS: &[usize] = &[2, 4, 8, 16, 32, 64];
/// Numbers of threads that count.
pub const COUNTERS: &[usize] = &[1, 2, 4];
/// Numbers of CPUs on which two workers send each other a byte.
pub const CPUS: &[usize] = &[1, 2];
/// How many numbers `sum_cached` sums, and how often: 4 MB fit into the caches.
pub const CACHED_LEN: usize = 1_000_000;
/// The number of rounds, for as many additions as the array of `sum` takes.
pub const CACHED_ROUNDS: u32 = 100;
/// The array of `copy_on_write`, in MiB.
pub const COW_MIB: usize = 512;
/// How much of it the child writes to, in percent.
pub const COW_PERCENT: &[usize] = &[0, 1, 10, 100];

/// The default of a series. A table has no line.
const PLAIN: Series = Series {
    id: "",
    name: "",
    look: "ink",
    per: None,
};

/// All figures, in the order of the table.
#[rustfmt::skip]
pub const FIGURES: &[Figure] = &[
    Figure {
        name: "worker", bench: "spawn_cost", title: "One worker that does nothing",
        x: "", values: &[], y: Micros,
        series: &[
            Series { id: "spawn/thread", name: "thread: spawn, join", ..PLAIN },
            Series { id: "spawn/scoped_thread", name: "scoped thread: spawn, join", ..PLAIN },
            Series { id: "spawn/fork", name: "process: fork, _exit, waitpid", ..PLAIN },
            Series { id: "spawn/fork_of_common", name: "the same by the functions of common", ..PLAIN },
            Series { id: "spawn/command", name: "program: Command (posix_spawn) of true(1)", ..PLAIN },
            Series { id: "spawn/rayon_task", name: "task of a thread pool, handed in from outside", ..PLAIN },
            Series { id: "spawn/rayon_task_from_within", name: "task of a thread pool, from within", ..PLAIN },
        ],
    },
    Figure {
        name: "thread-and-fork", bench: "spawn_cost",
        title: "One worker that does nothing, by the memory of its creator",
        x: "memory of the creator, in MiB", values: MEMORY_MIB, y: Micros,
        series: &[
            Series { id: "spawn_by_memory/fork_small", name: "fork, small pages", look: "vermilion", per: Some(SmallPage) },
            Series { id: "spawn_by_memory/fork_huge", name: "fork, huge pages", look: "purple dashed", per: Some(HugePage) },
            Series { id: "spawn_by_memory/thread_small", name: "thread, small pages", look: "blue", per: Some(SmallPage) },
            Series { id: "spawn_by_memory/thread_huge", name: "thread, huge pages", look: "green dashed", per: Some(HugePage) },
        ],
    },
    Figure {
        name: "open-files", bench: "spawn_cost",
        title: "One worker that does nothing, by the open files of its creator",
        x: "open files of the creator", values: DESCRIPTORS, y: Micros,
        series: &[
            Series { id: "spawn_by_descriptors/fork", name: "fork", look: "vermilion", per: Some(File) },
            Series { id: "spawn_by_descriptors/thread", name: "thread", look: "blue", per: Some(File) },
        ],
    },
    Figure {
        name: "speed-up", bench: "sum_scaling",
        title: "The sum of 400 MB from memory, and of 4 MB from the caches 100 times",
        x: "number of workers", values: WORKERS, y: SpeedUp,
        series: &[
            Series { id: "sum/read_only", name: "limit of the memory: only reading 400 MB", look: "ink", ..PLAIN },
            Series { id: "sum/threads", name: "threads, from memory", look: "blue", ..PLAIN },
            Series { id: "sum/processes", name: "processes, from memory", look: "vermilion", ..PLAIN },
            Series { id: "sum/reduce", name: "a library's threads, from memory", look: "green", ..PLAIN },
            Series { id: "sum_cached/read_only", name: "limit of the caches: only reading", look: "ink dashed", ..PLAIN },
            Series { id: "sum_cached/threads", name: "threads, from the caches", look: "blue dashed", ..PLAIN },
            Series { id: "sum_cached/processes", name: "processes, from the caches", look: "vermilion dashed", ..PLAIN },
        ],
    },
    Figure {
        name: "programs", bench: "whole_programs",
        title: "Whole programs: processes against threads",
        x: "number of workers", values: MANY_WORKERS, y: Ratio,
        series: &[
            Series { id: "programs/huge", name: "sum-array processes / threads, huge pages", look: "purple dashed", ..PLAIN },
            Series { id: "programs/small", name: "sum-array processes / threads, small pages", look: "vermilion", ..PLAIN },
        ],
    },
    Figure {
        name: "copy-on-write", bench: "copy_on_write",
        title: "A child writes to a part of 512 MiB",
        x: "written share, in percent", values: COW_PERCENT, y: Millis,
        series: &[
            Series { id: "copy_on_write/small", name: "small pages", look: "vermilion", per: Some(WrittenPage) },
            Series { id: "copy_on_write/huge", name: "huge pages", look: "purple dashed", per: Some(WrittenPage) },
        ],
    },
    Figure {
        name: "switch", bench: "switch_cost",
        title: "A byte to and fro between two workers",
        x: "number of CPUs for the two workers", values: CPUS, y: Micros,
        series: &[
            Series { id: "switch/threads", name: "two threads", look: "blue", ..PLAIN },
            Series { id: "switch/processes", name: "two processes", look: "vermilion dashed", ..PLAIN },
        ],
    },
    Figure {
        name: "counter", bench: "counter_cost",
        title: "4,000,000 additions of 1, split among threads",
        x: "number of threads", values: COUNTERS, y: Millis,
        series: &[
            Series { id: "counter/mutex", name: "one number behind a Mutex", look: "vermilion", ..PLAIN },
            Series { id: "counter/fetch_add", name: "one atomic number", look: "blue", ..PLAIN },
            Series { id: "counter/own_sums", name: "a number for each thread", look: "green", ..PLAIN },
        ],
    },
    Figure {
        name: "peers", bench: "peers",
        title: "Rust against C",
        x: "", values: &[], y: Ratio,
        series: &[
            Series { id: "peers/threads_huge", name: "sum: threads / pthreads, huge pages", ..PLAIN },
            Series { id: "peers/processes_huge", name: "sum: processes / fork, huge pages", ..PLAIN },
            Series { id: "peers/reduce_huge", name: "sum: reduce / OpenMP, huge pages", ..PLAIN },
            Series { id: "peers/threads_small", name: "sum: threads / pthreads, small pages", ..PLAIN },
            Series { id: "peers/processes_small", name: "sum: processes / fork, small pages", ..PLAIN },
            Series { id: "peers/reduce_small", name: "sum: reduce / OpenMP, small pages", ..PLAIN },
            Series { id: "peers/whole_huge", name: "whole program: threads / pthreads and rand_r, huge pages", ..PLAIN },
            Series { id: "peers/whole_small", name: "whole program: threads / pthreads and rand_r, small pages", ..PLAIN },
            Series { id: "peers/limit_huge", name: "whole program: threads / filling and summing in C, huge pages", ..PLAIN },
            Series { id: "peers/limit_small", name: "whole program: threads / filling and summing in C, small pages", ..PLAIN },
            Series { id: "peers/thread", name: "worker: spawn, join / pthread_create, pthread_join", ..PLAIN },
            Series { id: "peers/fork", name: "worker: fork, _exit, waitpid in Rust / in C", ..PLAIN },
            Series { id: "peers/fork_of_common", name: "worker: the functions of common / fork, _exit, waitpid", ..PLAIN },
        ],
    },
];

/// The figures that are drawn, because something grows in them.
pub fn with_pictures() -> impl Iterator<Item = &'static Figure> {
    FIGURES.iter().filter(|figure| !figure.values.is_empty())
}

impl Figure {
    /// The results of a series, with each value that was measured.
    #[must_use]
    pub fn times(&self, series: &Series, results: &Results) -> Vec<(Option<usize>, Time)> {
        let mut values: Vec<_> = self.values.iter().copied().map(Some).collect();
        if values.is_empty() {
            values.push(None);
        }
        let time = |value| Some((value, *results.get(&id(series.id, value))?));
        values.into_iter().filter_map(time).collect()
    }

    /// What one unit more costs, if that can be said.
    #[must_use]
    pub fn slope(&self, series: &Series, results: &Results) -> Option<Slope> {
        let times = self.times(series, results).into_iter();
        let times = times.filter_map(|(value, time)| Some((value?, time.median)));
        Slope::fit(series.per?, &times.collect::<Vec<_>>())
    }
}

impl Series {
    /// Criterion's name of the group.
    #[must_use]
    pub fn group(&self) -> &'static str {
        self.id.split('/').next().unwrap_or_default()
    }

    /// The time of the program that works alone, on the array of this group.
    #[must_use]
    pub fn sequential(&self, results: &Results) -> Option<Time> {
        let id = format!("{}/sequential", self.group());
        results.get(&id).copied()
    }
}
