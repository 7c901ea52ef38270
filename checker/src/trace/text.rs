//! A drawing for a terminal.

use super::{Ending, Lane, Mark, State, Timeline, axis};
use anstyle::{AnsiColor, Style};
use engine::Kind;
use std::time::Duration;

/// How a text looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TextStyle {
    /// The columns that there are. Less than 40 are taken for 40, more than 200
    /// for 200.
    pub width: usize,
    /// Whether there may be colours.
    pub color: bool,
}

/// A character of the drawing.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Sign {
    character: char,
    meaning: &'static str,
    color: Option<AnsiColor>,
}

const RUNNING: Sign = sign('━', "runs", Some(AnsiColor::Green));
const WAITING: Sign = sign('┄', "waits", Some(AnsiColor::Yellow));
const SLEEPING: Sign = sign('·', "sleeps", Some(AnsiColor::Blue));
const HELD: Sign = sign('░', "not running yet", None);
const WRITE: Sign = sign('w', "writes", Some(AnsiColor::Cyan));
const EXECUTE: Sign = sign('x', "becomes another program", Some(AnsiColor::Cyan));
const SIGNAL: Sign = sign('!', "gets a signal", Some(AnsiColor::Magenta));
const EXITED: Sign = sign('●', "ended (exit status 0)", Some(AnsiColor::Green));
const FAILED: Sign = sign('○', "another exit status", Some(AnsiColor::Red));
const KILLED: Sign = sign('✗', "killed", Some(AnsiColor::Red));
const STILL_THERE: Sign = sign('▸', "still there", Some(AnsiColor::Yellow));

/// All of them, in the order of the legend.
const SIGNS: [Sign; 11] = [
    RUNNING,
    WAITING,
    SLEEPING,
    HELD,
    WRITE,
    EXECUTE,
    SIGNAL,
    EXITED,
    FAILED,
    KILLED,
    STILL_THERE,
];

const fn sign(character: char, meaning: &'static str, color: Option<AnsiColor>) -> Sign {
    Sign {
        character,
        meaning,
        color,
    }
}

/// More would not be read.
const MOST_SENTENCES: usize = 40;

/// Draws a timeline, with a legend and what happened in words. No line is longer
/// than the width.
#[must_use]
pub fn text(timeline: &Timeline, style: TextStyle) -> String {
    let width = style.width.clamp(40, 200);
    let (lanes, more) = timeline.drawn();
    let labels = timeline.labels(width / 3);
    let longest = labels.iter().map(|label| label.chars().count()).max();
    let margin = longest.unwrap_or_default() + 2;
    let cells = width - margin;

    let mut text = axis(timeline.length, margin, cells);
    let mut used = Vec::new();
    for (lane, label) in lanes.iter().zip(&labels) {
        text += &format!("{label:<margin$}");
        let signs = signs(lane, timeline.length, cells);
        text += &painted(&signs, style.color);
        text.push('\n');
        used.extend(signs.into_iter().flatten());
    }
    if more > 0 {
        text += &format!("and {more} more\n");
    }
    text.push('\n');
    legend(&mut text, &used, width, style.color);
    text.push('\n');
    sentences(&mut text, timeline, width);
    text
}

/// Two lines: the times, and where they are.
fn axis(length: Duration, margin: usize, cells: usize) -> String {
    let most = u32::try_from(cells / 10).unwrap_or(u32::MAX);
    let mut numbers = vec![' '; cells];
    let mut line = vec!['─'; cells];
    let mut free = 0;
    for (at, label) in axis::ticks(length, most) {
        let column = column(at, length, cells);
        line[column] = '┬';
        let end = column + label.chars().count();
        if free <= column && end <= cells {
            for (place, character) in numbers[column..].iter_mut().zip(label.chars()) {
                *place = character;
            }
            free = end + 1;
        }
    }
    let numbers: String = numbers.into_iter().collect();
    let line: String = line.into_iter().collect();
    format!(
        "{:<margin$}{}\n{:<margin$}{line}\n",
        "ms",
        numbers.trim_end(),
        ""
    )
}

/// Where a time is.
fn column(at: Duration, length: Duration, cells: usize) -> usize {
    let cells = u128::try_from(cells).unwrap_or(1);
    let column = at.as_nanos() * cells / length.as_nanos().max(1);
    usize::try_from(column.min(cells.saturating_sub(1))).unwrap_or_default()
}

/// What stands in each cell of a lane, up to its end.
fn signs(lane: &Lane, length: Duration, cells: usize) -> Vec<Option<Sign>> {
    let end = column(lane.ended, length, cells);
    let mut signs = vec![None; end + 1];
    let mut most = vec![Duration::ZERO; end + 1];
    for segment in &lane.segments {
        let first = column(segment.from, length, cells);
        let last = column(segment.to, length, cells).min(end);
        for cell in first..=last {
            let covered = covered(cell, (segment.from, segment.to), length, cells);
            if covered > most[cell] {
                most[cell] = covered;
                signs[cell] = Some(sign_of(segment.state));
            }
        }
    }
    for &(at, mark) in &lane.marks {
        let cell = column(at, length, cells).min(end);
        let sign = match mark {
            Mark::Write(_) => WRITE,
            Mark::Execute => EXECUTE,
            Mark::Signal(_) => SIGNAL,
            Mark::Ask => continue,
        };
        // A signal is rarer than anything else.
        if signs[cell] != Some(SIGNAL) {
            signs[cell] = Some(sign);
        }
    }
    signs[end] = Some(match lane.ending {
        Ending::Exited(_) if lane.kind == Kind::Thread => EXITED,
        Ending::Exited(0) => EXITED,
        Ending::Exited(_) => FAILED,
        Ending::Killed(_) => KILLED,
        Ending::StillThere => STILL_THERE,
    });
    signs
}

