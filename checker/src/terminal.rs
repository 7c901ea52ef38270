//! The width and the colours of standard output.

use std::env;
use std::ffi::{OsStr, OsString};
use std::io::{self, IsTerminal, Write};

nix::ioctl_read_bad!(
    /// `ioctl_tty(2)`
    window_size,
    libc::TIOCGWINSZ,
    libc::winsize
);

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
        // SAFETY: the call fills in `size`.
        unsafe { window_size(fd, &raw mut size) }.ok()?;
        Some(usize::from(size.ws_col)).filter(|columns| *columns > 0)
    };
    let streams = [libc::STDOUT_FILENO, libc::STDIN_FILENO, libc::STDERR_FILENO];
    let terminal = streams.into_iter().find_map(columns);
    let shell = || env::var("COLUMNS").ok()?.parse().ok();
    terminal.or_else(shell).unwrap_or(80)
}

/// Writes a text to standard output.
///
/// # Errors
///
/// Standard output is closed or full.
pub fn print(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()
}

/// Shows the current step on a terminal, and replaces the last one. It adds no line break.
pub fn progress(what: &str) {
    let mut stderr = io::stderr();
    if stderr.is_terminal() && env::var_os("TERM").is_some_and(|kind| kind != "dumb") {
        let _ = write!(stderr, "\r\x1b[K{what}").and_then(|()| stderr.flush());
    }
}

/// Whether to use colours: only on a terminal that can show them, and not if `NO_COLOR` is set
/// (<https://no-color.org>).
#[must_use]
pub fn has_colors() -> bool {
    let is_terminal = io::stdout().is_terminal();
    wants_colors(is_terminal, env::var_os("NO_COLOR"), env::var_os("TERM"))
}

fn wants_colors(is_terminal: bool, no_color: Option<OsString>, term: Option<OsString>) -> bool {
    let is_refused = no_color.is_some_and(|value| !value.is_empty());
    is_terminal && !is_refused && term.as_deref() != Some(OsStr::new("dumb"))
}

#[cfg(test)]
mod tests {
    use super::wants_colors;

    #[test]
    fn colours_are_for_terminals_and_can_be_refused() {
        let wants = |terminal, no_color: Option<&str>, term: Option<&str>| {
            wants_colors(terminal, no_color.map(Into::into), term.map(Into::into))
        };
        assert!(wants(true, None, Some("xterm")));
        assert!(wants(true, Some(""), None));
        assert!(!wants(true, Some("1"), None));
        assert!(!wants(true, None, Some("dumb")));
        assert!(!wants(false, None, Some("xterm")));
    }
}
