//! Every skeleton, every solution and every known mistake gets its verdict.

use checker::checking::{Selection, Whose, check};
use checker::judge::{Report, Status, Subject, Verdict, plan};
use checker::{Build, Workspace};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

const ALL: Selection<'_> = Selection {
    package: None,
    binary: None,
    whose: Whose::Student,
};

fn report_on(whose: Whose) -> Report {
    let workspace = Workspace::locate().expect("the workspace");
    check(&workspace, Selection { whose, ..ALL }).expect("a report")
}

#[test]
fn all_solutions_and_all_claims_pass() {
    let report = report_on(Whose::Solution);
    for task in &report.tasks {
        assert_eq!(task.status, Status::Passed, "{task:#?}");
    }
    assert_eq!((report.score, report.max_score), (100, 100));
    let points = |task: &checker::judge::TaskReport| task.max_score;
    let points: Vec<_> = report.tasks.iter().map(points).collect();
    assert_eq!(points, [0, 0, 0, 0, 30, 30, 0, 40, 0, 0]);
}

/// A known mistake: where it is, what it stands for, and the verdict that its
/// first line asks for.
struct Mistake {
    package: String,
    binary: String,
    name: String,
    source: PathBuf,
    verdict: String,
}

fn mistakes() -> Vec<Mistake> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/mistakes");
    let name = |path: &Path| {
        path.file_stem()
            .and_then(|n| n.to_str())
            .expect("a name")
            .to_owned()
    };
    let mut mistakes = Vec::new();
    for package in entries(&folder) {
        for binary in entries(&package) {
            for source in entries(&binary) {
                let text = fs::read_to_string(&source).expect("a source");
                let first = text.lines().next().unwrap_or_default();
                let verdict = first.strip_prefix("//! Verdict: ").expect("a verdict");
                mistakes.push(Mistake {
                    package: name(&package),
                    binary: name(&binary),
                    name: name(&source),
                    verdict: verdict.into(),
                    source,
                });
            }
        }
    }
    mistakes
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder");
    entries
        .map(|entry| entry.expect("an entry").path())
        .collect()
}

#[test]
fn all_known_mistakes_get_their_verdicts() {
    let workspace = Workspace::locate().expect("the workspace");
    let mistakes = mistakes();
    let target = |m: &Mistake| format!("{}-{}-{}", m.package, m.binary, m.name);
    let sources: BTreeMap<_, _> = mistakes
        .iter()
        .map(|m| (target(m), m.source.clone()))
        .collect();
    let build = Build::sources(&workspace, "mistakes", &sources).expect("a package");
    let built = build.run().unwrap_or_else(|error| panic!("{error}"));

    // Most of them wait for something, so many can run at once.
    let mut wrong = Vec::new();
    for several in mistakes.chunks(8) {
        std::thread::scope(|scope| {
            let judge = |m| {
                let program = &built.programs[&target(m)];
                scope.spawn(move || {
                    let subject = Subject {
                        package: &m.package,
                        binary: &m.binary,
                        command: &m.name,
                    };
                    let plan = plan(&m.package, &m.binary).expect("a plan");
                    plan.judge(subject, program)
                })
            };
            let judges: Vec<_> = several.iter().map(|m| (m, judge(m))).collect();
            for (m, judge) in judges {
                let report = judge.join().expect("a report");
                let has_all_points = report.score == report.max_score;
                let is_right = report.verdict().name() == m.verdict
                    && (report.verdict() == Verdict::Passed) == has_all_points;
                if !is_right {
                    wrong.push(format!(
                        "{}, expected {}: {report:#?}",
                        target(m),
                        m.verdict
                    ));
                }
            }
        });
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
