//! `cargo lab hint`: prints a hint for a task.

use super::{CommandResult, Which};
use anyhow::Context;
use checker::Workspace;
use checker::quiz::answers::Answers;
use checker::terminal::{self, fill};
use std::fmt::Write;

/// Prints a hint for a task; the last of three hints is nearly the solution
#[derive(clap::Args)]
pub(crate) struct Hint {
    #[command(flatten)]
    which: Which,
    /// The number of the hint; by default, the next one
    #[arg(long)]
    step: Option<usize>,
}

impl Hint {
    pub(crate) fn run(&self, workspace: &Workspace) -> CommandResult {
        let handout = self.which.task(workspace)?;
        let name = handout.exercise.name();
        let task = handout.exercise.task.context("this program has no task")?;
        let mut seen = Answers::load(workspace)?;
        let key = format!("hint {name}");
        let last = seen.to(&key).and_then(|step| step.parse().ok());
        let next = (last.unwrap_or(0) + 1).min(task.hints.len());
        let step = self.step.unwrap_or(next);
        let hint = task.hints.get(step.wrapping_sub(1));
        let hint = hint.context("there are three steps: 1, 2 and 3")?;
        let mut text = format!("Hint {step} of 3 for {name}\n\n");
        text += &fill(hint, terminal::width().clamp(40, 80), "  ", "  ");
        if step < task.hints.len() {
            writeln!(text, "\nMore: cargo lab hint {name}")?;
        } else if handout.solution.exists() {
            let solution = workspace.relative(&handout.solution);
            writeln!(text, "\nThe solution: {solution}")?;
        }
        terminal::print(&text)?;
        if self.step.is_none() {
            seen.keep(&key, &step.to_string())?;
        }
        Ok(true)
    }
}
