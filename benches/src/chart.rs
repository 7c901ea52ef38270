//! A figure as a picture: an SVG that needs nothing else and follows the reader's preference
//! for light or dark.

use crate::colours::{GRID, INK, MUTED, PAPER, style_sheet};
use crate::figures::{Figure, Series, Y};
use crate::results::{Results, Time};
use anyhow::{Error, Result, anyhow};
use plotters::coord::ranged1d::{KeyPointHint, NoDefaultFormatting, Ranged, ValueFormatter};
use plotters::prelude::*;
use std::ops::Range;

const WIDTH: u32 = 860;
const HEIGHT: u32 = 540;
/// For the title, and for the caption.
const TOP: u32 = 50;
const BOTTOM: u32 = 34;

/// A line of a picture, in the units of the axes.
struct Line {
    name: String,
    colour: RGBColor,
    dashed: bool,
    points: Vec<(f64, Time)>,
    /// It need not go through the points.
    line: Vec<(f64, f64)>,
}

/// Draws a figure. Nothing where its results are missing, or where nothing grows.
///
/// # Errors
///
/// When it can't be drawn.
pub fn draw(figure: &Figure, results: &Results, caption: &str) -> Result<Option<String>> {
    let lines = figure.series.iter();
    let mut lines: Vec<_> = lines
        .filter_map(|series| line(series, figure.y, results))
        .collect();
    if lines.is_empty() {
        return Ok(None);
    }
    let description = description(&lines, figure);
    let mut values: Vec<usize> = figure
        .series
        .iter()
        .flat_map(|series| series.values.to_vec())
        .collect();
    values.sort_unstable();
    values.dedup();
    if figure.y == Y::SpeedUp {
        let workers = values.iter().map(|&workers| workers as f64);
        lines.push(Line {
            name: "ideal: twice the workers, half the time".into(),
            colour: MUTED,
            dashed: true,
            points: Vec::new(),
            line: workers.map(|workers| (workers, workers)).collect(),
        });
    }
    let x = Axis::of_values(figure.x, &values);
    let title = match figure.y {
        Y::Micros => "time, in µs",
        Y::Millis => "time, in ms",
        Y::SpeedUp => "times as fast as the sequential program",
        Y::Ratio => "ratio of the times",
    };
    let all = lines.iter().flat_map(|line| {
        let ends = line
            .points
            .iter()
            .flat_map(|(_, time)| [time.low, time.high]);
        ends.chain(line.line.iter().map(|(_, y)| *y))
    });
    let y = Axis::enclosing(title, all);

    let mut svg = String::new();
    {
        let area = SVGBackend::with_string(&mut svg, (WIDTH, HEIGHT)).into_drawing_area();
        area.fill(&PAPER).map_err(cannot_draw)?;
        let (top, rest) = area.split_vertically(TOP);
        let (middle, bottom) = rest.split_vertically(HEIGHT - TOP - BOTTOM);
        let title = TextStyle::from(("sans-serif", 24, FontStyle::Bold)).color(&INK);
        top.draw_text(figure.title, &title, (16, 16))
            .map_err(cannot_draw)?;
        bottom
            .draw_text(caption, &text(18, &MUTED), (16, 10))
            .map_err(cannot_draw)?;
        let mut chart = ChartBuilder::on(&middle)
            .margin_left(12)
            .margin_right(24)
            .x_label_area_size(58)
            .y_label_area_size(88)
            .build_cartesian_2d(x.clone(), y.clone())
            .map_err(cannot_draw)?;
        chart
            .configure_mesh()
            .bold_line_style(GRID)
            .axis_style(INK)
            .x_desc(&x.title)
            .y_desc(&y.title)
            .axis_desc_style(text(19, &INK))
            .label_style(text(18, &INK))
            .draw()
            .map_err(cannot_draw)?;
        for line in &lines {
            draw_line(&mut chart, line)?;
        }
        chart
            .configure_series_labels()
            .position(SeriesLabelPosition::UpperLeft)
            .margin(12)
            .legend_area_size(42)
            .label_font(text(18, &INK))
            .background_style(PAPER.mix(0.8))
            .border_style(GRID)
            .draw()
            .map_err(cannot_draw)?;
        area.present().map_err(cannot_draw)?;
    }
    let (start, rest) = svg
        .split_once('>')
        .ok_or_else(|| cannot_draw("no SVG element"))?;
    let name = figure.name;
    Ok(Some(format!(
        "{start} role=\"img\" aria-labelledby=\"{name}-title {name}-description\">\n\
         <title id=\"{name}-title\">{}</title>\n\
         <desc id=\"{name}-description\">{}</desc>\n<style>\n{}</style>{}\n",
        escaped(figure.title),
        escaped(&description),
        escaped(&style_sheet()),
        rest.trim_end(),
    )))
}

type Chart<'a, 'b> = ChartContext<'a, SVGBackend<'b>, Cartesian2d<Axis, Axis>>;

