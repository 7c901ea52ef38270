//! `cargo lab dev`: commands for developers of the lab.

use super::{CommandResult, Outcome};
use checker::Workspace;
use checker::checking::{CheckError, Selection, Whose, check};
use checker::exercises::EXERCISES;
use checker::handout::{Comparison, HandoutError, handouts};
use checker::judge::{Report, TaskReport, Verdict};
use checker::mistakes;
use std::io::{self, Write};

/// Writes all skeletons.
pub(crate) fn write_skeletons(workspace: &Workspace) -> CommandResult {
    let mut out = io::stdout().lock();
    for handout in handouts(workspace) {
        handout.write()?;
        writeln!(out, "written: {}", workspace.relative(&handout.skeleton))?;
    }
    Ok(Outcome::Passed)
}

/// Checks that skeletons match their solutions.
pub(crate) fn check_skeletons(workspace: &Workspace) -> CommandResult {
    let mut out = io::stdout().lock();
    let mut outcome = Outcome::Passed;
    for handout in handouts(workspace) {
        let skeleton = workspace.relative(&handout.skeleton);
        let problem = match handout.compare() {
            Ok(Comparison::Same) => None,
            Ok(Comparison::Different) => Some(
                "differs from its solution: edit the solution, then run cargo lab dev skeletons"
                    .into(),
            ),
            Ok(Comparison::Missing) => Some("is missing: run cargo lab dev skeletons".into()),
            Err(HandoutError::Marks { source, .. }) => Some(format!(
                "has a solution that is not marked properly: {source}"
            )),
            Err(error) => return Err(error.into()),
        };
        if problem.is_some() {
            outcome = Outcome::Failed;
        }
        let verdict = problem.unwrap_or_else(|| "in step".into());
        writeln!(out, "{skeleton}: {verdict}")?;
    }
    Ok(outcome)
}

/// Checks the verdicts on skeletons, solutions and known mistakes.
pub(crate) fn check_verdicts(workspace: &Workspace) -> CommandResult {
    let mut out = io::stdout().lock();
    let mut wrong = 0;

    let skeletons = report_on(workspace, Whose::Student)?;
    let tasks = skeletons.tasks.iter().filter(|task| task.max_score > 0);
    for task in tasks {
        let is_right = task.verdict() == Verdict::NotAttempted && task.score == 0;
        wrong += tell(&mut out, "skeleton", task, is_right)?;
    }
    for task in &report_on(workspace, Whose::Solution)?.tasks {
        let is_right = task.verdict() == Verdict::Passed && task.score == task.max_score;
        wrong += tell(&mut out, "solution", task, is_right)?;
    }
    let known = mistakes::mistakes(workspace)?;
    let built = mistakes::build_all(workspace)?;
    for judged in mistakes::judge(&built, &known) {
        let name = &judged.mistake.name;
        wrong += tell(&mut out, name, &judged.report, judged.is_as_expected())?;
    }
    Ok(match wrong {
        0 => Outcome::Passed,
        _ => Outcome::Failed,
    })
}

fn report_on(workspace: &Workspace, whose: Whose) -> Result<Report, CheckError> {
    let selection = Selection::of(EXERCISES.iter().collect());
    check(workspace, &Selection { whose, ..selection })
}

/// Prints the verdict on a program, and counts a wrong verdict.
fn tell(out: &mut impl Write, name: &str, task: &TaskReport, is_right: bool) -> io::Result<usize> {
    let TaskReport {
        package, binary, ..
    } = task;
    let verdict = task.verdict();
    if is_right {
        writeln!(out, "{package} {binary}, {name}: {verdict}")?;
        return Ok(0);
    }
    writeln!(out, "{package} {binary}, {name}: WRONG VERDICT {verdict}")?;
    for check in &task.checks {
        writeln!(
            out,
            "  {}: {}: {}",
            check.name, check.verdict, check.message
        )?;
    }
    Ok(1)
}
