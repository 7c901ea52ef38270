//! The verdicts on programs, independent of the output format.

use engine::Layer;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The version of the JSON form of a report.
pub const SCHEMA: u32 = 1;

/// The report on all judged programs.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Report {
    /// The version of this form: [`SCHEMA`].
    pub schema: u32,
    /// The points of all programs.
    pub score: u32,
    /// The largest possible number of points.
    pub max_score: u32,
    /// The seed of all random choices: `--seed` repeats them.
    pub seed: u64,
    /// The warnings about the whole report.
    pub remarks: Vec<String>,
    /// The programs, in the order of the lab.
    pub tasks: Vec<TaskReport>,
}

/// The report on one program.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TaskReport {
    /// The name of its package.
    pub package: String,
    /// The name of the binary.
    pub binary: String,
    /// Whether it passed.
    pub status: Status,
    /// Its points.
    pub score: u32,
    /// The largest possible number of points; 0 for programs without a task.
    pub max_score: u32,
    /// Its checks, in order.
    pub checks: Vec<Check>,
}

/// A check and its result.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Check {
    /// The claim: "the program waits for the thread".
    pub name: String,
    /// The verdict.
    pub verdict: Verdict,
    /// Its points.
    pub score: u32,
    /// The largest possible number of points.
    pub max_score: u32,
    /// The result in a sentence. It may quote the program's output.
    pub message: String,
    /// The run, the expected and the observed result, and the command that repeats the run. May
    /// quote the program's output.
    pub evidence: Vec<String>,
}

/// The overall result of a program, from good to bad.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// The program passed every check.
    Passed,
    /// It failed a check.
    Failed,
    /// It could not be judged, for a reason outside the program.
    Error,
}

/// The result of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// The claim holds.
    Passed,
    /// The file is unchanged.
    NotAttempted,
    /// The program does not compile.
    DoesNotCompile,
    /// No other task does the work, or the task is of the wrong kind.
    NoWorker,
    /// The program does not wait for its worker.
    DidNotWait,
    /// The program prints the wrong output.
    WrongOutput,
    /// The program ended in the wrong way.
    Crashed,
    /// The program exceeded the time limit.
    TimedOut,
    /// The program exceeded the limit of its output or of its files.
    TooMuchOutput,
    /// A process of the program was still running when the program had ended.
    LeftRunning,
    /// The checker could not judge the program: the machine lacks something, the jail refused a
    /// call, or the checker failed.
    Environment,
}

impl Verdict {
    /// The status of a program that has this verdict on one of its checks.
    #[must_use]
    pub const fn status(self) -> Status {
        match self {
            Self::Passed => Status::Passed,
            Self::Environment => Status::Error,
            _ => Status::Failed,
        }
    }
}

/// Its name in every format: `did-not-wait`.
impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(f)
    }
}

impl Report {
    /// Combines the reports on the programs.
    #[must_use]
    pub fn new(tasks: Vec<TaskReport>, seed: u64) -> Self {
        let can_write = engine::missing_layers().contains(&Layer::Files).then_some(
            "this kernel has no Landlock: a judged program can write wherever its user can",
        );
        Self {
            schema: SCHEMA,
            seed,
            remarks: can_write.into_iter().map(Into::into).collect(),
            score: tasks.iter().map(|task| task.score).sum(),
            max_score: tasks.iter().map(|task| task.max_score).sum(),
            tasks,
        }
    }
}

impl TaskReport {
    /// Combines the checks of a program.
    pub fn new(package: impl Into<String>, binary: impl Into<String>, checks: Vec<Check>) -> Self {
        let statuses = checks.iter().map(|check| check.verdict.status());
        Self {
            package: package.into(),
            binary: binary.into(),
            status: statuses.max().unwrap_or(Status::Passed),
            score: checks.iter().map(|check| check.score).sum(),
            max_score: checks.iter().map(|check| check.max_score).sum(),
            checks,
        }
    }

    /// The name of the program: `wait-for-me threads`.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{} {}", self.package, self.binary)
    }

    /// The verdict on the whole program: the first that is not `passed`, in the order of the
    /// checks.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        let mut verdicts = self.checks.iter().map(|check| check.verdict);
        verdicts
            .find(|&verdict| verdict != Verdict::Passed)
            .unwrap_or(Verdict::Passed)
    }
}
