//! Captures a program's standard output and standard error, up to a limit.

use crate::proc::is_end_of;
use nix::errno::Errno;
use nix::fcntl::{FcntlArg, OFlag, fcntl};
use nix::unistd::Pid;
use std::io::{self, PipeReader};
use std::os::fd::AsFd;

/// The reading end of a pipe, in non-blocking mode.
pub(crate) struct Capture {
    pipe: PipeReader,
    bytes: Vec<u8>,
    limit: usize,
    is_full: bool,
}

impl Capture {
    pub(crate) fn new(pipe: PipeReader, limit: usize) -> io::Result<Self> {
        fcntl(pipe.as_fd(), FcntlArg::F_SETFL(OFlag::O_NONBLOCK))?;
        // A program that fills the pipe waits until the next read. If the system refuses a
        // large pipe, a small one suffices.
        let size = i32::try_from(limit.min(1 << 20)).unwrap_or(1 << 16);
        let _ = fcntl(pipe.as_fd(), FcntlArg::F_SETPIPE_SZ(size));
        Ok(Self {
            pipe,
            bytes: Vec::new(),
            limit,
            is_full: false,
        })
    }

    /// Reads the available bytes. Returns the number of bytes written so far.
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
        self.len()
    }

    /// The number of bytes read so far.
    pub(crate) fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Whether a file descriptor of a task writes to this pipe. The pipe will have room again
    /// soon.
    pub(crate) fn is_at(&self, tid: Pid, fd: i32) -> bool {
        is_end_of(tid, fd, &self.pipe)
    }

    /// Whether the program wrote more than the limit.
    pub(crate) fn is_full(&self) -> bool {
        self.is_full
    }

    /// Returns the whole output, after all writers have ended.
    pub(crate) fn finish(mut self) -> Vec<u8> {
        self.drain();
        self.bytes
    }
}
