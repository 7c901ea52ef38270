//! Markdown for GitHub: a table with a line per check, and below it the verbatim report on each
//! program that is not right.

use super::escape::markup;
use super::{human, mark};
use crate::judge::{Report, Status};
use crate::terminal::without_colors;

/// GitHub rejects summaries of more than 1 MiB. Escaping turns a character into up to 6 bytes.
const MOST_BYTES: usize = 150_000;

pub(super) fn markdown(report: &Report) -> String {
    let mut text = format!("## Score: {}/{}\n\n", report.score, report.max_score);
    for remark in &report.remarks {
        text += &format!("{}.\n\n", html(remark));
    }
    text += "| | program | check | points | verdict |\n|---|---|---|---:|---|\n";
    for task in &report.tasks {
        for check in &task.checks {
            let points = match check.max_score {
                0 => String::new(),
                most => format!("{}/{most}", check.score),
            };
            let (mark, program, verdict) = (mark(check), task.name(), check.verdict);
            let name = html(&check.name);
            text += &format!("| {mark} | {program} | {name} | {points} | {verdict} |\n");
        }
    }
    let failed = report.tasks.iter();
    let failed = failed.filter(|task| task.status != Status::Passed);
    let details = without_colors(&human::tasks(failed, 80));
    if !details.is_empty() {
        let (shown, rest) = details.split_at(details.floor_char_boundary(MOST_BYTES));
        // Inside `pre`, nothing is Markdown. Only the closing tag ends it.
        text += &format!("\n<pre>\n{}", html(shown));
        text += match rest {
            "" => "</pre>\n",
            _ => "…\n</pre>\n\nThe rest is left out: `cargo lab check` shows it.\n",
        };
    }
    text
}

fn html(text: &str) -> String {
    markup(text).replace('|', "&#124;")
}
