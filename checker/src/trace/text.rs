//! A drawing for a terminal.

use super::Timeline;
use super::drawing::{Drawing, Row, labels};
use super::sign::{Sign, legend};
use crate::terminal::fill;

/// Draws a timeline with colours, a legend and what happened in words. No line is longer than
/// the width, which is 40 to 200 columns.
#[must_use]
pub fn text(timeline: &Timeline, width: usize) -> String {
    let width = width.clamp(40, 200);
    let labels = labels(timeline, width / 3);
    let longest = labels.iter().map(|label| label.chars().count()).max();
    let margin = longest.unwrap_or_default() + 2;
    let room = width - margin;
    let columns = u32::try_from(room).unwrap_or_default();
    let drawing = Drawing::new(timeline, columns, columns / 10);

    let mut text = axis(&drawing, margin, room);
    let mut used = Vec::new();
    for (row, label) in drawing.rows.iter().zip(&labels) {
        let cells = cells(row);
        let painted: String = cells.chunk_by(PartialEq::eq).map(painted).collect();
        text += &format!("{label:<margin$}{painted}\n");
        used.extend(cells.into_iter().flatten());
    }
    if drawing.more > 0 {
        text += &format!("and {} more\n", drawing.more);
    }
    text.push('\n');
    let meaning = |(_, sign)| format!("{} {}", painted(&[Some(sign)]), sign.meaning);
    for line in legend(used, width) {
        let meanings = line.into_iter().map(meaning);
        text += &(meanings.collect::<Vec<_>>().join("   ") + "\n");
    }
    text.push('\n');
    let times = timeline.story.iter().map(|(time, _)| time.len());
    let margin = times.max().unwrap_or_default();
    let indent = " ".repeat(margin + 2);
    for (time, words) in &timeline.story {
        text += &fill(words, width, &format!("{time:>margin$}  "), &indent);
    }
    text
}

/// Two lines: the times, and where they are.
fn axis(drawing: &Drawing, margin: usize, cells: usize) -> String {
    let mut numbers = format!("{:<margin$}", "ms");
    let mut line = vec!['─'; cells];
    for (column, label) in &drawing.ticks {
        line[*column] = '┬';
        let place = margin + column;
        let is_free = numbers.trim_end().len() < place || *column == 0;
        if is_free && place + label.len() <= margin + cells {
            numbers = format!("{numbers:<place$}{label}");
        }
    }
    let line: String = line.into_iter().collect();
    format!("{numbers}\n{:<margin$}{line}\n", "")
}

/// What stands in each column of a row, up to its end.
fn cells(row: &Row) -> Vec<Option<Sign>> {
    let ends = row.events.iter().map(|event| event.columns.end);
    let mut cells = vec![None; ends.max().unwrap_or_default()];
    for span in &row.spans {
        cells[span.columns.clone()].fill(Some(span.sign));
    }
    // Signals and the end have labels. They hide anything else, which is less rare.
    let rare = row.events.iter().filter(|event| !event.label.is_empty());
    for event in row.events.iter().chain(rare) {
        cells[event.columns.start] = Some(event.sign);
    }
    cells
}

/// Equal signs in their colour.
fn painted(signs: &[Option<Sign>]) -> String {
    let sign = signs.first().copied().flatten();
    let character = sign.map_or(' ', |sign| sign.character);
    let text = String::from(character).repeat(signs.len());
    match sign.and_then(|sign| sign.color) {
        Some(color) => format!("{style}{text}{style:#}", style = color.on_default()),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::text;
    use crate::terminal::without_colors;
    use crate::trace::Timeline;
    use crate::trace::tests::{many_threads, wait_for_a_child};

    fn draw(timeline: &Timeline, width: usize) -> String {
        without_colors(&text(timeline, width))
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
    fn a_colour_ends_in_its_line() {
        let colored = text(&Timeline::new(&wait_for_a_child()), 80);
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
