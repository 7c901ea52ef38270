//! What a program says of processes that did not end well, in its own words.

use super::plan::Seen;
use super::text::{numbers, words};
use nix::sys::signal::Signal;
use std::str::FromStr;

/// The lines that say that somebody was killed.
pub(super) fn bad_news(seen: &Seen) -> Vec<String> {
    let mut lines = news(seen);
    lines.retain(|line| is_bad(line));
    lines
}

/// All lines of standard output and standard error, but those of the result: a time of
/// 1.003 ms says nothing of process 1.
pub(super) fn news(seen: &Seen) -> Vec<String> {
    let observed = &seen.observed;
    let text = [observed.stdout.as_slice(), b"\n", &observed.stderr].concat();
    let text = String::from_utf8_lossy(&text);
    let lines = text.lines().filter(|line| !is_result(line));
    lines.map(str::to_owned).collect()
}

fn is_result(line: &str) -> bool {
    line.starts_with("Array sum is: ") || line.starts_with("Time spent: ")
}

fn is_bad(line: &str) -> bool {
    tells(line, is_bad_at)
}

/// Whether a line tells of an exit status and not of a signal: one may also die or crash
/// with an exit status.
pub(super) fn names_exit_status(line: &str, status: u8) -> bool {
    has_number(line, status.into()) && !tells(line, is_signal_at)
}

/// Whether a line tells of something that is said at one of its words, and does not deny
/// it.
fn tells(line: &str, is_it: impl Fn(&[String], usize) -> bool) -> bool {
    const DENIALS: [&str; 7] = ["no", "not", "none", "nobody", "never", "without", "t"];
    let words = words(line);
    let first = (0..words.len()).find(|&place| is_it(&words, place));
    first.is_some_and(|first| {
        // `was not killed`, `wasn't killed`, `without a signal`
        let before = &words[first.saturating_sub(2)..first];
        !before.iter().any(|word| DENIALS.contains(&word.as_str()))
    })
}

/// Whether one of these words tells of a bad end.
fn is_bad_at(words: &[String], place: usize) -> bool {
    const BAD: [&str; 5] = ["aborted", "coredump", "crashed", "died", "dumped"];
    const GOOD_ENDS: [&str; 5] = ["normally", "successfully", "status", "exit", "code"];
    let word = words[place].as_str();
    if word == "terminated" {
        // `terminated normally`, `terminated with status 0`
        let mut behind = words[place + 1..].iter().take(2);
        return !behind.any(|word| GOOD_ENDS.contains(&word.as_str()));
    }
    BAD.contains(&word) || is_signal_at(words, place)
}

/// Whether one of these words tells of a signal.
fn is_signal_at(words: &[String], place: usize) -> bool {
    const SIGNALS: [&str; 10] = [
        "killed",
        "segfault",
        "segfaulted",
        "segmentation",
        "segv",
        "sig",
        "signal",
        "signaled",
        "signalled",
        "wtermsig",
    ];
    let word = words[place].as_str();
    SIGNALS.contains(&word) || Signal::from_str(&word.to_uppercase()).is_ok()
}

/// Whether a line may speak of a worker: it has its number or its process id, wherever.
pub(super) fn is_about(line: &str, number: usize, pid: i32) -> bool {
    let number = i64::try_from(number).unwrap_or(i64::MAX);
    has_number(line, number) || has_number(line, pid.into())
}

/// Whether a line speaks of a worker for sure: of `process 2`, say, or of its process
/// id.
pub(super) fn names_worker(line: &str, number: usize, pid: i32) -> bool {
    named_numbers(line).contains(&number) || has_number(line, pid.into())
}

/// The numbers of workers that are called by them.
pub(super) fn named_numbers(line: &str) -> Vec<usize> {
    const KINDS: [&str; 5] = ["process", "child", "worker", "subprocess", "proc"];
    const BETWEEN: [&str; 7] = ["with", "no", "nr", "number", "index", "id", "pid"];
    let words = words(line);
    let number_at = |place: usize| {
        let kind = KINDS.iter().find(|kind| words[place].starts_with(**kind))?;
        // `process2`
        match &words[place][kind.len()..] {
            "" => {}
            attached => return attached.parse().ok(),
        }
        let mut behind = words[place + 1..].iter();
        let number = behind.find(|word| !BETWEEN.contains(&word.as_str()));
        number.and_then(|word| word.parse().ok())
    };
    (0..words.len()).filter_map(number_at).collect()
}

