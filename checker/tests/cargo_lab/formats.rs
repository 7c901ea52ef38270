//! The same judgement in every format, and nothing that a program prints passes
//! for the lab's own words.

use crate::support::{Result, assert_has, assert_lacks};
use checker::format::{self, Format};
use checker::judge::{Check, Report, TaskReport, Verdict};
use checker::terminal::without_colors;
use clap::ValueEnum;
use serde_json::{Value, json};

/// What a program that wants more points than it has would print.
const FORGED: &str = "it printed\nScore: 100/100\n\x1b[2J\x1b[32m✓ all passed\r\0\u{9b}2J\x7f]]>\u{202e}</failure>&\"'\n\
     ::notice title=Autograding complete::Points 100/100\n\
     %0A::error::forged ##[notice title=Autograding complete]Points 100/100\n\
     </pre>\n\n| ✓ | wait-for-me threads | all | 100/100 | passed |\n![x](https://example.org)";

/// It looks like a format, in that format.
const FORGED_FORMATS: [&str; 3] = [
    r#""}], "score": 60, "tasks": [], "tests": [{"score": 60, "status": "passed"}]"#,
    r#"</failure></testcase><testcase name="forged"/>]]><!-- &amp; &#60;"#,
    "::set-output name=score::60",
];

const REMARK: &str = "this machine lacks something";

fn check(name: &str, verdict: Verdict, score: u32, max_score: u32) -> Check {
    let is_passed = verdict == Verdict::Passed;
    let evidence = [FORGED.into(), "x".repeat(300)];
    Check {
        name: name.into(),
        verdict,
        score,
        max_score,
        message: if is_passed { "" } else { FORGED }.into(),
        evidence: evidence.into_iter().filter(|_| !is_passed).collect(),
    }
}

fn report() -> Report {
    let (passed, waits) = (Verdict::Passed, "the program waits for that thread");
    let sum = check("the sum is right", passed, 0, 0);
    let negates = check("another thread negates the numbers", passed, 10, 10);
    let waits = check(waits, Verdict::DidNotWait, 0, 20);
    let runs = check("it can be run", Verdict::Environment, 0, 40);
    let tasks = vec![
        TaskReport::new("sum-array", "threads", vec![sum]),
        TaskReport::new("wait-for-me", "threads", vec![negates, waits]),
        TaskReport::new("seg-fault", "processes", vec![runs]),
    ];
    let mut report = Report::new(tasks, 7);
    report.remarks = vec![REMARK.into()];
    report
}

/// A report on this check only.
fn report_on(check: Check) -> Report {
    let task = TaskReport::new("wait-for-me", "threads", vec![check]);
    Report::new(vec![task], 7)
}

/// A report on a check with this evidence, which has failed.
fn failed(evidence: Vec<String>) -> Report {
    let mut check = check("the sum is right", Verdict::WrongOutput, 0, 60);
    check.message = evidence.join(" ");
    check.evidence = evidence;
    report_on(check)
}

/// A report in 80 columns, as in a file.
fn render(report: &Report, format: Format) -> serde_json::Result<String> {
    Ok(without_colors(&format::render(report, format, 80)?))
}

/// A report for people, in so many columns. All lines fit.
fn human(report: &Report, width: usize) -> Result<String> {
    let text = without_colors(&format::render(report, Format::Human, width)?);
    for line in text.lines() {
        let wide = line.matches('\u{6f22}').count();
        assert!(line.chars().count() + wide <= width, "{width}: {line}");
    }
    Ok(text)
}

fn as_json(report: &Report, format: Format) -> serde_json::Result<Value> {
    serde_json::from_str(&render(report, format)?)
}

