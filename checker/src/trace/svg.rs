//! A picture.

use super::{Ending, Lane, Mark, Segment, State, Timeline, axis, words};
use crate::format::escape::printable;
use crate::wait_status::{signal_in_words, signal_name};
use engine::Kind;
use std::time::Duration;
use svg::Document;
use svg::node::element::{
    Circle, Definitions, Description, Group, Line, Path, Pattern, Rectangle, Style, Text, Title,
};

/// Left of the plot, for the labels.
const MARGIN: f64 = 200.0;
/// The characters that there is room for.
const LABEL: usize = 27;
const PLOT: f64 = 620.0;
/// Right of the plot, for the ends.
const REST: f64 = 270.0;
/// Above the lanes, for the title and the axis.
const TOP: f64 = 78.0;
const LANE: f64 = 40.0;
const BAR: f64 = 18.0;

pub(crate) const STYLE: &str = include_str!("style.css");

/// Draws a timeline as an SVG that needs nothing else: for a web page or a report.
///
/// It follows the reader's preference for light or dark, and tells everything
/// also without colours and, in its description, without the picture.
#[must_use]
pub fn svg(timeline: &Timeline, title: &str) -> String {
    let (lanes, more) = timeline.drawn();
    let picture = Picture { timeline, lanes };
    // XML has no way to write control characters.
    let title = printable(title);
    let width = MARGIN + PLOT + REST;
    let bottom = picture.top(lanes.len());
    let height = bottom + if more > 0 { 24.0 } else { 0.0 } + 46.0;
    let mut document = Document::new()
        .set("width", width)
        .set("height", height)
        .set("viewBox", (0, 0, width, height))
        .set("role", "img")
        .set("aria-labelledby", "title description")
        .add(Title::new(title.as_str()).set("id", "title"))
        .add(
            Description::new()
                .set("id", "description")
                .add(svg::node::Text::new(picture.description())),
        )
        .add(Style::new(STYLE))
        .add(definitions())
        .add(
            Rectangle::new()
                .set("class", "paper")
                .set("width", width)
                .set("height", height),
        )
        .add(label(&title, (16.0, 28.0), "heading"))
        .add(picture.axis(bottom))
        .add(picture.births());
    for (place, name) in timeline.labels(LABEL).iter().enumerate() {
        document = document.add(picture.lane(place, name));
    }
    let mut y = bottom;
    if more > 0 {
        y += 24.0;
        document = document.add(label(&format!("and {more} more"), (16.0, y - 8.0), "small"));
    }
    format!("{}\n", document.add(legend(y + 28.0)))
}

struct Picture<'a> {
    timeline: &'a Timeline,
    lanes: &'a [Lane],
}

