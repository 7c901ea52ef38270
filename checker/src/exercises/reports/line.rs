//! Parses one line of a report.

use super::tokens::{DENIALS, LISTS, Meaning, SIGNALS, STATUSES, Token, UNITS, WORKERS};
use super::tokens::{is_in, meaning_of, signal_named, tokens};
use super::{Fate, Worker, are_among};

/// The content of a line.
#[derive(Default)]
pub(super) struct Report {
    /// The numbers of workers, and process ids.
    pub(super) workers: Vec<i64>,
    signals: Vec<i64>,
    exit_statuses: Vec<i64>,
    /// Exit statuses or wait statuses.
    statuses: Vec<i64>,
    /// The line says that a signal killed the process, without naming the signal.
    says_killed: bool,
    /// The line says that the process failed, or that it ended well.
    says_bad: bool,
    says_good: bool,
}

const BAD: &str = "aborted abnormally crash crashed died dumped failed segfaulted";
/// The `strsignal(3)` texts of signals that need several words.
const SEVERAL_WORDS: &[(&str, &str)] = &[
    ("bad system call", "sigsys"),
    ("bus error", "sigbus"),
    ("cpu time limit exceeded", "sigxcpu"),
    ("user defined signal 1", "sigusr1"),
    ("user defined signal 2", "sigusr2"),
    ("virtual timer expired", "sigvtalrm"),
];
const GOOD: &str = "done fine good normal normally ok okay success successful successfully well";

/// Stands for a process id that no worker has.
const NO_WORKER: i64 = -1;

impl Report {
    /// Parses a line, either as a single report or as one report per worker.
    pub(super) fn read(line: &str, workers: &[Worker], splits: bool) -> Vec<Self> {
        let line = &SEVERAL_WORDS
            .iter()
            .fold(line.to_lowercase(), |line, (words, name)| {
                line.replace(words, name)
            });
        let mut tokens = tokens(line);
        let mut reports = Vec::new();
        let mut report = Self::default();
        let label = label(line);
        if label.is_some() {
            tokens.remove(0);
        }
        let (mut meaning, mut in_list) = (None, false);
        // A number with this meaning stands in the line. Other words begin something else.
        let mut is_told = false;
        // A negated signal: `not killed by signal 3`.
        let mut is_denied = false;
        for (place, token) in tokens.iter().enumerate() {
            let before = &tokens[..place];
            match token {
                Token::Word(word) => {
                    let mut last_two = before.iter().rev().take(2);
                    is_denied = last_two.any(|token| token.is_in(DENIALS))
                        || (is_denied && is_in(SIGNALS, word));
                    if !is_denied {
                        report.signals.extend(signal_named(word));
                        report.says_killed |= is_in("killed signaled signalled", word);
                        report.says_bad |= is_in(BAD, word);
                        report.says_good |= is_in(GOOD, word);
                    }
                    // `exited with status 3` does not name a wait status.
                    let is_exit = meaning == Some(Meaning::ExitStatus) && is_in(STATUSES, word);
                    let begins_list =
                        is_in(LISTS, word) && is_followed_by_a_list(&tokens[place + 1..]);
                    let follows_a_list = before.last().is_some_and(|token| token.is_in(LISTS));
                    let goes_on = word == "and" || (is_in(BAD, word) && follows_a_list);
                    if begins_list {
                        meaning = Some(Meaning::Worker);
                    } else if in_list {
                        meaning = if goes_on { meaning } else { meaning_of(word) };
                    } else if !is_exit {
                        meaning = match meaning_of(word) {
                            // `signal 11 (SIGSEGV)`
                            _ if is_told && signal_named(word).is_some() => None,
                            None if is_told => None,
                            known => known.or(meaning),
                        };
                        is_told &= meaning.is_none();
                    }
                    in_list = begins_list || (in_list && goes_on);
                }
                // The program may begin each line with its own process id.
                Token::Number(number)
                    if workers.iter().any(|worker| worker.is_program(*number)) => {}
                Token::Number(number) => {
                    let is_called_pid = before.last().is_some_and(|token| token.is_in("pid"));
                    if is_called_pid && !workers.iter().any(|worker| worker.has_pid(*number)) {
                        report.workers.push(NO_WORKER);
                        continue;
                    }
                    let next = tokens.get(place + 1);
                    // `signal 11; 3 still run`, but not `signal 9, 11 or 15`
                    let counts = |token: &Token| match token {
                        Token::Word(word) => {
                            is_told && meaning_of(word).is_none() && !is_in("and or", word)
                        }
                        Token::Number(_) => false,
                    };
                    let is_amount = next.is_some_and(|token| token.is_in(UNITS) || counts(token));
                    let is_pid =
                        |worker: &Worker| *number > 255 && !is_amount && worker.has_pid(*number);
                    if workers.iter().any(is_pid) || meaning == Some(Meaning::Worker) {
                        if splits && !are_among(&report.workers, &[*number], workers) {
                            report.generic_names(before);
                            if report.has_details() {
                                reports.push(std::mem::take(&mut report));
                            }
                        }
                        report.workers.push(*number);
                        if !in_list {
                            // `Exited(Pid(4711), 3)`
                            let claim = before.iter().rev().find_map(Token::claim);
                            meaning = claim.filter(|_| !report.has_details());
                        }
                        continue;
                    }
                    let is_beside_a_name =
                        matches!(next, Some(Token::Word(word)) if signal_named(word).is_some());
                    is_told = meaning.is_some_and(|meaning| meaning != Meaning::Other);
                    match meaning {
                        _ if is_amount => {}
                        Some(Meaning::Signal) if is_denied => {}
                        Some(Meaning::Signal) => report.signals.push(*number),
                        Some(Meaning::ExitStatus) => report.exit_statuses.push(*number),
                        Some(Meaning::Status) => report.statuses.push(*number),
                        _ if is_beside_a_name => report.signals.push(*number),
                        _ => {}
                    }
                }
            }
        }
        report.generic_names(&tokens);
        // Such a number may also be part of a time of day.
        if report.workers.is_empty() {
            report.workers.extend(label);
        }
        reports.push(report);
        reports
    }

