//! The memory shared by the scheduler inside the program and the explorer outside: one mapping
//! of a file. Both compile this file.
//!
//! The program can write to this memory, so the explorer trusts no number in it.

use std::sync::atomic::{AtomicU8, AtomicU32, AtomicU64, Ordering::Relaxed};

/// A set of tasks is a word with one bit per task.
pub(crate) const MOST_TASKS: usize = 64;

/// The limit of recorded steps.
pub(crate) const MOST_STEPS: usize = 1 << 16;

/// The limit of choices in a schedule that differ from the default.
pub(crate) const MOST_CHOICES: usize = 256;

/// The environment variable with the folder that the explorer shares with the program.
pub(crate) const FOLDER: &str = "LAB_EXPLORE";

/// The limit of recorded shared mappings.
pub(crate) const MOST_MAPPINGS: usize = 64;

/// The number of points at which a random schedule lowers the priority of the running task.
pub(crate) const CHANGES: usize = 3;

/// The mapping.
#[repr(C)]
pub(crate) struct Shared {
    /// The number of the requested run; a futex.
    pub(crate) asked: AtomicU32,
    /// The number of the last finished run; a futex.
    pub(crate) answered: AtomicU32,
    /// The wait status of the first process.
    pub(crate) status: AtomicU32,
    /// Why the scheduler ended the run: a [`Stop`].
    pub(crate) stop: AtomicU32,
    /// The load address of the program.
    pub(crate) base: AtomicU64,
    /// The number of the session.
    pub(crate) session: AtomicU32,
    /// Number of steps.
    pub(crate) steps_taken: AtomicU32,
    /// Number of created tasks.
    pub(crate) born: AtomicU32,
    /// The task that may run.
    pub(crate) current: AtomicU32,
    /// Number of steps that may let a blocked task try again.
    pub(crate) progress: AtomicU32,
    /// Number of steps in which a task yielded.
    pub(crate) yields: AtomicU32,
    /// Steps since another task ran.
    pub(crate) alone: AtomicU32,
    /// Number of looks without progress.
    pub(crate) hopeless: AtomicU32,
    /// The task that checks whether the current task is alive, plus 1; 0 if there is none.
    pub(crate) watchman: AtomicU32,
    /// Number of times that a task was found in a call unknown to the scheduler.
    pub(crate) found_outside: AtomicU32,
    /// Number of mappings.
    pub(crate) mappings_len: AtomicU32,
    /// Their first addresses, and their lengths in bytes.
    pub(crate) mappings: [[AtomicU64; 2]; MOST_MAPPINGS],
    /// The clock of the program, in nanoseconds.
    pub(crate) clock: AtomicU64,
    /// Whether a choice was impossible, because its task was not ready.
    pub(crate) diverged: AtomicU32,
    /// The seed of the random priorities; 0 if the schedule is not random.
    pub(crate) seed: AtomicU64,
    /// The steps at which a random schedule lowers a priority.
    pub(crate) changes: [AtomicU32; CHANGES],
    /// Number of choices.
    pub(crate) choices_len: AtomicU32,
    /// Number of choices made so far.
    pub(crate) choices_made: AtomicU32,
    /// The schedule, in the order of the steps.
    pub(crate) choices: [Choice; MOST_CHOICES],
    /// The tasks, in the order of their birth.
    pub(crate) tasks: [Task; MOST_TASKS],
    /// The recorded steps.
    pub(crate) steps: [Step; MOST_STEPS],
}

/// A choice: at this step, this task continues.
#[repr(C)]
pub(crate) struct Choice {
    pub(crate) step: AtomicU32,
    pub(crate) task: AtomicU32,
}