impl Picture<'_> {
    fn x(&self, at: Duration) -> f64 {
        let part = at.as_secs_f64() / self.timeline.length.as_secs_f64();
        tenths(MARGIN + PLOT * part)
    }

    /// The upper end of a lane.
    fn top(&self, place: usize) -> f64 {
        (0..place).fold(TOP, |y, _| y + LANE)
    }

    /// The upper end of its bar.
    fn bar(&self, place: usize) -> f64 {
        self.top(place) + (LANE - BAR) / 2.0
    }

    fn description(&self) -> String {
        const MOST: usize = 100;
        let sentences = &self.timeline.sentences;
        let time = |at| axis::time(at, self.timeline.length);
        let shown = sentences.iter().take(MOST).map(|sentence| {
            let (from, to) = (time(sentence.from), time(sentence.to));
            let to = if from == to {
                String::new()
            } else {
                format!(" to {to}")
            };
            format!("{from}{to}: {}.", sentence.text)
        });
        let mut lines: Vec<_> = shown.collect();
        if sentences.len() > MOST {
            lines.push(format!("And {} more.", sentences.len() - MOST));
        }
        lines.push(self.timeline.how_it_ended());
        lines.join("\n")
    }

    fn axis(&self, bottom: f64) -> Group {
        let mut group = Group::new().add(label("time in ms", (16.0, TOP - 10.0), "small"));
        for (at, text) in axis::ticks(self.timeline.length, 8) {
            let x = self.x(at);
            group = group
                .add(line((x, TOP - 4.0), (x, bottom), "grid"))
                .add(label(&text, (x, TOP - 10.0), "small middle"));
        }
        group
    }

    /// Arrows from the creators to the created.
    fn births(&self) -> Group {
        let mut group = Group::new();
        for (place, lane) in self.lanes.iter().enumerate() {
            let Some(creator) = lane.creator else {
                continue;
            };
            let x = self.x(lane.born);
            let from = self.bar(creator) + BAR;
            let to = self.bar(place);
            let points = format!("M{},{} l-4,-8 h8 z", x, to);
            group = group
                .add(line((x, from), (x, to - 7.0), "birth"))
                .add(Path::new().set("class", "arrow").set("d", points));
        }
        group
    }

    fn lane(&self, place: usize, name: &str) -> Group {
        let lane = &self.lanes[place];
        let y = self.bar(place);
        let mut group = Group::new().add(label(name, (16.0, y + 13.0), "name"));
        for segment in &lane.segments {
            group = group.add(self.segment(y, segment));
        }
        for segment in &lane.segments {
            if let Some(text) = self.inscription(y, segment) {
                group = group.add(text);
            }
        }
        group.add(self.marks(y, lane)).add(self.end(y, lane))
    }

    fn segment(&self, y: f64, segment: &Segment) -> Group {
        let (from, to) = (self.x(segment.from), self.x(segment.to));
        let class = match segment.state {
            State::Held => "held",
            State::Running => "running",
            State::Waiting(_) => "waiting",
            State::Sleeping => "sleeping",
        };
        let time = |at| axis::time(at, self.timeline.length);
        let words = self.timeline.state_in_words(segment.state);
        let tip = format!("{words}, {} to {}", time(segment.from), time(segment.to));
        // A waiting task is thinner than one that runs, a sleeping one too.
        let (inset, height) = match segment.state {
            State::Running => (0.0, BAR),
            _ => (2.0, BAR - 4.0),
        };
        let rectangle = |class: &str| {
            Rectangle::new()
                .set("class", class)
                .set("x", from)
                .set("y", y + inset)
                .set("width", tenths((to - from).max(0.5)))
                .set("height", height)
        };
        let group = Group::new().add(Title::new(tip)).add(rectangle(class));
        match segment.state {
            State::Waiting(_) => group.add(rectangle("hatched")),
            State::Sleeping => group.add(rectangle("dotted")),
            State::Held | State::Running => group,
        }
    }

    /// What a segment is, if there is room for it.
    fn inscription(&self, y: f64, segment: &Segment) -> Option<Text> {
        let words = self.timeline.state_in_words(segment.state);
        let (from, to) = (self.x(segment.from), self.x(segment.to));
        let class = match segment.state {
            State::Running => "inverse middle",
            _ => "inside middle",
        };
        (to - from > width(&words) + 12.0)
            .then(|| label(&words, (tenths((from + to) / 2.0), y + 13.0), class))
    }

    fn marks(&self, y: f64, lane: &Lane) -> Group {
        let mut marks: Vec<(f64, Duration, Mark)> = Vec::new();
        for &(at, mark) in &lane.marks {
            let x = self.x(at);
            // Those that would hide each other are one.
            let is_hidden = marks
                .last()
                .is_some_and(|&(there, _, last)| last == mark && x - there < 3.0);
            if mark != Mark::Ask && !is_hidden {
                marks.push((x, at, mark));
            }
        }
        let mut group = Group::new();
        // The first one to the right that has a name.
        let mut next = f64::INFINITY;
        for &(x, at, mark) in marks.iter().rev() {
            let time = axis::time(at, self.timeline.length);
            let mut one = Group::new().add(Title::new(format!("{}, {time}", words::marked(mark))));
            if let Mark::Signal(signal) = mark {
                let points = format!("M{x},{} l5,-5 l-5,-5 l-5,5 z", y + 2.0);
                one = one.add(Path::new().set("class", "signal").set("d", points));
                let name = signal_name(signal);
                if x + width(&name) < next {
                    one = one.add(label(&name, (x + 8.0, y - 2.0), "tiny"));
                }
                next = x;
            } else {
                one = one.add(line((x, y + BAR), (x, y + BAR + 6.0), "mark"));
            }
            group = group.add(one);
        }
        group
    }

    fn end(&self, y: f64, lane: &Lane) -> Group {
        let x = self.x(lane.ended);
        let middle = y + BAR / 2.0;
        let circle = |class: &str| {
            Circle::new()
                .set("class", class)
                .set("cx", x)
                .set("cy", middle)
                .set("r", 6)
        };
        let path = |class: &str, points: String| Path::new().set("class", class).set("d", points);
        let (words, group) = match lane.ending {
            // The exit status is that of the process.
            Ending::Exited(_) if lane.kind == Kind::Thread => {
                ("ended".into(), Group::new().add(circle("well")))
            }
            Ending::Exited(0) => ("exit status 0".into(), Group::new().add(circle("well"))),
            Ending::Exited(status) => (
                format!("exit status {status}"),
                Group::new().add(circle("failed")),
            ),
            Ending::Killed(signal) => {
                let cross = format!("M{},{} l12,12 m0,-12 l-12,12", x - 6.0, middle - 6.0);
                let words = format!("killed by {}", signal_in_words(signal));
                let cross = Group::new()
                    .add(path("edge", cross.clone()))
                    .add(path("killed", cross));
                (words, cross)
            }
            Ending::StillThere => {
                let arrow = format!("M{},{} l10,7 l-10,7 z", x, middle - 7.0);
                ("still there".into(), Group::new().add(path("left", arrow)))
            }
        };
        group.add(label(&words, (x + 12.0, middle + 4.0), "end"))
    }
}

