//! Captures a program's standard output and standard error, up to a limit.

use nix::fcntl::{FcntlArg, OFlag, fcntl};
use nix::sys::stat::fstat;
use nix::unistd::Pid;
use std::fs;
use std::io::{self, PipeReader, Read};
use std::os::fd::AsFd;
use std::os::unix::fs::MetadataExt;

/// The reading end of a pipe, in non-blocking mode.
pub(crate) struct Capture {
    pipe: PipeReader,
    /// The bytes read so far: the output up to the limit, and one byte more if there is more.
    bytes: Vec<u8>,
    limit: usize,
}

impl Capture {
    pub(crate) fn new(pipe: PipeReader, limit: usize) -> io::Result<Self> {
        fcntl(pipe.as_fd(), FcntlArg::F_SETFL(OFlag::O_NONBLOCK))?;
        // A program that fills the pipe waits until the next read. If the system refuses a
        // large pipe, a small one suffices.
        let size = i32::try_from(limit.min(1 << 20)).unwrap_or(1 << 16);
        let _ = fcntl(pipe.as_fd(), FcntlArg::F_SETPIPE_SZ(size));
        let bytes = Vec::new();
        Ok(Self { pipe, bytes, limit })
    }

    /// Reads the available bytes. Returns the number of bytes written so far.
    pub(crate) fn drain(&mut self) -> usize {
        let room = self.limit.saturating_add(1) - self.bytes.len();
        // An error says that there is nothing more for now. The bytes before it are kept.
        let _ = (&self.pipe).take(room as u64).read_to_end(&mut self.bytes);
        self.len()
    }

    /// The number of bytes read so far.
    pub(crate) fn len(&self) -> usize {
        self.bytes.len().min(self.limit)
    }

    /// Whether a file descriptor of a task writes to this pipe. The pipe will have room again
    /// soon.
    pub(crate) fn is_at(&self, tid: Pid, fd: i32) -> bool {
        let ours = fstat(self.pipe.as_fd()).ok();
        let theirs = fs::metadata(format!("/proc/{tid}/fd/{fd}")).ok();
        ours.map(|file| (file.st_dev, file.st_ino)) == theirs.map(|file| (file.dev(), file.ino()))
    }

    /// Whether the program wrote more than the limit.
    pub(crate) fn is_full(&self) -> bool {
        self.bytes.len() > self.limit
    }

    /// Returns the whole output, after all writers have ended.
    pub(crate) fn finish(mut self) -> Vec<u8> {
        self.drain();
        self.bytes.truncate(self.limit);
        self.bytes
    }
}
