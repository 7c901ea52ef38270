//! A schedule as a picture: a column for each task, a row for each step.

use super::report::{Columns, used_lines};
use crate::format::escape::{cut, printable};
use crate::trace::{LEFT, LINE, Paper, WIDTH, label, line};

const ROW: f64 = 28.0;
/// The characters of a line of the source that there is room for.
const SOURCE: usize = 78;
/// The characters of the steps, in all columns.
const STEPS: usize = 83;

/// Draws a schedule that fails as an SVG that needs nothing else. It says everything without
/// colours too: its description has the steps as text.
pub(crate) fn svg(columns: &Columns<'_>, title: &str) -> String {
    let outcome = &columns.failure.outcome;
    let steps = columns.rows.iter().map(|row| {
        let what = row.preempted.map_or("", |_| "preempts: ");
        format!("{}: {what}{}", outcome.name(row.task), row.text())
    });
    let steps: Vec<_> = steps.collect();
    let mut paper = Paper::new(title, &(steps.join(".\n") + "."));

    // The lines of the source that the numbers of the steps stand for.
    for line in used_lines(&columns.rows) {
        let source = printable(&format!("{line:>4}  {}", columns.lines.text(line)));
        paper.write(&cut(&source, SOURCE), "code");
    }
    paper.y += LINE;
    let top = paper.y;
    let tasks = columns.tasks.len().max(1);
    let column = (WIDTH - 2.0 * LEFT) / tasks as f64;
    let room = (STEPS / tasks).saturating_sub(2);
    let x = |task| LEFT + column * columns.column(task) as f64;
    paper.y += ROW * columns.rows.len() as f64;
    for task in &columns.tasks {
        let middle = x(*task) + 12.0;
        let name = outcome.name(*task);
        paper.body += &label(&name, (x(*task), top - 6.0), "");
        paper.body += &line((middle, top), (middle, paper.y), "grid");
    }
    for (place, row) in columns.rows.iter().enumerate() {
        let (x, y) = (x(row.task), top + ROW * place as f64);
        let class = row.preempted.map_or("step", |_| "step preempted");
        let text = cut(&printable(&row.text()), room);
        paper.body += &format!(
            "<rect class=\"{class}\" x=\"{x}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"4\"/>\n",
            y + 3.0,
            column - 12.0,
            ROW - 6.0
        );
        paper.body += &label(&text, (x + 8.0, y + 19.0), "");
    }
    paper.y += LINE;
    if columns.has_switch() {
        let words = "Orange: the previous task is preempted. It could have continued.";
        paper.write(words, "quiet");
    }
    let printed = String::from_utf8_lossy(&outcome.stdout);
    if let Some(line) = printed.lines().next() {
        let line = printable(&format!("It printed: {line}"));
        paper.write(&cut(&line, SOURCE), "");
    }
    paper.finish()
}
