//! JUnit XML, which most CI systems can show.

use super::escape::{escape, escape_lines, markup};
use crate::judge::{Check, Report, TaskReport, Verdict};
use std::fmt::Write;

pub(super) fn junit(report: &Report) -> String {
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let counts = counts(&report.tasks);
    let _ = writeln!(xml, "<testsuites name=\"cargo lab check\" {counts}>");
    for (place, task) in report.tasks.iter().enumerate() {
        // The format has no properties for a whole report.
        let remarks = if place == 0 { &report.remarks[..] } else { &[] };
        suite(&mut xml, task, remarks);
    }
    xml + "</testsuites>\n"
}

fn suite(xml: &mut String, task: &TaskReport, remarks: &[String]) {
    let TaskReport {
        package,
        binary,
        score,
        max_score,
        ..
    } = task;
    let counts = counts(std::slice::from_ref(task));
    let _ = writeln!(xml, "  <testsuite name=\"{package} {binary}\" {counts}>");
    let points =
        [("score", score), ("max_score", max_score)].map(|(name, n)| (name, n.to_string()));
    let remarks = remarks.iter().map(|remark| ("remark", remark.clone()));
    *xml += "    <properties>\n";
    for (name, value) in points.into_iter().chain(remarks) {
        let value = attribute(&value);
        let _ = writeln!(xml, "      <property name=\"{name}\" value=\"{value}\"/>");
    }
    *xml += "    </properties>\n";
    for check in &task.checks {
        let name = attribute(&check.name);
        let class = format!("{package}.{binary}");
        let _ = writeln!(xml, "    <testcase name=\"{name}\" classname=\"{class}\">");
        *xml += &problem(check);
        *xml += "    </testcase>\n";
    }
    *xml += "  </testsuite>\n";
}

fn problem(check: &Check) -> String {
    let element = match check.verdict {
        Verdict::Passed => return String::new(),
        Verdict::Environment => "error",
        _ => "failure",
    };
    let evidence = check.evidence.iter().flat_map(|text| escape_lines(text));
    format!(
        "      <{element} type=\"{}\" message=\"{}\">{}</{element}>\n",
        check.verdict,
        attribute(&check.message),
        markup(&evidence.collect::<Vec<_>>().join("\n")),
    )
}

fn counts(tasks: &[TaskReport]) -> String {
    let checks = || tasks.iter().flat_map(|task| &task.checks);
    let errors = checks()
        .filter(|check| check.verdict == Verdict::Environment)
        .count();
    let passed = checks()
        .filter(|check| check.verdict == Verdict::Passed)
        .count();
    let tests = checks().count();
    let failures = tests - passed - errors;
    format!("tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\"")
}

fn attribute(value: &str) -> String {
    markup(&escape(value)).replace('"', "&quot;")
}