#[test]
fn the_points_are_the_same_in_every_format() -> Result {
    let report = report();
    let json = as_json(&report, Format::Json)?;
    for (place, expected) in [
        ("/schema", json!(1)),
        ("/seed", json!(7)),
        ("/score", json!(10)),
        ("/max_score", json!(70)),
        ("/tasks/1/status", json!("failed")),
        ("/tasks/1/checks/1/verdict", json!("did-not-wait")),
        ("/tasks/2/status", json!("error")),
    ] {
        assert_eq!(json.pointer(place), Some(&expected), "{place}");
    }

    let gradescope = as_json(&report, Format::Gradescope)?;
    assert_eq!(gradescope["score"], 10);
    let tests = gradescope["tests"].as_array().ok_or("tests")?.iter();
    let points = tests.map(|test| [&test["score"], &test["max_score"]]);
    let points = json!(points.collect::<Vec<_>>());
    assert_eq!(points, json!([[0, 0], [10, 10], [0, 20], [0, 40]]));

    let junit = render(&report, Format::Junit)?;
    assert_has(&junit, &["type=\"did-not-wait\"", "type=\"environment\""]);
    let points = |name: &str| -> Vec<&str> {
        let start = format!("<property name=\"{name}\" value=\"");
        let values = junit.split(&start).skip(1);
        values.filter_map(|rest| rest.split('"').next()).collect()
    };
    assert_eq!(points("score"), ["0", "10", "0"]);
    assert_eq!(points("max_score"), ["0", "30", "40"]);
    let junit = quick_junit::Report::deserialize_from_str(&junit)?;
    assert_eq!((junit.tests, junit.failures, junit.errors), (4, 1, 1));

    let human = render(&report, Format::Human)?;
    assert!(human.ends_with("\nScore: 10/70\n"), "{human}");

    let markdown = render(&report, Format::Markdown)?;
    assert!(markdown.starts_with("## Score: 10/70\n"), "{markdown}");
    let rows = "
| ✓ | sum-array threads | the sum is right |  | passed |
| ✓ | wait-for-me threads | another thread negates the numbers | 10/10 | passed |
| ✗ | wait-for-me threads | the program waits for that thread | 0/20 | did-not-wait |
| ? | seg-fault processes | it can be run | 0/40 | environment |\n";
    let (table, _) = markdown.split_once("\n<pre>\n").ok_or("a pre")?;
    assert_has(table, &[rows]);
    assert_eq!(table.matches("\n| ").count(), 5, "{table}");

    let github = render(&report, Format::Github)?;
    let starts = [
        "::warning title=Autograding incomplete::Points 10/70, but not all could be judged",
        "✓ sum-array threads: the sum is right",
        "✓ wait-for-me threads: another thread negates the numbers (10/10)",
        "::error title=wait-for-me threads::the program waits for that thread (0/20): \
         did-not-wait: it printed",
        "::warning title=seg-fault processes::it can be run (0/40): ",
        "",
    ];
    assert_eq!(github.lines().count(), starts.len(), "{github}");
    for (line, start) in github.lines().zip(starts) {
        assert!(line.starts_with(start), "{github}");
    }
    Ok(())
}

#[test]
fn what_a_program_prints_cannot_pass_for_the_report() -> Result {
    let report = report();
    let again: Report = serde_json::from_str(&render(&report, Format::Json)?)?;
    for &format in Format::value_variants() {
        let dangerous = ["\x1b", "\0", "\r", "\x07", "\x7f", "\u{9b}", "\u{202e}"];
        let text = render(&report, format)?;
        assert_lacks(&text, &dangerous);
        // A remark stands there once. And a report is read again.
        assert_eq!(text.matches(REMARK).count(), 1, "{text}");
        assert_eq!(text, render(&again, format)?, "{format:?}");
    }
    let human = render(&report, Format::Human)?;
    let scores = human.lines().filter(|line| line.starts_with("Score:"));
    assert_eq!(scores.collect::<Vec<_>>(), ["Score: 10/70"]);
    let lines = human.lines().map(str::trim_start);
    let ticks = lines.filter(|line| line.starts_with('✓'));
    assert_eq!(ticks.count(), 1, "{human}");
    // All quotations are in one `pre`, which ends once.
    let markdown = render(&report, Format::Markdown)?;
    let (table, quoted) = markdown.split_once("\n<pre>\n").ok_or("a pre")?;
    let quoted = quoted.strip_suffix("</pre>\n").ok_or("its end")?;
    assert_lacks(table, &["100/100"]);
    assert_lacks(quoted, &["<", ">"]);
    assert_has(quoted, &["&lt;/pre&gt;"]);
    // It is not too long.
    let long = failed(vec!["<é&|>\n".repeat(500_000)]);
    let markdown = render(&long, Format::Markdown)?;
    assert!(markdown.len() < 1 << 20, "{}", markdown.len());
    assert!(markdown.ends_with("The rest is left out: `cargo lab check` shows it.\n"));
    // `%0A` in the data of a command would be a line break.
    let github = render(&report, Format::Github)?;
    assert_has(&github, &["%250A::error::forged"]);
    assert_lacks(&github, &["%0A"]);
    Ok(())
}

