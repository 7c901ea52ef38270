//! The width and the colours of the terminal.

use std::borrow::Cow;
use std::env;
use std::ffi::OsStr;
use std::io::{self, IsTerminal, Write};
use textwrap::{Options, WordSplitter};

/// The columns of the terminal, or else of the shell's variable, or else 80.
#[must_use]
pub fn width() -> usize {
    let columns = |fd| {
        let mut size = libc::winsize {
            ws_row: 0,
            ws_col: 0,
            ws_xpixel: 0,
            ws_ypixel: 0,
        };
        // SAFETY: the call fills in `size`, or fails and leaves it as it is, `ioctl_tty(2)`.
        unsafe { libc::ioctl(fd, libc::TIOCGWINSZ, &raw mut size) };
        Some(usize::from(size.ws_col)).filter(|columns| *columns > 0)
    };
    let streams = [libc::STDOUT_FILENO, libc::STDIN_FILENO, libc::STDERR_FILENO];
    let terminal = streams.into_iter().find_map(columns);
    let shell = || env::var("COLUMNS").ok()?.parse().ok();
    terminal.or_else(shell).unwrap_or(80)
}

/// Writes a text with colours to standard output. The colours are for a terminal that can show
/// them, unless `NO_COLOR` is set (<https://no-color.org>).
///
/// # Errors
///
/// Standard output is closed or full.
pub fn print(text: &str) -> io::Result<()> {
    let mut out = anstream::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()
}

/// A text without its colours.
#[must_use]
pub fn without_colors(text: &str) -> String {
    anstream::adapter::strip_str(text).to_string()
}

/// Wraps a text at spaces. Its first line begins with `first`, all others with `others`.
#[must_use]
pub fn fill(text: &str, width: usize, first: &str, others: &str) -> String {
    let options = at_spaces(width)
        .initial_indent(first)
        .subsequent_indent(others)
        .break_words(false);
    textwrap::fill(text, options) + "\n"
}

/// The lines of a text that is wrapped at spaces. A word that is too long for a line is broken,
/// but not the arguments of a command, which can be copied.
pub(crate) fn wrap(text: &str, width: usize) -> Vec<Cow<'_, str>> {
    let is_command = text.contains("see it again: ");
    textwrap::wrap(text, at_spaces(width).break_words(!is_command))
}

fn at_spaces<'a>(width: usize) -> Options<'a> {
    Options::new(width).word_splitter(WordSplitter::NoHyphenation)
}

/// A command that the user can type, with the arguments of a program.
pub(crate) fn with_args(
    mut command: String,
    args: impl IntoIterator<Item = impl AsRef<OsStr>>,
) -> String {
    for (place, arg) in args.into_iter().enumerate() {
        command += if place == 0 { " -- " } else { " " };
        command += &arg.as_ref().to_string_lossy();
    }
    command
}

/// Whether this stream is a terminal that understands control sequences.
pub(crate) fn is_screen(stream: &impl IsTerminal) -> bool {
    stream.is_terminal() && env::var_os("TERM").is_some_and(|kind| kind != "dumb")
}

/// Shows the current step on a terminal, and replaces the last one. It adds no line break.
pub fn progress(what: &str) {
    let mut stderr = io::stderr();
    if is_screen(&stderr) {
        let _ = write!(stderr, "\r\x1b[K{what}").and_then(|()| stderr.flush());
    }
}
