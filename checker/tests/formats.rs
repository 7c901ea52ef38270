//! The same judgement in every format, and nothing that a program prints passes
//! for the lab's own words.

use checker::format::{self, Format};
use checker::judge::{Check, Report, TaskReport, Verdict};
use checker::terminal::without_colors;
use clap::ValueEnum;
use serde_json::Value;
use std::error::Error;

/// What a program that wants more points than it has would print.
const FORGED: &str = "it printed\nScore: 100/100\n\x1b[2J\x1b[32m✓ all passed\r\0\u{9b}2J\x7f]]>\u{202e}</failure>&\"'\n\
     ::notice title=Autograding complete::Points 100/100\n\
     %0A::error::forged ##[notice title=Autograding complete]Points 100/100\n\
     </pre>\n\n| ✓ | wait-for-me threads | all | 100/100 | passed |\n![x](https://example.org)";

fn check(name: &str, verdict: Verdict, score: u32, max_score: u32) -> Check {
    Check {
        name: name.into(),
        verdict,
        score,
        max_score,
        message: if verdict == Verdict::Passed {
            String::new()
        } else {
            FORGED.into()
        },
        evidence: if verdict == Verdict::Passed {
            vec![]
        } else {
            vec![FORGED.into(), "x".repeat(300)]
        },
    }
}

const REMARK: &str = "this machine lacks something";

fn report() -> Report {
    let tasks = vec![
        TaskReport::new(
            "sum-array",
            "threads",
            vec![check("the sum is right", Verdict::Passed, 0, 0)],
        ),
        TaskReport::new(
            "wait-for-me",
            "threads",
            vec![
                check(
                    "another thread negates the numbers",
                    Verdict::Passed,
                    10,
                    10,
                ),
                check(
                    "the program waits for that thread",
                    Verdict::DidNotWait,
                    0,
                    20,
                ),
            ],
        ),
        TaskReport::new(
            "seg-fault",
            "processes",
            vec![check("it can be run", Verdict::Environment, 0, 40)],
        ),
    ];
    let mut report = Report::new(tasks, 7);
    report.remarks = vec![REMARK.into()];
    report
}

/// A report in 80 columns, as in a file.
fn render(report: &Report, format: Format) -> serde_json::Result<String> {
    Ok(without_colors(&format::render(report, format, 80)?))
}

/// Each text between `name="` and the next quotation mark.
fn attributes<'a>(xml: &'a str, name: &str) -> Vec<&'a str> {
    let attribute = format!("{name}=\"");
    let parts = xml.split(&attribute).skip(1);
    parts.filter_map(|rest| rest.split('"').next()).collect()
}

#[test]
fn a_task_that_is_not_begun_names_its_chapter() -> Result<(), Box<dyn Error>> {
    let checks = vec![check("it waits", Verdict::NotAttempted, 0, 20)];
    let report = Report::new(vec![TaskReport::new("wait-for-me", "threads", checks)], 7);
    let text = render(&report, Format::Human)?;
    let next = "Next: read book/src/waiting.md, then edit wait-for-me/src/bin/threads.rs.";
    assert!(text.contains(next), "{text}");
    Ok(())
}

