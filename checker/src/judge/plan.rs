//! What is run, and what is looked at.

use super::report::{Check, Means, TaskReport, Verdict};
use super::{memory_corruption, seg_fault, sum_array, wait_for_me};
use crate::engine::{EngineError, Fault, Limits, Observed, Run, Schedule};
use crate::reasons::reasons;
use std::path::Path;
use std::thread;

/// So often a program is run that can't be traced. What it prints may be a matter of
/// luck.
const ROUNDS: usize = 5;

/// How to judge a program.
#[derive(Debug)]
pub struct Plan {
    /// How it is run.
    runs: &'static [PlannedRun],
    /// What is looked at, in order.
    checks: &'static [PlannedCheck],
}

/// A program to be judged.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// The name of its package.
    pub package: &'a str,
    /// The name of the binary in the lab, whatever the file is called.
    pub binary: &'a str,
    /// The command that a student would run it with, without arguments.
    pub command: &'a str,
}

/// How a program is run once.
#[derive(Debug)]
pub(super) struct PlannedRun {
    pub(super) args: &'static [&'static str],
    pub(super) schedule: Schedule,
    pub(super) watched_file: Option<&'static str>,
    pub(super) watched_numbers: Option<usize>,
    /// What is done to which child.
    pub(super) fault: Option<(usize, Fault)>,
    pub(super) watches_shared_memory: bool,
}

/// A run like any other.
pub(super) const FREE: PlannedRun = PlannedRun {
    args: &[],
    schedule: Schedule::Free,
    watched_file: None,
    watched_numbers: None,
    fault: None,
    watches_shared_memory: false,
};

/// One thing to look at.
#[derive(Debug)]
pub(super) struct PlannedCheck {
    /// A claim.
    pub(super) name: &'static str,
    pub(super) points: u32,
    /// Looks at all runs, in their order.
    pub(super) judge: fn(&[Seen]) -> Finding,
    /// Looks only at what they printed and how they ended; at those without a
    /// fault, which come first. Not all claims can be judged by that.
    pub(super) by_output: Option<fn(&[Seen]) -> Finding>,
}

impl PlannedCheck {
    /// A claim that can be judged by the output alone.
    pub(super) const fn of_output(
        name: &'static str,
        points: u32,
        judge: fn(&[Seen]) -> Finding,
    ) -> Self {
        Self::of_tracing(name, points, judge).or_by_output(judge)
    }

    /// A claim about something that no output shows.
    pub(super) const fn of_tracing(
        name: &'static str,
        points: u32,
        judge: fn(&[Seen]) -> Finding,
    ) -> Self {
        Self {
            name,
            points,
            judge,
            by_output: None,
        }
    }

    /// The same, of which the output shows a part.
    pub(super) const fn or_by_output(self, judge: fn(&[Seen]) -> Finding) -> Self {
        Self {
            by_output: Some(judge),
            ..self
        }
    }
}

/// A run that was observed.
#[derive(Debug)]
pub(super) struct Seen {
    pub(super) observed: Observed,
    /// The command to see it again.
    pub(super) command: String,
    /// What was done to which child.
    pub(super) fault: Option<(usize, Fault)>,
}

/// What a check has found: nothing, or a reason why it is not passed.
pub(super) type Finding = Result<(), Problem>;

/// Why a check is not passed.
#[derive(Debug)]
pub(super) struct Problem {
    pub(super) verdict: Verdict,
    pub(super) message: String,
    pub(super) evidence: Vec<String>,
}

impl Problem {
    pub(super) fn new(verdict: Verdict, message: impl Into<String>) -> Self {
        Self {
            verdict,
            message: message.into(),
            evidence: Vec::new(),
        }
    }

    /// Adds evidence.
    pub(super) fn with(mut self, evidence: impl Into<String>) -> Self {
        self.evidence.push(evidence.into());
        self
    }
}

/// How to judge the programs of the lab.
#[must_use]
pub fn plan(package: &str, binary: &str) -> Option<&'static Plan> {
    match (package, binary) {
        ("sum-array", "threads") => Some(&sum_array::THREADS),
        ("sum-array", "processes") => Some(&sum_array::PROCESSES),
        ("sum-array", "sequential") => Some(&sum_array::SEQUENTIAL),
        ("sum-array", "reduce") => Some(&sum_array::REDUCE),
        ("wait-for-me", "threads") => Some(&wait_for_me::THREADS),
        ("wait-for-me", "processes") => Some(&wait_for_me::PROCESSES),
        ("seg-fault", "threads") => Some(&seg_fault::THREADS),
        ("seg-fault", "processes") => Some(&seg_fault::PROCESSES),
        ("memory-corruption", "threads") => Some(&memory_corruption::THREADS),
        ("memory-corruption", "processes") => Some(&memory_corruption::PROCESSES),
        _ => None,
    }
}

impl Plan {
    pub(super) const fn new(runs: &'static [PlannedRun], checks: &'static [PlannedCheck]) -> Self {
        Self { runs, checks }
    }

    /// Runs a program, all runs side by side, and looks at them. Where tracing is not
    /// allowed, looks several times at what it prints.
    #[must_use]
    pub fn judge(&self, subject: Subject<'_>, program: &Path) -> TaskReport {
        let traced = |run: &PlannedRun| run.prepare(program).observe();
        match self.all_runs(subject, self.runs.iter(), traced) {
            Ok(seen) => self.report(subject, Means::Tracing, |check| (check.judge)(&seen)),
            Err(EngineError::TracingRefused { .. }) => self.judge_by_output(subject, program),
            Err(error) => self.report_on_an_error(subject, &error),
        }
    }

