//! `cargo lab check`: judges programs and shows the verdicts.

use super::{CommandResult, Which, current};
use crate::commands::show::Form;
use anyhow::bail;
use checker::Workspace;
use checker::build::COMPILE_LIMIT;
use checker::checking::{Selection, check};
use checker::exercises::exercise;
use checker::judge::{Report, Status, TaskReport, Verdict};
use checker::seed::random_seed;
use checker::terminal;
use std::fs;
use std::time::Duration;

/// Builds your programs, runs them, and reports the results
#[derive(clap::Args)]
pub(crate) struct Check {
    #[command(flatten)]
    which: Which,
    /// Check the lab's solutions instead of your files
    #[arg(long)]
    solutions: bool,
    /// Check all programs, if you name none
    #[arg(long)]
    all: bool,
    /// Check only the task at hand, as without a name
    #[arg(long, conflicts_with_all = ["solutions", "all"])]
    current: bool,
    #[command(flatten)]
    form: Form,
    /// Limit the CPU time of all compilers together, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = COMPILE_LIMIT.as_secs(),
        value_parser = clap::value_parser!(u64).range(1..=86400))]
    compile_limit: u64,
    /// The seed of all random choices; a report shows its seed
    #[arg(long, value_name = "NUMBER")]
    seed: Option<u64>,
}

impl Check {
    pub(crate) fn run(&self, workspace: &Workspace) -> CommandResult {
        // The other formats and the solutions are for readers of the whole report.
        let is_for_student = self.form.is_for_terminal() && !self.solutions;
        let is_open = || is_for_student && !self.all && self.which.is_open(workspace);
        let only_current = self.current || is_open();
        let mut exercises = self.which.exercises(workspace)?;
        if only_current && exercises.iter().any(|exercise| exercise.task.is_some()) {
            exercises.retain(|exercise| exercise.task.is_some());
        }
        let selection = Selection {
            exercises,
            solutions: self.solutions,
            compile_limit: Duration::from_secs(self.compile_limit),
            seed: self.seed.unwrap_or_else(random_seed),
        };
        let mut report = check(workspace, &selection)?;
        let next = current(&report.tasks).cloned();
        if only_current && let Some(task) = at_hand(workspace, &report.tasks, next.as_ref()) {
            report = Report::new(vec![task.clone()], report.seed);
        }
        self.form.write(&report)?;
        let worst = report.tasks.iter().map(|task| task.status).max();
        let is_right = worst.is_none_or(|status| status == Status::Passed);
        if let (true, Some(next)) = (is_for_student && only_current && is_right, next) {
            let name = next.name();
            terminal::print(&format!("\nNext: {name}. `cargo lab` shows more.\n"))?;
        }
        if worst == Some(Status::Error) {
            bail!("some programs could not be judged: the report says why");
        }
        Ok(is_right)
    }
}

/// The current task. If it was not begun, and others are done, the student has just finished one:
/// the task whose file was saved last.
fn at_hand<'a>(
    workspace: &Workspace,
    tasks: &'a [TaskReport],
    current: Option<&'a TaskReport>,
) -> Option<&'a TaskReport> {
    let current = current?;
    let passed = tasks.iter().filter(|task| task.status == Status::Passed);
    let saved = |task: &&TaskReport| {
        let source = exercise(&task.package, &task.binary)?.source();
        let file = fs::metadata(workspace.root().join(source)).ok()?;
        file.modified().ok()
    };
    match current.verdict() {
        Verdict::NotAttempted => passed.max_by_key(saved).or(Some(current)),
        _ => Some(current),
    }
}
