//! What a program says of workers that did not end well.
//!
//! A line is about a worker if it has a word such as `process` with the number of the
//! worker, or its process id. It is a report if it also has a signal or an exit status:
//!
//! | a number behind | stands for |
//! |---|---|
//! | `process`, `child`, `worker`, `pid`, ... | the worker |
//! | `signal`, `killed`, `SIGSEGV`, ... | a signal |
//! | `exit`, `status`, `code`, ... | an exit status |
//! | `status` alone | an exit status, or the whole wait status |
//! | `of`, `core`, `part`, ... | something else |
//!
//! A report is right if all its signals and exit statuses fit. A 0 stands for none, but a
//! process that exited with status 0 is not to be reported, unless it is called good. The
//! details may follow on the next lines. A line may hold several reports.

use crate::wait_status::signal_in_words;
use nix::sys::signal::Signal;
use std::str::FromStr;

/// How a process ended that did not end well, as the kernel says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// By this signal.
    Killed(i32),
    /// With this exit status, which is not 0.
    Exited(i32),
}

/// A child process of the program, with its own children.
pub(super) struct Worker {
    pub(super) number: usize,
    pub(super) pids: Vec<i32>,
    /// How those of them ended that did not end well.
    pub(super) fates: Vec<Fate>,
}

/// What is wrong with the reports.
#[derive(Debug)]
pub(super) struct Wrong {
    pub(super) message: String,
    /// The line at fault, if there is one.
    pub(super) line: Option<String>,
}

/// A part of a line in small letters.
enum Token {
    Word(String),
    Number(i64),
}

/// What a number stands for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Meaning {
    Worker,
    Signal,
    ExitStatus,
    Status,
    Other,
}

/// What a line says.
#[derive(Default)]
struct Report {
    /// The numbers of workers, and process ids.
    workers: Vec<i64>,
    signals: Vec<i64>,
    exit_statuses: Vec<i64>,
    /// Exit statuses or wait statuses.
    statuses: Vec<i64>,
    /// It says that a signal has killed, without saying which one.
    says_killed: bool,
    /// It says that something went wrong, or well.
    says_bad: bool,
    says_good: bool,
}

const WORKERS: &str = "child p pid proc proces proceso procesul process processus prozess \
    subprocess task w worker";
/// All numbers behind these are of workers.
const LISTS: &str = "children pids processes subprocesses tasks workers";
const SIGNALS: &str = "by killed semnal semnalul sig signal signaled signalled signo signum terminated \
    termsig wtermsig";
const EXITS: &str = "code codul completed died ended error exit exitcode exited exits exitstatus failed \
    failure finished quit return returned wexitstatus";
const STATUSES: &str = "raw status wstatus";
const OTHERS: &str = "after array core coredump dumped in of part started sum time took wcoredump";
const BAD: &str = "aborted abnormally crash crashed died dumped failed segfaulted";
/// What `strsignal(3)` says of signals whose names are not among the words.
const SEVERAL_WORDS: &[(&str, &str)] = &[
    ("bus error", "sigbus"),
    ("user defined signal 1", "sigusr1"),
    ("user defined signal 2", "sigusr2"),
];
const GOOD: &str = "done fine good normal normally ok okay success successful successfully well";
const DENIALS: &str = "t never no none not without";

/// Checks that each worker that did not end well is reported, and no other.
pub(super) fn reports(stdout: &str, stderr: &str, workers: &[Worker]) -> Result<(), Wrong> {
    let is_report = |(_, report): &(String, Report)| report.is_bad() && !report.workers.is_empty();
    let read = |text| -> Vec<_> {
        let reports = reports_in(text, workers).into_iter();
        reports.filter(is_report).collect()
    };
    let wrong = |message: String, line: &str| Wrong {
        message,
        line: Some(line.to_owned()).filter(|line| !line.is_empty()),
    };
    let reported = read(stderr);
    for (line, report) in &reported {
        let about = |number: &i64| workers.iter().find(|worker| worker.is_called(*number));
        if report.workers.iter().any(|number| about(number).is_none()) {
            return Err(wrong("it reports a process that there is not".into(), line));
        }
        for worker in report.workers.iter().filter_map(about) {
            if worker.fates.is_empty() {
                let message = format!("it reports process {}, which ended well", worker.number);
                return Err(wrong(message, line));
            }
            let says_how = report.has_details() || report.says_exited_well();
            if !report.fits(worker) && says_how {
                let slips = worker.fates.iter().find_map(|fate| report.slip(*fate));
                let slip = slips.map(|slip| format!(". {slip}")).unwrap_or_default();
                return Err(wrong(worker.not_reported() + &slip, line));
            }
        }
    }
    for worker in workers {
        let is_about = |report: &Report| report.workers.iter().any(|n| worker.is_called(*n));
        let is_right = |(_, report): &&(String, Report)| is_about(report) && report.fits(worker);
        if worker.fates.is_empty() || reported.iter().any(|report| is_right(&report)) {
            continue;
        }
        let message = worker.not_reported();
        if let Some((line, _)) = read(stdout).iter().find(is_right) {
            let message = format!("{message} on standard error: standard output is for results");
            return Err(wrong(message, line));
        }
        return Err(wrong(message, stderr.trim()));
    }
    Ok(())
}

