//! The output of commands at a terminal.

use nix::pty::{Winsize, openpty};
use std::fs::File;
use std::io::Read;
use std::process::{Command, Stdio};

/// Runs a command to its end, and returns what it has sent to the terminal.
pub(crate) fn screen(mut command: Command, columns: u16) -> std::io::Result<Vec<u8>> {
    let size = Winsize {
        ws_row: 24,
        ws_col: columns,
        ws_xpixel: 0,
        ws_ypixel: 0,
    };
    let terminal = openpty(Some(&size), None)?;
    let mut child = command
        .env("TERM", "xterm")
        .env_remove("NO_COLOR")
        .stdin(Stdio::null())
        .stdout(terminal.slave)
        .spawn()?;
    // It holds the terminal too.
    drop(command);
    let mut master = File::from(terminal.master);
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    // Reading fails after the last writer has closed the terminal.
    while let Ok(read @ 1..) = master.read(&mut buffer) {
        bytes.extend_from_slice(&buffer[..read]);
    }
    child.wait()?;
    Ok(bytes)
}
