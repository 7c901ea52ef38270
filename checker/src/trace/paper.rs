//! What all pictures have in common: the paper, its style, its heading.

use crate::format::escape::printable;
use svg::Document;
use svg::node::element::{Description, Rectangle, Style, Text, Title};
use svg::node::{Blob, Node};
use textwrap::{Options, WordSplitter};

/// The guide shows a picture 600 to 750 pixels wide. Its text of 15 is then 12 pixels high or
/// more.
pub(crate) const WIDTH: f64 = 750.0;
/// The left margin, and the right one.
pub(crate) const LEFT: f64 = 16.0;
/// From one line of text to the next.
pub(crate) const LINE: f64 = 22.0;

/// A picture that grows downwards.
pub(crate) struct Paper {
    document: Document,
    /// Where it is empty.
    pub(crate) y: f64,
}

impl Paper {
    /// With a heading. It follows the reader's preference for light or dark, and the description
    /// says everything without the picture.
    pub(crate) fn new(title: &str, description: &str) -> Self {
        // XML has no way to write control characters.
        let title = printable(title);
        let description = svg::node::Text::new(printable_lines(description));
        let document = Document::new()
            .set("width", WIDTH)
            .set("role", "img")
            .set("aria-labelledby", "title description")
            .add(Title::new(title.as_str()).set("id", "title"))
            .add(Description::new().set("id", "description").add(description))
            .add(Style::new(include_str!("style.css")))
            .add(Blob::new(include_str!("patterns.svg")))
            .add(
                Rectangle::new()
                    .set("class", "paper")
                    .set("width", "100%")
                    .set("height", "100%"),
            );
        let mut paper = Self { document, y: 30.0 };
        let options = Options::new(68).word_splitter(WordSplitter::NoHyphenation);
        for line in textwrap::wrap(&title, options) {
            paper.add(label(&line, (LEFT, paper.y), "heading"));
            paper.y += LINE;
        }
        paper.y += 6.0;
        paper
    }

    pub(crate) fn add(&mut self, node: impl Into<Box<dyn Node>>) {
        self.document.append(node);
    }

    pub(crate) fn finish(mut self) -> String {
        self.document.assign("height", self.y);
        self.document.assign("viewBox", (0, 0, WIDTH, self.y));
        format!("{}\n", self.document)
    }
}

fn printable_lines(text: &str) -> String {
    text.lines().map(printable).collect::<Vec<_>>().join("\n")
}

/// A text that begins, ends or has its middle here, as its class says.
pub(crate) fn label(text: &str, (x, y): (f64, f64), class: &str) -> Text {
    Text::new(text).set("class", class).set("x", x).set("y", y)
}