/// How much of a cell is within these times.
fn covered(
    cell: usize,
    (from, to): (Duration, Duration),
    length: Duration,
    cells: usize,
) -> Duration {
    let cells = u32::try_from(cells).unwrap_or(1);
    let cell = u32::try_from(cell).unwrap_or_default();
    let start = length * cell / cells;
    let end = length * (cell + 1) / cells;
    end.min(to).saturating_sub(start.max(from))
}

fn sign_of(state: State) -> Sign {
    match state {
        State::Held => HELD,
        State::Running => RUNNING,
        State::Waiting(_) => WAITING,
        State::Sleeping => SLEEPING,
    }
}

/// The signs of a lane, each stretch of one kind in its colour.
fn painted(signs: &[Option<Sign>], color: bool) -> String {
    let mut text = String::new();
    for several in signs.chunk_by(PartialEq::eq) {
        let sign = several.first().copied().flatten();
        let character = sign.map_or(' ', |sign| sign.character);
        let characters: String = several.iter().map(|_| character).collect();
        text += &in_color(&characters, sign, color);
    }
    text
}

fn in_color(text: &str, sign: Option<Sign>, color: bool) -> String {
    match sign.and_then(|sign| sign.color) {
        Some(ansi) if color => {
            let style = Style::new().fg_color(Some(ansi.into()));
            format!("{style}{text}{style:#}")
        }
        _ => text.into(),
    }
}

/// What the signs mean that were used.
fn legend(text: &mut String, used: &[Sign], width: usize, color: bool) {
    let mut column = 0;
    for sign in SIGNS.into_iter().filter(|sign| used.contains(sign)) {
        let length = 2 + sign.meaning.chars().count();
        if column > 0 && column + 3 + length > width {
            text.push('\n');
            column = 0;
        } else if column > 0 {
            text.push_str("   ");
            column += 3;
        }
        let character = in_color(&sign.character.to_string(), Some(sign), color);
        text.push_str(&format!("{character} {}", sign.meaning));
        column += length;
    }
    text.push('\n');
}

/// What happened, one after the other.
fn sentences(text: &mut String, timeline: &Timeline, width: usize) {
    let time = |at| axis::time(at, timeline.length);
    let margin = time(timeline.length).chars().count();
    for sentence in timeline.sentences.iter().take(MOST_SENTENCES) {
        let mut words = sentence.text.clone();
        if time(sentence.from) != time(sentence.to) {
            words += &format!(" (to {})", time(sentence.to));
        }
        let from = time(sentence.from);
        let mut line = format!("{from:>margin$} ");
        let mut column = margin + 1;
        for word in words.split(' ') {
            let length = word.chars().count();
            if column + 1 + length > width && column > margin + 1 {
                text.push_str(&line);
                text.push('\n');
                line = format!("{:margin$} ", "");
                column = margin + 1;
            }
            line.push(' ');
            line.push_str(word);
            column += 1 + length;
        }
        text.push_str(&line);
        text.push('\n');
    }
    let more = timeline.sentences.len().saturating_sub(MOST_SENTENCES);
    if more > 0 {
        text.push_str(&format!("{:margin$}  and {more} more\n", ""));
    }
}

#[cfg(test)]
mod tests {
    use super::{TextStyle, text};
    use crate::trace::Timeline;
    use crate::trace::tests::{many_threads, wait_for_a_child};

    fn draw(timeline: &Timeline, width: usize) -> String {
        let color = false;
        text(timeline, TextStyle { width, color })
    }

    #[test]
    fn no_line_is_longer_than_the_width() {
        for observed in [wait_for_a_child(), many_threads()] {
            let timeline = Timeline::new(&observed);
            for (width, most) in [(0, 40), (40, 40), (80, 80), (120, 120), (999, 200)] {
                let drawing = draw(&timeline, width);
                for line in drawing.lines() {
                    assert!(line.chars().count() <= most, "{width}: {line}\n{drawing}");
                    assert_eq!(line, line.trim_end());
                }
            }
        }
    }

    #[test]
    fn only_colours_need_escape_bytes() {
        let timeline = Timeline::new(&wait_for_a_child());
        let plain = draw(&timeline, 80);
        assert!(!plain.contains('\u{1b}'));
        let style = TextStyle {
            width: 80,
            color: true,
        };
        let colored = text(&timeline, style);
        assert!(colored.contains("\u{1b}["));
        // Every colour ends in its line.
        for line in colored.lines() {
            let resets = line.matches("\u{1b}[0m").count();
            assert_eq!(line.matches('\u{1b}').count(), 2 * resets, "{line:?}");
        }
    }

    #[test]
    fn a_drawing() {
        let drawing = draw(&Timeline::new(&wait_for_a_child()), 61);
        let lanes: Vec<_> = drawing.lines().skip(2).take(2).collect();
        assert_eq!(
            lanes,
            [
                "process 0  ━━━━━━━━━━┄┄┄┄┄┄┄┄┄┄!┄┄┄┄┄┄┄┄┄┄┄┄┄┄!━━━━━━━━━w━━━●",
                "process 1       ░░░░░━━━━━··········w━━━!✗",
            ],
            "{drawing}"
        );
        assert!(drawing.contains("(to 700.0"), "{drawing}");
    }

    #[test]
    fn at_most_40_lanes_are_drawn() {
        let drawing = draw(&Timeline::new(&many_threads()), 80);
        assert!(drawing.contains("\nand 985 more\n"), "{drawing}");
        assert!(drawing.lines().count() < 100);
    }
}
