//! What a child pays for writing to memory that it got from its parent.

use super::axis::Axis;
use super::chart::{self, Marker, Series, in_words};
use super::colours::{PURPLE, VERMILION};
use super::paper::{self, Words};
use crate::figures::{self, COPY_ON_WRITE, COW_MIB, COW_PERCENT, written_pages};
use crate::results::{Results, Time};
use anyhow::Result;

/// Where zero percent is drawn, as a logarithmic axis has no zero.
const ZERO: f64 = 0.1;

pub(super) fn draw(results: &Results, caption: &str) -> Result<Option<String>> {
    let mut series = Vec::new();
    for (function, colour, marker) in [
        ("small", VERMILION, Marker::Square),
        ("huge", PURPLE, Marker::Diamond),
    ] {
        let times = figures::series(results, COPY_ON_WRITE, function, &COW_PERCENT);
        let Some(slope) = figures::per_copy(results, function) else {
            continue;
        };
        let place = |percent: usize| (percent as f64).max(ZERO);
        let line = times.iter().map(|&(percent, _)| {
            let pages = written_pages(percent) as f64;
            (place(percent), (slope.line.at(pages) / 1e6).max(1e-3))
        });
        series.push(Series {
            name: slope.to_string(),
            colour,
            marker: Some(marker),
            line: line.collect(),
            points: times
                .iter()
                .map(|&(percent, time)| (place(percent), time.scaled(1e-6)))
                .collect(),
            dashed: function == "huge",
        });
    }
    if series.is_empty() {
        return Ok(None);
    }
    let title = format!("written share of {COW_MIB} MiB, in percent");
    let x = Axis::logarithmic(
        &title,
        COW_PERCENT
            .map(|percent| match percent {
                0 => (ZERO, "0".into()),
                _ => (percent as f64, in_words(percent as f64)),
            })
            .to_vec(),
        0.06,
    );
    let times = series.iter().flat_map(|series| &series.points);
    let y = Axis::powers_of_ten(
        "time in the child, in ms",
        times.flat_map(|&(_, Time { low, high, .. })| [low, high]),
    );
    let names: Vec<_> = series.iter().map(|series| series.name.as_str()).collect();
    let words = Words {
        title: "Copy-on-write: what a child pays for its writes",
        caption,
        description: format!("Time over the share of pages. {}.", names.join("; ")),
    };
    paper::draw(&words, |area| chart::draw(area, &x, &y, &series)).map(Some)
}
