//! A figure as a picture: an SVG that needs nothing else and follows the reader's preference
//! for light or dark.

use crate::axis::{Axis, place};
use crate::colours::{GRID, INK, MUTED, PAPER, style_sheet};
use crate::figures::{Figure, Series, Y};
use crate::results::{Results, Time};
use crate::words::{escaped, in_units};
use anyhow::{Error, Result, anyhow};
use plotters::coord::Shift;
use plotters::prelude::*;

const WIDTH: u32 = 860;
/// Heights of the title, a row of the legend, the diagram with its axes, and the caption.
const TITLE: u32 = 50;
const LEGEND_ROW: u32 = 27;
const DIAGRAM: u32 = 440;
const CAPTION: u32 = 34;

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
        // The legend has two columns.
        let legend = LEGEND_ROW * u32::try_from(lines.len().div_ceil(2))?;
        let size = (WIDTH, TITLE + legend + DIAGRAM + CAPTION);
        let area = SVGBackend::with_string(&mut svg, size).into_drawing_area();
        area.fill(&PAPER).map_err(cannot_draw)?;
        let (top, rest) = area.split_vertically(TITLE);
        let (legend, rest) = rest.split_vertically(legend);
        let (middle, bottom) = rest.split_vertically(DIAGRAM);
        let title = TextStyle::from(("sans-serif", 24, FontStyle::Bold)).color(&INK);
        top.draw_text(figure.title, &title, (16, 16))
            .map_err(cannot_draw)?;
        bottom
            .draw_text(caption, &text(18, &MUTED), (16, 10))
            .map_err(cannot_draw)?;
        let cells = legend.split_evenly((lines.len().div_ceil(2), 2));
        for (line, cell) in lines.iter().zip(&cells) {
            draw_name(cell, line)?;
        }
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

/// Draws the name of a line, and what it looks like.
fn draw_name(cell: &DrawingArea<SVGBackend, Shift>, line: &Line) -> Result<()> {
    let style = ShapeStyle::from(line.colour).stroke_width(2);
    let gap = if line.dashed { 5 } else { 0 };
    let piece = |from, to| PathElement::new([(from, 13), (to - gap, 13)], style);
    for piece in [piece(16, 29), piece(29, 41), piece(41, 52)] {
        cell.draw(&piece).map_err(cannot_draw)?;
    }
    if !line.points.is_empty() {
        let point = Circle::new((34, 13), 5, style.filled());
        cell.draw(&point).map_err(cannot_draw)?;
    }
    cell.draw_text(&line.name, &text(18, &INK), (62, 3))
        .map_err(cannot_draw)
}

type Chart<'a, 'b> = ChartContext<'a, SVGBackend<'b>, Cartesian2d<Axis, Axis>>;

/// Draws a line, its points and their confidence intervals.
fn draw_line<'a, 'b: 'a>(chart: &mut Chart<'a, 'b>, line: &Line) -> Result<()> {
    let style = ShapeStyle::from(line.colour).stroke_width(2);
    let places = line.line.iter().copied();
    let drawn = match line.dashed {
        true => chart.draw_series(DashedLineSeries::new(places, 7, 5, style)),
        false => chart.draw_series(LineSeries::new(places, style)),
    };
    drawn.map_err(cannot_draw)?;
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
