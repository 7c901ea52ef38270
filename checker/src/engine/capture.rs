//! What a program writes, up to a limit.

use std::io::Read;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::thread::{self, JoinHandle};

/// Reads a stream in the background.
pub(super) struct Capture {
    thread: JoinHandle<Vec<u8>>,
    is_full: Arc<AtomicBool>,
}

impl Capture {
    pub(super) fn start(mut stream: impl Read + Send + 'static, limit: usize) -> Self {
        let is_full = Arc::new(AtomicBool::new(false));
        let full = Arc::clone(&is_full);
        let thread = thread::spawn(move || {
            let mut bytes = Vec::new();
            let mut buffer = [0; 64 << 10];
            loop {
                match stream.read(&mut buffer) {
                    Ok(0) => return bytes,
                    Ok(read) => {
                        let room = limit - bytes.len();
                        bytes.extend_from_slice(&buffer[..read.min(room)]);
                        if read > room {
                            // The rest is read and thrown away, so that nobody
                            // blocks while it is being ended.
                            full.store(true, Relaxed);
                        }
                    }
                    Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                    Err(_) => return bytes,
                }
            }
        });
        Self { thread, is_full }
    }

    /// Whether there was more than the limit.
    pub(super) fn is_full(&self) -> bool {
        self.is_full.load(Relaxed)
    }

    /// All of it, once everybody who could write has ended.
    pub(super) fn finish(self) -> Vec<u8> {
        self.thread.join().unwrap_or_default()
    }
}
