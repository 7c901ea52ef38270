//! Parses a program's reports of workers that did not end well.
//!
//! A line is about a worker if it has a word such as `process` with the number of the
//! worker, or its process id. It is a report if it also has a signal or an exit status:
//!
//! | a number behind | stands for |
//! |---|---|
//! | `process`, `child`, `worker`, `pid`, ... | the worker |
//! | `signal`, `killed`, `SIGSEGV`, ... | a signal |
//! | `exit`, `exit status`, `code`, ... | an exit status |
//! | `status` without `exit` | an exit status, or the whole wait status |
//! | `of`, `core`, `part`, ... | something else |
//!
//! A line with the whole wait status alone, as for debugging, is no report. A report is right if
//! all its signals and exit statuses match. Signal 0 stands for "no signal". A line that reports a
//! process as failed that ended well is wrong. The details may follow on the next lines. A line
//! may contain several reports. In a table, the words may stand above the columns.

mod line;
mod tokens;

use crate::wait_status::signal_in_words;
use line::Report;
use tokens::{Token, WORKERS, is_in, tokens};

/// How a worker failed, according to the kernel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// A signal killed it.
    Killed(i32),
    /// It ended with this exit status, which is not 0.
    Exited(i32),
}

impl Fate {
    /// Whether this is the whole wait status, with or without the bit of the core file.
    fn is_wait_status(self, number: i64) -> bool {
        match self {
            Self::Killed(signal) => number & !0x80 == i64::from(signal),
            Self::Exited(status) => number == i64::from(status) << 8,
        }
    }
}

/// A child process of the program, with its descendants.
pub(super) struct Worker {
    /// [`PROGRAM`] for the program itself.
    pub(super) number: usize,
    pub(super) pids: Vec<i32>,
    /// The failures of those processes.
    pub(super) fates: Vec<Fate>,
}

/// Between the columns of a table.
const SEPARATORS: [char; 4] = [',', ';', '|', '\t'];

/// The number of the program itself, which has no number.
pub(super) const PROGRAM: usize = usize::MAX;

/// The first mistake in the reports.
#[derive(Debug)]
pub(super) struct Wrong {
    pub(super) message: String,
    /// The wrong line, if there is one.
    pub(super) line: Option<String>,
}

/// Checks that the program reports each worker that failed, and no other worker.
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
            return Err(wrong(
                "it reports a process that does not exist".into(),
                line,
            ));
        }
        for worker in report.workers.iter().filter_map(about) {
            if report.is_log(worker) {
                continue;
            }
            if worker.fates.is_empty() {
                let message = format!("it reports process {}, which ended well", worker.number);
                let others = workers.iter().filter(|other| report.fits(other));
                let others: Vec<String> = others.map(|other| other.number.to_string()).collect();
                let happened = match others.as_slice() {
                    [] => String::new(),
                    others => format!(". This happened to process {}", others.join(" or ")),
                };
                return Err(wrong(message + &happened, line));
            }
            let says_how = report.has_details() || report.says_exited_well();
            if !report.fits(worker) && says_how {
                return Err(wrong(worker.not_reported(&[report]), line));
            }
        }
    }
    for worker in workers {
        let is_about = |report: &Report| report.workers.iter().any(|n| worker.is_called(*n));
        let is_right = |(_, report): &&(String, Report)| is_about(report) && report.fits(worker);
        if worker.fates.is_empty() || reported.iter().any(|report| is_right(&report)) {
            continue;
        }
        let reports = reported.iter().map(|(_, report)| report);
        let reports: Vec<_> = reports.filter(|report| is_about(report)).collect();
        let message = worker.not_reported(&reports);
        if let Some((line, _)) = read(stdout).iter().find(is_right) {
            let message = format!("{message} on standard error: standard output is for results");
            return Err(wrong(message, line));
        }
        return Err(wrong(message, stderr.trim()));
    }
    Ok(())
}

/// The reports in a text, each with its lines.
fn reports_in(text: &str, workers: &[Worker]) -> Vec<(String, Report)> {
    let text = anstream::adapter::strip_str(text).to_string();
    let mut reports: Vec<(String, Report)> = Vec::new();
    let (mut is_heading, mut brackets) = (false, 0_usize);
    let mut table = None;
    for line in text.lines().filter(|line| !is_result(line)) {
        let was_open = brackets > 0;
        brackets = open_after(line, brackets);
        let words = tokens(&line.to_lowercase());
        let has_numbers = words.iter().any(|token| matches!(token, Token::Number(_)));
        if !has_numbers && !words.is_empty() {
            table = Table::below(line, &words);
        }
        let row = table.as_ref().filter(|_| has_numbers);
        let row = row.map(|table| table.row(line, &words));
        let mut read = reports_of(row.as_deref().unwrap_or(line), workers);
        let mut line = line.to_owned();
        let goes_on = |(_, last): &mut (String, Report)| {
            let mut read = read.iter();
            is_heading && read.all(|report| are_among(&report.workers, &last.workers, workers))
        };
        if let Some((heading, _)) = reports.pop_if(goes_on) {
            line = format!("{heading} {line}");
            read = reports_of(&line, workers);
            is_heading = !read.iter().any(Report::has_details);
        } else {
            let is_on_one = |report: &Report| match report.workers.as_slice() {
                [first, others @ ..] => are_among(others, &[*first], workers),
                [] => true,
            };
            is_heading = line.trim_end().ends_with([':', '(', '[', '{'])
                || (names_only_workers(&line) && read.iter().all(is_on_one));
        }
        // A worker inside brackets is no heading of what comes after them.
        is_heading &= !was_open || brackets > 0;
        reports.extend(read.into_iter().map(|report| (line.clone(), report)));
    }
    reports
}

