//! What a program writes to standard output and standard error, up to a limit.

use crate::proc::is_end_of;
use nix::errno::Errno;
use nix::fcntl::{FcntlArg, OFlag, fcntl};
use nix::unistd::Pid;
use std::io::{self, PipeReader};
use std::os::fd::AsFd;

/// The end of a pipe that is read without waiting.
pub(crate) struct Capture {
    pipe: PipeReader,
    bytes: Vec<u8>,
    limit: usize,
    is_full: bool,
}

impl Capture {
    pub(crate) fn new(pipe: PipeReader, limit: usize) -> io::Result<Self> {
        fcntl(pipe.as_fd(), FcntlArg::F_SETFL(OFlag::O_NONBLOCK))?;
        // A program that fills the pipe waits until the next look. Where the system
        // has no room for a large pipe, a small one serves.
        let size = i32::try_from(limit.min(1 << 20)).unwrap_or(1 << 16);
        let _ = fcntl(pipe.as_fd(), FcntlArg::F_SETPIPE_SZ(size));
        Ok(Self {
            pipe,
            bytes: Vec::new(),
            limit,
            is_full: false,
        })
    }

    /// Reads what there is. Returns how many bytes were written up to now.
    pub(crate) fn drain(&mut self) -> usize {
        let mut buffer = [0; 64 << 10];
        loop {
            match nix::unistd::read(&self.pipe, &mut buffer) {
                Ok(read @ 1..) => {
                    let room = self.limit - self.bytes.len();
                    self.bytes.extend_from_slice(&buffer[..read.min(room)]);
                    self.is_full |= read > room;
                    if self.is_full {
                        break;
                    }
                }
                Err(Errno::EINTR) => {}
                // The end, or nothing more for now.
                Ok(0) | Err(_) => break,
            }
        }
        self.bytes.len()
    }

    /// Whether a file descriptor of a task writes to it. It has room again soon.
    pub(crate) fn is_at(&self, tid: Pid, fd: i32) -> bool {
        is_end_of(tid, fd, &self.pipe)
    }

    /// Whether the program wrote more than the limit.
    pub(crate) fn is_full(&self) -> bool {
        self.is_full
    }

    /// All of it, once no task can write any more.
    pub(crate) fn finish(mut self) -> Vec<u8> {
        self.drain();
        self.bytes
    }
}
