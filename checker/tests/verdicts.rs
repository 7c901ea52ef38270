//! Every solution, every known mistake and every skeleton gets its verdict.

use checker::Workspace;
use checker::checking::{Selection, check};
use checker::exercises::EXERCISES;
use checker::handout::handouts;
use checker::judge::Verdict;
use checker::mistakes::{Judged, Mistake, build, build_all, judge, mistakes};
use std::error::Error;
use std::fs;
use tempfile::TempDir;

/// Words that stand in a text of the report on a known mistake: what the checker has done to the
/// run that can be repeated, or the cause.
const WORDS: [(&str, &str); 29] = [
    ("only-sigsegv", " was killed by SIG"),
    ("signal-part-only", " exited with status "),
    ("atomic-fences", "they must be one atomic step"),
    ("join-with-lock", "it waits forever"),
    ("exchange-tried-twice", "an addition has no effect"),
    ("exits-the-program", "thread 1 ended the whole program"),
    ("keeps-a-sender", "only the main thread is left"),
    ("waits-for-20-seconds", "it goes on before the thread"),
    (
        "spins-for-10-seconds",
        " again and again, for 10 s by that clock",
    ),
    (
        "signal-zero",
        "process 1 had ended, and no wait had returned it",
    ),
    ("polls-the-first-number", "looked again and again"),
    ("only-a-warning", "although the child was killed"),
    ("waits-for-one", " while process "),
    ("one-after-another", "its workers run one after another"),
    ("file-lock-inherited", "The lock lets several workers in"),
    ("let-underscore", "keep it from the load to the store"),
    (
        "returns-at-a-stop",
        "this wait returned before the child had ended",
    ),
    ("pairs-only", "seen: it waited for processes 0, 1, 2"),
    ("condition-without-a-loop", "main is woken spuriously"),
    ("lock-made-by-each-child", "process 2 asks for mutex B"),
    ("joined-twice", "Before, it had waited for process 1"),
    (
        "on-standard-error",
        "on standard error, not on standard output",
    ),
    ("names-run-out", "the len is 16 but the index is"),
    ("counter-private", "each worker adds to a copy of its own"),
    ("own-copy", "number 1 of them is 1 instead of -1"),
    ("exchange-with-an-old-value", "thread 2 never stops"),
    ("filled-after-the-start", "here it began too early"),
    ("signal-or-status", "seen: worker #: #"),
    ("locks-twice", "processes-locks-twice.rs:"),
];

#[test]
fn all_solutions_and_all_claims_pass() -> Result<(), Box<dyn Error>> {
    let selection = Selection {
        solutions: true,
        ..Selection::of(EXERCISES.iter().collect())
    };
    let report = check(&Workspace::locate(), &selection)?;
    let tasks = report.tasks.iter();
    let points: Vec<_> = tasks.map(|task| (task.score, task.max_score)).collect();
    let expected = [0, 0, 0, 0, 20, 20, 0, 30, 0, 0, 15, 15];
    assert_eq!(points, expected.map(|points| (points, points)));
    for check in report.tasks.iter().flat_map(|task| &task.checks) {
        assert_eq!(check.verdict, Verdict::Passed, "{check:#?}");
    }
    Ok(())
}

/// The message and the evidence of the failed check of a mistake.
fn words(judged: &Judged) -> String {
    let mut checks = judged.report.checks.iter();
    let failed = checks.find(|check| check.verdict == judged.report.verdict());
    let failed = failed.unwrap_or_else(|| panic!("{judged:#?}"));
    failed.message.clone() + &failed.evidence.concat()
}

#[test]
fn all_known_mistakes_get_their_verdicts() -> Result<(), Box<dyn Error>> {
    let workspace = Workspace::locate();
    let mistakes = mistakes(&workspace)?;
    let build = build_all(&workspace);
    assert_eq!(build.run()?.warnings, [""; 0]);
    let judged = judge(&build, &mistakes)?;
    assert_eq!(judged.len(), mistakes.len());
    for judged in &judged {
        assert!(judged.is_as_expected(), "{judged:#?}");
    }
    for (name, expected) in WORDS {
        let judged = judged.iter().find(|judged| judged.mistake.name == name);
        let judged = judged.ok_or(name)?;
        assert!(words(judged).contains(expected), "{judged:#?}");
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
    let verdicts = "did-not-wait no-worker wrong-output wrong-output wrong-output";
    let handouts = handouts(&workspace);
    assert_eq!(handouts.len(), 5);
    for (handout, expected) in handouts.into_iter().zip(verdicts.split(' ')) {
        let exercise = handout.exercise;
        let source = folder.path().join(format!("{}.rs", exercise.name()));
        fs::write(&source, handout.render()?)?;
        skeletons.push(Mistake {
            exercise,
            name: "skeleton".into(),
            source,
            expected: expected.into(),
        });
    }
    let build = build(&workspace, "uncommented-skeletons", &skeletons)?;
    for judged in judge(&build, &skeletons)? {
        assert!(judged.is_as_expected(), "{judged:#?}");
        assert_eq!(judged.report.score, 0, "{judged:#?}");
    }
    Ok(())
}
