//! What the lab thinks of the programs, whatever format it is shown in.

use engine::Layer;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The version of the form in which a report is written as JSON.
pub const SCHEMA: u32 = 1;

/// All that was judged.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Report {
    /// The version of this form: [`SCHEMA`].
    pub schema: u32,
    /// The points of all programs.
    pub score: u32,
    /// As many points as there are.
    pub max_score: u32,
    /// What was drawn at random was drawn from this number: `--seed` repeats it.
    pub seed: u64,
    /// What has to be said of the whole, if anything.
    pub remarks: Vec<String>,
    /// The programs, in the order of the lab.
    pub tasks: Vec<TaskReport>,
}

/// What the lab thinks of one program.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TaskReport {
    /// The name of its package.
    pub package: String,
    /// The name of the binary.
    pub binary: String,
    /// Whether all is well with it.
    pub status: Status,
    /// Its points.
    pub score: u32,
    /// As many points as there are; 0 for programs without a task.
    pub max_score: u32,
    /// What was looked at, in order.
    pub checks: Vec<Check>,
}

/// One thing that was looked at.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Check {
    /// What it is about, as a claim: "the program waits for the thread".
    pub name: String,
    /// What came of it.
    pub verdict: Verdict,
    /// Its points.
    pub score: u32,
    /// As many points as there are.
    pub max_score: u32,
    /// What came of it, in a sentence. May quote the program.
    pub message: String,
    /// What was run, expected and seen, and the command to see it again. May
    /// quote the program.
    pub evidence: Vec<String>,
}

/// Whether all is well with a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// Every check is passed.
    Passed,
    /// Some are not.
    Failed,
    /// It could not be judged, and that is not its fault.
    Error,
}

/// What came of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// It is as it should be.
    Passed,
    /// The file is as it was handed out.
    NotAttempted,
    /// There is no program.
    DoesNotCompile,
    /// Nobody else does the work, or it is not who was asked for.
    NoWorker,
    /// The program does not wait for its worker.
    DidNotWait,
    /// It prints something else than it should.
    WrongOutput,
    /// It ended in another way than it should.
    Crashed,
    /// It did not end in time.
    TimedOut,
    /// It printed without end.
    TooMuchOutput,
    /// Something of it was left when it had ended.
    LeftRunning,
    /// The machine is at fault, not the program.
    Environment,
}

impl Verdict {
    /// Its name, as it stands in every format.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::NotAttempted => "not-attempted",
            Self::DoesNotCompile => "does-not-compile",
            Self::NoWorker => "no-worker",
            Self::DidNotWait => "did-not-wait",
            Self::WrongOutput => "wrong-output",
            Self::Crashed => "crashed",
            Self::TimedOut => "timed-out",
            Self::TooMuchOutput => "too-much-output",
            Self::LeftRunning => "left-running",
            Self::Environment => "environment",
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Report {
    /// Puts the programs together.
    #[must_use]
    pub fn new(tasks: Vec<TaskReport>, seed: u64) -> Self {
        Self {
            schema: SCHEMA,
            seed,
            remarks: remarks(),
            score: tasks.iter().map(|task| task.score).sum(),
            max_score: tasks.iter().map(|task| task.max_score).sum(),
            tasks,
        }
    }
}

/// What the machine lacks to keep programs in their place.
fn remarks() -> Vec<String> {
    let missing = engine::missing_layers();
    let mut remarks = Vec::new();
    if missing.contains(&Layer::Files) {
        remarks.push(
            "this kernel has no Landlock: a judged program can write wherever its user can".into(),
        );
    }
    remarks
}

impl TaskReport {
    /// Puts the checks of a program together.
    pub fn new(package: impl Into<String>, binary: impl Into<String>, checks: Vec<Check>) -> Self {
        let mut verdicts = checks.iter().map(|check| check.verdict);
        let status = if verdicts
            .clone()
            .any(|verdict| verdict == Verdict::Environment)
        {
            Status::Error
        } else if verdicts.all(|verdict| verdict == Verdict::Passed) {
            Status::Passed
        } else {
            Status::Failed
        };
        Self {
            package: package.into(),
            binary: binary.into(),
            status,
            score: checks.iter().map(|check| check.score).sum(),
            max_score: checks.iter().map(|check| check.max_score).sum(),
            checks,
        }
    }

    /// What it is about: `wait-for-me threads`.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{} {}", self.package, self.binary)
    }

    /// The verdict on the whole: the first that is not `passed`, in the order of
    /// the checks.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        let mut verdicts = self.checks.iter().map(|check| check.verdict);
        verdicts
            .find(|&verdict| verdict != Verdict::Passed)
            .unwrap_or(Verdict::Passed)
    }
}
