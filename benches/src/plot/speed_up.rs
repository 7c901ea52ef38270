//! How many times faster the sum is with more workers.

use super::axis::Axis;
use super::chart::{self, Marker, Series, in_words};
use super::colours::{BLUE, GREEN, INK, MUTED, VERMILION};
use super::paper::{self, Words};
use crate::figures::{self, SUM, SUM_CACHED, WORKERS};
use crate::results::{Results, Time};
use anyhow::Result;
use plotters::style::RGBColor;

/// The lines of the programs: group, function, name, colour, marker, dashed.
type Program = (
    &'static str,
    &'static str,
    &'static str,
    RGBColor,
    Marker,
    bool,
);

#[rustfmt::skip]
const PROGRAMS: [Program; 6] = [
    (SUM, "read_only", "limit: reading the 400 MB, no more", INK, Marker::Diamond, true),
    (SUM, "threads", "threads, 400 MB from memory", BLUE, Marker::Circle, false),
    (SUM, "processes", "processes, 400 MB from memory", VERMILION, Marker::Square, false),
    (SUM, "reduce", "reduce: a library's threads", GREEN, Marker::Triangle, false),
    (SUM_CACHED, "threads", "threads, 4 MB from the caches", BLUE, Marker::Circle, true),
    (SUM_CACHED, "processes", "processes, 4 MB from the caches", VERMILION, Marker::Square, true),
];

pub(super) fn draw(results: &Results, caption: &str) -> Result<Option<String>> {
    let workers = WORKERS.map(|num| num as f64);
    let mut series = vec![Series {
        name: "ideal: twice the workers, half the time".into(),
        colour: MUTED,
        marker: None,
        points: Vec::new(),
        line: workers.map(|num| (num, num)).to_vec(),
        dashed: true,
    }];
    for (group, function, name, colour, marker, dashed) in PROGRAMS {
        let Some(alone) = results.time(group, "sequential") else {
            continue;
        };
        let points: Vec<(f64, Time)> = figures::series(results, group, function, &WORKERS)
            .into_iter()
            .map(|(num, time)| (num as f64, figures::speed_up(alone, time)))
            .collect();
        series.push(Series {
            name: name.into(),
            colour,
            marker: Some(marker),
            line: points
                .iter()
                .map(|&(num, time)| (num, time.median))
                .collect(),
            points,
            dashed,
        });
    }
    if series.iter().all(|series| series.points.is_empty()) {
        return Ok(None);
    }

    let x = Axis::logarithmic(
        "number of workers",
        workers.map(|num| (num, in_words(num))).to_vec(),
        0.06,
    );
    let y = Axis::logarithmic(
        "times as fast as the sequential program",
        [0.5, 1.0, 2.0, 4.0, 8.0]
            .map(|times| (times, in_words(times)))
            .to_vec(),
        0.0,
    );
    let words = Words {
        title: "The sum: speed-up over workers",
        caption,
        description: description(&series),
    };
    paper::draw(&words, |area| chart::draw(area, &x, &y, &series)).map(Some)
}

fn description(series: &[Series]) -> String {
    let sentences = series
        .iter()
        .filter(|series| !series.points.is_empty())
        .map(|series| {
            let values: Vec<_> = series
                .points
                .iter()
                .map(|(num, times)| format!("{:.2} with {num}", times.median))
                .collect();
            format!("{}: {}.", series.name, values.join(", "))
        });
    let sentences: Vec<_> = sentences.collect();
    format!(
        "Speed-up over the number of workers. {}",
        sentences.join(" ")
    )
}
