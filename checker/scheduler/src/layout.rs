//! The memory that the scheduler inside the program and the explorer outside share: one
//! mapping of a file. Both compile this file.
//!
//! The program can write to it, so the explorer trusts no number in it.

use std::sync::atomic::{AtomicU8, AtomicU32, AtomicU64, Ordering::Relaxed};

/// A set of tasks is a word with a bit for each.
pub(crate) const MOST_TASKS: usize = 64;

/// Later steps are taken, and not recorded.
pub(crate) const MOST_STEPS: usize = 1 << 16;

/// Choices that a schedule makes in another way than by default.
pub(crate) const MOST_CHOICES: usize = 256;

/// The variable with the folder that the explorer shares with the program.
pub(crate) const FOLDER: &str = "LAB_EXPLORE";

/// Memory that processes share, in so many mappings.
pub(crate) const MOST_MAPPINGS: usize = 64;

/// Points at which a random schedule lowers the priority of the task that runs.
pub(crate) const CHANGES: usize = 3;

/// The mapping.
#[repr(C)]
pub(crate) struct Shared {
    /// The number of the run that the explorer asks for; a futex.
    pub(crate) asked: AtomicU32,
    /// The number of the last run that is over; a futex.
    pub(crate) answered: AtomicU32,
    /// The wait status of the first process.
    pub(crate) status: AtomicU32,
    /// Why the scheduler ended the run: a [`Stop`].
    pub(crate) stop: AtomicU32,
    /// Where the program is in memory.
    pub(crate) base: AtomicU64,
    /// Number of steps that were taken.
    pub(crate) steps_taken: AtomicU32,
    /// Number of tasks that were born.
    pub(crate) born: AtomicU32,
    /// The task that may run.
    pub(crate) current: AtomicU32,
    /// Steps that can let a task go on that has tried in vain.
    pub(crate) progress: AtomicU32,
    /// Steps since another task ran.
    pub(crate) alone: AtomicU32,
    /// Looks since something went on.
    pub(crate) hopeless: AtomicU32,
    /// Whether a task looks if the one whose turn it is lives.
    pub(crate) watchman: AtomicU32,
    /// How often a task was found in a call that the scheduler does not know.
    pub(crate) found_outside: AtomicU32,
    /// Number of mappings.
    pub(crate) mappings_len: AtomicU32,
    /// Their first addresses, and their lengths in bytes.
    pub(crate) mappings: [[AtomicU64; 2]; MOST_MAPPINGS],
    /// The clock of the program, in nanoseconds.
    pub(crate) clock: AtomicU64,
    /// A choice that could not be made: the task did not wait for its turn.
    pub(crate) diverged: AtomicU32,
    /// What random priorities are drawn from; 0 if the schedule is not random.
    pub(crate) seed: AtomicU64,
    /// At these steps.
    pub(crate) changes: [AtomicU32; CHANGES],
    /// Number of choices.
    pub(crate) choices_len: AtomicU32,
    /// How many of them were made.
    pub(crate) choices_made: AtomicU32,
    /// The schedule, in the order of the steps.
    pub(crate) choices: [Choice; MOST_CHOICES],
    /// In the order of their birth.
    pub(crate) tasks: [Task; MOST_TASKS],
    /// What happened.
    pub(crate) steps: [Step; MOST_STEPS],
}

/// At this step this task goes on.
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
    /// What it waits for: an address, the number of a task, or a process id.
    pub(crate) awaited: AtomicU64,
    /// The progress when it tried in vain.
    pub(crate) since: AtomicU32,
    /// Its process.
    pub(crate) pid: AtomicU32,
    /// The process that created its process.
    pub(crate) parent: AtomicU32,
    /// Its thread id.
    pub(crate) tid: AtomicU32,
    /// What `pthread_create` called it.
    pub(crate) thread: AtomicU64,
    /// Whether its end was waited for.
    pub(crate) reaped: AtomicU32,
    /// In a random schedule the highest one runs.
    pub(crate) priority: AtomicU32,
    /// The place, size and step of a store whose value is not known yet; 0 if there is none.
    pub(crate) stored: AtomicU64,
    pub(crate) stored_size: AtomicU32,
    pub(crate) stored_step: AtomicU32,
    /// The last step that looked like a round of polling, and how often it was repeated.
    pub(crate) last_look: AtomicU64,
    pub(crate) looks: AtomicU32,
    /// Basic blocks since its last load or store.
    pub(crate) edges: AtomicU32,
}

/// A scheduling point.
#[repr(C)]
pub(crate) struct Step {
    /// The address after the call of the scheduler, in the program.
    pub(crate) pc: AtomicU64,
    /// What is loaded or stored, or waited for.
    pub(crate) address: AtomicU64,
    /// The value that was loaded or stored.
    pub(crate) value: AtomicU64,
    /// The tasks that could go on.
    pub(crate) enabled: AtomicU64,
    /// The task that came here.
    pub(crate) task: AtomicU8,
    /// The task that went on.
    pub(crate) chosen: AtomicU8,
    /// The one that goes on by default.
    pub(crate) default: AtomicU8,
    /// A [`Kind`].
    pub(crate) kind: AtomicU8,
    /// In bytes.
    pub(crate) size: AtomicU32,
}

/// The address of a step that has written to standard output.
pub(crate) const PRINTED: u64 = 1;

/// What a task is about to do at a scheduling point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Kind {
    Load,
    Store,
    /// It goes on with another basic block: an atomic read-modify-write may be behind it.
    Edge,
    /// It creates a thread or a process.
    Birth,
    /// It has let others go on: it unlocks, wakes, posts or writes.
    Release,
    /// It gives way: it sleeps, yields or polls.
    Yield,
    /// It waits for a lock, a message or a timer that has not come.
    Block,
    /// It waits for the end of another task.
    Join,
    /// It has ended.
    End,
}

impl Kind {
    #[allow(dead_code, reason = "only the explorer reads")]
    pub(crate) const ALL: [Self; 9] = [
        Self::Load,
        Self::Store,
        Self::Edge,
        Self::Birth,
        Self::Release,
        Self::Yield,
        Self::Block,
        Self::Join,
        Self::End,
    ];
}

/// What a task does between its steps.
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
    /// It waits for the end of a process; of any, if none is named.
    Process,
    /// It tries again as soon as something has happened.
    Again,
    /// It sleeps in a call that the scheduler does not know.
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
    /// It does not.
    None,
    /// No task can go on.
    Deadlock,
    /// It takes more steps than a run may.
    Endless,
    /// It has more tasks than a set can hold.
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
