//! What all pictures have in common: size, title, caption, style sheet.

use super::colours::{INK, MUTED, PAPER, style_sheet};
use anyhow::{Error, Result, anyhow};
use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

/// Where a picture is drawn.
pub(super) type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

const WIDTH: u32 = 860;
const HEIGHT: u32 = 540;
/// For the title, and for the caption.
const TOP: u32 = 50;
const BOTTOM: u32 = 34;

/// The words of a picture.
pub(super) struct Words<'a> {
    pub(super) title: &'a str,
    pub(super) caption: &'a str,
    /// What the picture says, for those who do not see it.
    pub(super) description: String,
}

/// Draws a picture: an SVG.
pub(super) fn draw(
    words: &Words<'_>,
    chart: impl FnOnce(&Area<'_>) -> Result<()>,
) -> Result<String> {
    let mut svg = String::new();
    {
        let area = SVGBackend::with_string(&mut svg, (WIDTH, HEIGHT)).into_drawing_area();
        area.fill(&PAPER).map_err(cannot_draw)?;
        let (top, rest) = area.split_vertically(TOP);
        let (middle, bottom) = rest.split_vertically(HEIGHT - TOP - BOTTOM);
        let title = TextStyle::from(("sans-serif", 21, FontStyle::Bold)).color(&INK);
        top.draw_text(words.title, &title, (16, 16))
            .map_err(cannot_draw)?;
        bottom
            .draw_text(words.caption, &text(14, &MUTED), (16, 10))
            .map_err(cannot_draw)?;
        chart(&middle)?;
        area.present().map_err(cannot_draw)?;
    }
    with_words(&svg, words)
}

/// A text style; of a size that is a little larger than pixels.
pub(super) fn text(size: u32, colour: &RGBColor) -> TextStyle<'_> {
    TextStyle::from(("sans-serif", size)).color(colour)
}

/// The same, centred above a point.
pub(super) fn text_above(size: u32, colour: &RGBColor) -> TextStyle<'_> {
    text(size, colour).pos(Pos::new(HPos::Center, VPos::Bottom))
}

/// Why a picture can't be drawn, in plotters' words.
pub(super) fn cannot_draw(reason: impl std::fmt::Display) -> Error {
    anyhow!("cannot draw a picture: {reason}")
}

/// Adds what plotters does not write: title, description and style sheet.
fn with_words(svg: &str, words: &Words<'_>) -> Result<String> {
    let (start, rest) = svg
        .split_once('>')
        .ok_or_else(|| cannot_draw("no SVG element"))?;
    Ok(format!(
        "{start} role=\"img\" aria-labelledby=\"title description\">\n\
         <title id=\"title\">{}</title>\n<desc id=\"description\">{}</desc>\n\
         <style>\n{}</style>{}\n",
        escaped(words.title),
        escaped(&words.description),
        escaped(&style_sheet()),
        rest.trim_end(),
    ))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
