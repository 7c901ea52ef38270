//! What the guide claims, and whether it holds on this machine.

use crate::figures::{FIGURES, Figure};
use crate::results::{Interval, Results, Time, id};
use Bound::{AtLeast, AtMost};
use Of::{Quotient, Ratio};

/// A statement about a ratio.
#[derive(Debug)]
pub struct Claim {
    /// The statement.
    pub words: &'static str,
    of: Of,
    bound: Bound,
}

/// A ratio, by the ids of its results. Instead of a value, an id may end with `largest`: the
/// largest value that was measured.
#[derive(Clone, Copy, Debug)]
enum Of {
    /// The result is a ratio already.
    Ratio(&'static str),
    /// The first time divided by the second one.
    Quotient(&'static str, &'static str),
}

#[derive(Clone, Copy, Debug)]
enum Bound {
    AtLeast(f64),
    AtMost(f64),
}

/// All claims, in the order of the chapter.
#[rustfmt::skip]
pub const CLAIMS: &[Claim] = &[
    Claim { words: "A process costs at least twice as much as a thread.",
        of: Quotient("spawn/fork", "spawn/thread"), bound: AtLeast(2.0) },
    Claim { words: "The memory of the creator does not make a thread dearer (at most 1.5 times).",
        of: Quotient("spawn_by_memory/thread_small/largest", "spawn_by_memory/thread_small/0"), bound: AtMost(1.5) },
    Claim { words: "It makes a fork dearer, with small pages (at least 5 times).",
        of: Quotient("spawn_by_memory/fork_small/largest", "spawn_by_memory/fork_small/0"), bound: AtLeast(5.0) },
    Claim { words: "Huge pages make such a fork cheaper (at least 5 times).",
        of: Quotient("spawn_by_memory/fork_small/largest", "spawn_by_memory/fork_huge/largest"), bound: AtLeast(5.0) },
    Claim { words: "Open files make a fork dearer (at least 1.2 times).",
        of: Quotient("spawn_by_descriptors/fork/largest", "spawn_by_descriptors/fork/10"), bound: AtLeast(1.2) },
    Claim { words: "A task of a thread pool costs less than a thread.",
        of: Quotient("spawn/thread", "spawn/rayon_task_from_within"), bound: AtLeast(1.0) },
    Claim { words: "A second thread helps where the numbers come from the caches (at least 1.5 times as fast).",
        of: Quotient("sum_cached/sequential", "sum_cached/threads/2"), bound: AtLeast(1.5) },
    Claim { words: "It helps less where they come from memory.",
        of: Quotient("sum/threads/2", "sum_cached/threads/2"), bound: AtLeast(1.0) },
    Claim { words: "Two threads sum 400 MB about as fast as the memory delivers them (at most 1.2 times the limit).",
        of: Quotient("sum/threads/2", "sum/read_only/2"), bound: AtMost(1.2) },
    Claim { words: "The program with 4 processes is slightly slower than the one with 4 threads (at most 1.2 times).",
        of: Ratio("programs/huge/4"), bound: AtMost(1.2) },
    Claim { words: "With small pages the 64 processes are slower than 64 threads (at least 1.2 times).",
        of: Ratio("programs/small/64"), bound: AtLeast(1.2) },
    Claim { words: "A child pays for the pages that it writes to (at least 5 times as much as for reading all).",
        of: Quotient("copy_on_write/small/largest", "copy_on_write/small/0"), bound: AtLeast(5.0) },
    Claim { words: "A switch between two processes costs little more than one between two threads (at most 1.3 times).",
        of: Quotient("switch/processes/1", "switch/threads/1"), bound: AtMost(1.3) },
    Claim { words: "With one thread, a Mutex costs more than an atomic addition.",
        of: Quotient("counter/mutex/1", "counter/fetch_add/1"), bound: AtLeast(1.0) },
    Claim { words: "Two threads that share an atomic number are slower than one.",
        of: Quotient("counter/fetch_add/2", "counter/fetch_add/1"), bound: AtLeast(1.0) },
    Claim { words: "Two threads with a number each are faster than one (at least 1.3 times).",
        of: Quotient("counter/own_sums/1", "counter/own_sums/2"), bound: AtLeast(1.3) },
    Claim { words: "A thread of the standard library costs a bit more than one of pthread_create (at most twice as much).",
        of: Ratio("peers/thread"), bound: AtMost(2.0) },
    Claim { words: "The sum in Rust takes as long as in C (at most 1.1 times).",
        of: Ratio("peers/threads_huge"), bound: AtMost(1.1) },
];

impl Claim {
    /// The bench that measures it.
    #[must_use]
    pub fn bench(&self) -> &'static str {
        let (Ratio(id) | Quotient(id, _)) = self.of;
        figure(id).map_or("", |figure| figure.bench)
    }

