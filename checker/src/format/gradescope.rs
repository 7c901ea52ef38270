//! The file `results.json` that Gradescope's autograder reads.

use super::escape::escape;
use super::evidence;
use crate::judge::{Report, Status, TaskReport};
use serde_json::{Result, Value, json};

pub(super) fn gradescope(report: &Report) -> Result<String> {
    let tests: Vec<Value> = report.tasks.iter().flat_map(tests).collect();
    let mut output = format!("Score: {}/{}", report.score, report.max_score);
    for remark in &report.remarks {
        output += &format!("\n{}", escape(remark));
    }
    let results = json!({
        "score": report.score,
        "output": output,
        "output_format": "text",
        "stdout_visibility": "hidden",
        "tests": tests,
    });
    Ok(serde_json::to_string_pretty(&results)? + "\n")
}

fn tests(task: &TaskReport) -> impl Iterator<Item = Value> {
    task.checks.iter().map(|check| {
        let is_passed = check.verdict.status() == Status::Passed;
        let mut output = check.verdict.to_string();
        if !is_passed {
            output += &format!(": {}", escape(&check.message));
        }
        output.extend(evidence(check).map(|line| format!("\n  | {line}")));
        json!({
            "name": format!("{}: {}", task.name(), check.name),
            "score": check.score,
            "max_score": check.max_score,
            "status": if is_passed { "passed" } else { "failed" },
            "output": output,
            "output_format": "text",
            "visibility": "visible",
        })
    })
}
