//! What a program writes, up to a limit.

use super::EngineError;
use super::launch::os;
use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::unistd::read;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::process::Child;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};

/// Reads a stream in the background.
pub(super) struct Capture {
    thread: JoinHandle<()>,
    stream: Arc<Mutex<Stream>>,
}

struct Stream {
    file: OwnedFd,
    bytes: Vec<u8>,
    limit: usize,
    is_full: bool,
    has_ended: bool,
}

impl Stream {
    /// Whether there is something to be read, the end included.
    fn is_ready(file: &impl AsFd, timeout: PollTimeout) -> bool {
        let mut file = [PollFd::new(file.as_fd(), PollFlags::POLLIN)];
        poll(&mut file, timeout).is_ok_and(|ready| ready > 0)
    }

    /// Reads what is there, if anything is.
    fn read(&mut self) {
        let mut buffer = [0; 64 << 10];
        if self.has_ended || !Self::is_ready(&self.file, PollTimeout::ZERO) {
            return;
        }
        match read(&self.file, &mut buffer) {
            Ok(0) => self.has_ended = true,
            Ok(read) => {
                let room = self.limit - self.bytes.len();
                self.bytes.extend_from_slice(&buffer[..read.min(room)]);
                // The rest is read and thrown away, so that nobody blocks while it
                // is being ended.
                self.is_full |= read > room;
            }
            Err(Errno::EINTR) => {}
            Err(_) => self.has_ended = true,
        }
    }
}

impl Capture {
    fn start(file: impl Into<OwnedFd>, limit: usize) -> Self {
        let file = file.into();
        let to_poll = file.try_clone();
        let stream = Arc::new(Mutex::new(Stream {
            file,
            bytes: Vec::new(),
            limit,
            is_full: false,
            has_ended: to_poll.is_err(),
        }));
        let shared = Arc::clone(&stream);
        let thread = thread::spawn(move || {
            let Ok(to_poll) = to_poll else { return };
            loop {
                Stream::is_ready(&to_poll, PollTimeout::NONE);
                let mut stream = lock(&shared);
                stream.read();
                if stream.has_ended {
                    return;
                }
            }
        });
        Self { thread, stream }
    }

    /// Reads standard output and standard error of a child, for which there are pipes.
    pub(super) fn of(child: &mut Child, limit: usize) -> Result<(Self, Self), EngineError> {
        let missing = || os("read its output")(io::ErrorKind::NotFound.into());
        let stdout = child.stdout.take().ok_or_else(missing)?;
        let stderr = child.stderr.take().ok_or_else(missing)?;
        Ok((Self::start(stdout, limit), Self::start(stderr, limit)))
    }

    /// Whether there was more than the limit.
    pub(super) fn is_full(&self) -> bool {
        lock(&self.stream).is_full
    }

    /// What has been written until now, without the first bytes: all of it, if those
    /// who could write are stopped.
    pub(super) fn since(&self, first: usize) -> Vec<u8> {
        let mut stream = lock(&self.stream);
        // As much as a pipe holds.
        stream.read();
        stream.bytes.get(first..).unwrap_or_default().to_vec()
    }

    /// All of it, once everybody who could write has ended.
    pub(super) fn finish(self) -> Vec<u8> {
        let _ = self.thread.join();
        std::mem::take(&mut lock(&self.stream).bytes)
    }
}

fn lock(stream: &Mutex<Stream>) -> MutexGuard<'_, Stream> {
    stream.lock().unwrap_or_else(PoisonError::into_inner)
}