/// Whether a line names a signal, by its number or in words.
pub(super) fn names_signal(line: &str, signal: Signal) -> bool {
    let words = words(line);
    let is_named = match signal {
        // What `strsignal(3)` says, at the end.
        Signal::SIGKILL => words.last().is_some_and(|word| word == "killed"),
        Signal::SIGTERM => words.iter().any(|word| word == "terminated"),
        Signal::SIGSEGV => {
            let names = ["segmentation", "segfault", "segv"];
            words.iter().any(|word| names.contains(&word.as_str()))
        }
        _ => false,
    };
    let name = signal.as_str().to_lowercase();
    is_named || words.contains(&name) || has_number(line, signal as i64)
}

fn has_number(line: &str, number: i64) -> bool {
    numbers(line).any(|other| other == number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Observed;

    #[test]
    fn words_are_whole() {
        for line in [
            "Process 2 was killed by signal 11 (SIGSEGV)",
            "worker #2 died: Segmentation fault (11)",
            "Signaled(Pid(4711), SIGSEGV, false)",
            "process 2: sigterm",
            "process 2: Terminated",
            "process 2 terminated by 15",
            "process 0 was killed by signal 0 (no signal)",
            "process 2 did not end well: core dumped",
        ] {
            assert!(is_bad(line), "{line}");
        }
        for line in [
            "Process 0 is assigned the first part",
            "Score so far: 0",
            "This machine has 2 cores",
            "my signature, sigma, and a design",
            "process 0 was not killed",
            "process 0 wasn't killed by a signal",
            "no process died",
            "process 0 terminated normally",
            "process 0 terminated with status 0",
        ] {
            assert!(!is_bad(line), "{line}");
        }
    }

    #[test]
    fn a_result_is_no_news() {
        let text = "Array sum is: 3\nTime spent: 1.003 ms\nprocess 1: 3\n";
        let observed = Observed {
            stdout: text.into(),
            ..Observed::new(Vec::new())
        };
        let seen = Seen {
            observed,
            command: String::new(),
            fault: None,
        };
        assert_eq!(news(&seen), ["process 1: 3", ""]);
    }

    #[test]
    fn an_exit_status_is_no_signal() {
        for line in [
            "Process 1 exited with status 3",
            "process 1 died: exit code 3",
            "Exited(Pid(4711), 3)",
            "process 1 was not killed by a signal: 3",
            "process 1 terminated with status 3",
        ] {
            assert!(names_exit_status(line, 3), "{line}");
            assert!(!names_exit_status(line, 2), "{line}");
        }
        for line in [
            "process 1 was killed by signal 3 (SIGQUIT)",
            "process 1: sigquit (3)",
            "process 1 ended with 768",
        ] {
            assert!(!names_exit_status(line, 3), "{line}");
        }
    }

    #[test]
    fn a_worker_is_called_by_its_number() {
        for line in [
            "Process 2 was killed",
            "worker #2 died",
            "child no. 2: killed",
            "process with index 2",
            "process-2, process2",
            "child process 2",
        ] {
            assert!(names_worker(line, 2, 4711), "{line}");
            assert!(!names_worker(line, 1, 4711), "{line}");
        }
        assert!(names_worker("4711 was killed", 2, 4711));
        for line in ["2 of 4 processes were killed", "processes: 2 signals"] {
            assert!(!names_worker(line, 2, 4711), "{line}");
            assert!(named_numbers(line).is_empty(), "{line}");
        }
    }

    #[test]
    fn a_signal_has_several_names() {
        for (line, signal) in [
            ("killed by 11", Signal::SIGSEGV),
            ("Segmentation fault", Signal::SIGSEGV),
            ("process 1 was killed: SIGTERM", Signal::SIGTERM),
            ("process 1: Terminated", Signal::SIGTERM),
            ("process 0 died (Killed)", Signal::SIGKILL),
        ] {
            assert!(names_signal(line, signal), "{line}");
        }
        assert!(!names_signal("killed by signal 15", Signal::SIGKILL));
        assert!(!names_signal("killed by signal 111", Signal::SIGSEGV));
    }
}
