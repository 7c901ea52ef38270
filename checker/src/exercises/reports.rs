//! Finds a program's reports of workers that did not end well.
//!
//! The judge has chosen how each worker ends. So it does not parse sentences, which may be in any
//! words. It looks for what it knows: the number or the process id of the worker, and near it the
//! signal, by number, name or description, or the exit status.
//!
//! The judge learns from these reports in which words the program reports a killed worker, and one
//! that exited. Other lines in the same words are reports too, so they must be right as well.

mod text;
mod words;

use crate::wait_status::signal_in_words;
use std::collections::{HashMap, HashSet};
use text::{About, Text};

/// How a worker failed, according to the kernel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// A signal killed it.
    Killed(i32),
    /// It ended with this exit status, which is not 0.
    Exited(i32),
}

/// A child process of the program, with its descendants.
#[derive(Clone, Debug)]
pub(super) struct Worker {
    pub(super) number: usize,
    pub(super) pids: Vec<i32>,
    /// Its place in the order in which waits returned the workers.
    pub(super) place: Option<usize>,
    /// The failures of those processes.
    pub(super) fates: Vec<Fate>,
}

/// A list behind one of these words is one of failed workers.
const BAD: &[&str] = &["crashed", "died", "failed", "killed"];

/// The first mistake in the reports.
#[derive(Debug)]
pub(super) struct Wrong {
    pub(super) message: String,
    /// The wrong line.
    pub(super) line: String,
}

/// What a program has printed in a run, and how its workers ended.
pub(super) struct Told {
    stdout: Text,
    stderr: Text,
    pub(super) workers: Vec<Worker>,
}

/// The shapes of a program's reports: on killed workers (`true`), on those that exited (`false`),
/// or on both.
pub(super) struct Words(HashMap<String, Vec<bool>>);

impl Fate {
    /// The signal, or the exit status.
    fn number(self) -> i64 {
        let (Self::Killed(number) | Self::Exited(number)) = self;
        number.into()
    }

    fn is_kill(self) -> bool {
        matches!(self, Self::Killed(_))
    }
}

impl Worker {
    /// Whether this is its number or a process id of it.
    fn is_called(&self, number: i64) -> bool {
        usize::try_from(number) == Ok(self.number) || self.has_pid(number)
    }

    /// Small numbers are no process ids.
    fn has_pid(&self, number: i64) -> bool {
        number > 255 && self.pids.iter().any(|pid| i64::from(*pid) == number)
    }
}

fn ended(fates: &[Fate]) -> String {
    match fates {
        [] => "ended well".into(),
        [Fate::Killed(signal), ..] => format!("was killed by {}", signal_in_words(*signal)),
        [Fate::Exited(status), ..] => format!("exited with status {status}"),
    }
}

impl Told {
    pub(super) fn new(stdout: &str, stderr: &str, workers: Vec<Worker>) -> Self {
        Self {
            stdout: Text::new(stdout),
            stderr: Text::new(stderr),
            workers,
        }
    }

    /// Checks that the program reports each worker that failed.
    fn reports_all(&self) -> Result<(), Wrong> {
        let victims = self.victims(|_| true);
        let Some(worker) = self.stderr.lacks(&victims) else {
            return Ok(());
        };
        let (number, end) = (worker.number, ended(&worker.fates));
        let message = format!("it does not report that process {number} {end}");
        if let Some(line) = self.report_in(&self.stdout, worker) {
            let message = format!("{message} on standard error: standard output is for results");
            return Err(Wrong { message, line });
        }
        let lines = self.stderr.lines_about(worker);
        let slip = lines
            .iter()
            .find_map(|line| Some((slip(worker, line)?, line.to_string())));
        // `waitpid(-1)`: the program counts the children that it has waited for.
        let counted = worker.place.and_then(|place| {
            let as_counted = Worker {
                number: place,
                ..worker.clone()
            };
            let line = self.report_in(&self.stderr, &as_counted)?;
            let order = format!("In the order of the waits, process {number} is number {place}");
            Some((order, line))
        });
        if let Some((why, line)) = slip.or(counted) {
            let message = format!("{message}. {why}");
            return Err(Wrong { message, line });
        }
        let line = match lines.first() {
            _ if self.stderr.is_empty() => "nothing on standard error".into(),
            Some(line) => (*line).into(),
            None => self.stderr.to_string(),
        };
        Err(Wrong { message, line })
    }

    /// Checks that lists of failed workers, `failed: 0, 1`, have no other workers. `killed 2 11`
    /// is a report, and no list.
    fn lists_no_other(&self) -> Result<(), Wrong> {
        let (victims, workers) = (self.victims(|_| true), &self.workers);
        for (line, numbers) in self.stderr.lists_behind(BAD) {
            let mut good = workers.iter().filter(|worker| worker.fates.is_empty());
            let is_listed = |worker: &&Worker| numbers.iter().any(|id| worker.is_called(*id));
            let is_report = |id: &i64| victims.iter().any(|victim| line.tells(*id, victim));
            if let Some(worker) = good.find(is_listed)
                && !numbers.iter().any(is_report)
            {
                let message = format!("it reports process {}, which ended well", worker.number);
                let line = line.to_string();
                return Err(Wrong { message, line });
            }
        }
        Ok(())
    }

    /// The workers that failed so, without their other failures.
    fn victims(&self, is_so: impl Fn(&Fate) -> bool) -> Vec<Worker> {
        let victims = self.workers.iter().map(|worker| Worker {
            fates: worker.fates.iter().copied().filter(&is_so).collect(),
            ..worker.clone()
        });
        victims.filter(|worker| !worker.fates.is_empty()).collect()
    }