    /// Judges a program by what it prints and how it ends, in several rounds.
    #[must_use]
    pub fn judge_by_output(&self, subject: Subject<'_>, program: &Path) -> TaskReport {
        let untraced = |run: &PlannedRun| run.prepare(program).observe_output();
        let by_output = || self.checks.iter().filter_map(|check| check.by_output);
        let mut rounds = Vec::new();
        let mut is_right = true;
        // The first that is not right is enough.
        while is_right && rounds.len() < ROUNDS {
            let runs = self.runs.iter().filter(|run| run.fault.is_none());
            let seen = match self.all_runs(subject, runs, untraced) {
                Ok(seen) => seen,
                Err(error) => return self.report_on_an_error(subject, &error),
            };
            is_right = by_output().all(|judge| judge(&seen).is_ok());
            rounds.push(seen);
        }
        let look = |check: &PlannedCheck| {
            let by_output = check.by_output?;
            Some(rounds.iter().try_for_each(|round| by_output(round)))
        };
        let problems = || self.checks.iter().filter_map(look).filter_map(Result::err);
        self.report(subject, Means::Output, |check| {
            // What can't be seen is taken for granted if all the rest is well.
            let (None, Some(problem)) = (look(check), problems().next()) else {
                return look(check).unwrap_or(Ok(()));
            };
            let message = "not judged: it can't be seen in the output, which is not right";
            Err(Problem::new(problem.verdict, message))
        })
    }

    /// Observes runs side by side.
    fn all_runs<'a>(
        &self,
        subject: Subject<'_>,
        runs: impl Iterator<Item = &'a PlannedRun>,
        observe: impl Fn(&PlannedRun) -> Result<Observed, EngineError> + Sync,
    ) -> Result<Vec<Seen>, EngineError> {
        let observe = &observe;
        let see = move |run: &PlannedRun| {
            let observed = observe(run)?;
            let command = run.command(subject);
            let fault = run.fault;
            Ok(Seen {
                observed,
                command,
                fault,
            })
        };
        thread::scope(|scope| {
            let runs: Vec<_> = runs.map(|run| scope.spawn(move || see(run))).collect();
            let panicked = |_| EngineError::Panicked;
            runs.into_iter()
                .map(|run| run.join().map_err(panicked)?)
                .collect()
        })
    }

    fn report_on_an_error(&self, subject: Subject<'_>, error: &EngineError) -> TaskReport {
        self.without_a_run(subject, Verdict::Environment, &reasons(error), &[])
    }

    /// A report on a program that was not run at all, for this reason.
    #[must_use]
    pub fn without_a_run(
        &self,
        subject: Subject<'_>,
        verdict: Verdict,
        message: &str,
        evidence: &[String],
    ) -> TaskReport {
        self.report(subject, Means::Tracing, |_| {
            Err(Problem {
                verdict,
                message: message.into(),
                evidence: evidence.into(),
            })
        })
    }

    /// The report on a program that passes all checks: every claim that is made of it.
    #[must_use]
    pub fn all_passed(&self, subject: Subject<'_>) -> TaskReport {
        self.report(subject, Means::Tracing, |_| Ok(()))
    }

    /// One check after the other. Once one is not passed, those behind it have
    /// nothing to stand on.
    fn report(
        &self,
        subject: Subject<'_>,
        means: Means,
        mut judge: impl FnMut(&PlannedCheck) -> Finding,
    ) -> TaskReport {
        let mut failed: Option<Verdict> = None;
        let checks = self.checks.iter().map(|check| {
            let finding = match failed {
                None => judge(check),
                Some(verdict) => Err(Problem::new(
                    verdict,
                    "not judged: it depends on what is above",
                )),
            };
            let mut report = Check {
                name: check.name.into(),
                verdict: Verdict::Passed,
                score: check.points,
                max_score: check.points,
                message: String::new(),
                evidence: Vec::new(),
            };
            if let Err(problem) = finding {
                failed.get_or_insert(problem.verdict);
                report.score = 0;
                report.verdict = problem.verdict;
                report.message = problem.message;
                report.evidence = problem.evidence;
            }
            report
        });
        let checks = checks.collect();
        TaskReport::new(subject.package, subject.binary, means, checks)
    }
}

impl PlannedRun {
    fn prepare(&self, program: &Path) -> Run {
        let mut run = Run::new(program).args(self.args).schedule(self.schedule);
        if let Some(name) = self.watched_file {
            run = run.watch_file(name);
        }
        if let Some(count) = self.watched_numbers {
            run = run.watch_numbers(count);
        }
        if let Some((child, fault)) = self.fault {
            run = run.inject(child, fault);
        }
        if self.watches_shared_memory {
            run = run.watch_shared_memory();
        }
        run.limits(Limits::default())
    }

    /// The command to see it again.
    fn command(&self, subject: Subject<'_>) -> String {
        let mut command = subject.command.to_owned();
        if !self.args.is_empty() {
            command += " -- ";
            command += &self.args.join(" ");
        }
        command
    }
}
