//! Every solution, every known mistake and every skeleton gets its verdict.

use checker::Workspace;
use checker::checking::{Selection, Whose, check};
use checker::exercises::EXERCISES;
use checker::handout::handouts;
use checker::judge::{Report, Status, Verdict};
use checker::mistakes::{Judged, Mistake, build, build_all, judge, mistakes};
use std::error::Error;
use std::fs;
use tempfile::TempDir;

fn report_on(whose: Whose) -> Result<Report, Box<dyn Error>> {
    let selection = Selection::of(EXERCISES.iter().collect());
    let selection = Selection { whose, ..selection };
    Ok(check(&Workspace::locate(), &selection)?)
}

/// Judges the known mistakes with these names.
fn judge_some(names: &[&str]) -> Result<Vec<Judged>, Box<dyn Error>> {
    let workspace = Workspace::locate();
    let mut mistakes = mistakes(&workspace)?;
    mistakes.retain(|mistake| names.contains(&&*mistake.name));
    Ok(judge(&build_all(&workspace)?, &mistakes))
}

#[test]
fn all_solutions_and_all_claims_pass() -> Result<(), Box<dyn Error>> {
    let report = report_on(Whose::Solution)?;
    for task in &report.tasks {
        assert_eq!(task.status, Status::Passed, "{task:#?}");
    }
    assert_eq!((report.score, report.max_score), (100, 100));
    let points: Vec<_> = report.tasks.iter().map(|task| task.max_score).collect();
    assert_eq!(points, [0, 0, 0, 0, 20, 20, 0, 30, 0, 0, 15, 15]);
    Ok(())
}

#[test]
fn all_known_mistakes_get_their_verdicts() -> Result<(), Box<dyn Error>> {
    let workspace = Workspace::locate();
    let mistakes = mistakes(&workspace)?;
    let judged = judge(&build_all(&workspace)?, &mistakes);
    assert_eq!(judged.len(), mistakes.len());
    for judged in judged {
        assert!(judged.is_as_expected(), "{judged:#?}");
    }
    Ok(())
}

/// A student who runs the command that is given as evidence does not see what the checker
/// has done.
#[test]
fn an_injected_fault_is_told() -> Result<(), Box<dyn Error>> {
    let judged = judge_some(&["only-sigsegv", "signal-part-only"])?;
    let faults = [" was killed by SIG", " exited with status "];
    assert_eq!(judged.len(), faults.len());
    for (judged, fault) in judged.iter().zip(faults) {
        let checks = judged.report.checks.iter();
        let mut evidence = checks.flat_map(|check| &check.evidence);
        assert!(
            evidence.any(|line| line.starts_with("in this run") && line.contains(fault)),
            "{judged:#?}"
        );
    }
    Ok(())
}

#[test]
fn messages_name_the_cause() -> Result<(), Box<dyn Error>> {
    let causes = [
        ("atomic-fences", "they must be one atomic step"),
        ("join-with-lock", "it waits forever"),
        ("waits-for-20-seconds", "it goes on before the thread"),
    ];
    let judged = judge_some(&causes.map(|(name, _)| name))?;
    assert_eq!(judged.len(), causes.len());
    for judged in judged {
        let cause = causes.iter().find(|(name, _)| *name == judged.mistake.name);
        let (_, cause) = cause.ok_or("no cause")?;
        let mut checks = judged.report.checks.iter();
        let failed = checks.find(|check| check.score == 0 && check.max_score > 0);
        let message = &failed.ok_or("no failed check")?.message;
        assert!(message.contains(cause), "{judged:#?}");
    }
    Ok(())
}

/// Without the comments of the lab a skeleton is a program like any other, and
/// none of them gets a point.
#[test]
fn no_skeleton_gets_the_points_of_its_task() -> Result<(), Box<dyn Error>> {
    let workspace = Workspace::locate();
    let folder = TempDir::new()?;
    let mut skeletons = Vec::new();
    for handout in handouts(&workspace) {
        let source = folder
            .path()
            .join(format!("{}.rs", handout.exercise.name()));
        fs::write(&source, handout.render()?)?;
        let expected = match (handout.exercise.package, handout.exercise.binary) {
            ("wait-for-me", "threads") => Verdict::NoWorker,
            ("wait-for-me", "processes") => Verdict::DidNotWait,
            _ => Verdict::WrongOutput,
        };
        skeletons.push(Mistake {
            exercise: handout.exercise,
            name: "skeleton".into(),
            source,
            expected: expected.to_string(),
        });
    }
    assert_eq!(skeletons.len(), 5);
    let built = build(&workspace, "uncommented-skeletons", &skeletons)?;
    for judged in judge(&built, &skeletons) {
        assert!(judged.is_as_expected(), "{judged:#?}");
        assert_eq!(judged.report.score, 0, "{judged:#?}");
    }
    Ok(())
}