    /// Two `strsignal(3)` texts also describe other signals.
    fn generic_names(&mut self, tokens: &[Token]) {
        let says_nothing_else = self.signals.iter().all(|signal| *signal == 0)
            && self.exit_statuses.iter().all(|status| *status == 0);
        let last = tokens.iter().rev().find_map(|token| match token {
            Token::Word(word) if !is_in(WORKERS, word) => Some(word.as_str()),
            _ => None,
        });
        match last {
            Some("killed") if says_nothing_else && self.says_killed => {
                self.signals.push(libc::SIGKILL.into());
            }
            Some("terminated") if says_nothing_else => self.signals.push(libc::SIGTERM.into()),
            _ => {}
        }
    }

    pub(super) fn has_details(&self) -> bool {
        let numbers = self.signals.iter().chain(&self.exit_statuses);
        numbers.chain(&self.statuses).any(|number| *number != 0)
    }

    /// Whether the line says that the worker exited with status 0.
    pub(super) fn says_exited_well(&self) -> bool {
        !self.exit_statuses.is_empty() && !self.says_good
    }

    pub(super) fn is_bad(&self) -> bool {
        let says_how = !self.exit_statuses.is_empty() || !self.statuses.is_empty();
        self.has_details() || self.says_killed || self.says_bad || (says_how && !self.says_good)
    }

    /// Whether the line says only how a worker ended.
    pub(super) fn fits(&self, worker: &Worker) -> bool {
        worker.fates.iter().any(|fate| self.tells(*fate))
    }

    /// Whether the line says nothing about the end of a worker but its whole wait status.
    pub(super) fn is_log(&self, worker: &Worker) -> bool {
        let is_whole = |status: &i64| match worker.fates.as_slice() {
            [] => *status == 0,
            fates => fates.iter().any(|fate| fate.is_wait_status(*status)),
        };
        let says_more = self.says_killed || self.says_bad || !self.exit_statuses.is_empty();
        !says_more && self.signals.is_empty() && self.statuses.iter().all(is_whole)
    }

