//! The figures as tables, for Markdown and for HTML.

use crate::figures::{Figure, GUIDE, Y};
use crate::results::{Interval, Results, Time, id};
use crate::words::{escaped, in_units};
use common::ArraySpec;

/// The title of a column.
pub(crate) const INTERVAL: &str = "95 % confidence interval";

/// A table.
#[derive(Debug)]
pub struct Table {
    columns: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table with these columns.
    #[must_use]
    pub fn new(columns: &[&str], rows: Vec<Vec<String>>) -> Self {
        let columns = columns.iter().map(|&column| column.into()).collect();
        Self { columns, rows }
    }

    /// In Markdown.
    #[must_use]
    pub fn markdown(&self) -> String {
        let line = |cells: &Vec<String>| format!("| {} |\n", cells.join(" | "));
        let rest = "|--:".repeat(self.columns.len() - 1);
        let rows: String = self.rows.iter().map(line).collect();
        format!("{}|---{rest}|\n{rows}", line(&self.columns))
    }

    /// In HTML.
    #[must_use]
    pub fn html(&self) -> String {
        let mut html = String::from("<div tabindex=\"0\"><table>\n<tr>");
        for column in &self.columns {
            html += &format!("<th scope=\"col\">{}</th>", escaped(column));
        }
        html += "</tr>\n";
        for row in &self.rows {
            html += &format!("<tr><th scope=\"row\">{}</th>", escaped(&row[0]));
            for cell in &row[1..] {
                html += &format!("<td>{}</td>", escaped(cell));
            }
            html += "</tr>\n";
        }
        html + "</table></div>\n"
    }
}

/// All figures that have results, and what one unit more costs.
#[must_use]
pub fn tables(results: &Results) -> Vec<Table> {
    let mut tables = Vec::from_iter(GUIDE.figures.iter().map(|figure| table(figure, results)));
    let mut slopes = Vec::new();
    for figure in &GUIDE.figures {
        for series in &figure.series {
            if let Some(slope) = figure.slope(series, results) {
                let what = format!("{}, each {}", series.name, slope.per);
                slopes.push(vec![what, slope.cost()]);
            }
        }
    }
    let columns = ["What one more page or file costs", "time"];
    tables.push(Table::new(&columns, slopes));
    tables.retain(|table| !table.rows.is_empty());
    tables
}

fn table(figure: &Figure, results: &Results) -> Table {
    let mut rows = Vec::new();
    for series in &figure.series {
        for (value, time) in figure.times(series, results) {
            let what = match value {
                None => series.name.clone(),
                Some(value) => format!("{}, {value}", series.name),
            };
            let note = match figure.y {
                Y::SpeedUp => series.sequential(results).map(|alone| speed(alone, time)),
                Y::Ratio => both_times(results, &series.id, value),
                Y::Micros | Y::Millis => None,
            };
            let note = note.unwrap_or_default();
            let [median, interval] = words(time, figure.y);
            rows.push(vec![what, median, interval, note]);
        }
    }
    let title = match figure.x.as_str() {
        "" => figure.title.clone(),
        x => format!("{} ({x})", figure.title),
    };
    Table::new(&[&title, "median", INTERVAL, &figure.note], rows)
}

/// A median and its interval.
pub(crate) fn words(time: Time, y: Y) -> [String; 2] {
    let Interval { low, high } = time.interval;
    let [median, low, high] = [time.median, low, high].map(|value| match y {
        Y::Ratio => format!("{value:.2}"),
        _ => in_units(value),
    });
    [median, format!("{low} to {high}")]
}

/// The times that a ratio is of.
fn both_times(results: &Results, function: &str, value: Option<usize>) -> Option<String> {
    let median = |of| {
        let time = results.get(&id(&format!("{function}_{of}"), value))?;
        Some(in_units(time.median))
    };
    Some(format!("{} / {}", median("first")?, median("second")?))
}

/// Both groups of sums read as many bytes.
fn speed(alone: Time, time: Time) -> String {
    let bytes = (ArraySpec::SUM.len * size_of::<i32>()) as f64;
    let times = alone.divided_by(time).median;
    format!("{:.1} GB/s, {times:.2} times as fast", bytes / time.median)
}
