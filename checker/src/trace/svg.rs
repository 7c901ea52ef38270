//! A drawing as a picture.

use super::Timeline;
use super::drawing::{Drawing, Piece, Row};
use super::paper::{LEFT, LINE, Paper, WIDTH, label};
use super::sign::{BORN, Sign, legend};
use svg::node::element::{Group, Path, Rectangle, Title};

const COLUMNS: usize = 239;
const COLUMN: f64 = 3.0;
/// A line of text, and a bar below.
const ROW: f64 = 61.0;
/// From the upper end of a row to the middle of its bar.
const MIDDLE: f64 = 38.0;
const BAR: f64 = 20.0;
/// The width of a character, more or less.
const CHARACTER: f64 = 8.6;
/// The characters of a line of the legend.
const LEGEND: usize = 83;

/// Draws a timeline as an SVG that needs nothing else: for a web page or a report.
///
/// It follows the reader's preference for light or dark. A reader without colours sees all of
/// it, and the description says it in words.
#[must_use]
pub fn svg(timeline: &Timeline, title: &str) -> String {
    let drawing = Drawing::new(timeline, COLUMNS, 7);
    let story = timeline.story.iter();
    let story = story.map(|(time, words)| format!("{time} {words}.\n"));
    let description = story.collect::<String>() + &timeline.how_it_ended();
    let mut paper = Paper::new(title, &description);

    let top = paper.y + LINE;
    let y = |row: usize| top + ROW * row as f64;
    let bottom = y(drawing.rows.len());
    for (column, text) in &drawing.ticks {
        let x = x(*column);
        let (unit, class) = match column {
            0 => (" ms", "quiet"),
            _ => ("", "quiet middle"),
        };
        paper.add(line((x, top - 12.0), (x, bottom), "grid"));
        paper.add(label(&format!("{text}{unit}"), (x, top - 16.0), class));
    }
    // From the creator to the created.
    for (place, row) in drawing.rows.iter().enumerate() {
        if let Some(creator) = row.creator {
            let (x, end) = (x(row.born), y(place) + MIDDLE - BAR / 2.0);
            let from = y(creator) + MIDDLE + BAR / 2.0;
            paper.add(line((x, from), (x, end - 7.0), "birth"));
            paper.add(shape(&BORN, (x, end - 7.0)));
        }
    }
    for (place, (row, of)) in drawing.rows.iter().zip(&timeline.lanes).enumerate() {
        paper.add(lane(row, &of.label, y(place)));
    }
    paper.y = bottom + LINE;
    if drawing.more > 0 {
        let more = format!("and {} more", drawing.more);
        paper.add(label(&more, (LEFT, paper.y), "quiet"));
        paper.y += LINE;
    }
    for signs in legend(&drawing.signs(), LEGEND) {
        let mut group = Group::new().set("class", "legend");
        for (column, sign) in signs {
            let x = LEFT + CHARACTER * column as f64;
            group = group
                .add(shape(&sign, (x + 10.0, paper.y - 5.0)))
                .add(label(sign.meaning, (x + 26.0, paper.y), "quiet"));
        }
        paper.add(group);
        paper.y += LINE;
    }
    paper.finish()
}

/// The label of a lane, its bar, what happened, and how it ended.
fn lane(row: &Row, name: &str, top: f64) -> Group {
    let y = top + MIDDLE;
    let mut group = Group::new().add(label(name, (LEFT, top + 18.0), "above"));
    for span in &row.spans {
        group = group.add(bar(span, y, &row.events));
    }
    // The end stands at the right. A signal before it has its name beside it, if there is room.
    let mut free = WIDTH - LEFT;
    for (place, event) in row.events.iter().rev().enumerate() {
        let x = x(event.columns.start);
        let y = match event.sign.class {
            // A tick hangs below the bar.
            "mark" => y + 13.0,
            _ => y,
        };
        let sign = shape(&event.sign, (x, y)).add(Title::new(event.tip.as_str()));
        group = group.add(sign);
        let width = length(&event.label);
        let (begin, place, class) = match place {
            0 => (free - width, free, "above quiet end"),
            _ => (x, x, "above quiet"),
        };
        if width > 0.0 && begin + width <= free && begin > LEFT + length(name) {
            group = group.add(label(&event.label, (place, top + 18.0), class));
            free = begin - CHARACTER;
        }
    }
    group
}

