//! The file `results.json` that Gradescope's autograder reads.

use super::escape::{escape, escape_lines};
use crate::judge::{Report, TaskReport, Verdict};
use serde_json::{Value, json};

pub(super) fn gradescope(report: &Report) -> serde_json::Result<String> {
    let tests: Vec<Value> = report.tasks.iter().flat_map(tests).collect();
    let mut output = format!("Score: {}/{}", report.score, report.max_score);
    for remark in &report.remarks {
        output += "\n";
        output += &escape(remark);
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
        let is_passed = check.verdict == Verdict::Passed;
        let mut output = check.verdict.to_string();
        if !is_passed {
            output += ": ";
            output += &escape(&check.message);
        }
        for line in check
            .evidence
            .iter()
            .flat_map(|evidence| escape_lines(evidence))
        {
            output += "\n  | ";
            output += &line;
        }
        json!({
            "name": format!("{} {}: {}", task.package, task.binary, check.name),
            "score": check.score,
            "max_score": check.max_score,
            "status": if is_passed { "passed" } else { "failed" },
            "output": output,
            "output_format": "text",
            "visibility": "visible",
        })
    })
}
