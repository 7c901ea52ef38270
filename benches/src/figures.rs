//! The figures of the lab. One description of each gives the names under which its results
//! are kept, its table, its picture and the cost of one unit more.

use crate::colours::{BLUE, GREEN, INK, PURPLE, VERMILION};
use crate::line::Line;
use crate::resident::{MIB, huge_page, page};
use crate::results::{Results, Time};
use plotters::style::RGBColor;
use std::fmt;

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

/// A function of a bench, with all values of what grows.
#[derive(Debug)]
pub struct Series {
    /// Criterion's name of the group.
    pub group: &'static str,
    /// And of the function.
    pub function: &'static str,
    /// In the words of a legend.
    pub name: &'static str,
    /// What it is measured with; empty if nothing grows.
    pub values: &'static [usize],
    /// The colour of its line.
    pub colour: RGBColor,
    /// Whether its line is dashed.
    pub dashed: bool,
    /// The unit of the slope, if the time is expected to lie on a straight line.
    pub per: Option<Per>,
}

/// The unit of a slope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Per {
    /// A page of the creator's memory.
    SmallPage,
    /// The same, of the larger size.
    HugePage,
    /// An open file of the creator.
    File,
    /// A page that a child writes to first.
    WrittenPage,
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

const fn plain(group: &'static str, function: &'static str, name: &'static str) -> Series {
    series(group, function, name, &[], BLUE, false)
}

const fn series(
    group: &'static str,
    function: &'static str,
    name: &'static str,
    values: &'static [usize],
    colour: RGBColor,
    dashed: bool,
) -> Series {
    Series {
        group,
        function,
        name,
        values,
        colour,
        dashed,
        per: None,
    }
}

const fn per(per: Per, series: Series) -> Series {
    Series {
        per: Some(per),
        ..series
    }
}

/// All figures, in the order of the table.
#[rustfmt::skip]
pub const FIGURES: &[Figure] = &[
    Figure {
        name: "worker", bench: "spawn_cost", title: "One worker that does nothing",
        x: "", y: Y::Micros,
        series: &[
            plain("spawn", "thread", "thread: spawn, join"),
            plain("spawn", "scoped_thread", "scoped thread: spawn, join"),
            plain("spawn", "fork", "process: fork, _exit, waitpid"),
            plain("spawn", "fork_of_common", "the same by the functions of common"),
            plain("spawn", "command", "program: Command (posix_spawn) of true(1)"),
            plain("spawn", "rayon_task", "task of a thread pool, handed in from outside"),
            plain("spawn", "rayon_task_from_within", "task of a thread pool, from within"),
        ],
    },
    Figure {
        name: "thread-and-fork", bench: "spawn_cost",
        title: "One worker that does nothing, by the memory of its creator",
        x: "memory of the creator, in MiB", y: Y::Micros,
        series: &[
            per(Per::SmallPage, series("spawn_by_memory", "fork_small", "fork, small pages", MEMORY_MIB, VERMILION, false)),
            per(Per::HugePage, series("spawn_by_memory", "fork_huge", "fork, huge pages", MEMORY_MIB, PURPLE, true)),
            per(Per::SmallPage, series("spawn_by_memory", "thread_small", "thread, small pages", MEMORY_MIB, BLUE, false)),
            per(Per::HugePage, series("spawn_by_memory", "thread_huge", "thread, huge pages", MEMORY_MIB, GREEN, true)),
        ],
    },
    Figure {
        name: "open-files", bench: "spawn_cost",
        title: "One worker that does nothing, by the open files of its creator",
        x: "open files of the creator", y: Y::Micros,
        series: &[
            per(Per::File, series("spawn_by_descriptors", "fork", "fork", DESCRIPTORS, VERMILION, false)),
            per(Per::File, series("spawn_by_descriptors", "thread", "thread", DESCRIPTORS, BLUE, false)),
        ],
    },
    Figure {
        name: "speed-up", bench: "sum_scaling",
        title: "The sum of 400 MB from memory, and of 4 MB from the caches 100 times",
        x: "number of workers", y: Y::SpeedUp,
        series: &[
            series("sum", "read_only", "limit of the memory: only reading 400 MB", WORKERS, INK, false),
            series("sum", "threads", "threads, from memory", WORKERS, BLUE, false),
            series("sum", "processes", "processes, from memory", WORKERS, VERMILION, false),
            series("sum", "reduce", "a library's threads, from memory", WORKERS, GREEN, false),
            series("sum_cached", "read_only", "limit of the caches: only reading", WORKERS, INK, true),
            series("sum_cached", "threads", "threads, from the caches", WORKERS, BLUE, true),
            series("sum_cached", "processes", "processes, from the caches", WORKERS, VERMILION, true),
        ],
    },
    Figure {
        name: "programs", bench: "whole_programs",
        title: "Whole programs: processes against threads",
        x: "number of workers", y: Y::Ratio,
        series: &[
            series("programs", "huge", "sum-array processes / threads, huge pages", MANY_WORKERS, PURPLE, true),
            series("programs", "small", "sum-array processes / threads, small pages", MANY_WORKERS, VERMILION, false),
        ],
    },
    Figure {
        name: "copy-on-write", bench: "copy_on_write",
        title: "A child writes to a part of 512 MiB",
        x: "written share, in percent", y: Y::Millis,
        series: &[
            per(Per::WrittenPage, series("copy_on_write", "small", "small pages", COW_PERCENT, VERMILION, false)),
            per(Per::WrittenPage, series("copy_on_write", "huge", "huge pages", COW_PERCENT, PURPLE, true)),
        ],
    },
    Figure {
        name: "switch", bench: "switch_cost",
        title: "A byte to and fro between two workers",
        x: "number of CPUs for the two workers", y: Y::Micros,
        series: &[
            series("switch", "threads", "two threads", CPUS, BLUE, false),
            series("switch", "processes", "two processes", CPUS, VERMILION, true),
        ],
    },
    Figure {
        name: "counter", bench: "counter_cost",
        title: "4,000,000 additions of 1, split among threads",
        x: "number of threads", y: Y::Millis,
        series: &[
            series("counter", "mutex", "one number behind a Mutex", COUNTERS, VERMILION, false),
            series("counter", "fetch_add", "one atomic number", COUNTERS, BLUE, false),
            series("counter", "own_sums", "a number for each thread", COUNTERS, GREEN, false),
        ],
    },
    Figure {
        name: "peers", bench: "peers",
        title: "Rust against C",
        x: "", y: Y::Ratio,
        series: &[
            plain("peers", "threads_huge", "sum: threads / pthreads, huge pages"),
            plain("peers", "processes_huge", "sum: processes / fork, huge pages"),
            plain("peers", "reduce_huge", "sum: reduce / OpenMP, huge pages"),
            plain("peers", "threads_small", "sum: threads / pthreads, small pages"),
            plain("peers", "processes_small", "sum: processes / fork, small pages"),
            plain("peers", "reduce_small", "sum: reduce / OpenMP, small pages"),
            plain("peers", "whole_huge", "whole program: threads / pthreads and rand_r, huge pages"),
            plain("peers", "whole_small", "whole program: threads / pthreads and rand_r, small pages"),
            plain("peers", "limit_huge", "whole program: threads / filling and summing in C, huge pages"),
            plain("peers", "limit_small", "whole program: threads / filling and summing in C, small pages"),
            plain("peers", "thread", "worker: spawn, join / pthread_create, pthread_join"),
            plain("peers", "fork", "worker: fork, _exit, waitpid in Rust / in C"),
            plain("peers", "fork_of_common", "worker: the functions of common / fork, _exit, waitpid"),
        ],
    },
];