/// A table of workers, by the words above it.
struct Table<'a> {
    /// Between the columns. A space: the columns may have spaces too.
    separator: char,
    columns: Vec<&'a str>,
}

impl<'a> Table<'a> {
    /// A line without numbers that has a word for workers may be the heading of a table.
    fn below(heading: &'a str, words: &[Token]) -> Option<Self> {
        let has_workers = words.iter().any(|word| word.is_in(WORKERS));
        let separator = heading.chars().find(|c| SEPARATORS.contains(c));
        let separator = separator.unwrap_or(' ');
        (words.len() > 1 && has_workers).then(|| Self {
            separator,
            columns: heading.trim().split(separator).collect(),
        })
    }

    /// A row, with the words above its columns.
    fn row(&self, line: &str, words: &[Token]) -> String {
        let fields: Vec<&str> = line.trim().split(self.separator).collect();
        match words {
            _ if self.separator != ' ' && fields.len() == self.columns.len() => {
                let fields = self.columns.iter().zip(fields);
                let fields = fields.map(|(column, field)| format!("{column} {field}"));
                fields.collect::<Vec<_>>().join(", ")
            }
            [Token::Number(_), Token::Word(of), ..] if of == "of" => line.into(),
            [Token::Number(_), ..] if is_in(WORKERS, &self.columns[0].to_lowercase()) => {
                format!("{} {line}", self.columns[0])
            }
            _ => line.into(),
        }
    }
}

/// The number of brackets that are open after a line.
fn open_after(line: &str, before: usize) -> usize {
    line.chars().fold(before, |open, c| match c {
        '(' | '[' | '{' => open + 1,
        ')' | ']' | '}' => open.saturating_sub(1),
        _ => open,
    })
}

fn names_only_workers(line: &str) -> bool {
    let mut tokens = tokens(&line.to_lowercase()).into_iter();
    tokens.all(|token| matches!(token, Token::Number(_)) || token.is_in(WORKERS))
}

/// The reports in a line: one per worker, if each of them has details, or else a single report.
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

/// Whether each of these numbers and process ids denotes a worker that `others` also denotes.
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

    fn is_program(&self, number: i64) -> bool {
        self.number == PROGRAM && number > 255 && self.has_pid(number)
    }

    fn has_pid(&self, number: i64) -> bool {
        self.pids.iter().any(|pid| i64::from(*pid) == number)
    }

    /// Says that none of these reports is right, and why.
    fn not_reported(&self, reports: &[&Report]) -> String {
        let end = match self.fates.first() {
            None => "ended well".into(),
            Some(Fate::Killed(signal)) => format!("was killed by {}", signal_in_words(*signal)),
            Some(Fate::Exited(status)) => format!("exited with status {status}"),
        };
        let mut slips = self.fates.iter().flat_map(|fate| {
            let slips = reports.iter().map(|report| report.slip(*fate));
            slips.flatten()
        });
        let slip = slips.next().map(|slip| format!(". {slip}"));
        let slip = slip.unwrap_or_default();
        format!(
            "it does not report that process {} {end}{slip}",
            self.number
        )
    }
}

#[cfg(test)]
mod tests {
    use super::{Fate, PROGRAM, Worker, Wrong, reports};
    use std::iter;

    /// Whether these are the right reports on worker 2 of four. The process ids are 4711 to
    /// 4714. `fate` is the end of worker 2; without one, it ended well.
    pub(super) fn is_right(text: &str, fate: impl Into<Option<Fate>>) -> bool {
        let fates = [None, None, fate.into(), None];
        of_workers("Array sum is: 3\nTime spent: 2.003 ms\n", text, fates).is_ok()
    }

    pub(super) fn of_workers(
        stdout: &str,
        stderr: &str,
        fates: impl IntoIterator<Item = Option<Fate>>,
    ) -> Result<(), Wrong> {
        let program = iter::once(((PROGRAM, 4710), None));
        let workers = program.chain((0..).zip(4711..).zip(fates));
        let workers = workers.map(|((number, pid), fate)| Worker {
            number,
            pids: vec![pid],
            fates: fate.into_iter().collect(),
        });
        reports(stdout, stderr, &workers.collect::<Vec<_>>())
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
            "{4711: 0, 4712: 1, 4714: 3, 4713: 2}",
        ] {
            assert!(is_right(text, None), "{text}");
            assert!(!is_right(text, Fate::Killed(11)), "{text}");
            assert!(!is_right(text, Fate::Exited(3)), "{text}");
        }
        let listed = "{4711: 0, 4712: 1, 4714: 3, 4713: 2}\nworker 2 terminated by signal 11";
        assert!(is_right(listed, Fate::Killed(11)));
        assert!(!is_right(listed, Fate::Killed(9)));
        assert!(!is_right("process 1 died", None));
        assert!(!is_right("process 0 exited with status 0", None));
        assert!(!is_right("process 0: signal 0, status 0", None));
        assert!(!is_right("process 9 was killed by signal 9", None));
    }

    #[test]
    fn a_report_on_another_process_names_the_right_one() {
        let fates = [None, Some(Fate::Killed(9)), Some(Fate::Killed(9)), None];
        let message = |stderr| of_workers("", stderr, fates).expect_err("wrong").message;
        assert_eq!(
            message("process 0 was killed by signal 9"),
            "it reports process 0, which ended well. This happened to process 1 or 2"
        );
        assert_eq!(
            message("process 3 exited with status 5"),
            "it reports process 3, which ended well"
        );
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