    /// A common mistake in decoding a wait status, if it explains the reported number.
    pub(super) fn slip(&self, fate: Fate) -> Option<String> {
        let statuses = self.exit_statuses.iter().chain(&self.statuses);
        let mut all = statuses.clone().chain(&self.signals);
        let is_exit_status = |number: i32| self.exit_statuses.contains(&number.into());
        match fate {
            Fate::Killed(signal) if all.any(|number| *number == i64::from(signal) + 128) => {
                Some(format!(
                    "{} is {signal} + 128: a wait status with the bit of the core file, or what a \
                     shell says; WTERMSIG gives {signal}",
                    signal + 128
                ))
            }
            Fate::Killed(signal) if is_exit_status(signal) => Some(format!(
                "{signal} is the signal, and no exit status: ask WIFSIGNALED first"
            )),
            Fate::Killed(_) if is_exit_status(0) => {
                Some("A killed process has no exit status: ask WIFSIGNALED first".into())
            }
            Fate::Exited(status) if all.any(|number| *number == i64::from(status) << 8) => {
                let raw = status << 8;
                Some(format!(
                    "{raw} is {status} * 256, the whole wait status; WEXITSTATUS gives {status}"
                ))
            }
            Fate::Exited(status) if self.signals.contains(&status.into()) => Some(format!(
                "{status} is the exit status, and no signal: ask WIFEXITED or WIFSIGNALED first"
            )),
            _ => None,
        }
    }

    fn tells(&self, fate: Fate) -> bool {
        // `exit status -1, signal 11` and `signal 0`
        let is_none = |number: i64| [0, -1].contains(&number);
        let are = |numbers: &[i64], right: i32| {
            let mut told = numbers
                .iter()
                .filter(|number| !is_none(**number))
                .peekable();
            told.peek().is_some() && told.all(|number| *number == i64::from(right))
        };
        let are_zero = |numbers: &[i64]| numbers.iter().all(|number| is_none(*number));
        match fate {
            Fate::Killed(signal) => {
                let mut statuses = self.statuses.iter();
                are(&self.signals, signal)
                    && are_zero(&self.exit_statuses)
                    && statuses.all(|status| is_none(*status) || fate.is_wait_status(*status))
            }
            Fate::Exited(status) => {
                let told = self.exit_statuses.iter().chain(&self.statuses).copied();
                let told: Vec<i64> = told.filter(|told| !fate.is_wait_status(*told)).collect();
                are(&told, status) && are_zero(&self.signals) && !self.says_killed
            }
        }
    }
}

/// Whether numbers of workers follow. `workers failed: 2` may also be an amount, `workers failed:
/// 1, 2` is a list.
fn is_followed_by_a_list(tokens: &[Token]) -> bool {
    match tokens {
        [Token::Number(_), ..] => true,
        [bad, Token::Number(_), next, ..] if bad.is_in(BAD) => {
            matches!(next, Token::Number(_)) || next.is_in("and")
        }
        _ => false,
    }
}

/// The number at the start of a line, if it stands apart: `2: `, `[2] `, `| 2 |`.
fn label(line: &str) -> Option<i64> {
    let line = line
        .trim_start()
        .trim_start_matches(['#', '[', '(', '|', ' ']);
    let end = line.find(|c: char| !c.is_ascii_digit())?;
    let stands_apart = line[end..]
        .trim_start()
        .starts_with([':', ']', ')', ',', ';', '|']);
    line[..end].parse().ok().filter(|_| stands_apart)
}

#[cfg(test)]
mod tests {
    use crate::exercises::reports::Fate;
    use crate::exercises::reports::tests::{is_right, of_workers};
    use nix::sys::signal::Signal;

    #[test]
    fn common_slips_are_explained() {
        let message = |text: &str, fate| {
            let wrong = of_workers("", text, [None, None, Some(fate), None]);
            wrong.expect_err("it is wrong").message
        };
        let (killed, exited) = (Fate::Killed(11), Fate::Exited(3));
        for (text, fate, explained) in [
            (
                "Process 2 was killed by signal 139",
                killed,
                "WTERMSIG gives 11",
            ),
            (
                "Process 2 exited with status 139",
                killed,
                "WTERMSIG gives 11",
            ),
            (
                "Process 2 exited with status 11",
                killed,
                "ask WIFSIGNALED first",
            ),
            (
                "Process 2 exited with status 0",
                killed,
                "has no exit status",
            ),
            (
                "Process 2 exited with status 768",
                exited,
                "WEXITSTATUS gives 3",
            ),
            ("Process 2: status 768", exited, "WEXITSTATUS gives 3"),
            ("Process 2 was killed by signal 3", exited, "no signal"),
        ] {
            let message = message(text, fate);
            assert!(message.contains(explained), "{text}: {message}");
        }
        let unexplained = message("Process 2 was killed by signal 15", killed);
        assert!(
            unexplained.ends_with("signal 11 (SIGSEGV)"),
            "{unexplained}"
        );
    }

