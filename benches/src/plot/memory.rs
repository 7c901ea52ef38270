//! Thread against fork, over the memory of their creator.

use super::axis::Axis;
use super::chart::{self, Marker, Series, in_words};
use super::colours::{BLUE, GREEN, PURPLE, VERMILION};
use super::paper::{self, Words};
use crate::figures::{self, BY_MEMORY, MEMORY_MIB};
use crate::resident::MIB;
use crate::results::{Results, Time};
use anyhow::Result;

/// A logarithmic axis has no zero. It is drawn as far to the left of the first
/// value as that is of the next one.
const ZERO: f64 = 4.0;

pub(super) fn draw(results: &Results, caption: &str) -> Result<Option<String>> {
    let all = [
        ("fork_small", VERMILION, Marker::Square),
        ("fork_huge", PURPLE, Marker::Diamond),
        ("thread_small", BLUE, Marker::Circle),
        ("thread_huge", GREEN, Marker::Triangle),
    ];
    let mut series = Vec::new();
    for (function, colour, marker) in all {
        let times = figures::series(results, BY_MEMORY, function, &MEMORY_MIB);
        let Some(slope) = figures::per_page(results, function) else {
            continue;
        };
        let place = |mib: usize| (mib as f64).max(ZERO);
        let line = times.iter().map(|&(mib, _)| {
            let pages = (mib * MIB / slope.unit_bytes) as f64;
            (place(mib), (slope.line.at(pages) / 1e3).max(1e-3))
        });
        series.push(Series {
            name: slope.to_string(),
            colour,
            marker: Some(marker),
            line: line.collect(),
            points: times
                .iter()
                .map(|&(mib, time)| (place(mib), time.scaled(1e-3)))
                .collect(),
            dashed: function.starts_with("thread"),
        });
    }
    if series.is_empty() {
        return Ok(None);
    }
    let x = Axis::logarithmic(
        "memory of the creator, in MiB",
        MEMORY_MIB
            .map(|mib| match mib {
                0 => (ZERO, "0".into()),
                _ => (mib as f64, in_words(mib as f64)),
            })
            .to_vec(),
        0.06,
    );
    let times = series.iter().flat_map(|series| &series.points);
    let y = Axis::powers_of_ten(
        "one worker, from its creation to its end, in µs",
        times.flat_map(|&(_, Time { low, high, .. })| [low, high]),
    );
    let names: Vec<_> = series.iter().map(|series| series.name.as_str()).collect();
    let words = Words {
        title: "Thread and fork, over the memory of their creator",
        caption,
        description: format!("Time over memory. {}.", names.join("; ")),
    };
    paper::draw(&words, |area| chart::draw(area, &x, &y, &series)).map(Some)
}
