//! A task that has not ended.

use crate::memory::Snapshot;
use crate::proc::CpuTime;
use crate::run::Fault;
use crate::stopped::Stopped;
use crate::{Call, Kind, TaskIndex};
use std::ops::Range;
use std::time::Instant;

#[derive(Default)]
pub(super) struct Task {
    pub(super) index: TaskIndex,
    pub(super) state: State,
    /// It runs only while all others wait.
    pub(super) is_worker: bool,
    /// It stops at all its system calls.
    pub(super) sees_calls: bool,
    /// It has made one instruction, and gets SIGTRAP, maybe after other reports.
    pub(super) is_stepping: bool,
    /// It is to be held as soon as it stops.
    pub(super) freezes: bool,
    /// What it had used of the CPUs when it was last let go.
    pub(super) let_go: CpuTime,
    /// When it was last held because its turn was over.
    pub(super) turn_ended: Option<Instant>,
    /// It is in a call that creates a task of this kind.
    pub(super) creates: Option<Kind>,
    /// A call that it is in and whose end matters.
    pub(super) call: Option<Call>,
    /// It waits for a child, and wants to be told here how that has ended.
    pub(super) status_at: Option<StatusAt>,
    /// How many tasks it has created.
    pub(super) children: usize,
    /// It was created by `vfork`: its creator waits until it becomes another program.
    pub(super) is_vfork: bool,
    pub(super) fault: Option<Fault>,
    /// How many files had the text when it began to run.
    pub(super) files: usize,
    /// Its own stack.
    pub(super) stack: Range<u64>,
    /// The memory when it was last let go.
    pub(super) snapshot: Option<Snapshot>,
}

/// An address in the memory of a task.
#[derive(Clone, Copy)]
pub(super) enum StatusAt {
    /// Of a wait status, `wait4(2)`.
    Status(u64),
    /// Of a `siginfo_t`, `waitid(2)`.
    Siginfo(u64),
}

#[derive(Default)]
pub(super) enum State {
    /// Its creator has told of it, but it has not stopped at its birth yet.
    #[default]
    Announced,
    /// A `vfork` child that has not become another program yet.
    BeforeExec,
    Running,
    /// It is stopped, and the engine decides when it goes on.
    Held(Stopped, Held),
    /// A stopping signal has stopped it.
    GroupStopped,
    /// It will do nothing more. The first thread of a process can be in this state for
    /// long, until all others have ended.
    Ending,
}

/// Where a task is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Held {
    /// At its birth.
    Birth,
    /// In the middle of its work.
    Work,
    /// When all that is left to do is to end.
    End,
    /// After it created another task.
    Creation,
    /// While a worker runs that it polls for; it is about to get this signal.
    Frozen(i32),
}

impl Task {
    pub(super) fn is_held(&self) -> bool {
        matches!(self.state, State::Held(..))
    }
}
