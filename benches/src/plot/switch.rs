//! What a byte to and fro costs, as bars.

use super::axis::Axis;
use super::chart::{axes, draw_legend, error_bar, in_words};
use super::colours::{BLUE, INK, VERMILION};
use super::paper::{self, Area, Words, cannot_draw, text_above};
use crate::figures::SWITCH;
use crate::results::{Results, Time};
use anyhow::Result;
use plotters::prelude::*;

const PLACES: [(&str, &str); 2] = [
    ("one_cpu", "both on one CPU"),
    ("two_cpus", "each on a CPU of its own"),
];

struct Bar {
    /// The place on the axis of its left end: groups are one apart.
    left: f64,
    colour: RGBColor,
    time: Time,
}

const WIDTH: f64 = 0.3;

pub(super) fn draw(results: &Results, caption: &str) -> Result<Option<String>> {
    let mut bars = Vec::new();
    let mut sentences = Vec::new();
    for (group, (place, place_in_words)) in PLACES.iter().enumerate() {
        for (side, who, colour) in [(0.19, "threads", BLUE), (0.51, "processes", VERMILION)] {
            if let Some(time) = results.time(SWITCH, &format!("{who}_{place}")) {
                let time = time.scaled(1e-3);
                sentences.push(format!("{who}, {place_in_words}: {:.1} µs.", time.median));
                let left = group as f64 + side;
                bars.push(Bar { left, colour, time });
            }
        }
    }
    if bars.is_empty() {
        return Ok(None);
    }
    let words = Words {
        title: "A byte to and fro between two workers",
        caption,
        description: format!("A byte to and fro. {}", sentences.join(" ")),
    };
    paper::draw(&words, |area| draw_bars(area, &bars)).map(Some)
}

fn draw_bars(area: &Area<'_>, bars: &[Bar]) -> Result<()> {
    let highest = bars.iter().map(|bar| bar.time.high).fold(0.0, f64::max);
    let places = [0.5, 1.5].into_iter().zip(PLACES);
    let places = places.map(|(at, (_, words))| (at, words.into())).collect();
    let x = Axis::linear("where the two parties run", places, 2.0);
    // Five steps of 1, 2 or 5 times a power of ten, or a bit more.
    let power = 10_f64.powf((highest / 5.0).log10().floor());
    let step = power
        * [5.0, 2.0, 1.0]
            .into_iter()
            .find(|n| n * power <= highest / 5.0)
            .unwrap_or(1.0);
    let ticks = (0..10).map(|n| f64::from(n) * step);
    let ticks = ticks.take_while(|&at| at < highest * 1.25);
    let ticks = ticks.map(|at| (at, in_words(at))).collect();
    let y = Axis::linear("a byte to and fro, in µs", ticks, highest * 1.3);
    let mut chart = axes(area, &x, &y)?;

    for (who, colour) in [("two threads", BLUE), ("two processes", VERMILION)] {
        let of_it = bars.iter().filter(|bar| bar.colour == colour);
        let rectangles = of_it.map(|bar| {
            let corners = [(bar.left, 0.0), (bar.left + WIDTH, bar.time.median)];
            Rectangle::new(corners, colour.filled())
        });
        chart
            .draw_series(rectangles)
            .map_err(cannot_draw)?
            .label(who)
            .legend(move |(x, y)| Rectangle::new([(x, y - 6), (x + 24, y + 6)], colour.filled()));
    }
    for bar in bars {
        let Time { median, high, .. } = bar.time;
        let middle = bar.left + WIDTH / 2.0;
        let ink = ShapeStyle::from(INK).stroke_width(2);
        error_bar(&mut chart, middle, bar.time, ink)?;
        let label = EmptyElement::at((middle, high))
            + Text::new(format!("{median:.1}"), (0, -8), text_above(16, &INK));
        chart.draw_series([label]).map_err(cannot_draw)?;
    }
    draw_legend(&mut chart)
}
