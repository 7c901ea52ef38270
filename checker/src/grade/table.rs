//! The grades as a table: CSV, JSON and a page for a browser.

use super::Graded;
use crate::format::escape::{escape_json, escape_lines, markup};
use crate::format::{Format, Style, render};
use crate::judge::TaskReport;
use serde_json::{Value, json as value};
use std::fmt::Write;

/// CSV for spreadsheets, RFC 4180.
#[must_use]
pub fn csv(all: &[Graded]) -> String {
    let first = all.iter().find_map(|graded| graded.report.as_ref());
    let tasks: Vec<String> = first.map_or(Vec::new(), |report| {
        report.tasks.iter().map(TaskReport::name).collect()
    });
    let mut rows = vec![
        ["submission", "score", "max_score"]
            .map(String::from)
            .to_vec(),
    ];
    for task in &tasks {
        rows[0].extend([task.clone(), format!("{task} verdict")]);
    }
    rows[0].push("problem".into());
    for graded in all {
        let mut row = vec![graded.submission.clone()];
        match &graded.report {
            Some(report) => {
                row.extend([report.score.to_string(), report.max_score.to_string()]);
                for task in &report.tasks {
                    row.extend([task.score.to_string(), task.verdict().to_string()]);
                }
            }
            None => row.extend(vec![String::new(); 2 + 2 * tasks.len()]),
        }
        row.push(graded.problem.clone().unwrap_or_default());
        rows.push(row);
    }
    let line = |row: Vec<String>| {
        let cells: Vec<String> = row.iter().map(|cell| quoted(cell)).collect();
        cells.join(",") + "\r\n"
    };
    rows.into_iter().map(line).collect()
}

/// A spreadsheet treats a cell that begins with one of these characters as a formula.
fn quoted(cell: &str) -> String {
    let mark = if cell.starts_with(['=', '+', '-', '@']) {
        "'"
    } else {
        ""
    };
    if mark.is_empty() && !cell.contains(['"', ',', '\r', '\n']) {
        return cell.into();
    }
    format!("\"{mark}{}\"", cell.replace('"', "\"\""))
}

/// JSON with the full report of `cargo lab check --format json` for each submission.
///
/// # Errors
///
/// The table can't be written.
pub fn json(all: &[Graded]) -> serde_json::Result<String> {
    let all: Vec<Value> = all
        .iter()
        .map(|graded| {
            value!({
                "submission": graded.submission,
                "report": graded.report,
                "problem": graded.problem,
            })
        })
        .collect();
    let json = serde_json::to_string_pretty(&all)?;
    Ok(escape_json(&json) + "\n")
}

/// A page without scripts: one row per submission, which unfolds.
///
/// # Errors
///
/// A report can't be written.
pub fn html(all: &[Graded]) -> serde_json::Result<String> {
    let mut page = String::from(HEAD);
    for graded in all {
        let name = escaped(&graded.submission);
        let (score, details) = match (&graded.report, &graded.problem) {
            (Some(report), _) => (
                format!("{}/{}", report.score, report.max_score),
                render(report, Format::Human, Style::PLAIN)?,
            ),
            (None, problem) => ("-".into(), problem.clone().unwrap_or_default()),
        };
        let details = escaped(&details);
        let _ = writeln!(
            page,
            "<details><summary>{name} <b>{score}</b></summary><pre>{details}</pre></details>"
        );
    }
    Ok(page)
}

const HEAD: &str = "<!DOCTYPE html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
    <meta name=\"viewport\" content=\"width=device-width\">\n<title>Grades</title>\n\
    <style>:root { color-scheme: light dark; font-family: sans-serif } summary b { float: right }\n\
    details { max-width: 50em; border-bottom: 1px solid }</style>\n<h1>Grades</h1>\n";

fn escaped(text: &str) -> String {
    markup(&escape_lines(text).join("\n"))
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn a_cell_stays_a_cell() {
        assert_eq!(quoted("ann"), "ann");
        assert_eq!(quoted("a,b\"c"), "\"a,b\"\"c\"");
        assert_eq!(quoted("=1+1"), "\"'=1+1\"");
    }
}
