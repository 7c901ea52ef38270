//! Keys that are hit at a terminal.

use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::termios::{LocalFlags, SetArg, Termios, tcgetattr, tcsetattr};
use nix::unistd::{getpgrp, tcgetpgrp};
use std::io::{self, Stdin};
use std::os::fd::AsFd;

/// A command that a key stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// The next hint for the task.
    Hint,
    /// A drawing of its program.
    Trace,
}

/// What was hit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hit {
    /// A key for another command.
    Key(Key),
    /// The check again.
    Again,
    /// The end.
    Quit,
}

/// Standard input, where a key counts at once and is not shown, `termios(3)`. Ctrl-C remains
/// a signal. When this is dropped, the terminal is as it was before.
#[derive(Debug)]
pub struct Keys {
    stdin: Stdin,
    before: Termios,
}

impl Keys {
    /// Of this terminal, if standard input is one.
    #[must_use]
    pub fn read() -> Option<Self> {
        let stdin = io::stdin();
        let before = tcgetattr(&stdin).ok()?;
        // In the background, `&`, the keys are for others.
        if tcgetpgrp(&stdin).ok()? != getpgrp() {
            return None;
        }
        let mut now = before.clone();
        now.local_flags
            .remove(LocalFlags::ICANON | LocalFlags::ECHO);
        tcsetattr(&stdin, SetArg::TCSANOW, &now).ok()?;
        Some(Self { stdin, before })
    }

    /// The key that was hit since the last call, if one was that stands for something.
    #[must_use]
    pub fn hit(&self) -> Option<Hit> {
        let mut fds = [PollFd::new(self.stdin.as_fd(), PollFlags::POLLIN)];
        if poll(&mut fds, PollTimeout::ZERO) != Ok(1) {
            return None;
        }
        let mut byte = [0];
        // Not by way of the buffer of `Stdin`, which poll does not see.
        match nix::unistd::read(&self.stdin, &mut byte) {
            Ok(1) => match byte {
                [b'h'] => Some(Hit::Key(Key::Hint)),
                [b't'] => Some(Hit::Key(Key::Trace)),
                [b'c' | b'\n'] => Some(Hit::Again),
                [b'q'] => Some(Hit::Quit),
                _ => None,
            },
            // Nobody is at the terminal any more.
            _ => Some(Hit::Quit),
        }
    }
}

impl Drop for Keys {
    fn drop(&mut self) {
        let _ = tcsetattr(&self.stdin, SetArg::TCSANOW, &self.before);
    }
}
