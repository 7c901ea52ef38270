//! Asking and explaining.

use super::{Question, answers::Answers};
use std::error::Error;
use std::io::{self, BufRead, Write};
use textwrap::Options;

/// What came of a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// It was answered, and the answer is kept.
    Answered,
    /// It was left out.
    Skipped,
    /// There is nobody who answers any more.
    EndOfInput,
}

/// Asks one question, says whether the answer is right, and why.
///
/// `echo` says that what is typed does not show, because it comes from a pipe.
///
/// # Errors
///
/// When the answer can't be read or kept, or nothing can be shown.
pub fn ask(
    question: &Question,
    answers: &mut Answers,
    input: &mut impl BufRead,
    out: &mut impl Write,
    echo: bool,
) -> Result<Asked, Box<dyn Error>> {
    show(out, &question.prompt)?;
    writeln!(out)?;
    for (choice, number) in question.choices.iter().zip(1..) {
        let first = format!("  {number}  ");
        let options = Options::new(WIDTH)
            .initial_indent(&first)
            .subsequent_indent("     ");
        writeln!(out, "{}", textwrap::fill(choice, options))?;
    }
    if !question.choices.is_empty() {
        writeln!(out)?;
    }
    let answer = loop {
        match question.choices.len() {
            0 => write!(out, "Your answer (nothing skips it): ")?,
            count => write!(out, "Your answer, 1 to {count} (nothing skips it): ")?,
        }
        out.flush()?;
        let mut line = String::new();
        let length = input.read_line(&mut line)?;
        if echo {
            writeln!(out, "{}", line.trim())?;
        }
        if length == 0 {
            return Ok(Asked::EndOfInput);
        }
        if line.trim().is_empty() {
            return Ok(Asked::Skipped);
        }
        if let Some(answer) = question.meant(&line) {
            break answer;
        }
    };
    answers.keep(&question.id, &answer)?;
    if question.is_right(&answer) {
        writeln!(out, "\nRight.\n")?;
    } else {
        let answer = format!("Not right. The answer is: {}", question.answer);
        writeln!(out, "\n{}\n", textwrap::fill(&answer, WIDTH))?;
    }
    show(out, &question.explanation)?;
    Ok(Asked::Answered)
}

/// In columns.
const WIDTH: usize = 78;

/// Shows Markdown whose paragraphs and items are a line each.
fn show(out: &mut impl Write, markdown: &str) -> io::Result<()> {
    for line in markdown.trim().lines() {
        let hanging = if line.starts_with("- ") { "    " } else { "  " };
        let options = Options::new(WIDTH)
            .initial_indent("  ")
            .subsequent_indent(hanging);
        writeln!(out, "{}", textwrap::fill(line, options).trim_end())?;
    }
    Ok(())
}
