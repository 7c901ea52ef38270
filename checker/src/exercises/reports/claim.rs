//! What a part of a report says about the end of a worker.

use super::words::{
    BAD, GOOD, KILLED, Meaning, NEGATIONS, NEW_LINE, NOTHING, Token, WORKERS, is_deadly,
};
use super::{Fate, Worker};

#[derive(Clone, Default)]
pub(super) struct Claim {
    /// The numbers and signals, and what they mean.
    numbers: Vec<(Meaning, i64)>,
    /// The meanings that its words are about.
    says: Vec<Meaning>,
    says_killed: bool,
    is_bad: bool,
    is_good: bool,
    last: String,
}

fn is_none(number: i64) -> bool {
    [0, -1].contains(&number)
}

impl Claim {
    pub(super) fn of(tokens: &[Token]) -> Self {
        let mut claim = Self::default();
        let mut meaning = None;
        let mut is_told = false;
        for (place, token) in tokens.iter().enumerate() {
            let mut before = tokens[..place].iter().rev().take(2);
            let follows = |words| tokens[..place].last().is_some_and(|last| last.is_in(words));
            let next = tokens.get(place + 1);
            match token {
                Token::Word(word) => {
                    let denied = before.any(|token| token.is_in(NEGATIONS))
                        || next.is_some_and(|next| next.is_in(NOTHING));
                    let known = match (token.meaning(), meaning) {
                        // `exited with status 3`
                        (Some(Meaning::Status), Some(Meaning::Exit)) if !follows("wait raw") => {
                            meaning
                        }
                        (known, _) => known,
                    };
                    if !denied {
                        claim.says.extend(known);
                        claim.says_killed |= token.is_in(KILLED);
                        claim.is_bad |= token.is_in(BAD);
                        claim.is_good |= token.is_in(GOOD);
                    }
                    meaning = match known {
                        Some(Meaning::Signal) if denied => None,
                        None if follows(NEW_LINE) || is_told && word != "or" => None,
                        known => known.or(meaning),
                    };
                    is_told = false;
                    if !token.is_in(WORKERS) && word != NEW_LINE {
                        claim.last.clone_from(word);
                    }
                }
                Token::Signal(signal) => {
                    if is_deadly(*signal) && !before.any(|token| token.is_in(NEGATIONS)) {
                        claim.numbers.push((Meaning::Name, *signal));
                    }
                    meaning = None;
                    is_told = false;
                }
                Token::Number(number) => {
                    let goes_on =
                        matches!(next, Some(Token::Word(word)) if word != "or" && word != "and");
                    let counts = goes_on && (is_told || claim.means(Meaning::Name));
                    let meant = match meaning {
                        Some(Meaning::Signal) if !is_deadly(*number) => None,
                        meaning => meaning.filter(|_| !counts),
                    };
                    claim
                        .numbers
                        .push((meant.unwrap_or(Meaning::Other), *number));
                    is_told = meaning.is_some();
                }
            }
        }
        claim
    }

    /// Whether one of its numbers means this.
    fn means(&self, meaning: Meaning) -> bool {
        self.numbers.iter().any(|(other, _)| *other == meaning)
    }

    fn has(&self, meaning: Meaning, number: i64) -> bool {
        self.numbers.contains(&(meaning, number))
    }

    /// The numbers whose meaning it says.
    fn told(&self) -> impl Iterator<Item = i64> {
        let numbers = self.numbers.iter();
        let told = numbers.filter(|(meaning, _)| *meaning != Meaning::Other);
        told.map(|(_, number)| *number)
    }

    /// Whether nothing says what its numbers mean.
    pub(super) fn has_only_numbers(&self) -> bool {
        self.told().next().is_none()
    }

    /// Whether it claims that something went wrong.
    pub(super) fn is_bad(&self) -> bool {
        !self.told().all(is_none) || (self.is_bad && !self.is_good)
    }

    pub(super) fn fits(&self, worker: &Worker) -> bool {
        worker.fates.iter().any(|fate| self.tells(*fate))
    }

    /// Whether it says how the worker ended, but not only by the whole wait status.
    pub(super) fn contradicts(&self, worker: &Worker) -> bool {
        let is_log = |status| worker.fates.iter().any(|fate| fate.is_wait_status(status));
        self.numbers.iter().any(|(meaning, number)| match meaning {
            Meaning::Name | Meaning::Exit => true,
            Meaning::Signal => !is_none(*number),
            Meaning::Status => !is_none(*number) && !is_log(*number),
            Meaning::Other => false,
        })
    }