    #[test]
    fn every_signal_in_many_words() {
        for signal in Signal::iterator() {
            let (number, name) = (signal as i32, signal.as_str());
            let other = if signal == Signal::SIGTERM { 9 } else { 15 };
            let small = name.to_lowercase();
            let right = [
                format!("Process 2 was killed by signal {number} ({name})"),
                format!("process 2 of 4 was killed by signal {number}"),
                format!("worker #2: {name}"),
                format!("child[2] killed: {small}"),
                format!("pid 4713: signal {number}"),
                format!("Signaled(Pid(4713), {name}, false)"),
                format!("{{\"worker\":2,\"signal\":{number}}}"),
                format!("process2 died ({name}, {number})"),
                format!("process 2\t{number} ({name})"),
                format!("Process 2 (PID 4713) exited with signal {number}"),
                format!("worker=2 pid=4713 signal={number} status=0 core=0"),
                format!("Process 2 failed: exit status -1, signal {number}"),
                format!("process 2 was terminated by signal {number} [{name}]"),
                format!("12:30:05 process 2 was killed by signal {number}"),
                format!("process 2: status {number}, killed by signal {number}"),
                format!("process 2, raw status {}: signal {number}", number | 0x80),
                format!("Process 2:\n    killed by signal {number}\n    name: {name}"),
                format!("signal {number} ({name}) killed process 2"),
                format!("Terminated: process 2, by signal {number}"),
                format!("process 2 ended with signal {number}, core dumped"),
                format!("These processes failed:\nworker 2 -> {name}"),
                format!("\u{1b}[31mworker \u{1b}[1m2\u{1b}[0m died of {name} ({number})"),
                format!("process, end, number\n2, killed by signal, {number}"),
                format!("| 2 | 4713 | {name} |"),
                format!("Procesul 2 a fost omorât de semnalul {number}"),
                format!("W02 FAULT SIG={number} CORE=0"),
                // Other numbers may follow.
                format!("Process 2 was killed by signal {number} ({name}); 1 still runs"),
                format!("process 2: signal {number}, 3 more to come"),
                format!("{{\"process\": 2, \"signal\": {number}, \"user_us\": 191}}"),
                format!("{name} killed process 2; 1 left"),
                format!("| Process .... 2\n| PID ........ 4713\n| Signal ..... {number}"),
            ];
            for line in right {
                assert!(is_right(&line, Fate::Killed(number)), "{line}");
                assert!(!is_right(&line, Fate::Killed(other)), "{line}");
                assert!(!is_right(&line, Fate::Exited(number)), "{line}");
                assert!(!is_right(&line, None), "{line}");
                let twice = format!("{line}\nprocess 1 was killed by {name}");
                assert!(!is_right(&twice, Fate::Killed(number)), "{twice}");
            }
            let wrong = [
                format!("process 2 exited with {number}"),
                format!("process 2 exited with status {number}"),
                format!("process 2: status {}", number | 0x80),
                format!("process 2 was killed by signal {}", number | 0x80),
                format!("process 2: ExitStatus(unix_wait_status({}))", number | 0x80),
                format!("process 2 was killed by signal {other} ({name})"),
                format!("a process was killed by signal {number}"),
                format!("2 of 4 processes were killed by signal {number}"),
                format!("process 2: killed by signal {number}, exit status {number}"),
                format!("process 2: status {}, signal {number}", number + 1),
                format!("process 2: signal {number}\nprocess 2 exited with status 0"),
                format!("process 1, process 2 was killed by signal {number} and process 3"),
                "process 2 was killed".to_owned() + " by a signal",
                "process 2 was killed by signal 6, 9, 11 or 15".into(),
            ];
            for line in wrong {
                assert!(!is_right(&line, Fate::Killed(number)), "{line}");
            }
        }
    }