    fn report_in(&self, text: &Text, worker: &Worker) -> Option<String> {
        let about = text.about(worker, &self.workers);
        let mut reports = about.iter().filter(|about| about.told.is_some());
        reports.next().map(|report| report.block.to_string())
    }
}

/// A common mistake in decoding a wait status, if it explains a number in this line.
fn slip(worker: &Worker, line: &str) -> Option<String> {
    let numbers: Vec<i64> = words::numbers(line).collect();
    let has = |number: i32| numbers.contains(&number.into());
    worker.fates.iter().find_map(|fate| match *fate {
        Fate::Killed(signal) if has(signal + 128) => Some(format!(
            "{} is {signal} + 128: a wait status with the bit of the core file, or what a shell \
             says; WTERMSIG gives {signal}",
            signal + 128
        )),
        Fate::Killed(_) if has(0) && line.contains("exit") => {
            Some("A killed process has no exit status: ask WIFSIGNALED first".into())
        }
        Fate::Killed(signal) if has(signal) && line.contains("status") => Some(format!(
            "{signal} is the signal, and no exit status: ask WIFSIGNALED first"
        )),
        Fate::Exited(status) if has(status) && line.contains("signal") => Some(format!(
            "{status} is the exit status, and no signal: ask WIFEXITED or WIFSIGNALED first"
        )),
        Fate::Exited(status) if has(status << 8) => Some(format!(
            "{} is {status} * 256, the whole wait status; WEXITSTATUS gives {status}",
            status << 8
        )),
        _ => None,
    })
}

impl Words {
    /// Learns from runs with workers that failed. Reports on several workers have the same words,
    /// with the number of the worker in the same place. If a worker is named in these words, they
    /// tell its end at least once. In another place, a number may be the one of a worker by chance.
    pub(super) fn learn(runs: &[&Told]) -> Self {
        let mut reports: HashMap<_, HashSet<usize>> = HashMap::new();
        let mut others = HashSet::new();
        for (told, kills) in runs.iter().flat_map(|told| [(told, true), (told, false)]) {
            for worker in told.victims(|fate| fate.is_kill() == kills) {
                let about = told.stderr.about(&worker, &told.workers);
                let of = |is_told| {
                    let about = about
                        .iter()
                        .filter(move |about| about.told.is_some() == is_told);
                    let shapes = about.map(|about| (about.block.shape(about.id, None), kills));
                    shapes.collect::<HashSet<_>>()
                };
                let told = of(true);
                others.extend(of(false).difference(&told).cloned());
                for shape in told {
                    reports.entry(shape).or_default().insert(worker.number);
                }
            }
        }
        let without_place = |(shape, kills): &(String, bool)| (shape.replace('@', "#"), *kills);
        let mut most = HashMap::new();
        for (shape, workers) in &reports {
            let most = most.entry(without_place(shape)).or_insert(2);
            *most = workers.len().max(*most);
        }
        let mut words = Self(HashMap::new());
        for (shape, workers) in reports {
            if workers.len() == most[&without_place(&shape)] && !others.contains(&shape) {
                words.0.entry(shape.0).or_default().push(shape.1);
            }
        }
        words
    }

    /// Checks that the program reports each worker that failed, and no other worker.
    pub(super) fn are_right(&self, told: &Told) -> Result<(), Wrong> {
        told.reports_all()?;
        self.are_right_in(told)?;
        told.lists_no_other()
    }

    /// Checks that everything in these words is right.
    fn are_right_in(&self, told: &Told) -> Result<(), Wrong> {
        for (block, id) in told.stderr.blocks() {
            let Some(kinds) = self.0.get(&block.shape(id, None)) else {
                continue;
            };
            let victims = told.victims(|fate| kinds.contains(&fate.is_kill()));
            if victims.iter().any(|worker| block.tells(id, worker)) {
                continue;
            }
            let mut workers = told.workers.iter();
            let mut message = match workers.find(|worker| worker.is_called(id)) {
                None => "it reports a process that does not exist".into(),
                Some(Worker { number, fates, .. }) => {
                    format!("it reports process {number}, which {}", ended(fates))
                }
            };
            let happened = victims.iter();
            let happened = happened.filter(|worker| block.has(worker));
            let happened: Vec<String> = happened.map(|worker| worker.number.to_string()).collect();
            if !happened.is_empty() {
                let happened = happened.join(" or ");
                message = format!("{message}. This happened to process {happened}");
            }
            let line = block.to_string();
            return Err(Wrong { message, line });
        }
        Ok(())
    }

    /// Checks that a worker that exited with the number of a signal is reported in other words than
    /// one that this signal killed.
    pub(super) fn differ(&self, killed: &Told, exited: &Told) -> Result<(), Wrong> {
        let reports = |told: &Told, kills| {
            let mut reports = HashMap::new();
            for worker in told.victims(|fate| fate.is_kill() == kills) {
                for About { block, id, told } in told.stderr.about(&worker, &told.workers) {
                    let kinds = self.0.get(&block.shape(id, None));
                    if let Some(number) = told.map(Fate::number)
                        && kinds.is_some_and(|kinds| kinds.contains(&kills))
                    {
                        reports.insert((number, block.shape(id, Some(number))), block.to_string());
                    }
                }
            }
            reports
        };
        let (killed, exited) = (reports(killed, true), reports(exited, false));
        let mut exited = exited.into_iter();
        match exited.find(|(words, _)| killed.contains_key(words)) {
            None => Ok(()),
            Some(((number, _), line)) => {
                let message = format!(
                    "it reports signal {number} and exit status {number} in the same words"
                );
                Err(Wrong { message, line })
            }
        }
    }
}

#[cfg(test)]
mod tests;
