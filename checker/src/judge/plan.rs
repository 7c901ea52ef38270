//! The runs of a program and the checks on them.

use super::intervention::{in_words, lost_signals, options};
use super::report::{Check, TaskReport, Verdict};
use crate::at_once::at_once;
use crate::build::Build;
use crate::explore::{Explored, Explorer};
use crate::terminal::with_args;
use anyhow::{Context, Error};
use engine::{End, Observed, Run, TaskRecord};
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fmt;
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};
use std::slice;

/// A program to judge.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// The name of its package.
    pub package: &'a str,
    /// The name of the binary in the lab, even if its file has another name.
    pub binary: &'a str,
    /// The name of the binary in the build: `threads`, or `threads-solution`.
    pub target: &'a str,
    /// Its source file, relative to the folder of the lab.
    pub source: &'a Path,
    /// The seed of all random choices.
    pub seed: u64,
    /// The build, so that exploring schedules can repeat it with other options.
    pub build: Option<&'a Build>,
}

impl Subject<'_> {
    /// The command that runs the program, without arguments.
    pub(crate) fn command(&self) -> String {
        format!("cargo run -p {} --bin {}", self.package, self.target)
    }
}

/// The judge of a program of the lab.
pub trait Plan: Sync + fmt::Debug {
    /// Runs a program and checks it.
    fn judge(&self, subject: Subject<'_>, program: &Path) -> TaskReport;

    /// The claims and their points, in order.
    fn claims(&self) -> Vec<(&'static str, u32)>;

    /// The report on a program that was not run, with the reason.
    fn without_a_run(&self, subject: Subject<'_>, problem: &Problem) -> TaskReport {
        report(self.claims(), subject, |_, failed| match failed {
            None => Err(problem.clone()),
            Some(verdict) => Err(Problem::new(verdict, NOT_JUDGED)),
        })
    }

    /// The report on a program that passes all checks.
    fn all_passed(&self, subject: Subject<'_>) -> TaskReport {
        report(self.claims(), subject, |_, _| Ok(()))
    }
}

/// The runs and checks of one program. `S` has one field per run that a check looks at, so no
/// run can be missing.
pub(crate) struct Judge<S: 'static> {
    /// Runs the program.
    pub(crate) observe: fn(&Program<'_>) -> Result<S, Problem>,
    /// The checks, in order.
    pub(crate) checks: &'static [Claim<S>],
}

/// A check.
pub(crate) struct Claim<S> {
    name: &'static str,
    points: u32,
    holds: fn(&S) -> Finding,
    is_alone: bool,
}

impl<S> Claim<S> {
    /// Creates a claim. It holds if the function finds no problem.
    pub(crate) const fn new(name: &'static str, points: u32, holds: fn(&S) -> Finding) -> Self {
        Self {
            name,
            points,
            holds,
            is_alone: false,
        }
    }

    /// Usually a check is not judged if an earlier one failed. This check is still judged if the
    /// first failure has the verdict `WrongOutput`. After another verdict it is not judged.
    pub(crate) const fn alone(self) -> Self {
        Self {
            is_alone: true,
            ..self
        }
    }
}

/// An observed run.
#[derive(Debug)]
pub(crate) struct Seen {
    pub(crate) run: Run,
    pub(crate) observed: Observed,
    pub(crate) program: PathBuf,
    /// The source file, or the end of its path.
    pub(crate) source: PathBuf,
    /// The command that repeats the run, and the one that also shows its tasks, without options and
    /// arguments.
    command: String,
    trace: String,
}

impl Seen {
    /// The task with this lineage.
    pub(crate) fn task(&self, lineage: &[usize]) -> Option<&TaskRecord> {
        let mut tasks = self.observed.tasks.iter();
        tasks.rfind(|task| task.lineage == lineage)
    }
}

/// The result of a check: success, or the problem.
pub(crate) type Finding = Result<(), Problem>;

/// A problem that fails a check.
#[derive(Clone, Debug)]
pub struct Problem {
    /// The name of the problem.
    pub verdict: Verdict,
    /// The problem, in a sentence.
    pub message: String,
    /// The run, the expected and the observed result.
    pub evidence: Vec<String>,
}

impl Problem {
    /// A problem without evidence.
    pub fn new(verdict: Verdict, message: impl Into<String>) -> Self {
        Self {
            verdict,
            message: message.into(),
            evidence: Vec::new(),
        }
    }

    /// Adds evidence.
    #[must_use]
    pub fn with(mut self, evidence: impl Into<String>) -> Self {
        self.evidence.push(evidence.into());
        self
    }

    /// The verdict on a program that may have failed only because the jail refused something.
    fn after_refusals(mut self, refused: &BTreeSet<String>) -> Self {
        if refused.is_empty() || self.verdict == Verdict::Environment || self.message == NOT_JUDGED
        {
            return self;
        }
        let refused: Vec<&str> = refused.iter().take(3).map(String::as_str).collect();
        let seen = format!("seen: {}", self.message);
        self.evidence.insert(0, seen);
        self.message = format!(
            "it failed after the checker had refused {}, so it cannot be judged",
            refused.join(", ")
        );
        self.verdict = Verdict::Environment;
        self.with("do the task without it, or show the program to your teacher")
    }

    /// Adds steps of the failing schedule, perhaps only those of the main thread, and the command
    /// that shows all of them.
    pub(crate) fn found_in(mut self, explored: &Explored, is_about_main: bool) -> Self {
        self.evidence.extend(explored.evidence(is_about_main));
        self
    }

    /// Adds the checker's intervention, and the command that repeats the run.
    pub(crate) fn seen_in(mut self, seen: &Seen) -> Self {
        let options = options(&seen.run);
        // The output does not show how many workers there are.
        let command = match options.is_empty() && self.verdict != Verdict::NoWorker {
            true => &seen.command,
            false => &seen.trace,
        };
        let command = [slice::from_ref(command), &options].concat().join(" ");
        let again = with_args(command, seen.run.get_args());
        self.evidence.extend(in_words(&seen.run));
        self.evidence
            .extend(lost_signals(&seen.run, &seen.observed));
        self.with(format!("see it again: {again}"))
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        Self::new(Verdict::Environment, format!("{error:#}"))
    }
}

/// A program that is run several times.
pub(crate) struct Program<'a> {
    path: &'a Path,
    subject: Subject<'a>,
    /// What the jail refused in runs that failed.
    refused: RefCell<BTreeSet<String>>,
}

impl Program<'_> {
    /// Creates a run with these arguments.
    pub(crate) fn run(&self, args: &[&str]) -> Run {
        Run::new(self.path).args(args)
    }

