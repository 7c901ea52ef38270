//! The grades as a table: CSV, JSON and a page for a browser.

use super::Graded;
use crate::format::escape::{escape_json, escape_lines, markup};
use crate::format::{Format, render};
use crate::terminal::without_colors;

/// CSV for spreadsheets, RFC 4180.
#[must_use]
pub fn csv(all: &[Graded]) -> String {
    let first = all.iter().find_map(|graded| graded.report.as_ref());
    let tasks = first.map_or([].as_slice(), |report| &report.tasks);
    let mut heads: Vec<String> = ["submission", "score", "max_score"].map(Into::into).into();
    for task in tasks {
        heads.extend([task.name(), format!("{} verdict", task.name())]);
    }
    let columns = heads.len();
    heads.push("problem".into());
    let mut text = row(&heads);
    for graded in all {
        let mut cells = vec![graded.submission.clone()];
        if let Some(report) = &graded.report {
            let score = graded.score().map(|score| score.to_string());
            cells.extend([score.unwrap_or_default(), report.max_score.to_string()]);
            for task in &report.tasks {
                cells.extend([task.score.to_string(), task.verdict().to_string()]);
            }
        }
        // Without a report, they are empty.
        cells.resize(columns, String::new());
        cells.push(graded.problem.clone().unwrap_or_default());
        text += &row(&cells);
    }
    text
}

fn row(cells: &[String]) -> String {
    let cells: Vec<String> = cells.iter().map(|cell| quoted(cell)).collect();
    cells.join(",") + "\r\n"
}

/// A spreadsheet treats a cell that begins with one of these characters as a formula.
fn quoted(cell: &str) -> String {
    let is_formula = cell.starts_with(['=', '+', '-', '@']);
    if !is_formula && !cell.contains(['"', ',', '\r', '\n']) {
        return cell.into();
    }
    let mark = if is_formula { "'" } else { "" };
    format!("\"{mark}{}\"", cell.replace('"', "\"\""))
}

/// JSON with the full report of `cargo lab check --format json` for each submission.
///
/// # Errors
///
/// The table can't be written.
pub fn json(all: &[Graded]) -> serde_json::Result<String> {
    let mut all = serde_json::to_value(all)?;
    for graded in all.as_array_mut().into_iter().flatten() {
        graded.as_object_mut().map(|graded| graded.remove("digest"));
    }
    Ok(escape_json(&serde_json::to_string_pretty(&all)?) + "\n")
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
        let mut details = graded.problem.clone().unwrap_or_default();
        if let Some(report) = &graded.report {
            if !details.is_empty() {
                details += "\n\n";
            }
            details += &without_colors(&render(report, Format::Human, 80)?);
        }
        let details = escaped(&details);
        let score = match (graded.score(), &graded.report) {
            (Some(score), Some(report)) => format!("{score}/{}", report.max_score),
            _ => "-".into(),
        };
        page += &format!(
            "<details><summary>{name} <b>{score}</b></summary><pre>{details}</pre></details>\n"
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
