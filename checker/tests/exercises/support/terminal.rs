//! Running a program in a terminal.

use super::running::{Finished, read_in_background, start_with};
use nix::pty::openpty;
use std::fs::File;
use std::process::Command;

/// Runs it to its end, with a terminal as its standard output.
#[track_caller]
pub(crate) fn run_in_terminal(command: &mut Command) -> Finished {
    let terminal = openpty(None, None).expect("a pseudo-terminal");
    let screen = read_in_background(File::from(terminal.master));
    let running = start_with(command, terminal.slave);
    // The command still holds its end of the terminal: let go of it.
    command.stdout(std::process::Stdio::null());
    let mut finished = running.finish();
    finished.stdout = screen.join().expect("the screen");
    finished
}
