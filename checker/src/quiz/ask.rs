//! Asking and explaining.

use super::{Question, answers::Answers};
use crate::terminal::fill;
use anyhow::Result;
use std::io::{self, IsTerminal, Write};
use std::ops::ControlFlow;

/// Asks one question, says whether the answer is right, and why. Returns `Break` at
/// the end of the input.
///
/// # Errors
///
/// The answer can't be read or saved, or the output fails.
pub fn ask(question: &Question, answers: &mut Answers) -> Result<ControlFlow<()>> {
    let (input, mut out) = (io::stdin(), io::stdout());
    show(&question.prompt)?;
    writeln!(out)?;
    for (choice, number) in question.choices.iter().zip(1..) {
        let first = format!("  {number}  ");
        out.write_all(fill(choice, WIDTH, &first, "     ").as_bytes())?;
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
        // A terminal has shown it already.
        if !input.is_terminal() {
            writeln!(out, "{}", line.trim())?;
        }
        if length == 0 {
            return Ok(ControlFlow::Break(()));
        }
        if line.trim().is_empty() {
            return Ok(ControlFlow::Continue(()));
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
        writeln!(out, "\n{}", fill(&answer, WIDTH, "", ""))?;
    }
    show(&question.explanation)?;
    Ok(ControlFlow::Continue(()))
}

/// The width of the text in columns.
const WIDTH: usize = 78;

/// Shows Markdown. Each paragraph and each item must be one line.
fn show(markdown: &str) -> io::Result<()> {
    let mut out = io::stdout();
    for line in markdown.trim().lines() {
        let hanging = if line.starts_with("- ") { "    " } else { "  " };
        writeln!(out, "{}", fill(line, WIDTH, "  ", hanging).trim_end())?;
    }
    Ok(())
}