#[test]
fn the_points_are_the_same_in_every_format() -> Result<(), Box<dyn Error>> {
    let report = report();
    assert_eq!((report.score, report.max_score), (10, 70));

    let json: Value = serde_json::from_str(&render(&report, Format::Json)?)?;
    assert_eq!(
        (&json["schema"], &json["score"], &json["max_score"]),
        (&1.into(), &10.into(), &70.into())
    );
    assert_eq!(json["tasks"][1]["status"], "failed");
    assert_eq!(json["tasks"][1]["checks"][1]["verdict"], "did-not-wait");
    assert_eq!(json["tasks"][2]["status"], "error");

    let gradescope = render(&report, Format::Gradescope)?;
    let gradescope: Value = serde_json::from_str(&gradescope)?;
    let tests = gradescope["tests"].as_array().ok_or("tests")?;
    let sum = |key: &str| {
        tests
            .iter()
            .filter_map(|test| test[key].as_u64())
            .sum::<u64>()
    };
    assert_eq!(
        (&gradescope["score"], sum("score"), sum("max_score")),
        (&10.into(), 10, 70)
    );
    assert_eq!(tests.len(), 4);

    let junit = quick_junit::Report::deserialize_from_str(&render(&report, Format::Junit)?)?;
    let property = |name: &str| -> u32 {
        let suites = junit.test_suites.iter();
        let all = suites.flat_map(|suite| &suite.properties);
        let mine = all.filter(|property| property.name.as_str() == name);
        mine.filter_map(|property| property.value.as_str().parse::<u32>().ok())
            .sum()
    };
    assert_eq!((property("score"), property("max_score")), (10, 70));
    assert_eq!((junit.tests, junit.failures, junit.errors), (4, 1, 1));

    let human = render(&report, Format::Human)?;
    assert!(human.ends_with("\nScore: 10/70\n"), "{human}");

    let markdown = render(&report, Format::Markdown)?;
    let rows: Vec<&str> = markdown
        .lines()
        .take_while(|line| *line != "<pre>")
        .filter(|line| line.starts_with("| "))
        .skip(1)
        .collect();
    assert!(markdown.starts_with("## Score: 10/70\n"), "{markdown}");
    assert_eq!(
        rows,
        [
            "| ✓ | sum-array threads | the sum is right |  | passed |",
            "| ✓ | wait-for-me threads | another thread negates the numbers | 10/10 | passed |",
            "| ✗ | wait-for-me threads | the program waits for that thread | 0/20 | did-not-wait |",
            "| ? | seg-fault processes | it can be run | 0/40 | environment |",
        ]
    );

    let github = render(&report, Format::Github)?;
    let lines: Vec<&str> = github.lines().collect();
    assert_eq!(lines.len(), 6, "{github}");
    assert_eq!(
        lines[0],
        "::warning title=Autograding incomplete::Points 10/70, but not all could be judged"
    );
    assert_eq!(lines[1], "✓ sum-array threads: the sum is right");
    assert_eq!(
        lines[2],
        "✓ wait-for-me threads: another thread negates the numbers (10/10)"
    );
    assert!(
        lines[3].starts_with(
            "::error title=wait-for-me threads::the program waits for that thread (0/20): \
             did-not-wait: it printed"
        ) && lines[4].starts_with("::warning title=seg-fault processes::it can be run (0/40): "),
        "{github}"
    );
    Ok(())
}

#[test]
fn a_report_is_read_again() -> Result<(), Box<dyn Error>> {
    let json = render(&report(), Format::Json)?;
    let again: Report = serde_json::from_str(&json)?;
    for format in Format::value_variants() {
        assert_eq!(
            render(&report(), *format)?,
            render(&again, *format)?,
            "{format:?}"
        );
    }
    Ok(())
}

#[test]
fn what_a_program_prints_cannot_pass_for_the_report() -> Result<(), Box<dyn Error>> {
    let report = report();
    let human = render(&report, Format::Human)?;
    let scores = human.lines().filter(|line| line.starts_with("Score:"));
    assert_eq!(scores.collect::<Vec<_>>(), ["Score: 10/70"]);
    let ticks = human
        .lines()
        .filter(|line| line.trim_start().starts_with('✓'));
    assert_eq!(ticks.count(), 1);
    for format in Format::value_variants() {
        let text = render(&report, *format)?;
        for dangerous in ['\x1b', '\0', '\r', '\x07', '\x7f', '\u{9b}', '\u{202e}'] {
            assert!(!text.contains(dangerous), "{format:?}: {dangerous:?}");
        }
    }
    // All quotations are in one `pre`, which ends once.
    let markdown = render(&report, Format::Markdown)?;
    let (table, quoted) = markdown.split_once("\n<pre>\n").ok_or("a pre")?;
    let quoted = quoted.strip_suffix("</pre>\n").ok_or("its end")?;
    assert!(!table.contains("100/100"), "{table}");
    assert!(!quoted.contains(['<', '>']), "{quoted}");
    assert!(quoted.contains("&lt;/pre&gt;"), "{quoted}");
    // `%0A` in the data of a command would be a line break.
    let github = render(&report, Format::Github)?;
    assert!(
        github.contains("%250A::error::forged") && !github.contains("%0A"),
        "{github}"
    );
    let junit = render(&report, Format::Junit)?;
    assert_eq!(junit.matches("<failure").count(), 1, "{junit}");
    assert!(
        attributes(&junit, "type") == ["did-not-wait", "environment"],
        "{junit}"
    );
    Ok(())
}