/// With its words, if it has room for them, and no event would hide them.
fn bar(span: &Piece, y: f64, events: &[Piece]) -> Group {
    let (from, to) = (x(span.columns.start), x(span.columns.end));
    // A task that runs is thicker.
    let height = match span.sign.class {
        "running" => BAR,
        _ => BAR - 4.0,
    };
    let bar = Rectangle::new()
        .set("class", span.sign.class)
        .set("x", from)
        .set("y", y - height / 2.0)
        .set("width", to - from)
        .set("height", height);
    let group = Group::new().add(Title::new(span.tip.as_str())).add(bar);
    let (middle, room) = ((from + to) / 2.0, length(&span.label) + CHARACTER);
    let hides = |event: &Piece| {
        let distance = (x(event.columns.start) - middle).abs();
        event.sign.class != "mark" && distance < room / 2.0
    };
    if room > to - from || events.iter().any(hides) {
        return group;
    }
    let class = format!("{} inside middle", span.sign.class);
    group.add(label(&span.label, (middle, y + 5.0), &class))
}

fn shape(sign: &Sign, (x, y): (f64, f64)) -> Path {
    Path::new()
        .set("class", sign.class)
        .set("d", sign.path)
        .set("transform", format!("translate({x},{y})"))
}

fn line((x1, y1): (f64, f64), (x2, y2): (f64, f64), class: &str) -> Path {
    let points = format!("M{x1},{y1}L{x2},{y2}");
    Path::new().set("class", class).set("d", points)
}

fn x(column: usize) -> f64 {
    LEFT + COLUMN * column as f64
}

/// About how wide a text is.
fn length(text: &str) -> f64 {
    CHARACTER * text.chars().count() as f64
}

#[cfg(test)]
mod tests {
    use super::svg;
    use crate::trace::Timeline;
    use crate::trace::tests::wait_for_a_child;

    #[test]
    fn it_is_xml_with_a_title_and_a_legend() {
        let timeline = Timeline::new(&wait_for_a_child());
        let title = "<b> & \"x\" 'y' ]]> \u{0} \u{1b}[31m";
        let picture = svg(&timeline, title);
        let document = roxmltree::Document::parse(&picture).expect("XML");
        let texts = |name: &str| -> Vec<String> {
            let nodes = document
                .descendants()
                .filter(|node| node.has_tag_name(name));
            nodes
                .filter_map(|node| node.text())
                .map(|text| text.trim().to_owned())
                .collect()
        };
        let ns = "http://www.w3.org/2000/svg";
        assert!(document.root_element().has_tag_name((ns, "svg")));
        assert_eq!(
            texts("title")[0],
            "<b> & \"x\" 'y' ]]> \u{fffd} \u{fffd}[31m"
        );
        assert!(
            texts("desc")[0].contains("process 0 waited for process 1"),
            "{picture}"
        );
        for words in [
            "runs",
            "0 ms",
            "SIGWINCH",
            "waits for process 1",
            "was killed by signal 11 (SIGSEGV)",
        ] {
            // A bar without room for its words has them as its title.
            let mut all = texts("text").into_iter().chain(texts("title"));
            assert!(all.any(|text| text.contains(words)), "{words}: {picture}");
        }
        for what in [
            "prefers-color-scheme: dark",
            "class=\"legend\"",
            "class=\"arrow\"",
        ] {
            assert!(picture.contains(what), "{what}");
        }
    }
}
