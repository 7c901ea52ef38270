//! What was seen of a run.

use super::{Call, Signs};
use std::time::Duration;

/// The place of a task in [`Observed::tasks`].
pub type TaskIndex = usize;

/// All that was seen of a run.
#[derive(Clone, Debug)]
pub struct Observed {
    /// The threads and processes, in the order of their birth. The first one is
    /// the program itself.
    pub tasks: Vec<TaskRecord>,
    /// What they did, in order.
    pub events: Vec<(Duration, TaskIndex, Event)>,
    /// How the run ended.
    pub end: End,
    /// What came of holding the workers, if any was held: that somebody did not
    /// wait, or else what the last one did.
    pub hold: Option<Hold>,
    /// The signs of the watched numbers, where they were found.
    pub numbers: Vec<(Moment, Signs)>,
    /// The first bytes of the memory that a process shared with others, at its end,
    /// if that was to be watched; in the order of the ends.
    pub shared_memory: Vec<(TaskIndex, Vec<u8>)>,
    /// What was written to standard output, up to the limit.
    pub stdout: Vec<u8>,
    /// What was written to standard error, up to the limit.
    pub stderr: Vec<u8>,
    /// The processes that were there when the program had ended.
    pub left_running: Vec<TaskIndex>,
}

/// A thread or a process.
#[derive(Clone, Debug)]
pub struct TaskRecord {
    /// Its id in the system.
    pub tid: i32,
    /// Its name at the end, `proc_pid_comm(5)`: at most 15 bytes. A new task has the name
    /// of its creator, and may choose any other one. `None` if it could not be read.
    pub name: Option<String>,
    /// What it is.
    pub kind: Kind,
    /// Who created it. Nobody in the run created the program itself.
    pub creator: Option<TaskIndex>,
    /// When it was born, from the start of the run.
    pub born: Duration,
    /// When it began to end, by itself or not.
    pub ending: Option<Duration>,
    /// When it had ended and its wait status, `waitpid(2)`.
    pub ended: Option<(Duration, i32)>,
    /// The page faults of its process without input or output, at its end.
    pub minor_faults: Option<u64>,
}

/// When the memory was looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// Before the held tasks were let go.
    Release,
    /// At the end of this thread.
    EndOf(TaskIndex),
}

/// What a task is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// It shares the address space of its creator, and is part of its process.
    Thread,
    /// It has an id of its own that its creator can wait for.
    Process,
}

/// Something that a task did, or that was done to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// It began to run, or went on to end the program: at once, or when the engine let
    /// it.
    Released,
    /// It made a system call that matters. It may still be in it.
    Called(Call),
    /// A wait for children returned this one.
    Reaped(TaskIndex),
    /// A call that waits is over, without a child. (A sleep tells its length when it
    /// begins.)
    Returned,
    /// It became another program, `execve(2)`.
    Executed,
    /// It got a signal, which may kill it.
    Signaled(i32),
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// The program ended with this wait status, `waitpid(2)`.
    Ended(i32),
    /// The time was over.
    TimedOut,
    /// It wrote more than it may.
    TooMuchOutput,
    /// It created more tasks than it may.
    TooManyTasks,
}

/// What a creator did while its worker was held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hold {
    /// It blocked in this call: it waits.
    Waited(Call),
    /// It sleeps in a call that the engine does not know: it waits.
    Asleep,
    /// It has ended without ending its worker, which goes on alone.
    Gone,
    /// It asked again and again without showing anything, so it waits in its way.
    Polled,
    /// It did something that can be seen: it does not wait.
    DidNotWait(Observable),
    /// The time was over before any of that.
    Undecided,
}

/// Something that can be seen from outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Observable {
    /// It wrote to standard output or standard error.
    Printed,
    /// It opened the watched file.
    OpenedFile,
    /// It ended.
    Ended,
}

impl TaskRecord {
    /// A task that was just born, of which nothing else is known.
    pub(super) fn new(tid: i32, kind: Kind, creator: Option<TaskIndex>, born: Duration) -> Self {
        Self {
            tid,
            name: None,
            kind,
            creator,
            born,
            ending: None,
            ended: None,
            minor_faults: None,
        }
    }
}

impl Observed {
    /// A run that is as yet unseen.
    pub(crate) fn new(tasks: Vec<TaskRecord>) -> Self {
        Self {
            tasks,
            events: Vec::new(),
            end: End::TimedOut,
            hold: None,
            numbers: Vec::new(),
            shared_memory: Vec::new(),
            stdout: Vec::new(),
            stderr: Vec::new(),
            left_running: Vec::new(),
        }
    }

    /// The process that a task is part of.
    #[must_use]
    pub fn process_of(&self, task: TaskIndex) -> TaskIndex {
        match self.tasks[task] {
            TaskRecord {
                kind: Kind::Thread,
                creator: Some(creator),
                ..
            } => self.process_of(creator),
            _ => task,
        }
    }

    /// The tasks of this kind that the run created.
    pub fn created(&self, kind: Kind) -> impl Iterator<Item = (TaskIndex, &TaskRecord)> {
        let created = self.tasks.iter().enumerate().skip(1);
        created.filter(move |(_, task)| task.kind == kind)
    }
}
