//! The guide quotes the report that `cargo lab check` prints for a program that passes.

use crate::programs::WORKSPACE;
use crate::text::{Page, all_blocks};
use checker::exercises::{EXERCISES, Exercise};
use checker::format::{Format, render};
use checker::judge::{Report, Subject, Verdict};
use checker::mistakes::mistakes;
use checker::terminal::without_colors;
use std::collections::BTreeSet;
use std::path::Path;

/// The report of `cargo lab check` for a program that passes all checks.
fn verified(exercise: &Exercise) -> String {
    let subject = Subject {
        package: exercise.package,
        binary: exercise.binary,
        target: exercise.binary,
        source: Path::new(""),
        seed: 0,
        build: None,
    };
    let report = Report::new(vec![exercise.plan.all_passed(subject)], 0);
    let text = without_colors(&render(&report, Format::Human, 80).expect("a report"));
    let (package, binary) = (exercise.package, exercise.binary);
    format!("$ cargo lab check {package} --bin {binary}\n{text}")
}

#[test]
fn each_claim_has_a_check_and_each_check_a_claim() {
    let mut checks: Vec<String> = EXERCISES.iter().map(verified).collect();
    let mut claims = all_blocks("console");
    claims.retain(|block| block.starts_with("$ cargo lab check"));
    checks.sort();
    claims.sort();
    for (claim, check) in claims.iter().zip(&checks) {
        assert_eq!(claim, check.trim_end(), "the text and the check");
    }
    assert_eq!(claims.len(), checks.len(), "each program once");
}

/// The report that the guide shows as JSON is one.
#[test]
fn the_json_of_the_guide_is_a_report() {
    let example = all_blocks("json").swap_remove(0);
    let report: Report = serde_json::from_str(&example).expect("a report");
    let json = render(&report, Format::Json, 80).expect("JSON");
    assert_eq!(json, example + "\n");
}

/// The table of verdicts has those that there are, and the chapter counts the known mistakes.
#[test]
fn verdicts_are_explained() {
    let page = Page::chapter("verdicts").text;
    let (_, table) = page.split_once("| verdict | meaning |").expect("a table");
    let rows = table.lines().skip(2);
    let rows = rows.map_while(|row| row.strip_prefix("| `")?.split_once('`'));
    let names: BTreeSet<&str> = rows.map(|(name, _)| name).collect();
    for name in &names {
        let verdict: Verdict = serde_json::from_str(&format!("\"{name}\"")).expect(name);
        assert_eq!(verdict.to_string(), *name);
    }
    assert!(names.contains(&*Verdict::Environment.to_string()));
    let mistakes = mistakes(&WORKSPACE).expect("mistakes");
    let verdicts = mistakes.iter().map(|mistake| &*mistake.expected);
    for verdict in verdicts.clone() {
        assert!(names.contains(verdict), "{verdict}");
    }
    let (all, passed) = (mistakes.len(), Verdict::Passed.to_string());
    let right = verdicts.filter(|name| *name == passed).count();
    let numbers = format!("{all} programs with known verdicts test the checker. {right} of them");
    assert!(page.contains(&numbers), "{numbers}");
}
