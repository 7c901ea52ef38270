//! A figure as a picture: an SVG that needs nothing else and follows the reader's preference
//! for light or dark.

use crate::axis::{Axis, place};
use crate::colours::{GRID, INK, MUTED, PAPER, style_sheet};
use crate::figures::{Figure, Series, Y};
use crate::results::{Results, Time};
use crate::words::{escaped, in_units};
use anyhow::{Error, Result, anyhow};
use plotters::prelude::*;

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

/// What the picture shows, for readers who do not see it.
fn description(lines: &[Line], figure: &Figure) -> String {
    let lines = lines.iter().map(|line| {
        let points = line.points.iter();
        let points = points.map(|(x, time)| format!("{:.2} at {x}", time.median));
        format!("{}: {}.", line.name, points.collect::<Vec<_>>().join(", "))
    });
    format!("By {}. {}", figure.x, lines.collect::<Vec<_>>().join(" "))
}

/// A text style; of a size that is a little larger than pixels.
fn text(size: u32, colour: &RGBColor) -> TextStyle<'_> {
    TextStyle::from(("sans-serif", size)).color(colour)
}

/// Why a picture can't be drawn, in plotters' words.
fn cannot_draw(reason: impl std::fmt::Display) -> Error {
    anyhow!("cannot draw a picture: {reason}")
}
