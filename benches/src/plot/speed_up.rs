//! How many times faster the sum is with more workers.

use super::axis::Axis;
use super::chart::{self, Marker, Series, in_words};
use super::colours::{BLUE, GREEN, INK, MUTED, VERMILION};
use super::paper::{self, Words};
use crate::figures::{self, SUM, WORKERS};
use crate::results::{Results, Time};
use common::Error;

pub(super) fn draw(results: &Results, caption: &str) -> Result<Option<String>, Error> {
    let Some(alone) = results.time(SUM, "sequential") else {
        return Ok(None);
    };
    let speed_up = |function| -> Vec<(f64, Time)> {
        figures::series(results, SUM, function, &WORKERS)
            .into_iter()
            .map(|(num, time)| (num as f64, figures::speed_up(alone, time)))
            .collect()
    };
    let line = |points: &[(f64, Time)]| {
        points
            .iter()
            .map(|&(num, time)| (num, time.median))
            .collect()
    };
    let workers = WORKERS.map(|num| num as f64);

    let limit = speed_up("read_only");
    let mut series = vec![
        Series {
            name: "ideal: twice the workers, half the time".into(),
            colour: MUTED,
            marker: None,
            points: Vec::new(),
            line: workers.map(|num| (num, num)).to_vec(),
            dashed: true,
        },
        Series {
            name: "limit: reading the array and no more".into(),
            colour: INK,
            marker: Some(Marker::Diamond),
            line: line(&limit),
            points: limit,
            dashed: true,
        },
    ];
    for (function, name, colour, marker) in [
        ("threads", "threads", BLUE, Marker::Circle),
        ("processes", "processes", VERMILION, Marker::Square),
        (
            "reduce",
            "reduce: a library's threads",
            GREEN,
            Marker::Triangle,
        ),
    ] {
        let points = speed_up(function);
        series.push(Series {
            name: name.into(),
            colour,
            marker: Some(marker),
            line: line(&points),
            points,
            dashed: false,
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
        title: "The sum of 400 MB: speed-up over workers",
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
