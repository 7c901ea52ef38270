//! A figure as a picture: an SVG that needs nothing else and follows the reader's preference
//! for light or dark.

use crate::figures::{Figure, Series, Y};
use crate::results::{Interval, Results, Time};
use crate::words::{escaped, with_commas};

/// The width of a picture, in pixels, and the left and the right edge of its diagram.
const WIDTH: f64 = 860.0;
const LEFT: f64 = 100.0;
const RIGHT: f64 = 836.0;
/// Heights of the title, a row of the legend, the diagram, and all that is below it.
const TITLE: f64 = 50.0;
const LEGEND_ROW: f64 = 27.0;
const DIAGRAM: f64 = 382.0;
const BELOW: f64 = 92.0;

/// A line of a picture, in the units of the axes.
struct Line {
    name: String,
    look: String,
    points: Vec<(usize, Time)>,
    /// It need not go through the points.
    line: Vec<(usize, f64)>,
}

/// Draws a figure. Nothing where its results are missing, or where nothing grows.
#[must_use]
pub fn draw(figure: &Figure, results: &Results, caption: &str) -> Option<String> {
    let series = figure.series.iter();
    let mut lines = Vec::from_iter(series.map(|series| line(figure, series, results)));
    lines.retain(|line| !line.points.is_empty());
    if lines.is_empty() {
        return None;
    }
    let description = escaped(&description(&lines, figure));
    if figure.y == Y::SpeedUp {
        lines.push(Line {
            name: "ideal: twice the workers, half the time".into(),
            look: "muted dashed".into(),
            points: Vec::new(),
            line: figure.values.iter().map(|&n| (n, n as f64)).collect(),
        });
    }
    let top = TITLE + LEGEND_ROW * lines.len().div_ceil(2) as f64;
    let bottom = top + DIAGRAM;
    let height = bottom + BELOW;
    let (name, title) = (&figure.name, escaped(&figure.title));
    let style = escaped(include_str!("picture.css"));
    let heading = text("title", 16.0, 31.0, &figure.title);
    let legend: String = lines.iter().enumerate().map(legend).collect();
    let diagram = diagram(figure, &lines, top, bottom);
    let caption = text("muted", 16.0, height - 13.0, caption);
    Some(format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}"
 viewBox="0 0 {WIDTH} {height}" class="ink" role="img" aria-labelledby="{name}-title {name}-description">
<title id="{name}-title">{title}</title>
<desc id="{name}-description">{description}</desc>
<style>
{style}</style>
<rect class="paper" width="{WIDTH}" height="{height}"/>
{heading}{legend}{diagram}{caption}</svg>
"#
    ))
}

