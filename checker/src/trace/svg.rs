//! A drawing as a picture.

use super::drawing::{Drawing, Piece, Row};
use super::paper::{LEFT, LINE, Paper, Point, WIDTH, label, line, plain};
use super::sign::{Sign, legend};
use super::{Timeline, What};

const COLUMNS: u32 = 239;
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
        paper.body += &line((x, top - 12.0), (x, bottom), "grid");
        paper.body += &label(&format!("{text}{unit}"), (x, top - 16.0), class);
    }
    // From the creator to the created.
    for (place, row) in drawing.rows.iter().enumerate() {
        if let (Some(creator), Some(arrow)) = (row.creator, What::Created.sign()) {
            let (x, end) = (x(row.born), y(place) + MIDDLE - BAR / 2.0);
            let from = y(creator) + MIDDLE + BAR / 2.0;
            paper.body += &line((x, from), (x, end - 7.0), "birth");
            paper.body += &shape(&arrow, (x, end - 7.0), "");
        }
    }
    for (place, (row, of)) in drawing.rows.iter().zip(&timeline.lanes).enumerate() {
        paper.body += &lane(row, &of.label, y(place));
    }
    paper.y = bottom + LINE;
    if drawing.more > 0 {
        paper.write(&format!("and {} more", drawing.more), "quiet");
    }
    for signs in legend(drawing.signs(), LEGEND) {
        paper.body += "<g class=\"legend\">\n";
        for (column, sign) in signs {
            let x = LEFT + CHARACTER * column as f64;
            paper.body += &shape(&sign, (x + 10.0, paper.y - 5.0), "");
            paper.body += &label(sign.meaning, (x + 26.0, paper.y), "quiet");
        }
        paper.body += "</g>\n";
        paper.y += LINE;
    }
    paper.finish()
}

/// The label of a lane, its bar, what happened, and how it ended.
fn lane(row: &Row, name: &str, top: f64) -> String {
    let y = top + MIDDLE;
    let mut text = label(name, (LEFT, top + 18.0), "above");
    for span in &row.spans {
        text += &bar(span, y, &row.events);
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
        text += &shape(&event.sign, (x, y), &event.tip);
        let width = length(&event.label);
        let (begin, place, class) = match place {
            0 => (free - width, free, "above quiet end"),
            _ => (x, x, "above quiet"),
        };
        if width > 0.0 && begin + width <= free && begin > LEFT + length(name) {
            text += &label(&event.label, (place, top + 18.0), class);
            free = begin - CHARACTER;
        }
    }
    text
}

/// With its words, if it has room for them, and no event would hide them.
fn bar(span: &Piece, y: f64, events: &[Piece]) -> String {
    let (from, to) = (x(span.columns.start), x(span.columns.end));
    let class = span.sign.class;
    // A task that runs is thicker.
    let height = if class == "running" { BAR } else { BAR - 4.0 };
    let (top, width, tip) = (y - height / 2.0, to - from, plain(&span.tip));
    let (middle, room) = ((from + to) / 2.0, length(&span.label) + CHARACTER);
    let hides = |event: &Piece| {
        let distance = (x(event.columns.start) - middle).abs();
        event.sign.class != "mark" && distance < room / 2.0
    };
    let mut words = String::new();
    if room <= width && !events.iter().any(hides) {
        let class = format!("{class} inside middle");
        words = label(&span.label, (middle, y + 5.0), &class);
    }
    format!(
        "<g>\n<title>{tip}</title>\n<rect class=\"{class}\" x=\"{from}\" y=\"{top}\" \
         width=\"{width}\" height=\"{height}\"/>\n{words}</g>\n"
    )
}

/// A sign with a tooltip, unless that is empty.
fn shape(sign: &Sign, (x, y): Point, tip: &str) -> String {
    let Sign { class, path, .. } = sign;
    let title = match tip {
        "" => String::new(),
        tip => format!("<title>{}</title>", plain(tip)),
    };
    format!(
        "<path class=\"{class}\" d=\"{path}\" transform=\"translate({x},{y})\">{title}</path>\n"
    )
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
            let nodes = document.descendants();
            let nodes = nodes.filter(|node| node.has_tag_name(name));
            let texts = nodes.filter_map(|node| node.text());
            texts.map(|text| text.trim().to_owned()).collect()
        };
        let ns = "http://www.w3.org/2000/svg";
        assert!(document.root_element().has_tag_name((ns, "svg")));
        let shown = "<b> & \"x\" 'y' ]]> \u{fffd} \u{fffd}[31m";
        assert_eq!(texts("title")[0], shown);
        let waited = "process 0 waited for process 1";
        assert!(texts("desc")[0].contains(waited), "{picture}");
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