/// What a program prints may look like a format, and be in one: it stays text.
#[test]
fn what_looks_like_a_format_is_quoted() -> Result<(), Box<dyn Error>> {
    let forged = [
        r#""}], "score": 60, "tasks": [], "tests": [{"score": 60, "status": "passed"}]"#,
        r#"</failure></testcase><testcase name="forged"/>]]><!-- &amp; &#60;"#,
        "::set-output name=score::60",
    ];
    let mut failed = check("the sum is right", Verdict::WrongOutput, 0, 60);
    failed.message = forged.join(" ");
    failed.evidence = forged.map(Into::into).to_vec();
    failed.evidence.push(forged.join("\n"));
    let report = Report::new(
        vec![TaskReport::new("sum-array", "threads", vec![failed])],
        7,
    );

    let json: Value = serde_json::from_str(&render(&report, Format::Json)?)?;
    assert_eq!(json, serde_json::to_value(&report)?);
    let seen = &json["tasks"][0]["checks"][0]["evidence"];
    assert_eq!(seen[0], forged[0]);

    let gradescope = render(&report, Format::Gradescope)?;
    let gradescope: Value = serde_json::from_str(&gradescope)?;
    assert_eq!(gradescope["score"], 0);
    let tests = gradescope["tests"].as_array().ok_or("tests")?;
    let [test] = tests.as_slice() else {
        return Err("one test".into());
    };
    assert_eq!(
        (&test["score"], &test["status"]),
        (&0.into(), &"failed".into())
    );

    let junit = render(&report, Format::Junit)?;
    let junit = roxmltree::Document::parse(&junit)?;
    let elements = junit.descendants().filter(roxmltree::Node::is_element);
    let names: Vec<_> = elements.map(|node| node.tag_name().name()).collect();
    assert_eq!(
        names,
        [
            "testsuites",
            "testsuite",
            "properties",
            "property",
            "property",
            "testcase",
            "failure"
        ]
    );

    let human = render(&report, Format::Human)?;
    let mut own = human.lines().filter(|line| !line.starts_with("      | "));
    assert!(own.all(|line| !line.starts_with("::")), "{human}");
    Ok(())
}

/// A terminal breaks a line that is too long for it, and what follows stands at the
/// beginning of a line.
#[test]
fn wide_characters_do_not_make_a_line_too_long() -> Result<(), Box<dyn Error>> {
    let mut failed = check("the sum is right", Verdict::WrongOutput, 0, 60);
    failed.evidence = vec!["\u{6f22}".repeat(36) + "Score: 100/100"];
    let report = Report::new(
        vec![TaskReport::new("sum-array", "threads", vec![failed])],
        7,
    );
    let human = render(&report, Format::Human)?;
    for line in human.lines() {
        let wide = line.chars().filter(|&c| c == '\u{6f22}').count();
        assert!(line.chars().count() + wide <= 80, "{line}");
    }
    Ok(())
}

#[test]
fn every_format_has_the_remarks_once() -> Result<(), Box<dyn Error>> {
    for &format in Format::value_variants() {
        let text = render(&report(), format)?;
        assert_eq!(text.matches(REMARK).count(), 1, "{text}");
    }
    let json: Value = serde_json::from_str(&render(&report(), Format::Json)?)?;
    assert_eq!(json["seed"], 7);
    Ok(())
}

#[test]
fn a_summary_is_not_too_long() -> Result<(), Box<dyn Error>> {
    let mut check = check("it prints nothing", Verdict::TooMuchOutput, 0, 10);
    check.evidence = vec!["<é&|>\n".repeat(500_000)];
    let report = Report::new(
        vec![TaskReport::new("sum-array", "threads", vec![check])],
        7,
    );
    let markdown = render(&report, Format::Markdown)?;
    assert!(markdown.len() < 1 << 20, "{}", markdown.len());
    assert!(markdown.ends_with("The rest is left out: `cargo lab check` shows it.\n"));
    Ok(())
}

#[test]
fn lines_fit_and_have_colours() -> Result<(), Box<dyn Error>> {
    for width in [40, 80, 100] {
        let text = without_colors(&format::render(&report(), Format::Human, width)?);
        let longest = text.lines().map(|line| line.chars().count()).max();
        assert!(longest <= Some(width), "{width}:\n{text}");
    }
    assert!(format::render(&report(), Format::Human, 80)?.contains("\x1b[32m"));
    Ok(())
}
