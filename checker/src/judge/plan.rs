//! What is run, and what is looked at.

use super::report::{Check, TaskReport, Verdict};
use crate::at_once::at_once;
use crate::reasons::reasons;
use engine::{Error, Fault, Observed, Run};
use std::fmt;
use std::panic::{self, AssertUnwindSafe};
use std::path::Path;

/// A program to be judged.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// The name of its package.
    pub package: &'a str,
    /// The name of the binary in the lab, whatever the file is called.
    pub binary: &'a str,
    /// The command that a student would run it with, without arguments.
    pub command: &'a str,
    /// What is drawn at random is drawn from this number.
    pub seed: u64,
}

/// How to judge a program of the lab.
pub trait Plan: Sync + fmt::Debug {
    /// Runs a program and looks at it.
    fn judge(&self, subject: Subject<'_>, program: &Path) -> TaskReport;

    /// The claims and their points, in order.
    fn claims(&self) -> Vec<(&'static str, u32)>;

    /// A report on a program that was not run, for this reason.
    fn without_a_run(&self, subject: Subject<'_>, problem: &Problem) -> TaskReport {
        report(self.claims(), subject, |_| Err(problem.clone()))
    }

    /// The report on a program that passes all checks.
    fn all_passed(&self, subject: Subject<'_>) -> TaskReport {
        report(self.claims(), subject, |_| Ok(()))
    }
}

/// Runs and checks of one program. `S` holds one run for each that a check looks at, so
/// none can be missing.
pub(crate) struct Judge<S: 'static> {
    /// Runs the program.
    pub(crate) observe: fn(&Program<'_>) -> Result<S, Problem>,
    /// What is looked at, in order.
    pub(crate) checks: &'static [Claim<S>],
}

/// One thing to look at.
pub(crate) struct Claim<S> {
    pub(crate) name: &'static str,
    pub(crate) points: u32,
    pub(crate) holds: fn(&S) -> Finding,
}

/// A run that was observed.
#[derive(Debug)]
pub(crate) struct Seen {
    pub(crate) observed: Observed,
    /// The command to see it again, and what it does not do.
    pub(crate) evidence: Vec<String>,
    /// What was done to its children.
    pub(crate) faults: Vec<Fault>,
}

/// What a check has found: nothing, or a reason why it is not passed.
pub(crate) type Finding = Result<(), Problem>;

/// Why a check is not passed.
#[derive(Clone, Debug)]
pub struct Problem {
    /// Its name.
    pub verdict: Verdict,
    /// What is wrong, in a sentence.
    pub message: String,
    /// What was run, expected and seen.
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

    /// Adds the command to see it again.
    pub(crate) fn seen_in(mut self, seen: &Seen) -> Self {
        self.evidence.extend(seen.evidence.iter().cloned());
        self
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        Self::new(Verdict::Environment, reasons(&error))
    }
}

/// A program that is run again and again.
pub(crate) struct Program<'a> {
    path: &'a Path,
    subject: Subject<'a>,
}

impl Program<'_> {
    /// A run with these arguments.
    pub(crate) fn run(&self, args: &[&str]) -> Run {
        Run::new(self.path).args(args)
    }

    /// The number that everything random is drawn from.
    pub(crate) fn seed(&self) -> u64 {
        self.subject.seed
    }

    /// Makes these runs, side by side.
    pub(crate) fn see<const N: usize>(&self, runs: [Run; N]) -> Result<[Seen; N], Problem> {
        let all = at_once(N, &runs, |run| {
            let observed = run.observe()?;
            let evidence = self.evidence(run);
            let faults = run.faults().values().copied().collect();
            Ok(Seen {
                observed,
                evidence,
                faults,
            })
        });
        let all: Result<Vec<Seen>, Error> = all.into_iter().collect();
        all?.try_into()
            .map_err(|_| Problem::new(Verdict::Environment, "a run is missing"))
    }

    fn evidence(&self, run: &Run) -> Vec<String> {
        let mut command = format!("see it again: {}", self.subject.command);
        for (place, arg) in run.get_args().enumerate() {
            command += if place == 0 { " -- " } else { " " };
            command += &arg.to_string_lossy();
        }
        let faults = run.faults().iter().map(|(child, fault)| {
            let what = match fault {
                Fault::KilledAtBirth(signal) | Fault::KilledAtEnd(signal) => {
                    format!("killed child {child}, counted from 0, by {signal}")
                }
                Fault::Exits(status) => {
                    format!("made child {child}, counted from 0, exit with status {status}")
                }
            };
            format!("in this run the checker {what}")
        });
        let again = run.faults().first_key_value().map(|_| {
            let Subject { package, seed, .. } = self.subject;
            format!("cargo lab check {package} --seed {seed} does the same again")
        });
        [command].into_iter().chain(faults).chain(again).collect()
    }
}

impl<S> Plan for Judge<S> {
    fn judge(&self, subject: Subject<'_>, path: &Path) -> TaskReport {
        let program = Program { path, subject };
        // A judge that panics has seen nothing.
        let judge = || match (self.observe)(&program) {
            Err(problem) => self.without_a_run(subject, &problem),
            Ok(seen) => report(self.claims(), subject, |place| {
                (self.checks[place].holds)(&seen)
            }),
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

/// Judges one claim after the other. Once one does not hold, those behind it have nothing
/// to stand on; and what could not be judged earns no points at all.
fn report(
    claims: Vec<(&str, u32)>,
    subject: Subject<'_>,
    mut judge: impl FnMut(usize) -> Finding,
) -> TaskReport {
    let mut failed: Option<Verdict> = None;
    let mut checks = Vec::new();
    for (place, (name, points)) in claims.into_iter().enumerate() {
        let finding = match failed {
            None => judge(place),
            Some(verdict) => {
                let message = "not judged: it depends on what is above";
                Err(Problem::new(verdict, message))
            }
        };
        let mut check = Check {
            name: name.into(),
            verdict: Verdict::Passed,
            score: points,
            max_score: points,
            message: String::new(),
            evidence: Vec::new(),
        };
        if let Err(problem) = finding {
            failed.get_or_insert(problem.verdict);
            check.score = 0;
            check.verdict = problem.verdict;
            check.message = problem.message;
            check.evidence = problem.evidence;
        }
        checks.push(check);
    }
    if failed == Some(Verdict::Environment) {
        for check in &mut checks {
            check.score = 0;
        }
    }
    TaskReport::new(subject.package, subject.binary, checks)
}