    #[test]
    fn every_exit_status_in_many_words() {
        for status in 1..=255 {
            let right = [
                format!("Process 2 exited with status {status}"),
                format!("process 2 exit code {status}"),
                format!("worker 2: exit status: {status}"),
                format!("child 2 returned {status}"),
                format!("Exited(Pid(4713), {status})"),
                format!("process 2 failed ({status})"),
                format!("Process 2 failed: exit status {status}, signal -1"),
                format!("process 2 was not killed by a signal: exit status {status}"),
                format!("pid 4713 worker 2 signal 0 status {status} core 0"),
                format!("process 2 terminated with exit status {status}"),
                format!("process 2: wait status {}, exit code {status}", status << 8),
                format!("process 2 ended with {status}"),
                format!("child 2 finished with exit status {status} instead of 0"),
                format!("Process 2:\n  exit code: {status}"),
                format!("Process 2 exited with status {status}; 9 still run"),
                format!("{{\"process\": 2, \"exit_status\": {status}, \"user_us\": 191}}"),
                format!("worker 2: exit status {status} (loops: 12, retries: 3)"),
            ];
            for line in right {
                assert!(is_right(&line, Fate::Exited(status)), "{line}");
                assert!(!is_right(&line, Fate::Exited(status % 255 + 1)), "{line}");
                assert!(!is_right(&line, None), "{line}");
            }
            let wrong = [
                format!("process 2 was killed by signal {status}"),
                format!("process 2 exited with status {}", status << 8),
                format!("process 2 exited with status {}", status - 256),
                format!("process 2 was killed, status {status}"),
                format!("process exited with status {status}"),
            ];
            for line in wrong {
                assert!(!is_right(&line, Fate::Exited(status)), "{line}");
            }
        }
    }

    #[test]
    fn a_process_id_is_no_number_of_a_worker() {
        assert!(is_right("Process 2 (pid 4713): SIGSEGV", Fate::Killed(11)));
        for text in ["Process 4713 (pid 2): SIGSEGV", "pid 2: SIGSEGV"] {
            assert!(!is_right(text, Fate::Killed(11)), "{text}");
        }
    }

    #[test]
    fn a_line_may_begin_with_the_id_of_the_program() {
        let report = "Process 2 was killed by signal 11";
        for log in [
            "[pid 4710]",
            "[4710]",
            "processes[4710]:",
            "12:30:05 4710 ERROR",
        ] {
            let line = format!("{log} {report}");
            assert!(is_right(&line, Fate::Killed(11)), "{line}");
            assert!(!is_right(&line, Fate::Killed(9)), "{line}");
            assert!(!is_right(&line, None), "{line}");
        }
    }

    #[test]
    fn several_on_a_line() {
        let twins = [Fate::Killed(9), Fate::Exited(9), Fate::Killed(9)].map(Some);
        for text in [
            "Processes 0 and 2 were killed by signal 9; Process 1 exited with status 9.",
            "workers 0, 2: SIGKILL\nworker 1: exit status 9",
        ] {
            assert!(of_workers("", text, twins).is_ok(), "{text}");
        }
        let fates = [Some(Fate::Killed(9)), Some(Fate::Exited(9)), None];
        for text in [
            "process 0 was killed by signal 9, process 1 exited with status 9",
            "process 0: Killed, process 1: exit status 9",
            "Failed: process 0 (SIGKILL); process 1 (exit status 9)",
            "worker 0 died of signal 9 and worker 1 exited with 9",
            "Failed: process 0 (killed by signal 9, SIGKILL), process 1 (exited, status 9)",
            "[{\"process\": 0, \"pid\": 4711, \"signal\": 9}, {\"process\": 1, \"exit\": 9}]",
        ] {
            assert!(of_workers("", text, fates).is_ok(), "{text}");
        }
        for text in [
            "process 0 was killed by signal 9, process 1 by signal 9",
            "process 0 was killed by signal 9, process 2 exited with status 9",
            "Failed: process 1 (killed by signal 9, SIGKILL), process 0 (exited, status 9)",
        ] {
            assert!(of_workers("", text, fates).is_err(), "{text}");
        }
        let right = "process 0 was killed by signal 9\nprocess 1 exited with status 9";
        for (summary, is_right) in [
            ("2 of 3 workers failed: 0, 1", true),
            ("2 of 3 workers failed: 0 and 1", true),
            ("workers failed: 2", true),
            ("3 of 3 workers failed: 0, 1, 2", false),
        ] {
            let text = format!("{right}\n{summary}");
            assert_eq!(of_workers("", &text, fates).is_ok(), is_right, "{text}");
        }
    }

    #[test]
    fn a_log_of_wait_statuses_is_no_report() {
        for status in ["0x0000", "0"] {
            let log = format!("[debug] pid 4711 -> status {status}");
            assert!(is_right(&log, None), "{log}");
            assert!(!is_right(&log, Fate::Exited(3)), "{log}");
        }
        let log = "pid 4711: status 0\npid 4713: status 768";
        assert!(!is_right(log, None));
        assert!(!is_right(log, Fate::Exited(3)));
        let logged = format!("{log}\nProcess 2 exited with status 3");
        assert!(is_right(&logged, Fate::Exited(3)));
        assert!(!is_right(&logged, Fate::Exited(4)));
        let logged = "[debug] process 2: status 0x8b\nProcess 2 was killed by signal 11";
        assert!(is_right(logged, Fate::Killed(11)));
        assert!(!is_right(logged, Fate::Killed(9)));
    }

