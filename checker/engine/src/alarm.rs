//! Interrupts this thread periodically.
//!
//! A tracer sleeps in `waitpid` until a task reports. A timer wakes it, so that it can check
//! the clock and tasks without reports.

use crate::Error;
use crate::run::OrCannot;
use nix::sys::signal::{
    SaFlags, SigAction, SigEvent, SigHandler, SigSet, SigevNotify, Signal, sigaction,
};
use nix::sys::timer::{Expiration, Timer, TimerSetTimeFlags};
use nix::time::ClockId;
use nix::unistd::gettid;
use std::time::Duration;

/// The default action of this signal is to ignore it, so no other part of the program is
/// affected.
const SIGNAL: Signal = Signal::SIGURG;

/// While it exists, waits of this thread return `EINTR` periodically.
pub(crate) struct Alarm {
    timer: Timer,
    period: Duration,
}

extern "C" fn do_nothing(_: i32) {}

impl Alarm {
    pub(crate) fn new() -> Result<Self, Error> {
        // Without SA_RESTART an interrupted system call returns EINTR.
        let handler = SigHandler::Handler(do_nothing);
        let action = SigAction::new(handler, SaFlags::empty(), SigSet::empty());
        // SAFETY: the handler does nothing.
        unsafe { sigaction(SIGNAL, &action) }.or_cannot("start a timer")?;
        let event = SigEvent::new(SigevNotify::SigevThreadId {
            signal: SIGNAL,
            thread_id: gettid().as_raw(),
            si_value: 0,
        });
        let timer = Timer::new(ClockId::CLOCK_MONOTONIC, event).or_cannot("start a timer")?;
        let period = Duration::ZERO;
        Ok(Self { timer, period })
    }

    /// Sets the time between two interruptions.
    pub(crate) fn every(&mut self, period: Duration) {
        if self.period != period {
            self.period = period;
            let expiration = Expiration::Interval(period.into());
            // The timer exists, and the time is valid.
            let _ = self.timer.set(expiration, TimerSetTimeFlags::empty());
        }
    }
}
