//! A figure as a picture: an SVG that needs nothing else and follows the reader's preference
//! for light or dark.

use crate::colours::{GRID, INK, MUTED, PAPER, style_sheet};
use crate::figures::{Figure, Series, Stroke, Y};
use crate::results::{Interval, Results, Time};
use crate::words::{escaped, with_commas};
use anyhow::{Context, Result};
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
    stroke: Stroke,
    points: Vec<(usize, Time)>,
    /// It need not go through the points.
    line: Vec<(usize, f64)>,
}

/// Draws a figure. Nothing where its results are missing, or where nothing grows.
///
/// # Errors
///
/// When it can't be drawn.
pub fn draw(figure: &Figure, results: &Results, caption: &str) -> Result<Option<String>> {
    let lines = figure.series.iter();
    let mut lines: Vec<_> = lines
        .map(|series| line(figure, series, results))
        .filter(|line| !line.points.is_empty())
        .collect();
    if lines.is_empty() {
        return Ok(None);
    }
    let description = description(&lines, figure);
    if figure.y == Y::SpeedUp {
        let ideal = figure.values.iter();
        lines.push(Line {
            name: "ideal: twice the workers, half the time".into(),
            stroke: Stroke::Dashed(MUTED),
            points: Vec::new(),
            line: ideal.map(|&workers| (workers, workers as f64)).collect(),
        });
    }
    let svg = svg(figure, &lines, caption).context("cannot draw a picture")?;
    let (start, rest) = svg.split_once('>').context("no SVG element")?;
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

/// What a picture shows of a series.
fn line(figure: &Figure, series: &Series, results: &Results) -> Line {
    let (unit, _) = figure.y.axis();
    let sequential = series.sequential(results);
    let slope = figure.slope(series, results);
    let points = figure.times(series, results).into_iter();
    let points = points.filter_map(|(value, time)| {
        let time = match figure.y {
            Y::SpeedUp => sequential?.divided_by(time),
            _ => time.scaled(unit),
        };
        Some((value?, time))
    });
    let points: Vec<_> = points.collect();
    let line = points.iter().map(|&(value, time)| match slope {
        None => (value, time.median),
        Some(slope) => (value, slope.at(value) * unit),
    });
    Line {
        name: match slope {
            None => series.name.into(),
            Some(slope) => format!("{}: {} per {}", series.name, slope.cost(), slope.per),
        },
        stroke: series.line,
        line: line.collect(),
        points,
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

fn svg(figure: &Figure, lines: &[Line], caption: &str) -> Result<String> {
    let mut svg = String::new();
    {
        // The legend has two columns.
        let rows = lines.len().div_ceil(2);
        let legend = LEGEND_ROW * u32::try_from(rows)?;
        let size = (WIDTH, TITLE + legend + DIAGRAM + CAPTION);
        let area = SVGBackend::with_string(&mut svg, size).into_drawing_area();
        area.fill(&PAPER)?;
        let (top, rest) = area.split_vertically(TITLE);
        let (legend, rest) = rest.split_vertically(legend);
        let (middle, bottom) = rest.split_vertically(DIAGRAM);
        let title = TextStyle::from(("sans-serif", 24, FontStyle::Bold)).color(&INK);
        top.draw_text(figure.title, &title, (16, 16))?;
        bottom.draw_text(caption, &text(18, &MUTED), (16, 10))?;
        for (line, cell) in lines.iter().zip(legend.split_evenly((rows, 2))) {
            draw_name(&cell, line)?;
        }
        draw_lines(&middle, figure, lines)?;
        area.present()?;
    }
    Ok(svg)
}

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

/// Draws the name of a line, and what it looks like.
fn draw_name(cell: &Area<'_>, line: &Line) -> Result<()> {
    let colour = line.stroke.colour();
    let gap = if line.stroke == Stroke::Dashed(colour) {
        5
    } else {
        0
    };
    for (from, to) in [(16, 29), (29, 41), (41, 52)] {
        let piece = [(from, 13), (to - gap, 13)];
        cell.draw(&PathElement::new(piece, colour.stroke_width(2)))?;
    }
    if !line.points.is_empty() {
        cell.draw(&Circle::new((34, 13), 5, colour.filled()))?;
    }
    cell.draw_text(&line.name, &text(18, &INK), (62, 3))?;
    Ok(())
}

/// Draws the axes, and the lines with their points and confidence intervals.
fn draw_lines(area: &Area<'_>, figure: &Figure, lines: &[Line]) -> Result<()> {
    let values = figure.values;
    let place = |value| place(value, values);
    let x_ticks: Vec<f64> = values.iter().copied().map(place).collect();
    let (first, last) = (x_ticks[0], x_ticks[x_ticks.len() - 1]);
    // A bit of room at both ends.
    let room = (last / first).powf(0.06);
    let x_label = |x: &f64| with_commas(if *x == first { values[0] as f64 } else { *x });
    let heights = lines.iter().flat_map(|line| {
        let ends = line.points.iter();
        let ends = ends.flat_map(|(_, time)| [time.interval.low, time.interval.high]);
        ends.chain(line.line.iter().map(|(_, y)| *y))
    });
    let y_ticks = ticks_around(heights);
    let (bottom, top) = (y_ticks[0], y_ticks[y_ticks.len() - 1]);

    let x_range = (first / room..last * room).log_scale();
    let y_range = (bottom..top).log_scale();
    let mut chart = ChartBuilder::on(area)
        .margin_left(12)
        .margin_right(24)
        .x_label_area_size(58)
        .y_label_area_size(88)
        .build_cartesian_2d(
            x_range.with_key_points(x_ticks),
            y_range.with_key_points(y_ticks),
        )?;
    chart
        .configure_mesh()
        .bold_line_style(GRID)
        .axis_style(INK)
        .x_desc(figure.x)
        .y_desc(figure.y.axis().1)
        .x_label_formatter(&x_label)
        .y_label_formatter(&|y| with_commas(*y))
        .axis_desc_style(text(19, &INK))
        .label_style(text(18, &INK))
        .draw()?;
    for line in lines {
        let style = ShapeStyle::from(line.stroke.colour()).stroke_width(2);
        // A fitted line may leave the diagram.
        let ends = line.line.iter();
        let ends = ends.map(|&(value, y)| (place(value), y.clamp(bottom, top)));
        match line.stroke {
            Stroke::Solid(_) => chart.draw_series(LineSeries::new(ends, style)),
            Stroke::Dashed(_) => chart.draw_series(DashedLineSeries::new(ends, 7, 5, style)),
        }?;
        let points = line.points.iter().map(|&(value, time)| {
            let Interval { low, high } = time.interval;
            ErrorBar::new_vertical(place(value), low, time.median, high, style.filled(), 10)
        });
        chart.draw_series(points)?;
    }
    Ok(())
}

/// Where a value stands. A logarithmic axis has no zero: it stands left of the next value.
fn place(value: usize, values: &[usize]) -> f64 {
    match value {
        0 => values[1] as f64 / 8.0,
        _ => value as f64,
    }
}

/// Ticks of a logarithmic axis that enclose all values.
fn ticks_around(values: impl Iterator<Item = f64>) -> Vec<f64> {
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
    let ticks =
        (-9..12).flat_map(|exponent| steps.iter().map(move |step| step * 10_f64.powi(exponent)));
    let ticks: Vec<f64> = ticks.collect();
    let first = ticks.iter().rposition(|tick| *tick <= low * 1.001);
    let last = ticks.iter().position(|tick| *tick >= high * 0.999);
    let first = first.unwrap_or(0);
    // A single tick is no scale.
    let last = last.unwrap_or(ticks.len() - 1).max(first + 1);
    ticks[first..=last].to_vec()
}

/// A text style; of a size that is a little larger than pixels.
fn text(size: u32, colour: &RGBColor) -> TextStyle<'_> {
    TextStyle::from(("sans-serif", size)).color(colour)
}

#[cfg(test)]
mod tests {
    use super::ticks_around;
    use crate::words::with_commas;

    #[test]
    fn ticks_enclose_all_values() {
        let ticks = |values: &[f64]| -> Vec<String> {
            let ticks = ticks_around(values.iter().copied());
            ticks.into_iter().map(with_commas).collect()
        };
        assert_eq!(
            ticks(&[50.0, 40_000.0]),
            ["10", "100", "1,000", "10,000", "100,000"]
        );
        assert_eq!(ticks(&[0.02, 0.5]), ["0.02", "0.05", "0.1", "0.2", "0.5"]);
        assert_eq!(ticks(&[1.1, 1.4]), ["1", "1.2", "1.5"]);
        assert_eq!(ticks(&[100.0]), ["100", "120"]);
    }
}