/// A thread of one of the processes.
#[repr(C)]
pub(crate) struct Task {
    /// It may run: a futex.
    pub(crate) go: AtomicU32,
    /// A [`State`].
    pub(crate) state: AtomicU32,
    /// The object that it waits for: an address, the number of a task, or a process id.
    pub(crate) awaited: AtomicU64,
    /// The value of `progress` at its last failed attempt.
    pub(crate) since: AtomicU32,
    /// It was preempted and has not continued yet. Until `Shared::yields` has reached this number, it continues only
    /// if no other task can.
    pub(crate) slow_until: AtomicU32,
    /// Its process.
    pub(crate) pid: AtomicU32,
    /// The process that created its process.
    pub(crate) parent: AtomicU32,
    /// Its thread id.
    pub(crate) tid: AtomicU32,
    /// Its handle from `pthread_create`.
    pub(crate) thread: AtomicU64,
    /// Whether another task has waited for its end.
    pub(crate) reaped: AtomicU32,
    /// Its priority. In a random schedule, the highest one runs.
    pub(crate) priority: AtomicU32,
    /// The place, size and step of a store whose value is not known yet; 0 if there is none.
    pub(crate) stored: AtomicU64,
    pub(crate) stored_size: AtomicU32,
    pub(crate) stored_step: AtomicU32,
    /// The last step that looked like a round of polling, and its number of repetitions.
    pub(crate) last_look: AtomicU64,
    pub(crate) looks: AtomicU32,
    /// Number of basic blocks since its last load or store.
    pub(crate) edges: AtomicU32,
}

/// A scheduling point.
#[repr(C)]
pub(crate) struct Step {
    /// The return address of the scheduler's call, in the program.
    pub(crate) pc: AtomicU64,
    /// The address that is loaded, stored or waited for.
    pub(crate) address: AtomicU64,
    /// The loaded or stored value.
    pub(crate) value: AtomicU64,
    /// The tasks that could continue.
    pub(crate) enabled: AtomicU64,
    /// The task that came here.
    pub(crate) task: AtomicU8,
    /// The task that continued.
    pub(crate) chosen: AtomicU8,
    /// The task that continues by default.
    pub(crate) default: AtomicU8,
    /// A [`Kind`].
    pub(crate) kind: AtomicU8,
    /// The size in bytes. For a basic block, 1 if it contains an atomic read-modify-write.
    pub(crate) size: AtomicU32,
}

/// The address of a step that has written to standard output.
pub(crate) const PRINTED: u64 = 1;

/// The next action of a task at a scheduling point.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub(crate) enum Kind {
    Load,
    Store,
    /// It begins another basic block, which may contain an atomic read-modify-write.
    Edge,
    /// It creates a thread or a process.
    Birth,
    /// It is about to take a lock or to wait, or it has let other tasks continue: it unlocks,
    /// wakes, posts or writes.
    Release,
    /// It yields: it sleeps, yields or polls.
    Yield,
    /// A lock or a channel was not free, and it tries again later; or it sleeps in a call that
    /// the scheduler does not know.
    Block,
    /// It waits for the end of another task.
    Join,
    /// It has ended.
    End,
    /// Its process is gone: usually a signal has killed it.
    Killed,
}

impl Kind {
    #[allow(dead_code, reason = "only the explorer reads")]
    pub(crate) const ALL: [Self; 10] = [
        Self::Load,
        Self::Store,
        Self::Edge,
        Self::Birth,
        Self::Release,
        Self::Yield,
        Self::Block,
        Self::Join,
        Self::End,
        Self::Killed,
    ];
}

/// The state of a task between its steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub(crate) enum State {
    /// It can go on.
    Ready,
    /// It sleeps on a futex.
    Futex,
    /// It sleeps on a futex, and a timer runs.
    TimedFutex,
    /// It waits for the end of a thread.
    Thread,
    /// It waits for the end of a process, or of any process if none is named.
    Process,
    /// It tries again after the next progress.
    Again,
    /// It sleeps in a call unknown to the scheduler.
    Outside,
    /// It has ended.
    Ended,
}

impl State {
    pub(crate) const ALL: [Self; 8] = [
        Self::Ready,
        Self::Futex,
        Self::TimedFutex,
        Self::Thread,
        Self::Process,
        Self::Again,
        Self::Outside,
        Self::Ended,
    ];
}

/// Why the scheduler ends a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub(crate) enum Stop {
    /// The run is not stopped.
    None,
    /// A deadlock: no task can continue.
    Deadlock,
    /// The run exceeds the limit of steps.
    Endless,
    /// The run has more tasks than a set can hold.
    TooManyTasks,
}

impl Stop {
    #[allow(dead_code, reason = "only the explorer reads")]
    pub(crate) const ALL: [Self; 4] = [
        Self::None,
        Self::Deadlock,
        Self::Endless,
        Self::TooManyTasks,
    ];
}

impl Task {
    pub(crate) fn state(&self) -> State {
        let state = self.state.load(Relaxed) as usize;
        State::ALL.get(state).copied().unwrap_or(State::Ended)
    }
}
