//! The figures as tables, for Markdown and for HTML.

use crate::figures::{FIGURES, Figure, Series, Y};
use crate::results::{Results, Time};
use crate::words::{escaped, in_units};
use common::ArraySpec;

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
        let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
        let rest = "|--:".repeat(self.columns.len() - 1);
        let rows: String = self.rows.iter().map(|row| line(row)).collect();
        format!("{}|---{rest}|\n{rows}", line(&self.columns))
    }

    /// In HTML.
    #[must_use]
    pub fn html(&self) -> String {
        let cell = |tag: &str, end: &str, text: &str| format!("<{tag}>{}</{end}>", escaped(text));
        let head = self.columns.iter();
        let head: String = head
            .map(|text| cell("th scope=\"col\"", "th", text))
            .collect();
        let rows = self.rows.iter().map(|row| {
            let cells = row[1..].iter().map(|text| cell("td", "td", text));
            let first = cell("th scope=\"row\"", "th", &row[0]);
            format!("<tr>{first}{}</tr>\n", cells.collect::<String>())
        });
        let rows: String = rows.collect();
        format!("<div tabindex=\"0\"><table>\n<tr>{head}</tr>\n{rows}</table></div>\n")
    }
}

/// All figures that have results, and what one unit more costs.
#[must_use]
pub fn tables(results: &Results) -> Vec<Table> {
    let mut tables: Vec<_> = FIGURES
        .iter()
        .map(|figure| table(figure, results))
        .collect();
    let all = FIGURES.iter().flat_map(|figure| figure.series);
    let slopes = all.filter_map(|series| {
        let slope = series.slope(results)?;
        let cost = match slope.ns() {
            0.0 => "nothing".into(),
            ns => in_units(ns),
        };
        Some(vec![format!("{}, each {}", series.name, slope.per), cost])
    });
    tables.push(Table::new(
        &["What one more page or file costs", "time"],
        slopes.collect(),
    ));
    tables.retain(|table| !table.rows.is_empty());
    tables
}

fn table(figure: &Figure, results: &Results) -> Table {
    let mut rows = Vec::new();
    for series in figure.series {
        let alone = results.time(series.group, "sequential", None);
        let alone = alone.filter(|_| figure.y == Y::SpeedUp);
        let values = series.values.iter().map(|value| Some(*value));
        let values = if series.values.is_empty() {
            vec![None]
        } else {
            values.collect()
        };
        for value in values {
            let Some(time) = results.time(series.group, series.function, value) else {
                continue;
            };
            let what = match value {
                None => series.name.into(),
                Some(value) => format!("{}, {value}", series.name),
            };
            let note = match (figure.y, alone) {
                (Y::Ratio, _) => of_both(results, series, value),
                (_, Some(alone)) => speed(alone, time),
                _ => String::new(),
            };
            rows.push(vec![
                what,
                words(time.median, figure.y),
                interval(time, figure.y),
                note,
            ]);
        }
    }
    let of_x = match figure.x {
        "" => String::new(),
        x => format!(" ({x})"),
    };
    let title = format!("{}{of_x}", figure.title);
    let note = match figure.y {
        Y::SpeedUp => "bandwidth; compared with the sequential program",
        Y::Ratio => "the median times of both",
        Y::Micros | Y::Millis => "",
    };
    Table::new(&[&title, "median", "95 % confidence interval", note], rows)
}

pub(crate) fn words(value: f64, y: Y) -> String {
    match y {
        Y::Ratio => format!("{value:.2}"),
        _ => in_units(value),
    }
}

pub(crate) fn interval(time: Time, y: Y) -> String {
    format!("{} to {}", words(time.low, y), words(time.high, y))
}

/// The times that a ratio is of.
fn of_both(results: &Results, series: &Series, value: Option<usize>) -> String {
    let time = |of| results.time(series.group, &format!("{}_{of}", series.function), value);
    match (time("first"), time("second")) {
        (Some(first), Some(second)) => {
            format!("{} / {}", in_units(first.median), in_units(second.median))
        }
        _ => String::new(),
    }
}

/// Both groups of sums read as many bytes.
fn speed(alone: Time, time: Time) -> String {
    let bytes = (ArraySpec::SUM.len * size_of::<i32>()) as f64;
    let times = alone.divided_by(time).median;
    format!("{:.1} GB/s, {times:.2} times as fast", bytes / time.median)
}