    #[test]
    fn the_output_of_debug() {
        let pretty =
            "worker 2 ended badly: Signaled {\n    signal: 11,\n    core_dumped: false,\n}";
        assert!(is_right(pretty, Fate::Killed(11)));
        assert!(!is_right(pretty, Fate::Killed(9)));
        let pretty = "[src/bin/processes.rs:39:9] status = Signaled(\n    Pid(\n        4713,\n    ),\n    SIGSEGV,\n)";
        assert!(is_right(pretty, Fate::Killed(11)));
        assert!(!is_right(pretty, Fate::Killed(9)));
        let children = "Children {\n    children: [\n        Pid(\n            4711,\n        ),\n        Pid(\n            4714,\n        ),\n    ],\n}";
        let debug = "[src/bin/processes.rs:39:9]";
        let logged = format!("{debug} &workers = {children}\n{debug} i = 2\n{debug} status = 11");
        assert!(is_right(&logged, None));
        assert!(!is_right(&logged, Fate::Killed(11)));
        let report = "Process 2 was killed by signal 11";
        assert!(is_right(&format!("{logged}\n{report}"), Fate::Killed(11)));
    }

    #[test]
    fn tables() {
        let table = "process  ended by     value  name\n      2  signal          11  SIGSEGV";
        assert!(is_right(table, Fate::Killed(11)));
        assert!(!is_right(table, Fate::Killed(9)));
        assert!(!is_right(table, None));
        assert!(!is_right(
            &table.replace("  2  s", "  1  s"),
            Fate::Killed(11)
        ));
        let table = "worker | how\n-------+----\n     2 | exit status 7";
        assert!(is_right(table, Fate::Exited(7)));
        let table = "end,number,name,process\nsignal,11,SIGSEGV,2";
        assert!(is_right(table, Fate::Killed(11)));
        assert!(!is_right(table, Fate::Exited(11)));
        assert!(!is_right(&table.replace(",2", ",3"), Fate::Killed(11)));
        let table = "end,number,name,process\nexit,7,,2";
        assert!(is_right(table, Fate::Exited(7)));
        assert!(!is_right(table, Fate::Killed(7)));
        let table = "| signal | worker |\n|--------|--------|\n|     11 |      2 |";
        assert!(is_right(table, Fate::Killed(11)));
        assert!(!is_right(table, Fate::Killed(2)));
        let summary = "worker processes that failed\n2 of 4 crashed by signal 11";
        assert!(!is_right(summary, Fate::Killed(11)));
    }

    #[test]
    fn amounts_are_no_signals() {
        let usage = "[cpu 254 us, 768 kB, 21 minor and 0 major faults, 5 switches]";
        let report = format!("worker 2: KILLED by signal 11 {usage}");
        assert!(is_right(&report, Fate::Killed(11)));
        assert!(!is_right(&report, Fate::Killed(9)));
        // Another worker has this number as its process id.
        assert!(is_right(&report.replace("768", "4711"), Fate::Killed(11)));
    }

    #[test]
    fn what_strsignal_says() {
        for (text, signal) in [
            ("process 2: Segmentation fault", libc::SIGSEGV),
            ("process 2: Segmentation fault (core dumped)", libc::SIGSEGV),
            ("process 2: Killed", libc::SIGKILL),
            ("process 2: Terminated", libc::SIGTERM),
            ("process 2 died: Terminated (15)", libc::SIGTERM),
            ("process 2: Aborted", libc::SIGABRT),
            ("process 2: Floating point exception", libc::SIGFPE),
            ("process 2: Bus error", libc::SIGBUS),
            ("process 2: User defined signal 1 (10)", libc::SIGUSR1),
            ("process 2 segfaulted", libc::SIGSEGV),
            (
                "process 2: signal: 11 (SIGSEGV) (core dumped)",
                libc::SIGSEGV,
            ),
        ] {
            assert!(is_right(text, Fate::Killed(signal)), "{text}");
            assert!(!is_right(text, Fate::Killed(libc::SIGHUP)), "{text}");
            let labelled = text.replace("process 2", "[2]");
            assert!(is_right(&labelled, Fate::Killed(signal)), "{labelled}");
        }
    }
}
