//! What all pictures have in common: the paper, its style, its heading.

use crate::format::escape::{markup, printable};
use crate::terminal::wrap;

/// The guide shows a picture 600 to 750 pixels wide. Its text of 15 is then 12 pixels high or
/// more.
pub(crate) const WIDTH: f64 = 750.0;
/// The left margin, and the right one.
pub(crate) const LEFT: f64 = 16.0;
/// From one line of text to the next.
pub(crate) const LINE: f64 = 22.0;

/// A point, from the upper left corner.
pub(crate) type Point = (f64, f64);

/// A picture that grows downwards.
pub(crate) struct Paper {
    /// The elements, as text.
    pub(crate) body: String,
    /// Where it is empty.
    pub(crate) y: f64,
}

impl Paper {
    /// With a heading. It follows the reader's preference for light or dark, and the description
    /// says everything without the picture.
    pub(crate) fn new(title: &str, description: &str) -> Self {
        let [heading, description] = [title, description].map(plain);
        let (style, patterns) = (include_str!("style.css"), include_str!("patterns.svg"));
        let body = format!(
            "<title id=\"title\">{heading}</title>\n\
             <desc id=\"description\">{description}</desc>\n\
             <style>{style}</style>\n{patterns}\
             <rect class=\"paper\" width=\"100%\" height=\"100%\"/>\n"
        );
        let mut paper = Self { body, y: 30.0 };
        for line in wrap(title, 68) {
            paper.write(&line, "heading");
        }
        paper.y += 6.0;
        paper
    }

    /// Writes a line of text of this class.
    pub(crate) fn write(&mut self, text: &str, class: &str) {
        self.body += &label(text, (LEFT, self.y), class);
        self.y += LINE;
    }

    pub(crate) fn finish(self) -> String {
        let Self { body, y } = self;
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" \
             aria-labelledby=\"title description\" viewBox=\"0 0 {WIDTH} {y}\" \
             width=\"{WIDTH}\" height=\"{y}\">\n{body}</svg>\n"
        )
    }
}

/// A text as XML, which has no way to write control characters.
pub(crate) fn plain(text: &str) -> String {
    let lines = text.lines().map(|line| markup(&printable(line)));
    lines.collect::<Vec<_>>().join("\n")
}

/// A text that begins, ends or has its middle here, as its class says.
pub(crate) fn label(text: &str, (x, y): Point, class: &str) -> String {
    let text = plain(text);
    format!("<text class=\"{class}\" x=\"{x}\" y=\"{y}\">{text}</text>\n")
}

pub(crate) fn line((x1, y1): Point, (x2, y2): Point, class: &str) -> String {
    format!("<path class=\"{class}\" d=\"M{x1},{y1}L{x2},{y2}\"/>\n")
}
