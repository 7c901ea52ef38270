//! What the guide claims, and whether it holds on this machine.

use crate::results::{Results, Time};

/// A statement about a ratio.
#[derive(Debug)]
pub struct Claim {
    /// The statement.
    pub words: &'static str,
    /// The bench that measures it.
    pub bench: &'static str,
    /// The numerator.
    first: Place,
    /// The denominator. `None` if the numerator is a ratio already.
    second: Option<Place>,
    bound: Bound,
}

/// A result: group, function, and with which value.
type Place = (&'static str, &'static str, At);

#[derive(Clone, Copy, Debug)]
enum At {
    /// Nothing grows.
    Only,
    Value(usize),
    /// The largest of these values that was measured.
    Largest(&'static [usize]),
}

#[derive(Clone, Copy, Debug)]
enum Bound {
    AtLeast(f64),
    AtMost(f64),
}

/// Whether a claim holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The whole interval is on the right side of the bound.
    Holds,
    /// The whole interval is on the other side.
    DoesNotHold,
    /// The bound lies in the interval.
    Undecided,
    /// Results are missing.
    NotMeasured,
}

use crate::figures::{COW_PERCENT, DESCRIPTORS, MEMORY_MIB};
use At::{Largest, Only, Value};
use Bound::{AtLeast, AtMost};

const fn claim(
    bench: &'static str,
    words: &'static str,
    first: Place,
    second: Option<Place>,
    bound: Bound,
) -> Claim {
    Claim {
        words,
        bench,
        first,
        second,
        bound,
    }
}

/// All claims, in the order of the chapter.
#[rustfmt::skip]
pub const CLAIMS: &[Claim] = &[
    claim("spawn_cost", "A process costs at least twice as much as a thread.",
        ("spawn", "fork", Only), Some(("spawn", "thread", Only)), AtLeast(2.0)),
    claim("spawn_cost", "The memory of the creator does not make a thread dearer (at most 1.5 times).",
        ("spawn_by_memory", "thread_small", Largest(MEMORY_MIB)),
        Some(("spawn_by_memory", "thread_small", Value(0))), AtMost(1.5)),
    claim("spawn_cost", "It makes a fork dearer, with small pages (at least 5 times).",
        ("spawn_by_memory", "fork_small", Largest(MEMORY_MIB)),
        Some(("spawn_by_memory", "fork_small", Value(0))), AtLeast(5.0)),
    claim("spawn_cost", "Huge pages make such a fork cheaper (at least 5 times).",
        ("spawn_by_memory", "fork_small", Largest(MEMORY_MIB)),
        Some(("spawn_by_memory", "fork_huge", Largest(MEMORY_MIB))), AtLeast(5.0)),
    claim("spawn_cost", "Open files make a fork dearer (at least 1.2 times).",
        ("spawn_by_descriptors", "fork", Largest(DESCRIPTORS)),
        Some(("spawn_by_descriptors", "fork", Value(10))), AtLeast(1.2)),
    claim("spawn_cost", "A task of a thread pool costs less than a thread.",
        ("spawn", "thread", Only), Some(("spawn", "rayon_task_from_within", Only)), AtLeast(1.0)),
    claim("sum_scaling", "A second thread helps where the numbers come from the caches (at least 1.5 times as fast).",
        ("sum_cached", "sequential", Only), Some(("sum_cached", "threads", Value(2))), AtLeast(1.5)),
    claim("sum_scaling", "It helps less where they come from memory.",
        ("sum", "threads", Value(2)), Some(("sum_cached", "threads", Value(2))), AtLeast(1.0)),
    claim("sum_scaling", "Two threads sum 400 MB about as fast as the memory delivers them (at most 1.2 times the limit).",
        ("sum", "threads", Value(2)), Some(("sum", "read_only", Value(2))), AtMost(1.2)),
    claim("whole_programs", "The program with 4 processes is slightly slower than the one with 4 threads (at most 1.2 times).",
        ("programs", "huge", Value(4)), None, AtMost(1.2)),
    claim("whole_programs", "With small pages the 64 processes are slower than 64 threads (at least 1.2 times).",
        ("programs", "small", Value(64)), None, AtLeast(1.2)),
    claim("copy_on_write", "A child pays for the pages that it writes to (at least 5 times as much as for reading all).",
        ("copy_on_write", "small", Largest(COW_PERCENT)), Some(("copy_on_write", "small", Value(0))), AtLeast(5.0)),
    claim("switch_cost", "A switch between two processes costs little more than one between two threads (at most 1.3 times).",
        ("switch", "processes", Value(1)), Some(("switch", "threads", Value(1))), AtMost(1.3)),
    claim("counter_cost", "With one thread, a Mutex costs more than an atomic addition.",
        ("counter", "mutex", Value(1)), Some(("counter", "fetch_add", Value(1))), AtLeast(1.0)),
    claim("counter_cost", "Two threads that share an atomic number are slower than one.",
        ("counter", "fetch_add", Value(2)), Some(("counter", "fetch_add", Value(1))), AtLeast(1.0)),
    claim("counter_cost", "Two threads with a number each are faster than one (at least 1.3 times).",
        ("counter", "own_sums", Value(1)), Some(("counter", "own_sums", Value(2))), AtLeast(1.3)),
    claim("peers", "A thread of the standard library costs a bit more than one of pthread_create (at most twice as much).",
        ("peers", "thread", Only), None, AtMost(2.0)),
    claim("peers", "The sum in Rust takes as long as in C (at most 1.1 times).",
        ("peers", "threads_huge", Only), None, AtMost(1.1)),
];

impl Claim {
    /// The ratio, if both results are there.
    #[must_use]
    pub fn ratio(&self, results: &Results) -> Option<Time> {
        let time = |(group, function, at): Place| match at {
            Only => results.time(group, function, None),
            Value(value) => results.time(group, function, Some(value)),
            // With the smallest value alone there is nothing to compare.
            Largest(values) => {
                let mut values = values[1..].iter().rev();
                values.find_map(|value| results.time(group, function, Some(*value)))
            }
        };
        let first = time(self.first)?;
        match self.second {
            None => Some(first),
            Some(second) => Some(first.divided_by(time(second)?)),
        }
    }

    /// Whether it holds.
    #[must_use]
    pub fn answer(&self, results: &Results) -> Answer {
        let Some(Time { low, high, .. }) = self.ratio(results) else {
            return Answer::NotMeasured;
        };
        let (holds, fails) = match self.bound {
            AtLeast(bound) => (low >= bound, high < bound),
            AtMost(bound) => (high <= bound, low > bound),
        };
        match (holds, fails) {
            (true, _) => Answer::Holds,
            (_, true) => Answer::DoesNotHold,
            _ => Answer::Undecided,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_needs_the_whole_interval() {
        let results = |low: f64, high: f64| {
            let time = Time {
                median: 1.5,
                low,
                high,
            };
            Results::of("g", "f", None, time)
        };
        let claim = |bound| claim("", "", ("g", "f", Only), None, bound);
        for (low, high, at_least, at_most) in [
            (2.1, 2.3, Answer::Holds, Answer::DoesNotHold),
            (1.9, 2.3, Answer::Undecided, Answer::Undecided),
            (1.1, 1.9, Answer::DoesNotHold, Answer::Holds),
        ] {
            assert_eq!(claim(AtLeast(2.0)).answer(&results(low, high)), at_least);
            assert_eq!(claim(AtMost(2.0)).answer(&results(low, high)), at_most);
        }
        assert_eq!(
            claim(AtMost(2.0)).answer(&Results::default()),
            Answer::NotMeasured
        );
    }
}