    fn tells(&self, fate: Fate) -> bool {
        let all_are = |is_right: &dyn Fn(Meaning, i64) -> bool| {
            let mut numbers = self.numbers.iter();
            numbers.all(|(meaning, number)| is_none(*number) || is_right(*meaning, *number))
        };
        let says = |meaning| self.says.contains(&meaning);
        match fate {
            Fate::Killed(signal) => {
                let own = i64::from(signal);
                let generic = match self.last.as_str() {
                    "killed" => signal == libc::SIGKILL,
                    "terminated" => signal == libc::SIGTERM,
                    _ => false,
                };
                let is_told = self.has(Meaning::Name, own)
                    || self.has(Meaning::Signal, own)
                    || !says(Meaning::Exit)
                        && (self.has(Meaning::Other, own) && !says(Meaning::Status)
                            || generic && all_are(&|_, _| false));
                is_told
                    && all_are(&|meaning, number| match meaning {
                        Meaning::Signal if number == 1 => self.has(Meaning::Signal, own),
                        Meaning::Name | Meaning::Signal => number == own,
                        Meaning::Exit => false,
                        Meaning::Status => fate.is_wait_status(number),
                        Meaning::Other => true,
                    })
            }
            Fate::Exited(status) => {
                let own = i64::from(status);
                let says_signal =
                    self.says_killed || says(Meaning::Signal) && !self.means(Meaning::Signal);
                let is_told = self.has(Meaning::Exit, own)
                    || self.has(Meaning::Status, own)
                    || self.has(Meaning::Other, own) && !says_signal;
                is_told
                    && (!self.says_killed || says(Meaning::Exit))
                    && all_are(&|meaning, number| match meaning {
                        Meaning::Name | Meaning::Signal => false,
                        Meaning::Exit | Meaning::Status => {
                            number == own || number == 1 || fate.is_wait_status(number)
                        }
                        Meaning::Other => true,
                    })
            }
        }
    }

    /// A common mistake in decoding a wait status, if it explains the reported number.
    pub(super) fn slip(&self, fate: Fate) -> Option<String> {
        let is_told = |number: i32| self.told().any(|told| told == i64::from(number));
        let is_exit_status = |number: i32| self.has(Meaning::Exit, number.into());
        match fate {
            Fate::Killed(signal) if is_told(signal + 128) => Some(format!(
                "{} is {signal} + 128: a wait status with the bit of the core file, or what a \
                     shell says; WTERMSIG gives {signal}",
                signal + 128
            )),
            Fate::Killed(signal) if is_exit_status(signal) => Some(format!(
                "{signal} is the signal, and no exit status: ask WIFSIGNALED first"
            )),
            Fate::Killed(_) if is_exit_status(0) => {
                Some("A killed process has no exit status: ask WIFSIGNALED first".into())
            }
            Fate::Exited(status) if is_told(status << 8) => {
                let raw = status << 8;
                Some(format!(
                    "{raw} is {status} * 256, the whole wait status; WEXITSTATUS gives {status}"
                ))
            }
            Fate::Exited(status) if self.has(Meaning::Signal, status.into()) => Some(format!(
                "{status} is the exit status, and no signal: ask WIFEXITED or WIFSIGNALED first"
            )),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::is_deadly;
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
        for signal in Signal::iterator().filter(|signal| is_deadly(*signal as i64)) {
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

    /// The order, the layout and most words are free.
    #[test]
    fn many_layouts() {
        for text in [
            "<failure>\n  <worker id=\"2\" pid=\"4713\"/>\n  <end signal=\"11\"/>\n</failure>",
            "failed:\n  worker: 2\n  signal: SEGV\n  core: no",
            "worker\tpid\tend\tms\n2\t4713\tSIGSEGV\t0.412",
            "worker 2 -> ExitStatus(unix_wait_status(11)), code = None, signal = Some(11)",
            "[{\"n\": 1, \"exit\": 0, \"signal\": null}, {\"n\": 2, \"exit\": null, \"signal\": 11}]",
            "worker 0: exit 0\nworker 1: exit 0\nworker 2: signal 11\nworker 3: exit 0",
            "Failure {\n    worker: 2,\n    pid: Pid(\n        4713,\n    ),\n    signal: Some(\n        11,\n    ),\n}",
            "1) worker number 2: signal 11",
            "[14:22:07] worker 2 crashed (SIGSEGV), 1 worker still runs\n1 of 4 workers failed",
            "Prozess 2 wurde durch Signal 11 beendet",
        ] {
            assert!(is_right(text, Fate::Killed(11)), "{text}");
            assert!(!is_right(text, Fate::Killed(6)), "{text}");
            assert!(!is_right(text, Fate::Exited(11)), "{text}");
        }
        for text in [
            "worker 2 raw=0x0300 exited=1 exitstatus=3 signaled=0",
            "Worker #2\n    ended    by exit\n    status   3",
            "- worker: 2\n  cause: exit\n  code: 3\n- total: 1",
            "Prozess 2 endete mit Exit-Code 3",
            "worker 2 returned 3 (not a segfault)",
        ] {
            assert!(is_right(text, Fate::Exited(3)), "{text}");
            assert!(!is_right(text, Fate::Exited(4)), "{text}");
            assert!(!is_right(text, Fate::Killed(3)), "{text}");
        }
    }
}