/// The patterns of waiting and sleeping.
fn definitions() -> Definitions {
    let hatched = Pattern::new()
        .set("id", "hatch")
        .set("width", 6)
        .set("height", 6)
        .set("patternUnits", "userSpaceOnUse")
        .set("patternTransform", "rotate(45)")
        .add(line((0.0, 0.0), (0.0, 6.0), "stroke"));
    let dotted = Pattern::new()
        .set("id", "dots")
        .set("width", 6)
        .set("height", 6)
        .set("patternUnits", "userSpaceOnUse")
        .add(
            Circle::new()
                .set("class", "dot")
                .set("cx", 3)
                .set("cy", 3)
                .set("r", 1),
        );
    Definitions::new().add(hatched).add(dotted)
}

fn legend(y: f64) -> Group {
    let bar = |x: f64, class: &str| {
        Rectangle::new()
            .set("class", class)
            .set("x", x)
            .set("y", y - 11.0)
            .set("width", 24)
            .set("height", 13)
    };
    let circle = |x: f64, class: &str| {
        Circle::new()
            .set("class", class)
            .set("cx", x)
            .set("cy", y - 4.5)
            .set("r", 6)
    };
    let path = |class: &str, points: String| Path::new().set("class", class).set("d", points);
    let text = |x: f64, words: &str| label(words, (x, y), "small");
    let cross = format!("M911,{} l10,10 m0,-10 l-10,10", y - 9.0);
    Group::new()
        .set("class", "legend")
        .add(bar(16.0, "running"))
        .add(text(46.0, "runs"))
        .add(bar(90.0, "waiting"))
        .add(bar(90.0, "hatched"))
        .add(text(120.0, "waits"))
        .add(bar(172.0, "sleeping"))
        .add(bar(172.0, "dotted"))
        .add(text(202.0, "sleeps"))
        .add(bar(258.0, "held"))
        .add(text(288.0, "not running yet"))
        .add(path("arrow", format!("M402,{y} l-4,-8 h8 z")))
        .add(line((402.0, y - 12.0), (402.0, y - 6.0), "birth"))
        .add(text(412.0, "is born"))
        .add(line((470.0, y - 9.0), (470.0, y), "mark"))
        .add(text(477.0, "writes or opens a file"))
        .add(path("signal", format!("M625,{y} l5,-5 l-5,-5 l-5,5 z")))
        .add(text(635.0, "gets a signal"))
        .add(circle(734.0, "well"))
        .add(text(744.0, "exit status 0"))
        .add(circle(840.0, "failed"))
        .add(text(850.0, "another"))
        .add(path("killed", cross))
        .add(text(928.0, "killed"))
        .add(path("left", format!("M978,{} l10,7 l-10,7 z", y - 11.5)))
        .add(text(993.0, "still there"))
}

pub(crate) fn label(text: &str, (x, y): (f64, f64), class: &str) -> Text {
    Text::new(text)
        .set("class", class)
        .set("x", x)
        .set("y", tenths(y))
}

fn line((x1, y1): (f64, f64), (x2, y2): (f64, f64), class: &str) -> Line {
    Line::new()
        .set("class", class)
        .set("x1", x1)
        .set("y1", y1)
        .set("x2", x2)
        .set("y2", y2)
}

/// About how wide a text of the lanes is.
fn width(text: &str) -> f64 {
    text.chars().fold(0.0, |width, _| width + 6.5)
}

fn tenths(number: f64) -> f64 {
    (number * 10.0).round() / 10.0
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
            "time in ms",
            "waits for process 1",
            "killed by signal 11 (SIGSEGV)",
        ] {
            assert!(texts("text").iter().any(|text| text == words), "{words}");
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
