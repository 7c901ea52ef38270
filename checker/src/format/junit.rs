//! JUnit XML, which most CI systems can show.

use super::escape::{escape, markup};
use super::evidence;
use crate::judge::{Check, Report, Status, TaskReport};
use std::{mem, slice};

pub(super) fn junit(report: &Report) -> String {
    // The format has no properties for a whole report, so the first program has them.
    let mut remarks = report.remarks.as_slice();
    let suites = report.tasks.iter();
    let suites: String = suites
        .map(|task| suite(task, mem::take(&mut remarks)))
        .collect();
    let counts = counts(&report.tasks);
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <testsuites name=\"cargo lab check\" {counts}>\n{suites}</testsuites>\n"
    )
}

fn suite(task: &TaskReport, remarks: &[String]) -> String {
    let property = |name, value: &str| {
        let value = attribute(value);
        format!("      <property name=\"{name}\" value=\"{value}\"/>\n")
    };
    let mut properties = property("score", &task.score.to_string());
    properties += &property("max_score", &task.max_score.to_string());
    properties.extend(remarks.iter().map(|remark| property("remark", remark)));
    let class = format!("{}.{}", task.package, task.binary);
    let cases = task.checks.iter().map(|check| {
        let (name, problem) = (attribute(&check.name), problem(check));
        format!("    <testcase name=\"{name}\" classname=\"{class}\">\n{problem}    </testcase>\n")
    });
    format!(
        "  <testsuite name=\"{}\" {}>\n    <properties>\n{properties}    </properties>\n\
         {}  </testsuite>\n",
        task.name(),
        counts(slice::from_ref(task)),
        cases.collect::<String>()
    )
}

fn problem(check: &Check) -> String {
    let element = match check.verdict.status() {
        Status::Passed => return String::new(),
        Status::Failed => "failure",
        Status::Error => "error",
    };
    let (verdict, message) = (check.verdict, attribute(&check.message));
    let evidence = markup(&evidence(check).collect::<Vec<_>>().join("\n"));
    format!("      <{element} type=\"{verdict}\" message=\"{message}\">{evidence}</{element}>\n")
}

fn counts(tasks: &[TaskReport]) -> String {
    let checks = tasks.iter().flat_map(|task| &task.checks);
    let statuses: Vec<_> = checks.map(|check| check.verdict.status()).collect();
    let count = |meant| statuses.iter().filter(|status| **status == meant).count();
    let tests = statuses.len();
    let (failures, errors) = (count(Status::Failed), count(Status::Error));
    format!("tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\"")
}

fn attribute(value: &str) -> String {
    markup(&escape(value)).replace('"', "&quot;")
}