/// Draws a line, its points, their confidence intervals and its row of the legend.
fn draw_line<'a, 'b: 'a>(chart: &mut Chart<'a, 'b>, line: &Line) -> Result<()> {
    let style = ShapeStyle::from(line.colour).stroke_width(2);
    let places = line.line.iter().copied();
    let (has_points, dashed) = (!line.points.is_empty(), line.dashed);
    let drawn = match dashed {
        true => chart.draw_series(DashedLineSeries::new(places, 7, 5, style)),
        false => chart.draw_series(LineSeries::new(places, style)),
    };
    drawn
        .map_err(cannot_draw)?
        .label(line.name.as_str())
        .legend(move |at| {
            let gap = if dashed { 5 } else { 0 };
            let piece = |from, to| PathElement::new([(from, 0), (to - gap, 0)], style);
            let point = Circle::new((18, 0), if has_points { 5 } else { 0 }, style.filled());
            EmptyElement::at(at) + piece(0, 13) + piece(13, 25) + piece(25, 36) + point
        });
    for &(x, time) in &line.points {
        let bar = PathElement::new([(x, time.low), (x, time.high)], style);
        chart.draw_series([bar]).map_err(cannot_draw)?;
        let cap = |y| EmptyElement::at((x, y)) + PathElement::new([(-5, 0), (5, 0)], style);
        chart
            .draw_series([cap(time.low), cap(time.high)])
            .map_err(cannot_draw)?;
        let point = Circle::new((x, time.median), 5, style.filled());
        chart.draw_series([point]).map_err(cannot_draw)?;
    }
    Ok(())
}

/// What a picture shows of a series.
fn line(series: &Series, y: Y, results: &Results) -> Option<Line> {
    let unit = match y {
        Y::Micros => 1e-3,
        Y::Millis => 1e-6,
        Y::SpeedUp | Y::Ratio => 1.0,
    };
    let times = series.times(results, y);
    let slope = series.slope(results);
    let points: Vec<_> = times
        .iter()
        .map(|&(value, time)| (place(value, series.values), time.scaled(unit)))
        .collect();
    let height = |value, time: Time| slope.map_or(time.median, |slope| slope.at(value)) * unit;
    let line = times.iter();
    let line = line.map(|&(value, time)| (place(value, series.values), height(value, time)));
    let name = match slope.map(|slope| (slope.ns(), slope.per)) {
        None => series.name.into(),
        Some((0.0, per)) => format!("{}: nothing per {per}", series.name),
        Some((ns, per)) => format!("{}: {} per {per}", series.name, in_units(ns)),
    };
    (!points.is_empty()).then(|| Line {
        name,
        colour: series.colour,
        dashed: series.dashed,
        points,
        line: line.collect(),
    })
}

/// Where a value stands. A logarithmic axis has no zero: it stands left of the next value.
fn place(value: usize, values: &[usize]) -> f64 {
    let next = values.iter().find(|&&next| next > 0).copied().unwrap_or(1);
    if value == 0 {
        next as f64 / 8.0
    } else {
        value as f64
    }
}

/// What the picture shows, for readers who do not see it.
fn description(lines: &[Line], figure: &Figure) -> String {
    let lines = lines.iter().map(|line| {
        let points = line.points.iter();
        let points = points.map(|(x, time)| format!("{:.2} at {x}", time.median));
        format!("{}: {}.", line.name, points.collect::<Vec<_>>().join(", "))
    });
    format!("By {}. {}", figure.x, lines.collect::<Vec<_>>().join(" "))
}

/// A logarithmic axis with ticks and labels of our own choice.
#[derive(Clone)]
struct Axis {
    title: String,
    ticks: Vec<(f64, String)>,
    range: Range<f64>,
}

impl Axis {
    /// With a tick at each value, and a bit of room at both ends.
    fn of_values(title: &str, values: &[usize]) -> Self {
        let ticks = values.iter();
        let ticks = ticks.map(|&value| (place(value, values), with_commas(value as f64)));
        let ticks: Vec<_> = ticks.collect();
        let (first, last) = (ticks[0].0, ticks[ticks.len() - 1].0);
        let room = (last / first).powf(0.06);
        Self {
            title: title.into(),
            ticks,
            range: first / room..last * room,
        }
    }

    /// With ticks that enclose all values.
    fn enclosing(title: &str, values: impl Iterator<Item = f64>) -> Self {
        let (low, high) = values
            .filter(|value| *value > 0.0)
            .fold((f64::INFINITY, 0.0_f64), |(low, high), value| {
                (low.min(value), high.max(value))
            });
        // The smaller the range, the more ticks in each power of ten.
        let steps: &[f64] = match high / low {
            ..3.0 => &[1.0, 1.2, 1.5, 2.0, 3.0, 5.0, 7.0],
            ..200.0 => &[1.0, 2.0, 5.0],
            _ => &[1.0],
        };
        let ticks = (-9..12)
            .flat_map(|exponent| steps.iter().map(move |step| step * 10_f64.powi(exponent)));
        let ticks: Vec<f64> = ticks.collect();
        let first = ticks
            .iter()
            .rposition(|tick| *tick <= low * 1.001)
            .unwrap_or(0);
        let last = ticks
            .iter()
            .position(|tick| *tick >= high * 0.999)
            .unwrap_or(ticks.len() - 1);
        // A single tick is no scale.
        let last = last.max(first + 1);
        let ticks = ticks[first..=last].iter();
        let ticks: Vec<_> = ticks.map(|&tick| (tick, with_commas(tick))).collect();
        Self {
            title: title.into(),
            range: ticks[0].0..ticks[ticks.len() - 1].0,
            ticks,
        }
    }
}

