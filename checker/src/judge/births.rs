//! Checks which tasks a program creates.

use super::plan::{Finding, Problem, Seen};
use super::report::Verdict;
use engine::Kind;
use std::ops::RangeInclusive;

/// Checks the number of threads or processes that the program starts.
pub(crate) fn starts(seen: &Seen, kind: Kind, expected: RangeInclusive<usize>) -> Finding {
    let created = seen.observed.created(kind).count();
    if expected.contains(&created) {
        return Ok(());
    }
    let what = match kind {
        Kind::Thread => "threads",
        Kind::Process => "processes",
    };
    let message = format!("it starts {created} {what} instead of {}", expected.start());
    Err(Problem::new(Verdict::NoWorker, message).seen_in(seen))
}

/// Whether a thread or process was created before another one of its kind had ended.
pub(crate) fn workers_overlap(seen: &Seen) -> bool {
    [Kind::Thread, Kind::Process].into_iter().any(|kind| {
        let tasks = || seen.observed.created(kind).map(|(_, task)| task);
        let mut pairs = tasks().zip(tasks().skip(1));
        pairs.any(|(one, next)| one.ending.is_none_or(|end| end > next.born))
    })
}