/// The reports of a text, each with the lines that it was read from.
fn reports_in(text: &str, workers: &[Worker]) -> Vec<(String, Report)> {
    let text = anstream::adapter::strip_str(text).to_string();
    let mut reports: Vec<(String, Report)> = Vec::new();
    let mut is_heading = false;
    for line in text.lines().filter(|line| !is_result(line)) {
        let mut line = line.to_owned();
        let mut read = reports_of(&line, workers);
        let goes_on = |(_, last): &mut (String, Report)| {
            let mut read = read.iter();
            is_heading && read.all(|report| are_among(&report.workers, &last.workers, workers))
        };
        if let Some((heading, _)) = reports.pop_if(goes_on) {
            line = format!("{heading} {line}");
            read = reports_of(&line, workers);
            is_heading = !read.iter().any(Report::has_details);
        } else {
            is_heading = line.trim_end().ends_with(':') || names_only_a_worker(&line);
        }
        reports.extend(read.into_iter().map(|report| (line.clone(), report)));
    }
    reports
}

fn names_only_a_worker(line: &str) -> bool {
    let mut tokens = tokens(&line.to_lowercase()).into_iter();
    tokens.all(|token| !matches!(token, Token::Word(word) if !is_in(WORKERS, &word)))
}

/// The reports of a line: one for each worker in turn, if all of these have details, or else
/// a single one.
fn reports_of(line: &str, workers: &[Worker]) -> Vec<Report> {
    let reports = Report::read(line, workers, true);
    match reports.iter().all(Report::has_details) {
        true => reports,
        false => Report::read(line, workers, false),
    }
}

fn is_result(line: &str) -> bool {
    line.starts_with("Array sum is: ") || line.starts_with("Time spent: ")
}

/// Whether all these numbers and process ids stand for workers that the others stand for.
fn are_among(numbers: &[i64], others: &[i64], workers: &[Worker]) -> bool {
    let is_same = |number: &i64, other: &i64| {
        let mut workers = workers.iter();
        workers.any(|worker| worker.is_called(*number) && worker.is_called(*other))
    };
    let mut numbers = numbers.iter();
    numbers.all(|number| others.iter().any(|other| is_same(number, other)))
}

impl Worker {
    fn is_called(&self, number: i64) -> bool {
        self.has_pid(number) || usize::try_from(number) == Ok(self.number)
    }

    fn has_pid(&self, number: i64) -> bool {
        self.pids.iter().any(|pid| i64::from(*pid) == number)
    }

    fn not_reported(&self) -> String {
        let end = match self.fates.first() {
            None => "ended well".into(),
            Some(Fate::Killed(signal)) => format!("was killed by {}", signal_in_words(*signal)),
            Some(Fate::Exited(status)) => format!("exited with status {status}"),
        };
        format!("it does not report that process {} {end}", self.number)
    }
}

