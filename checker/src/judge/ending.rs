//! How a program ended, and whether that is a problem.

use super::plan::{Finding, Problem, Seen};
use super::report::Verdict;
use crate::engine::{End, Fault, Limits};
use crate::wait_status::end_in_words;

/// It came to an end by itself.
pub(super) fn ended(seen: &Seen) -> Finding {
    let limits = Limits::default();
    let problem = match seen.observed.end {
        End::Ended(_) => return Ok(()),
        End::TimedOut => Problem::new(
            Verdict::TimedOut,
            format!("it had not ended after {} seconds", limits.time.as_secs()),
        ),
        End::TooMuchOutput => Problem::new(
            Verdict::TooMuchOutput,
            format!("it printed more than {} bytes", limits.output_bytes),
        ),
        End::TooManyTasks => Problem::new(
            Verdict::Crashed,
            format!(
                "it started more than {} threads and processes",
                limits.tasks
            ),
        ),
    };
    Err(again(problem, seen))
}

/// It ended with exit status 0, and nothing of it was left.
pub(super) fn ended_well(seen: &Seen) -> Finding {
    ended(seen)?;
    nothing_left(seen)?;
    succeeded(seen)
}

/// If it ended, then with exit status 0.
pub(super) fn succeeded(seen: &Seen) -> Finding {
    match seen.observed.end {
        End::Ended(status) if status != 0 => {
            let problem = Problem::new(Verdict::Crashed, format!("it {}", end_in_words(status)));
            Err(again(with_stderr(problem, seen), seen))
        }
        _ => Ok(()),
    }
}

/// It left no process behind.
pub(super) fn nothing_left(seen: &Seen) -> Finding {
    let left = seen.observed.left_running.len();
    if left == 0 {
        return Ok(());
    }
    let message = format!("{left} of its processes were still there when it had ended");
    Err(again(Problem::new(Verdict::LeftRunning, message), seen))
}

/// Adds the command to see it again, and what it does not do.
pub(super) fn again(problem: Problem, seen: &Seen) -> Problem {
    let command = format!("see it again: {}", seen.command);
    let problem = problem.with(command);
    match seen.fault {
        None => problem,
        Some((child, Fault::Killed(signal))) => problem.with(format!(
            "in this run the checker killed child {child}, counted from 0, by {signal}"
        )),
        Some((child, Fault::Fails(status))) => problem.with(format!(
            "in this run the checker made child {child}, counted from 0, exit with status {status}"
        )),
    }
}

/// Adds the beginning of what it wrote to standard error.
pub(super) fn with_stderr(problem: Problem, seen: &Seen) -> Problem {
    let text = String::from_utf8_lossy(&seen.observed.stderr);
    match text.lines().next() {
        Some(line) => problem.with(format!("standard error: {line}")),
        None => problem,
    }
}
