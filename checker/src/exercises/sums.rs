//! The sums that the programs print.

use crate::judge::ending::{ended_well, with_stderr};
use crate::judge::plan::{Finding, Problem, Seen};
use crate::judge::report::Verdict;
use crate::judge::text::{first_line, stdout};

/// The sum of the first 1000 numbers of the array, with the default seed.
pub(super) const SUM_OF_1000: i64 = 496_128;

/// The number after `Array sum is: `.
pub(super) fn sum(seen: &Seen) -> Result<i64, Problem> {
    let text = stdout(seen);
    let sum = text
        .lines()
        .find_map(|line| line.strip_prefix("Array sum is: "));
    sum.and_then(|sum| sum.trim().parse().ok()).ok_or_else(|| {
        let problem = Problem::new(Verdict::WrongOutput, "it printed no sum")
            .with("expected: a line 'Array sum is: ...'")
            .with(format!("seen: {}", first_line(&text)));
        with_stderr(problem, seen).seen_in(seen)
    })
}

/// Checks that the program ends well, and prints this sum.
pub(super) fn ends_with_sum(seen: &Seen, expected: i64) -> Finding {
    ended_well(seen)?;
    sum_is(seen, expected)
}

/// Checks that this number, and no other, follows `Array sum is: `.
pub(super) fn sum_is(seen: &Seen, expected: i64) -> Finding {
    let sum = sum(seen)?;
    if sum == expected {
        return Ok(());
    }
    let problem = Problem::new(Verdict::WrongOutput, "the sum that it prints is wrong")
        .with(format!("expected: {expected}"))
        .with(format!("seen: {sum}"));
    Err(problem.seen_in(seen))
}
