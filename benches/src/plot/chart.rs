//! A chart with two logarithmic axes.

use super::axis::Axis;
use super::colours::{GRID, INK, PAPER};
use super::paper::{Area, cannot_draw, text};
use crate::results::Time;
use anyhow::Result;
use plotters::prelude::*;

/// Points and a line of one colour.
pub(super) struct Series {
    /// For the legend.
    pub(super) name: String,
    pub(super) colour: RGBColor,
    /// What each point is drawn as. `None` for a line without points.
    pub(super) marker: Option<Marker>,
    /// The measured points, in the units of the axes.
    pub(super) points: Vec<(f64, Time)>,
    /// The line, which need not go through the points.
    pub(super) line: Vec<(f64, f64)>,
    pub(super) dashed: bool,
}

#[derive(Clone, Copy)]
pub(super) enum Marker {
    Circle,
    Square,
    Triangle,
    Diamond,
}

pub(super) fn draw(area: &Area<'_>, x: &Axis, y: &Axis, series: &[Series]) -> Result<()> {
    let mut chart = axes(area, x, y)?;
    for series in series {
        let style = ShapeStyle::from(series.colour).stroke_width(2);
        let line = series.line.iter().copied();
        let drawn = if series.dashed {
            chart.draw_series(DashedLineSeries::new(line, 7, 5, style))
        } else {
            chart.draw_series(LineSeries::new(line, style))
        };
        let (marker, dashed) = (series.marker, series.dashed);
        drawn
            .map_err(cannot_draw)?
            .label(series.name.as_str())
            .legend(move |at| {
                // A piece of the line, with a marker.
                let gap = if dashed { 5 } else { 0 };
                let piece = |from, to| PathElement::new([(from, 0), (to - gap, 0)], style);
                EmptyElement::at(at)
                    + piece(0, 13)
                    + piece(13, 25)
                    + piece(25, 36)
                    + outline((18, 0), marker, style)
            });
        for &(x, time) in &series.points {
            error_bar(&mut chart, x, time, style)?;
            let point = EmptyElement::at((x, time.median)) + outline((0, 0), marker, style);
            chart.draw_series([point]).map_err(cannot_draw)?;
        }
    }

    draw_legend(&mut chart)
}

/// Where something is drawn, with its two axes.
pub(super) type Chart<'a, 'b> = ChartContext<'a, SVGBackend<'b>, Cartesian2d<Axis, Axis>>;

/// The axes and a grid.
pub(super) fn axes<'a, 'b>(area: &'a Area<'b>, x: &Axis, y: &Axis) -> Result<Chart<'a, 'b>> {
    let mut chart = ChartBuilder::on(area)
        .margin_left(12)
        .margin_right(24)
        .x_label_area_size(52)
        .y_label_area_size(76)
        .build_cartesian_2d(x.clone(), y.clone())
        .map_err(cannot_draw)?;
    chart
        .configure_mesh()
        .bold_line_style(GRID)
        .axis_style(INK)
        .x_desc(&x.title)
        .y_desc(&y.title)
        .axis_desc_style(text(16, &INK))
        .label_style(text(15, &INK))
        .draw()
        .map_err(cannot_draw)?;
    Ok(chart)
}

/// The confidence interval of a time.
pub(super) fn error_bar(
    chart: &mut Chart<'_, '_>,
    x: f64,
    time: Time,
    style: ShapeStyle,
) -> Result<()> {
    let bar = PathElement::new([(x, time.low), (x, time.high)], style);
    chart.draw_series([bar]).map_err(cannot_draw)?;
    let cap = |y| EmptyElement::at((x, y)) + PathElement::new([(-5, 0), (5, 0)], style);
    let caps = [cap(time.low), cap(time.high)];
    chart.draw_series(caps).map(drop).map_err(cannot_draw)
}

/// The legend of all that was drawn and has a name.
pub(super) fn draw_legend<'a, 'b: 'a>(chart: &mut Chart<'a, 'b>) -> Result<()> {
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::UpperLeft)
        .margin(12)
        .legend_area_size(42)
        .label_font(text(15, &INK))
        .background_style(PAPER)
        .border_style(GRID)
        .draw()
        .map_err(cannot_draw)
}

/// A marker as a polygon around a place.
fn outline((x, y): (i32, i32), marker: Option<Marker>, style: ShapeStyle) -> Polygon<(i32, i32)> {
    let corners: &[(i32, i32)] = match marker {
        None => &[],
        Some(Marker::Circle) => &[
            (5, 0),
            (4, 2),
            (2, 4),
            (0, 5),
            (-2, 4),
            (-4, 2),
            (-5, 0),
            (-4, -2),
            (-2, -4),
            (0, -5),
            (2, -4),
            (4, -2),
        ],
        Some(Marker::Square) => &[(-4, -4), (4, -4), (4, 4), (-4, 4)],
        Some(Marker::Triangle) => &[(0, -6), (5, 4), (-5, 4)],
        Some(Marker::Diamond) => &[(0, -6), (6, 0), (0, 6), (-6, 0)],
    };
    let corners: Vec<_> = corners.iter().map(|&(dx, dy)| (x + dx, y + dy)).collect();
    Polygon::new(corners, style.filled())
}

/// A number without needless zeros, with commas between thousands.
pub(super) fn in_words(number: f64) -> String {
    if number < 1.0 {
        return format!("{number}");
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
    use super::in_words;

    #[test]
    fn numbers() {
        for (number, words) in [
            (0.01, "0.01"),
            (1.0, "1"),
            (999.0, "999"),
            (1e3, "1,000"),
            (1e6, "1,000,000"),
        ] {
            assert_eq!(in_words(number), words);
        }
    }
}
