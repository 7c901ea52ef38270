//! A task that has not ended.

use super::clock::Shortened;
use crate::call::SystemCall;
use crate::memory::Snapshot;
use crate::proc::CpuTime;
use crate::stopped::Stopped;
use crate::{Call, Kind, TaskIndex};
use std::ops::Range;
use std::time::{Duration, Instant};

#[derive(Default)]
pub(super) struct Task {
    pub(super) index: TaskIndex,
    pub(super) state: State,
    /// It runs only while all others wait.
    pub(super) is_worker: bool,
    /// It stops at all its system calls.
    pub(super) sees_calls: bool,
    /// It has made one instruction and receives SIGTRAP, possibly after other reports.
    pub(super) is_stepping: bool,
    /// It must be held at its next stop.
    pub(super) freezes: bool,
    /// Its CPU use at the beginning of its turn.
    pub(super) let_go: CpuTime,
    /// When it was last held at the end of its turn.
    pub(super) turn_ended: Option<Instant>,
    /// It is in a call that creates a task of this kind.
    pub(super) creates: Option<Kind>,
    /// The call that it is in, and what it means, if the end of that call matters.
    pub(super) call: Option<(SystemCall, Call)>,
    /// The time limit that the engine has changed until the wait ends.
    pub(super) shortened: Option<Shortened>,
    /// It was held before it called `pause(2)`.
    pub(super) has_paused: bool,
    /// The number of tasks that it has created.
    pub(super) children: usize,
    /// The total time of its skipped sleeps while there was no other task.
    pub(super) slept: Duration,
    /// The time by which the clock went forward because it looked at it again and again.
    pub(super) looked: Duration,
    /// It was created by `vfork`: its creator waits until it executes another program.
    pub(super) is_vfork: bool,
    /// The number of files that contained the text when it began to run.
    pub(super) files: usize,
    /// Its own stack.
    pub(super) stack: Range<u64>,
    /// The snapshot of its memory when it was last resumed.
    pub(super) snapshot: Option<Snapshot>,
}

#[derive(Default)]
pub(super) enum State {
    /// Its creator has reported it, but it has not stopped at its birth yet.
    Announced,
    /// A `vfork` child that has not executed another program yet.
    BeforeExec,
    #[default]
    Running,
    /// It is stopped, and the engine decides when it continues.
    Held(Stopped, Held),
    /// A stopping signal has stopped it.
    GroupStopped,
    /// It makes no more progress. The first thread of a process can be in this state until all
    /// other threads have ended.
    Ending,
}

/// The point at which a task is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Held {
    /// At its birth.
    Birth,
    /// In the middle of its work.
    Work,
    /// When only its end remains.
    End,
    /// After it created another task, or before it calls `pause(2)`.
    Creation,
    /// While a worker runs that it polls for. The task is about to receive this signal.
    Frozen(i32),
    /// For some milliseconds, from this moment on, instead of a sleep, or before it.
    Nap(Instant),
}

impl Held {
    /// The signal that the task receives when it continues, or 0.
    pub(super) fn signal(self) -> i32 {
        match self {
            Self::Frozen(signal) => signal,
            _ => 0,
        }
    }
}

impl Task {
    /// When it began to nap.
    pub(super) fn nap(&self) -> Option<Instant> {
        match self.state {
            State::Held(_, Held::Nap(since)) => Some(since),
            _ => None,
        }
    }

    /// Whether it is held until other tasks have continued.
    pub(super) fn is_held(&self) -> bool {
        matches!(self.state, State::Held(..)) && self.nap().is_none()
    }
}
