//! Finds a program's reports of workers that did not end well.
//!
//! The judge knows how each worker ended. So it does not parse sentences, which may be in any words:
//! it looks for the worker in the text, by its number behind a word such as `process`, at the start of
//! a line or in a column, or by its process id. The rest of that line belongs to this worker; without
//! a number and a signal in it, so do the next lines. There it looks for the signal, by number, name or
//! description, or for the exit status.
//!
//! A few words decide what a number behind them means: `signal`, `exit`, `status`. Such a number must
//! not contradict the end of the worker, and a worker that ended well must have none but 0.

mod claim;
mod parts;
mod words;

use crate::wait_status::signal_in_words;
use parts::{Part, parts_about_one};
use std::collections::BTreeMap;

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
    /// Its place in the order in which waits returned the workers.
    pub(super) place: Option<usize>,
    /// The failures of those processes.
    pub(super) fates: Vec<Fate>,
}

/// The number of the program itself, which has no number.
pub(super) const PROGRAM: usize = usize::MAX;

/// The first mistake in the reports.
#[derive(Debug)]
pub(super) struct Wrong {
    pub(super) message: String,
    /// The wrong line.
    pub(super) line: String,
}

/// Checks that the program reports each worker that failed, and no other worker.
pub(super) fn reports(stdout: &str, stderr: &str, workers: &[Worker]) -> Result<(), Wrong> {
    let wrong = |message: String, line: &str| {
        let line = line.to_owned();
        Err(Wrong { message, line })
    };
    let parts = parts::parts(stderr, workers);
    for part in parts.iter().filter(|part| part.own.is_bad()) {
        for number in &part.about {
            let Some(worker) = workers.iter().find(|worker| worker.is_called(*number)) else {
                let message = "it reports a process that does not exist";
                return wrong(message.into(), &part.line);
            };
            if worker.number == PROGRAM || !worker.fates.is_empty() {
                continue;
            }
            let message = format!("it reports process {}, which ended well", worker.number);
            let others = workers.iter().filter(|other| part.own.fits(other));
            let others: Vec<String> = others.map(|other| other.number.to_string()).collect();
            let happened = match others.as_slice() {
                [] => String::new(),
                others => format!(". This happened to process {}", others.join(" or ")),
            };
            let place = Some(worker.number);
            let mut all = workers.iter();
            let counted = all.find(|other| other.place == place && part.own.fits(other));
            let order = counted.map_or(String::new(), |other| {
                let (other, place) = (other.number, worker.number);
                format!(". In the order of the waits, process {other} is number {place}")
            });
            return wrong(message + &happened + &order, &part.line);
        }
    }
    for worker in workers.iter().filter(|worker| !worker.fates.is_empty()) {
        let own = parts_about_one(worker, &parts, stderr, workers);
        let message = worker.not_reported(&own);
        let contradicts = |part: &&Part| !part.claim.fits(worker) && part.claim.contradicts(worker);
        if let Some(part) = own.iter().find(contradicts) {
            return wrong(message, &part.line);
        }
        if own.iter().any(|part| part.claim.fits(worker)) {
            continue;
        }
        let printed = parts::parts(stdout, workers);
        let printed = parts_about_one(worker, &printed, stdout, workers);
        if let Some(part) = printed.iter().find(|part| part.claim.fits(worker)) {
            let message = format!("{message} on standard error: standard output is for results");
            return wrong(message, &part.line);
        }
        return match stderr.trim() {
            "" => wrong(message, "nothing on standard error"),
            stderr => wrong(message, stderr),
        };
    }
    Ok(())
}

/// The lines with right reports of a worker, by their text with `#` for each number. The columns of
/// a table stay. For a worker that ended well, all lines about it.
pub(super) fn words_about(
    worker: &Worker,
    stderr: &str,
    workers: &[Worker],
) -> BTreeMap<String, String> {
    let own = parts_about_one(worker, &parts::parts(stderr, workers), stderr, workers);
    let is_good = worker.fates.is_empty();
    let told = own
        .into_iter()
        .filter(|part| is_good || part.claim.fits(worker));
    let by_words = told.map(|part| {
        let words = part.line.chars().fold(String::new(), |mut words, c| {
            match c {
                '0'..='9' if words.ends_with('#') => {}
                '0'..='9' => words.push('#'),
                _ => words.push(c),
            }
            words
        });
        (words, part.line)
    });
    by_words.collect()
}

impl Worker {
    fn is_called(&self, number: i64) -> bool {
        self.has_pid(number) || usize::try_from(number) == Ok(self.number)
    }

    fn has_pid(&self, number: i64) -> bool {
        self.pids.iter().any(|pid| i64::from(*pid) == number)
    }

    /// Says that none of these parts is a right report, and why.
    fn not_reported(&self, parts: &[Part]) -> String {
        let end = match self.fates.first() {
            None => "ended well".into(),
            Some(Fate::Killed(signal)) => format!("was killed by {}", signal_in_words(*signal)),
            Some(Fate::Exited(status)) => format!("exited with status {status}"),
        };
        let mut fates = self.fates.iter();
        let slip = fates.find_map(|fate| parts.iter().find_map(|part| part.claim.slip(*fate)));
        let slip = slip.map(|slip| format!(". {slip}"));
        format!(
            "it does not report that process {} {end}{}",
            self.number,
            slip.unwrap_or_default()
        )
    }
}

#[cfg(test)]
mod tests {
    use super::{Fate, PROGRAM, Worker, Wrong, reports, words_about};
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
            place: None,
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
            "signal 17 (SIGCHLD): waiting for process 1",
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
    fn words_and_columns_tell_a_signal_from_an_exit_status() {
        let words = |text, fate| {
            let workers = [Worker {
                number: 2,
                pids: vec![4713],
                place: None,
                fates: vec![fate],
            }];
            words_about(&workers[0], text, &workers)
        };
        for (killed, exited, are_alike) in [
            ("worker 2: 6", "worker 2: 6", true),
            ("process 2: signal 6", "process 2: exit 6", false),
            ("| 2 | - | 6 |", "| 2 | 6 | - |", false),
            ("2\t\t6", "2\t6\t", false),
        ] {
            let killed = words(killed, Fate::Killed(6));
            let exited = words(exited, Fate::Exited(6));
            assert!(!killed.is_empty() && !exited.is_empty());
            assert_eq!(killed == exited, are_alike, "{killed:?} {exited:?}");
        }
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