impl Report {
    /// Reads a line, as a single report, or as one for each worker in turn.
    fn read(line: &str, workers: &[Worker], splits: bool) -> Vec<Self> {
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
        // The last word of a signal is denied: `not killed by signal 3`.
        let mut is_denied = false;
        for (place, token) in tokens.iter().enumerate() {
            let before = &tokens[..place];
            match token {
                Token::Word(word) => {
                    let denies =
                        |token: &Token| matches!(token, Token::Word(word) if is_in(DENIALS, word));
                    is_denied = before.iter().rev().take(2).any(denies)
                        || (is_denied && is_in(SIGNALS, word));
                    if !is_denied {
                        report.signals.extend(signal_named(word));
                        report.says_killed |= is_in("killed signaled signalled", word);
                        report.says_bad |= is_in(BAD, word);
                        report.says_good |= is_in(GOOD, word);
                    }
                    // `exited with status 3` does not mean a wait status.
                    let is_exit = meaning == Some(Meaning::ExitStatus) && is_in(STATUSES, word);
                    let next = tokens.get(place + 1);
                    let begins_list = is_in(LISTS, word) && matches!(next, Some(Token::Number(_)));
                    if begins_list {
                        meaning = Some(Meaning::Worker);
                    } else if in_list && word != "and" {
                        meaning = meaning_of(word);
                    } else if !is_exit {
                        meaning = meaning_of(word).or(meaning);
                    }
                    in_list = begins_list || (in_list && word == "and");
                }
                Token::Number(number) => {
                    let is_pid = |worker: &Worker| *number > 255 && worker.has_pid(*number);
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
                            meaning = before.iter().rev().find_map(Token::claim);
                        }
                        continue;
                    }
                    let name = tokens.get(place + 1);
                    let is_beside_a_name =
                        matches!(name, Some(Token::Word(word)) if signal_named(word).is_some());
                    match meaning {
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
        // The time of day may stand there, too.
        if report.workers.is_empty() {
            report.workers.extend(label);
        }
        reports.push(report);
        reports
    }

    /// What `strsignal(3)` says of two signals is also said of others.
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

    fn has_details(&self) -> bool {
        let numbers = self.signals.iter().chain(&self.exit_statuses);
        numbers.chain(&self.statuses).any(|number| *number != 0)
    }

    /// It is said to have exited with status 0.
    fn says_exited_well(&self) -> bool {
        !self.exit_statuses.is_empty() && !self.says_good
    }

    fn is_bad(&self) -> bool {
        let says_how = !self.exit_statuses.is_empty() || !self.statuses.is_empty();
        self.has_details() || self.says_killed || self.says_bad || (says_how && !self.says_good)
    }

    /// Whether it says how a worker ended, and nothing else.
    fn fits(&self, worker: &Worker) -> bool {
        worker.fates.iter().any(|fate| self.tells(*fate))
    }

    /// A common slip in decoding a wait status, if that explains what it says.
    fn slip(&self, fate: Fate) -> Option<String> {
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
        let are = |numbers: &[i64], right: i32| {
            let mut told = numbers.iter().filter(|number| **number != 0).peekable();
            told.peek().is_some() && told.all(|number| *number == i64::from(right))
        };
        let are_zero = |numbers: &[i64]| numbers.iter().all(|number| *number == 0);
        match fate {
            Fate::Killed(signal) => {
                let is_wait_status = |status: &i64| status & !0x80 == i64::from(signal);
                are(&self.signals, signal)
                    && are_zero(&self.exit_statuses)
                    && self.statuses.iter().all(|s| *s == 0 || is_wait_status(s))
            }
            Fate::Exited(status) => {
                let told = self.exit_statuses.iter().chain(&self.statuses).copied();
                let is_wait_status = |told: &i64| *told == i64::from(status) << 8;
                let told: Vec<i64> = told.filter(|told| !is_wait_status(told)).collect();
                are(&told, status) && are_zero(&self.signals) && !self.says_killed
            }
        }
    }
}

/// The number that a line begins with, if it stands apart: `2: `, `[2] `, `| 2 |`.
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

fn is_in(words: &str, word: &str) -> bool {
    words.split_whitespace().any(|other| other == word)
}

/// What numbers behind this word stand for.
fn meaning_of(word: &str) -> Option<Meaning> {
    if signal_named(word).is_some() || is_in(SIGNALS, word) {
        Some(Meaning::Signal)
    } else if is_in(EXITS, word) {
        Some(Meaning::ExitStatus)
    } else if is_in(STATUSES, word) {
        Some(Meaning::Status)
    } else if is_in(WORKERS, word) {
        Some(Meaning::Worker)
    } else {
        is_in(OTHERS, word).then_some(Meaning::Other)
    }
}

impl Token {
    /// What numbers behind this one stand for, if it is a word of a signal or of an exit
    /// status.
    fn claim(&self) -> Option<Meaning> {
        let Self::Word(word) = self else { return None };
        let claims = [Meaning::Signal, Meaning::ExitStatus, Meaning::Status];
        meaning_of(word).filter(|meaning| claims.contains(meaning))
    }
}

/// The signal that a word names.
fn signal_named(word: &str) -> Option<i64> {
    let signal = match word {
        "segfault" | "segfaulted" | "segmentation" | "segv" => Signal::SIGSEGV,
        "abort" | "aborted" => Signal::SIGABRT,
        "floating" | "fpe" => Signal::SIGFPE,
        _ => Signal::from_str(&word.to_uppercase()).ok()?,
    };
    Some(i64::from(signal as i32))
}

/// Words and numbers. `process2` is two of them, and `process-2` too; `SIGUSR1` is one.
/// A number that is not whole or too large stands for itself as the largest one.
fn tokens(line: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = line;
    while let Some(first) = rest.chars().next() {
        let length = |belongs: fn(char) -> bool| {
            let end = rest.find(move |c: char| !belongs(c));
            end.unwrap_or(rest.len())
        };
        let mut end = first.len_utf8();
        if first.is_ascii_digit() {
            end = length(|c| c.is_ascii_alphanumeric() || c == '.');
            let word = rest[..end].trim_end_matches('.');
            let number = match word.strip_prefix("0x") {
                Some(digits) => i64::from_str_radix(digits, 16),
                None => word.parse(),
            };
            let is_negative = line[..line.len() - rest.len()].ends_with(" -");
            let sign = if is_negative { -1 } else { 1 };
            tokens.push(Token::Number(number.unwrap_or(i64::MAX) * sign));
        } else if first.is_alphabetic() {
            end = length(char::is_alphanumeric);
            if signal_named(&rest[..end]).is_none() {
                end = length(char::is_alphabetic);
            }
            tokens.push(Token::Word(rest[..end].into()));
        }
        rest = &rest[end..];
    }
    tokens
}

#[cfg(test)]
mod tests {
    use super::{Fate, Worker, Wrong, reports};
    use nix::sys::signal::Signal;

    /// Whether these are the right reports on worker 2, of four, whose process ids are 4711
    /// to 4714. It ended so, or well.
    fn is_right(text: &str, fate: impl Into<Option<Fate>>) -> bool {
        let fates = [None, None, fate.into(), None];
        of_workers("Array sum is: 3\nTime spent: 2.003 ms\n", text, fates).is_ok()
    }

    fn of_workers(
        stdout: &str,
        stderr: &str,
        fates: impl IntoIterator<Item = Option<Fate>>,
    ) -> Result<(), Wrong> {
        let workers = (0..).zip(4711..).zip(fates);
        let workers = workers.map(|((number, pid), fate)| Worker {
            number,
            pids: vec![pid],
            fates: fate.into_iter().collect(),
        });
        reports(stdout, stderr, &workers.collect::<Vec<_>>())
    }

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
                format!("process 2 was not killed by a signal: exit status {status}"),
                format!("pid 4713 worker 2 signal 0 status {status} core 0"),
                format!("process 2 terminated with exit status {status}"),
                format!("process 2: wait status {}, exit code {status}", status << 8),
                format!("process 2 ended with {status}"),
                format!("child 2 finished with exit status {status} instead of 0"),
                format!("Process 2:\n  exit code: {status}"),
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

    #[test]
    fn what_is_no_report() {
        for text in [
            "",
            "waiting for process 2",
            "process 3 started with pid 4714",
            "process 1 was not killed",
            "process 1 wasn't killed by a signal",
            "process 0 terminated normally",
            "process 3: ok",
            "level=info msg=\"worker done\" worker=3 exit_status=0",
            "Process 2\n\nProcess 3",
            "process 1 has finished\n0 of 4 failed with a status",
            "0 of 4 processes crashed, 0 failed",
            "process 3 took 1.003 ms",
            "Score: 11 of 15",
            "all 4 processes ended",
        ] {
            assert!(is_right(text, None), "{text}");
            assert!(!is_right(text, Fate::Killed(11)), "{text}");
            assert!(!is_right(text, Fate::Exited(3)), "{text}");
        }
        assert!(!is_right("process 1 died", None));
        assert!(!is_right("process 0 exited with status 0", None));
        assert!(!is_right("process 0: signal 0, status 0", None));
        assert!(!is_right("process 9 was killed by signal 9", None));
    }

    #[test]
    fn all_victims_are_reported_on_standard_error() {
        let fates = [Some(Fate::Killed(9)), Some(Fate::Exited(9)), None];
        let first = "process 0 was killed by SIGKILL\n";
        let second = "process 1 exited with status 9\n";
        let both = format!("{first}{second}");
        assert!(of_workers("", &both, fates).is_ok());
        for text in [first, second] {
            assert!(of_workers("", text, fates).is_err(), "{text}");
        }
        let wrong = of_workers(&both, "", fates).expect_err("on standard output");
        assert!(wrong.message.contains("standard error"), "{wrong:?}");
    }
}