impl Ranged for Axis {
    type FormatOption = NoDefaultFormatting;
    type ValueType = f64;

    fn map(&self, value: &f64, (start, end): (i32, i32)) -> i32 {
        let (first, last) = (self.range.start.log10(), self.range.end.log10());
        // A value outside of the range is drawn at the edge.
        let value = value.clamp(self.range.start, self.range.end);
        let part = (value.log10() - first) / (last - first);
        #[allow(clippy::cast_possible_truncation, reason = "it lies between two i32")]
        let pixels = (part * f64::from(end - start)).round() as i32;
        start + pixels
    }

    fn key_points<Hint: KeyPointHint>(&self, hint: Hint) -> Vec<f64> {
        match hint.weight().allow_light_points() {
            true => Vec::new(),
            false => self.ticks.iter().map(|&(at, _)| at).collect(),
        }
    }

    fn range(&self) -> Range<f64> {
        self.range.clone()
    }
}

impl ValueFormatter<f64> for Axis {
    fn format_ext(&self, value: &f64) -> String {
        let tick = self.ticks.iter().find(|(at, _)| at == value);
        tick.map_or_else(String::new, |(_, label)| label.clone())
    }
}

/// A text style; of a size that is a little larger than pixels.
fn text(size: u32, colour: &RGBColor) -> TextStyle<'_> {
    TextStyle::from(("sans-serif", size)).color(colour)
}

/// Why a picture can't be drawn, in plotters' words.
fn cannot_draw(reason: impl std::fmt::Display) -> Error {
    anyhow!("cannot draw a picture: {reason}")
}

/// As text of XML and HTML.
pub(crate) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

/// A time in nanoseconds in the unit that suits it, with three digits.
pub(crate) fn in_units(ns: f64) -> String {
    let (value, unit) = match ns.abs() {
        ..1e3 => (ns, "ns"),
        ..1e6 => (ns / 1e3, "µs"),
        ..1e9 => (ns / 1e6, "ms"),
        _ => (ns / 1e9, "s"),
    };
    let decimals = match value.abs() {
        ..9.995 => 2,
        ..99.95 => 1,
        _ => 0,
    };
    format!("{value:.decimals$} {unit}")
}

/// A number without needless zeros, with commas between thousands.
fn with_commas(number: f64) -> String {
    if number < 10.0 {
        let digits = format!("{number:.9}");
        return digits.trim_end_matches('0').trim_end_matches('.').into();
    }
    let digits = format!("{number:.0}");
    let mut words = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            words.push(',');
        }
        words.push(digit);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::{Axis, in_units, with_commas};
    use plotters::coord::ranged1d::Ranged;

    #[test]
    fn ticks_enclose_all_values() {
        let ticks = |values: &[f64]| -> Vec<String> {
            let ticks = Axis::enclosing("", values.iter().copied()).ticks;
            ticks.into_iter().map(|(_, label)| label).collect()
        };
        assert_eq!(
            ticks(&[50.0, 40_000.0]),
            ["10", "100", "1,000", "10,000", "100,000"]
        );
        assert_eq!(ticks(&[0.02, 0.5]), ["0.02", "0.05", "0.1", "0.2", "0.5"]);
        assert_eq!(ticks(&[1.1, 1.4]), ["1", "1.2", "1.5"]);
        assert_eq!(ticks(&[100.0]), ["100", "120"]);
    }

    #[test]
    fn a_factor_is_a_length() {
        let axis = Axis {
            title: String::new(),
            ticks: Vec::new(),
            range: 1.0..100.0,
        };
        let places = [1.0, 10.0, 100.0, 0.0, 1e9].map(|value| axis.map(&value, (40, 240)));
        assert_eq!(places, [40, 140, 240, 40, 240]);
    }

    #[test]
    fn zero_has_a_place() {
        let axis = Axis::of_values("", &[0, 16, 64]);
        let labels: Vec<_> = axis
            .ticks
            .iter()
            .map(|(at, label)| (*at, label.as_str()))
            .collect();
        assert_eq!(labels, [(2.0, "0"), (16.0, "16"), (64.0, "64")]);
    }

    #[test]
    fn numbers() {
        for (number, words) in [
            (0.01, "0.01"),
            (1.0, "1"),
            (1.2, "1.2"),
            (999.0, "999"),
            (1e6, "1,000,000"),
        ] {
            assert_eq!(with_commas(number), words);
        }
        for (ns, words) in [
            (0.1, "0.10 ns"),
            (38.6, "38.6 ns"),
            (1234.0, "1.23 µs"),
            (251_970.0, "252 µs"),
            (48_808_000.0, "48.8 ms"),
            (2.5e9, "2.50 s"),
        ] {
            assert_eq!(in_units(ns), words);
        }
    }
}