    /// The ratio, if all its results are there.
    #[must_use]
    pub fn ratio(&self, results: &Results) -> Option<Time> {
        match self.of {
            Ratio(id) => time(id, results),
            Quotient(first, second) => {
                Some(time(first, results)?.divided_by(time(second, results)?))
            }
        }
    }

    /// Whether it holds, in words. It does if the whole interval is on the right side of the bound.
    #[must_use]
    pub fn answer(&self, results: &Results) -> String {
        let Some(ratio) = self.ratio(results) else {
            return format!("not measured: --bench {}", self.bench());
        };
        let Interval { low, high } = ratio.interval;
        match self.bound {
            AtLeast(bound) if low >= bound => "holds".into(),
            AtMost(bound) if high <= bound => "holds".into(),
            AtLeast(bound) if high < bound => "does not hold".into(),
            AtMost(bound) if low > bound => "does not hold".into(),
            _ => "cannot be told: measure again".into(),
        }
    }
}

fn time(full_id: &str, results: &Results) -> Option<Time> {
    let Some(function) = full_id.strip_suffix("/largest") else {
        return results.get(full_id).copied();
    };
    // With the smallest value alone there is nothing to compare.
    let mut values = figure(full_id)?.values[1..].iter().rev();
    values.find_map(|value| results.get(&id(function, Some(*value))).copied())
}

/// The figure that shows the group of this id.
fn figure(id: &str) -> Option<&'static Figure> {
    let (group, _) = id.split_once('/')?;
    let shows_it = |figure: &&Figure| figure.series.iter().any(|series| series.group() == group);
    FIGURES.iter().find(shows_it)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::Series;

    #[test]
    fn an_answer_needs_the_whole_interval() {
        let results =
            |low: f64, high: f64| Results::from([("g/f".into(), Time::new(1.5, low, high))]);
        let claim = |bound| Claim {
            words: "",
            of: Ratio("g/f"),
            bound,
        };
        for (low, high, at_least, at_most) in [
            (2.1, 2.3, "holds", "does not hold"),
            (
                1.9,
                2.3,
                "cannot be told: measure again",
                "cannot be told: measure again",
            ),
            (1.1, 1.9, "does not hold", "holds"),
        ] {
            assert_eq!(claim(AtLeast(2.0)).answer(&results(low, high)), at_least);
            assert_eq!(claim(AtMost(2.0)).answer(&results(low, high)), at_most);
        }
        assert_eq!(
            claim(AtMost(2.0)).answer(&Results::default()),
            "not measured: --bench "
        );
    }

    #[test]
    fn claims_are_about_figures() {
        for claim in CLAIMS {
            assert!(!claim.bench().is_empty(), "{claim:?}");
            let ids = match claim.of {
                Ratio(id) => vec![id],
                Quotient(first, second) => vec![first, second],
            };
            for id in ids {
                let figure = figure(id).expect(id);
                let is_its = |series: &Series| match id.strip_prefix(series.id) {
                    None => false,
                    Some("") => figure.values.is_empty(),
                    Some("/largest") => figure.values.len() > 1,
                    Some(end) => figure.values.iter().any(|value| end == format!("/{value}")),
                };
                let is_measured = figure.series.iter().any(is_its) || id.ends_with("/sequential");
                assert!(is_measured, "{id}");
            }
        }
    }
}
