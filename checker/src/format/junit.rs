//! JUnit XML, which most CI systems can show.

use super::FormatError;
use super::escape::{escape, escape_lines};
use crate::judge::{Check, Report, TaskReport, Verdict};
use quick_junit::{NonSuccessKind, TestCase, TestCaseStatus, TestSuite};

pub(super) fn junit(report: &Report) -> Result<String, FormatError> {
    let mut junit = quick_junit::Report::new("cargo lab check");
    junit.add_test_suites(report.tasks.iter().map(suite));
    // A report has no properties of its own.
    if let Some(first) = junit.test_suites.first_mut() {
        for remark in &report.remarks {
            first.add_property(("remark", remark.as_str()));
        }
    }
    Ok(junit.to_string()?)
}

fn suite(task: &TaskReport) -> TestSuite {
    let mut suite = TestSuite::new(format!("{} {}", task.package, task.binary));
    suite.add_property(("score", task.score.to_string().as_str()));
    suite.add_property(("max_score", task.max_score.to_string().as_str()));
    suite.add_test_cases(task.checks.iter().map(|check| case(task, check)));
    suite
}

fn case(task: &TaskReport, check: &Check) -> TestCase {
    let mut status = match check.verdict {
        Verdict::Passed => TestCaseStatus::success(),
        Verdict::Environment => TestCaseStatus::non_success(NonSuccessKind::Error),
        _ => TestCaseStatus::non_success(NonSuccessKind::Failure),
    };
    if check.verdict != Verdict::Passed {
        status.set_type(check.verdict.name());
        status.set_message(escape(&check.message));
        let lines = check
            .evidence
            .iter()
            .flat_map(|evidence| escape_lines(evidence));
        status.set_description(lines.collect::<Vec<_>>().join("\n"));
    }
    let mut case = TestCase::new(check.name.as_str(), status);
    case.set_classname(format!("{}.{}", task.package, task.binary));
    case
}
