//! The guide quotes the report that `cargo lab check` prints for a program that passes.

use crate::text::{blocks, pages, read, root};
use checker::Workspace;
use checker::exercises::{EXERCISES, Exercise};
use checker::format::{Format, render};
use checker::judge::{Report, Subject, Verdict};
use checker::mistakes::mistakes;
use checker::terminal::without_colors;
use std::collections::BTreeSet;
use std::path::Path;

/// The report of `cargo lab check` for a program that passes all checks.
fn verified(exercise: &Exercise) -> String {
    let Exercise {
        package,
        binary,
        plan,
        ..
    } = exercise;
    let subject = Subject {
        package,
        binary,
        target: binary,
        source: Path::new(""),
        seed: 0,
        build: None,
    };
    let report = Report::new(vec![plan.all_passed(subject)], 0);
    let text = render(&report, Format::Human, 80).expect("a report");
    let text = without_colors(&text);
    format!("$ cargo lab check {package} --bin {binary}\n{text}")
}

#[test]
fn each_claim_has_a_check_and_each_check_a_claim() {
    let mut checks: Vec<String> = EXERCISES.iter().map(verified).collect();
    let consoles = pages()
        .into_iter()
        .flat_map(|page| blocks(&read(&page), "console"));
    let mut claims: Vec<String> = consoles
        .filter(|block| block.starts_with("$ cargo lab check"))
        .map(|block| block + "\n")
        .collect();
    checks.sort();
    claims.sort();
    for (claim, check) in claims.iter().zip(&checks) {
        assert_eq!(claim, check, "the text says this, and the check that");
    }
    assert_eq!(claims.len(), checks.len(), "each program once");
}

/// The report that the guide shows as JSON is one.
#[test]
fn the_json_of_the_guide_is_a_report() {
    let mut examples = pages()
        .into_iter()
        .flat_map(|page| blocks(&read(&page), "json"));
    let example = examples.next().expect("an example");
    let report: Report = serde_json::from_str(&example).expect("a report");
    assert_eq!(
        render(&report, Format::Json, 80).expect("JSON"),
        example + "\n"
    );
}

/// The table of verdicts has those that there are, and the chapter counts the known mistakes.
#[test]
fn verdicts_are_explained() {
    let page = read(&root().join("book/src/verdicts.md"));
    let (_, table) = page.split_once("| verdict | meaning |").expect("a table");
    let rows = table
        .lines()
        .skip(2)
        .map_while(|row| row.strip_prefix("| `"));
    let names: BTreeSet<&str> = rows
        .filter_map(|row| Some(row.split_once('`')?.0))
        .collect();
    for name in &names {
        let verdict: Verdict = serde_json::from_str(&format!("\"{name}\"")).expect(name);
        assert_eq!(verdict.to_string(), *name);
    }
    let mistakes = mistakes(&Workspace::locate()).expect("mistakes");
    for mistake in &mistakes {
        assert!(names.contains(&*mistake.expected), "{}", mistake.expected);
    }
    assert!(names.contains(&*Verdict::Environment.to_string()));
    let passed = Verdict::Passed.to_string();
    let right = mistakes.iter().filter(|mistake| mistake.expected == passed);
    let (all, right) = (mistakes.len(), right.count());
    let numbers = format!("{all} programs with known verdicts test the checker. {right} of them");
    assert!(page.contains(&numbers), "{numbers}");
}
