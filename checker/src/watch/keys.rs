//! Keys pressed at a terminal.

use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::termios::{LocalFlags, SetArg, Termios, tcgetattr, tcsetattr};
use nix::unistd::{getpgrp, tcgetpgrp};
use std::io::{self, Stdin};
use std::os::fd::AsFd;

/// The command of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// Check again.
    Check,
    /// The next hint for the task.
    Hint,
    /// A drawing of the program's run.
    Trace,
    /// End the watch.
    Quit,
}

/// Standard input in a mode where each key counts at once and is not echoed, `termios(3)`.
/// Ctrl-C remains a signal. Dropping this restores the terminal.
#[derive(Debug)]
pub struct Keys {
    stdin: Stdin,
    before: Termios,
}

impl Keys {
    /// Opens the terminal, if standard input is one.
    #[must_use]
    pub fn read() -> Option<Self> {
        let stdin = io::stdin();
        let before = tcgetattr(&stdin).ok()?;
        // In the background (`&`), other programs read the keys.
        if tcgetpgrp(&stdin).ok()? != getpgrp() {
            return None;
        }
        let mut now = before.clone();
        now.local_flags
            .remove(LocalFlags::ICANON | LocalFlags::ECHO);
        tcsetattr(&stdin, SetArg::TCSANOW, &now).ok()?;
        Some(Self { stdin, before })
    }

    /// The key pressed since the last call, if it has a meaning.
    #[must_use]
    pub fn hit(&self) -> Option<Key> {
        let mut fds = [PollFd::new(self.stdin.as_fd(), PollFlags::POLLIN)];
        if poll(&mut fds, PollTimeout::ZERO) != Ok(1) {
            return None;
        }
        let mut byte = [0];
        // Do not read through the buffer of `Stdin`, which poll does not see.
        match nix::unistd::read(&self.stdin, &mut byte) {
            Ok(1) => match byte {
                [b'h'] => Some(Key::Hint),
                [b't'] => Some(Key::Trace),
                [b'c' | b'\n'] => Some(Key::Check),
                [b'q'] => Some(Key::Quit),
                _ => None,
            },
            // The terminal is closed.
            _ => Some(Key::Quit),
        }
    }
}

impl Drop for Keys {
    fn drop(&mut self) {
        let _ = tcsetattr(&self.stdin, SetArg::TCSANOW, &self.before);
    }
}
