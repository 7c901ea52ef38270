//! A verdict names the line of the program where it matters.

use checker::Workspace;
use checker::exercises::exercise;
use checker::format::{Format, render};
use checker::judge::{Problem, Report, Subject, TaskReport, Verdict};
use checker::mistakes::{Mistake, build, judge};
use checker::terminal::without_colors;
use std::error::Error;
use std::fs;

/// The programs of this folder, the verdict of each, and how its lines are marked.
const PROGRAMS: [(&str, &str, &[&str]); 7] = [
    ("threads-crashes", "crashed", &["here"]),
    ("threads-aborts", "crashed", &["here"]),
    ("threads-panics", "crashed", &[]),
    ("threads-goes-on", "did-not-wait", &["here"]),
    ("threads-deadlock", "timed-out", &["here", "here too"]),
    ("processes-goes-on", "did-not-wait", &["here"]),
    ("processes-deadlock", "timed-out", &["here", "here too"]),
];

/// The programs, judged.
fn judged() -> Result<Vec<(Mistake, TaskReport)>, Box<dyn Error>> {
    let workspace = Workspace::locate();
    let mistake = |(name, expected, _): &(&str, &str, _)| {
        let binary = name.split('-').next()?;
        Some(Mistake {
            exercise: exercise("wait-for-me", binary)?,
            name: (*name).into(),
            source: workspace
                .root()
                .join(format!("checker/tests/lines/{name}.rs")),
            expected: (*expected).into(),
        })
    };
    let programs: Option<Vec<_>> = PROGRAMS.iter().map(mistake).collect();
    let programs = programs.ok_or("an exercise")?;
    let built = build(&workspace, "lines", &programs)?;
    let judged = judge(&built, &programs).into_iter();
    Ok(judged.map(|one| (one.mistake, one.report)).collect())
}

#[test]
fn a_verdict_names_the_line_where_it_matters() -> Result<(), Box<dyn Error>> {
    let judged = judged()?;
    assert_eq!(judged.len(), PROGRAMS.len());
    for ((mistake, report), (.., marks)) in judged.iter().zip(PROGRAMS) {
        let source = fs::read_to_string(&mistake.source)?;
        let place_of = |mark: &&str| {
            let end = format!(" // {mark}");
            let mut lines = (1..).zip(source.lines());
            let (number, line) = lines.find(|(_, line)| line.ends_with(&end))?;
            let file = mistake.source.display();
            Some(format!("at {file}:{number}: {}", line.trim()))
        };
        let expected: Option<Vec<_>> = marks.iter().map(place_of).collect();
        let failed = report.checks.iter().find(|check| !check.message.is_empty());
        let failed = failed.ok_or("it does not pass")?;
        assert_eq!(failed.verdict.to_string(), mistake.expected, "{failed:#?}");
        let places = failed.evidence.iter();
        let places: Vec<_> = places
            .filter(|line| line.starts_with("at "))
            .cloned()
            .collect();
        assert_eq!(Some(places), expected, "{failed:#?}");
    }
    Ok(())
}

/// People see it as the compiler shows a line, in narrow terminals too.
#[test]
fn a_line_is_shown_as_the_compiler_shows_it() {
    let exercise = exercise("wait-for-me", "threads").expect("an exercise");
    let subject = Subject {
        package: exercise.package,
        binary: exercise.binary,
        target: exercise.binary,
        source: &exercise.source(),
        seed: 0,
        build: None,
    };
    let problem = Problem::new(Verdict::DidNotWait, "it goes on")
        .with("at wait-for-me/src/bin/threads.rs:31: print_slowly(&NUMBERS, \"and\", \"more\")?;");
    let report = Report::new(vec![exercise.plan.without_a_run(subject, &problem)], 0);
    let shown = |width| without_colors(&render(&report, Format::Human, width).expect("a report"));
    let expected = "      |   --> wait-for-me/src/bin/threads.rs:31
      | 31 | print_slowly(&NUMBERS, \"and\", \"more\")?;
      |    | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n";
    assert!(shown(80).contains(expected), "{}", shown(80));
    let expected = "      |   --> …me/src/bin/threads.rs:31
      | 31 | print_slowly(&NUMBERS, \"an…\n";
    assert!(shown(40).contains(expected), "{}", shown(40));
    let is_narrow = |line: &str| line.chars().count() <= 40;
    assert!(shown(40).lines().all(is_narrow), "{}", shown(40));
}