    /// The seed of all random choices.
    pub(crate) fn seed(&self) -> u64 {
        self.subject.seed
    }

    /// Builds the program again, to try its schedules.
    pub(crate) fn explorer(&self) -> Result<Explorer, Error> {
        let Subject {
            package,
            target,
            source,
            build,
            ..
        } = self.subject;
        let build = build.context("it is not known how to build it")?;
        let name = format!("{package} {target}");
        Explorer::new(build, &name, build.workspace.root().join(source))
    }

    /// Observes these runs at the same time.
    pub(crate) fn see<const N: usize>(&self, runs: [Run; N]) -> Result<[Seen; N], Problem> {
        let subject = self.subject;
        let mut all = Vec::new();
        let seen = at_once(N, &runs, |_, run| run.observe());
        for (observed, run) in seen.into_iter().zip(runs) {
            let observed = observed.map_err(Error::from)?;
            if observed.end != End::Ended(0) {
                let refused = observed.refused.iter().cloned();
                self.refused.borrow_mut().extend(refused);
            }
            all.push(Seen {
                run,
                observed,
                program: self.path.into(),
                source: subject.source.into(),
                command: subject.command(),
                trace: format!("cargo lab trace {} {}", subject.package, subject.target),
            });
        }
        all.try_into()
            .map_err(|_| Problem::new(Verdict::Environment, "a run is missing"))
    }

    /// If the program goes on too early in this run: the same run again, with its waits recorded, so
    /// that the report says what the program waited for instead.
    pub(crate) fn watched(
        &self,
        seen: Seen,
        run: Run,
        is_early: impl Fn(&Seen) -> bool,
    ) -> Result<Seen, Problem> {
        if !is_early(&seen) {
            return Ok(seen);
        }
        let [watched] = self.see([run.watch_waits()])?;
        Ok(if is_early(&watched) { watched } else { seen })
    }
}

impl<S> Plan for Judge<S> {
    fn judge(&self, subject: Subject<'_>, path: &Path) -> TaskReport {
        let program = Program {
            path,
            subject,
            refused: RefCell::default(),
        };
        // If the judge panics, there is no finding.
        let judge = || {
            let seen = (self.observe)(&program);
            report(self.claims(), subject, |place, failed| {
                let claim = &self.checks[place];
                let finding = match (&seen, failed) {
                    (Err(problem), None) => Err(problem.clone()),
                    (Ok(seen), None) => (claim.holds)(seen),
                    (Ok(seen), Some(Verdict::WrongOutput)) if claim.is_alone => (claim.holds)(seen),
                    (_, Some(verdict)) => Err(Problem::new(verdict, NOT_JUDGED)),
                };
                finding.map_err(|problem| problem.after_refusals(&program.refused.borrow()))
            })
        };
        panic::catch_unwind(AssertUnwindSafe(judge)).unwrap_or_else(|_| {
            let problem = Problem::new(Verdict::Environment, "the checker itself panicked");
            self.without_a_run(subject, &problem)
        })
    }

    fn claims(&self) -> Vec<(&'static str, u32)> {
        let claims = self.checks.iter();
        claims.map(|claim| (claim.name, claim.points)).collect()
    }
}

impl<S> fmt::Debug for Judge<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Judge").field(&self.claims()).finish()
    }
}

/// The message of a check whose precondition failed.
pub const NOT_JUDGED: &str = "not judged: it depends on what is above";

/// Judges one claim after the other. `judge` also gets the first earlier verdict that was not
/// `passed`. A check that was not judged earns no points.
fn report(
    claims: Vec<(&str, u32)>,
    subject: Subject<'_>,
    judge: impl Fn(usize, Option<Verdict>) -> Finding,
) -> TaskReport {
    let mut failed: Option<Verdict> = None;
    let mut checks = Vec::new();
    for (place, (name, points)) in claims.into_iter().enumerate() {
        let problem = judge(place, failed).err();
        failed = failed.or(problem.as_ref().map(|problem| problem.verdict));
        let score = if problem.is_none() { points } else { 0 };
        let seen = problem.unwrap_or_else(|| Problem::new(Verdict::Passed, ""));
        checks.push(Check {
            name: name.into(),
            verdict: seen.verdict,
            score,
            max_score: points,
            message: seen.message,
            evidence: seen.evidence,
        });
    }
    if failed == Some(Verdict::Environment) {
        for check in &mut checks {
            check.score = 0;
        }
    }
    TaskReport::new(subject.package, subject.binary, checks)
}