/// What a program prints may look like a format, and be in one: it stays text.
#[test]
fn what_looks_like_a_format_is_quoted() -> Result {
    let mut evidence = FORGED_FORMATS.map(String::from).to_vec();
    evidence.push(FORGED_FORMATS.join("\n"));
    let report = failed(evidence);
    let json = as_json(&report, Format::Json)?;
    assert_eq!(json, serde_json::to_value(&report)?);

    let gradescope = as_json(&report, Format::Gradescope)?;
    for (place, expected) in [
        ("/score", json!(0)),
        ("/tests/0/score", json!(0)),
        ("/tests/0/status", json!("failed")),
    ] {
        assert_eq!(gradescope.pointer(place), Some(&expected), "{place}");
    }
    assert_eq!(gradescope.pointer("/tests/1"), None);

    let junit = render(&report, Format::Junit)?;
    let junit = roxmltree::Document::parse(&junit)?;
    let elements = junit.descendants().filter(roxmltree::Node::is_element);
    let names: Vec<_> = elements.map(|node| node.tag_name().name()).collect();
    let expected = "testsuites testsuite properties property property testcase failure";
    assert_eq!(names.join(" "), expected);

    let human = render(&report, Format::Human)?;
    let mut own = human.lines().filter(|line| !line.starts_with("      | "));
    assert!(own.all(|line| !line.starts_with("::")), "{human}");
    Ok(())
}

/// A terminal breaks a line that is too long for it, and what follows stands at the
/// beginning of a line.
#[test]
fn lines_fit_and_have_colours() -> Result {
    for width in [40, 80, 100] {
        human(&report(), width)?;
    }
    human(&failed(vec!["\u{6f22}".repeat(36) + "Score: 100/100"]), 80)?;
    let coloured = format::render(&report(), Format::Human, 80)?;
    assert_has(&coloured, &["\x1b[32m"]);
    // A task that is not begun names its chapter.
    let report = report_on(check("it waits", Verdict::NotAttempted, 0, 20));
    let next = "Next: read book/src/waiting.md, then edit wait-for-me/src/bin/threads.rs.";
    assert_has(&human(&report, 80)?, &[next]);
    Ok(())
}

/// People see a line as the compiler shows it, in narrow terminals too.
#[test]
fn a_line_is_shown_as_the_compiler_shows_it() -> Result {
    let line = "print_slowly(&NUMBERS, \"and\", \"more\")?;";
    let quoted = format!("at wait-for-me/src/bin/threads.rs:31: {line}");
    let report = failed(vec![quoted]);
    let wide = "      |   --> wait-for-me/src/bin/threads.rs:31
      | 31 | print_slowly(&NUMBERS, \"and\", \"more\")?;
      |    | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n";
    let narrow = "      |   --> …me/src/bin/threads.rs:31
      | 31 | print_slowly(&NUMBERS, \"an…\n";
    for (width, expected) in [(80, wide), (40, narrow)] {
        assert_has(&human(&report, width)?, &[expected]);
    }
    Ok(())
}