/// The figures that are drawn, because something grows in them.
pub fn with_pictures() -> impl Iterator<Item = &'static Figure> {
    FIGURES.iter().filter(|figure| !figure.x.is_empty())
}

/// How many small pages `percent` of the array of `copy_on_write` are.
#[must_use]
pub fn written_pages(percent: usize) -> usize {
    COW_MIB * MIB / page() * percent / 100
}

impl Per {
    /// How many of them there are where this value is measured.
    fn count(self, value: usize) -> usize {
        match self {
            Self::SmallPage => value * MIB / page(),
            Self::HugePage => value * MIB / huge_page(),
            Self::File => value,
            Self::WrittenPage => written_pages(value),
        }
    }
}

impl fmt::Display for Per {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kib = page() / 1024;
        match self {
            Self::SmallPage => write!(f, "page of {kib} KiB"),
            Self::HugePage => write!(f, "page of {} MiB", huge_page() / MIB),
            Self::File => f.write_str("open file"),
            Self::WrittenPage => write!(f, "written page of {kib} KiB"),
        }
    }
}

/// What one unit more costs.
#[derive(Clone, Copy, Debug)]
pub struct Slope {
    /// The unit.
    pub per: Per,
    line: Line,
    most: f64,
}

impl Slope {
    /// In nanoseconds. 0 if all units together add less than half to the time. Such a difference
    /// may be noise.
    #[must_use]
    pub fn ns(&self) -> f64 {
        match self.line.slope * self.most < self.line.at_zero / 2.0 {
            true => 0.0,
            false => self.line.slope,
        }
    }

    /// The time where this value is measured, in nanoseconds.
    #[must_use]
    pub fn at(&self, value: usize) -> f64 {
        self.line.at(self.per.count(value) as f64)
    }
}

impl Series {
    /// The results with each value that was measured.
    #[must_use]
    pub fn times(&self, results: &Results, y: Y) -> Vec<(usize, Time)> {
        let alone = match y {
            Y::SpeedUp => results.time(self.group, "sequential", None),
            _ => None,
        };
        let time = |&value| {
            let time = results.time(self.group, self.function, Some(value))?;
            match y {
                Y::SpeedUp => Some((value, alone?.divided_by(time))),
                _ => Some((value, time)),
            }
        };
        self.values.iter().filter_map(time).collect()
    }

    /// What one unit more costs, if that can be said.
    #[must_use]
    pub fn slope(&self, results: &Results) -> Option<Slope> {
        let per = self.per?;
        let times = self.times(results, Y::Micros);
        let points = times.iter();
        let points = points.map(|&(value, time)| (per.count(value) as f64, time.median));
        let points: Vec<_> = points.collect();
        let most = points.last()?.0;
        let line = Line::fit(&points)?;
        Some(Slope { per, line, most })
    }
}