/// What a picture shows of a series.
fn line(figure: &Figure, series: &Series, results: &Results) -> Line {
    let (unit, _) = figure.y.axis();
    let sequential = series.sequential(results);
    let slope = figure.slope(series, results);
    let points = figure.times(series, results).into_iter();
    let points = Vec::from_iter(points.filter_map(|(value, time)| {
        let time = match figure.y {
            Y::SpeedUp => sequential?.divided_by(time),
            _ => time.scaled(unit),
        };
        Some((value?, time))
    }));
    let line = points.iter().map(|&(value, time)| match slope {
        None => (value, time.median),
        Some(slope) => (value, slope.at(value) * unit),
    });
    Line {
        name: match slope {
            None => series.name.clone(),
            Some(slope) => format!("{}: {} per {}", series.name, slope.cost(), slope.per),
        },
        look: series.look.clone(),
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

/// The name of a line, and what it looks like. The legend has two columns.
fn legend((place, line): (usize, &Line)) -> String {
    let x = WIDTH / 2.0 * (place % 2) as f64 + 16.0;
    let y = TITLE + LEGEND_ROW * (place / 2) as f64 + 9.0;
    let (look, end) = (&line.look, x + 36.0);
    let mut svg = format!(r#"<g class="{look}"><polyline points="{x},{y} {end},{y}"/>"#);
    if !line.points.is_empty() {
        svg += &format!(r#"<circle cx="{}" cy="{y}" r="5"/>"#, x + 18.0);
    }
    svg + "</g>" + &text("name", x + 46.0, y + 5.0, &line.name)
}

/// The axes, and the lines with their points and confidence intervals.
fn diagram(figure: &Figure, lines: &[Line], top: f64, bottom: f64) -> String {
    let values = &figure.values;
    let (first, last) = (place(values[0], values), values[values.len() - 1] as f64);
    // A bit of room at both ends.
    let room = (last / first).powf(0.06);
    let x_ends = [first / room, last * room];
    let heights = lines.iter().flat_map(|line| {
        let ends = line.points.iter();
        let ends = ends.flat_map(|(_, time)| [time.interval.low, time.interval.high]);
        ends.chain(line.line.iter().map(|(_, height)| *height))
    });
    let ticks = ticks_around(heights);
    let y_ends = [ticks[0], ticks[ticks.len() - 1]];
    let x = |value| pixel(place(value, values), x_ends, [LEFT, RIGHT]);
    let y = |height| pixel(height, y_ends, [bottom, top]);

    let mut svg = String::new();
    for &value in values {
        let x = x(value);
        svg += &format!(r#"<path class="grid thin" d="M{x:.1} {top}V{bottom}"/>"#);
        svg += &text("middle", x, bottom + 21.0, &with_commas(value as f64));
    }
    for tick in ticks {
        let y = y(tick);
        svg += &format!(r#"<path class="grid thin" d="M{LEFT} {y:.1}H{RIGHT}"/>"#);
        svg += &text("end", LEFT - 10.0, y + 5.0, &with_commas(tick));
    }
    svg += &format!(r#"<path class="thin" d="M{LEFT} {top}V{bottom}H{RIGHT}"/>"#);
    svg += &text("middle", (LEFT + RIGHT) / 2.0, bottom + 48.0, &figure.x);
    let middle = (top + bottom) / 2.0;
    // It stands upright, with its middle at the left of the axis.
    svg += &format!(r#"<g transform="translate(26 {middle}) rotate(-90)">"#);
    svg += &(text("middle", 0.0, 0.0, figure.y.axis().1) + "</g>\n");
    for line in lines {
        let corners = line.line.iter();
        let corners = corners.map(|&(value, height)| format!("{:.1},{:.1} ", x(value), y(height)));
        let (look, corners) = (&line.look, corners.collect::<String>());
        svg += &format!(r#"<g class="{look}"><polyline points="{corners}"/>"#);
        for &(value, time) in &line.points {
            let Interval { low, high } = time.interval;
            let (x, y, low, high) = (x(value), y(time.median), y(low), y(high));
            svg += &format!(r#"<path d="M{x:.1} {low:.1}V{high:.1}"/>"#);
            for end in [low, high] {
                svg += &format!(r#"<path d="M{x:.1} {end:.1}m-5 0h10"/>"#);
            }
            svg += &format!(r#"<circle cx="{x:.1}" cy="{y:.1}" r="5"/>"#);
        }
        svg += "</g>\n";
    }
    svg
}

/// A text at this place.
fn text(class: &str, x: f64, y: f64, text: &str) -> String {
    let text = escaped(text);
    format!("<text class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\">{text}</text>\n")
}

/// Where a value stands. A logarithmic axis has no zero: it stands left of the next value.
fn place(value: usize, values: &[usize]) -> f64 {
    match value {
        0 => values[1] as f64 / 8.0,
        _ => value as f64,
    }
}

/// The pixel of a value on a logarithmic axis, by the values and the pixels of both ends. A value
/// outside of them is drawn at the edge.
fn pixel(value: f64, [low, high]: [f64; 2], [start, end]: [f64; 2]) -> f64 {
    let part = (value.clamp(low, high) / low).ln() / (high / low).ln();
    start + part * (end - start)
}

/// Ticks of a logarithmic axis that enclose all values.
fn ticks_around(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let values: Vec<f64> = values.filter(|value| *value > 0.0).collect();
    let low = values.iter().copied().fold(f64::INFINITY, f64::min);
    let high = values.iter().copied().fold(0.0, f64::max);
    // The smaller the range, the more ticks in each power of ten.
    let steps: &[f64] = match high / low {
        ..3.0 => &[1.0, 1.2, 1.5, 2.0, 3.0, 5.0, 7.0],
        ..200.0 => &[1.0, 2.0, 5.0],
        _ => &[1.0],
    };
    let powers = (-30..30).map(|exponent| 10_f64.powi(exponent));
    let ticks = powers.flat_map(|power| steps.iter().map(move |step| step * power));
    let ticks: Vec<f64> = ticks.collect();
    let first = ticks.partition_point(|tick| *tick <= low * 1.001) - 1;
    let last = ticks.partition_point(|tick| *tick < high * 0.999);
    // A single tick is no scale.
    ticks[first..=last.max(first + 1)].to_vec()
}

#[cfg(test)]
mod tests {
    use super::{pixel, place, ticks_around};
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

    #[test]
    fn a_factor_is_a_length() {
        for (value, expected) in [
            (1.0, 40.0),
            (10.0, 140.0),
            (100.0, 240.0),
            (0.0, 40.0),
            (-1.0, 40.0),
            (1e9, 240.0),
        ] {
            let pixel = pixel(value, [1.0, 100.0], [40.0, 240.0]);
            assert!((pixel - expected).abs() < 1e-9, "{value}: {pixel}");
        }
    }

    #[test]
    fn zero_has_a_place() {
        let values = [0, 16, 64];
        assert_eq!(values.map(|value| place(value, &values)), [2.0, 16.0, 64.0]);
    }
}
