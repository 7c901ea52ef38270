//! Interrupts a thread from time to time.
//!
//! A tracer sleeps in `waitpid` until something happens. If nothing ever does,
//! somebody has to wake it up, so that it can look at the clock.

use nix::sys::pthread::{Pthread, pthread_kill, pthread_self};
use nix::sys::signal::{SaFlags, SigAction, SigHandler, SigSet, Signal, sigaction};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// Interrupts the thread that made it, until it is dropped.
pub(super) struct Ticks {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// The target of the signals. It is alive, because it owns the [`Ticks`].
struct Target(Pthread);

// SAFETY: an id, which any thread may send a signal to.
unsafe impl Send for Target {}

/// Ignored by everybody else, so nobody minds that it is used.
const SIGNAL: Signal = Signal::SIGURG;

extern "C" fn do_nothing(_: i32) {}

impl Ticks {
    pub(super) fn start(period: Duration) -> nix::Result<Self> {
        // Without SA_RESTART a system call that is interrupted returns EINTR.
        let handler = SigHandler::Handler(do_nothing);
        let action = SigAction::new(handler, SaFlags::empty(), SigSet::empty());
        // SAFETY: the handler does nothing.
        unsafe { sigaction(SIGNAL, &action) }?;
        let target = Target(pthread_self());
        let (stop, stopped) = mpsc::channel();
        let thread = thread::spawn(move || {
            let target = target;
            while stopped.recv_timeout(period) == Err(RecvTimeoutError::Timeout) {
                let _ = pthread_kill(target.0, SIGNAL);
            }
        });
        Ok(Self {
            stop: Some(stop),
            thread: Some(thread),
        })
    }
}

impl Drop for Ticks {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
