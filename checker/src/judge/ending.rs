//! How a program ended, and whether that is a problem.

use super::plan::{Finding, Problem, Seen};
use super::report::Verdict;
use crate::wait_status::end_in_words;
use engine::{End, Limits};

/// It came to an end by itself.
pub(crate) fn ended(seen: &Seen) -> Finding {
    let limits = Limits::default();
    let (verdict, message) = match seen.observed.end {
        End::Ended(_) => return Ok(()),
        End::TimedOut => (
            Verdict::TimedOut,
            format!("it had not ended after {} seconds", limits.time.as_secs()),
        ),
        End::TooMuchOutput => (
            Verdict::TooMuchOutput,
            format!(
                "it wrote more than {} bytes, or {} files",
                limits.output_bytes, limits.folder_entries
            ),
        ),
        End::TooManyTasks => (
            Verdict::Crashed,
            format!(
                "it started more than {} threads and processes",
                limits.tasks
            ),
        ),
        End::TooMuchMemory => (
            Verdict::Crashed,
            format!("it used more than {} MiB", limits.memory_bytes >> 20),
        ),
    };
    Err(Problem::new(verdict, message).seen_in(seen))
}

/// It ended with exit status 0, and nothing of it was left.
pub(crate) fn ended_well(seen: &Seen) -> Finding {
    ended(seen)?;
    nothing_left(seen)?;
    succeeded(seen)
}

/// It ended by itself, with exit status 0.
pub(crate) fn succeeded(seen: &Seen) -> Finding {
    ended(seen)?;
    match seen.observed.end {
        End::Ended(status) if status != 0 => {
            let problem = Problem::new(Verdict::Crashed, format!("it {}", end_in_words(status)));
            Err(with_stderr(problem, seen).seen_in(seen))
        }
        _ => Ok(()),
    }
}

/// It left no process behind.
pub(crate) fn nothing_left(seen: &Seen) -> Finding {
    let left = seen.observed.left_running.len();
    if left == 0 {
        return Ok(());
    }
    let message = match left {
        1 => "a process that it started was still there when it had ended".into(),
        left => format!("{left} processes that it started were still there when it had ended"),
    };
    Err(Problem::new(Verdict::LeftRunning, message).seen_in(seen))
}

/// Adds the beginning of what it wrote to standard error: of a panic the place and the message.
pub(crate) fn with_stderr(problem: Problem, seen: &Seen) -> Problem {
    let text = String::from_utf8_lossy(&seen.observed.stderr);
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    lines.take(2).fold(problem, |problem, line| {
        problem.with(format!("standard error: {line}"))
    })
}
