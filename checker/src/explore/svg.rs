//! A schedule as a picture: a column for each task, a row for each step.

use super::lines::Lines;
use super::report::{Columns, name};
use super::search::Failure;
use crate::format::escape::{cut, printable};
use crate::trace::{STYLE, label};
use svg::Document;
use svg::node::element::{Description, Rectangle, Style, Title};

const MARGIN: f64 = 24.0;
const COLUMN: f64 = 190.0;
/// The characters that there is room for.
const CELL: usize = 26;
const ROW: f64 = 22.0;
/// Above the rows: the title and the names of the tasks.
const TOP: f64 = 76.0;
/// The least width, for the lines of the source below the rows.
const LEAST_WIDTH: f64 = 640.0;
/// The characters of a line of the source that there is room for.
const SOURCE: usize = 84;

/// Draws a schedule that fails as an SVG that needs nothing else. It says everything without
/// colours too: its description has the steps as text.
pub(crate) fn svg(failure: &Failure, lines: &Lines, title: &str) -> String {
    let columns = Columns::new(failure, lines);
    let steps = columns.rows.len() as f64;
    let sources = columns.used_lines.len() as f64;
    let width = (2.0 * MARGIN + COLUMN * columns.tasks.len() as f64).max(LEAST_WIDTH);
    let height = TOP + ROW * (steps + sources + 2.0);
    // XML has no way to write control characters.
    let title = printable(title);
    let mut text = Vec::new();
    let mut cells = Vec::new();
    for (place, row) in columns.rows.iter().enumerate() {
        let before = columns.tasks.iter().take_while(|task| **task != row.task);
        let x = MARGIN + COLUMN * before.count() as f64;
        let y = TOP + ROW * place as f64;
        let class = if row.is_switch { "waiting" } else { "sleeping" };
        let what = printable(&row.text());
        text.push(format!("{} {what}", name(&failure.outcome, row.task)));
        let cell = Rectangle::new()
            .set("class", class)
            .set("x", x)
            .set("y", y)
            .set("width", COLUMN - 8.0)
            .set("height", ROW - 4.0);
        cells.push((cell, label(&cut(&what, CELL), (x + 6.0, y + 13.0), "")));
    }
    let description = svg::node::Text::new(text.join(". "));
    let mut document = Document::new()
        .set("width", width)
        .set("height", height)
        .set("viewBox", (0, 0, width, height))
        .set("role", "img")
        .set("aria-labelledby", "title description")
        .add(Title::new(title.as_str()).set("id", "title"))
        .add(Description::new().set("id", "description").add(description))
        .add(Style::new(STYLE))
        .add(
            Rectangle::new()
                .set("class", "paper")
                .set("width", width)
                .set("height", height),
        )
        .add(label(&title, (MARGIN, 28.0), "heading"));
    for (place, task) in columns.tasks.iter().enumerate() {
        let x = MARGIN + COLUMN * place as f64;
        document = document.add(label(&name(&failure.outcome, *task), (x, TOP - 12.0), ""));
    }
    for (cell, text) in cells {
        document = document.add(cell).add(text);
    }
    let mut y = TOP + ROW * (steps + 1.0);
    for line in &columns.used_lines {
        let source = format!("{line}  {}", printable(lines.text(*line)));
        document = document.add(label(&cut(&source, SOURCE), (MARGIN, y), "small"));
        y += ROW;
    }
    format!("{document}\n")
}
