//! What was seen of a run.

use crate::call::Call;
use std::collections::BTreeSet;
use std::time::Duration;

/// The place of a task in [`Observed::tasks`].
pub type TaskIndex = usize;

/// All that was seen of a run.
#[derive(Clone, Debug, Default)]
pub struct Observed {
    /// The threads and processes, in the order of their birth. The first one is the
    /// program itself.
    pub tasks: Vec<TaskRecord>,
    /// What they did, in order.
    pub events: Vec<(Duration, TaskIndex, Event)>,
    /// How the run ended.
    pub end: End,
    /// The first bytes of the memory that a process shared with others, at its end, if
    /// that was to be watched; in the order of the ends.
    pub shared_memory: Vec<(TaskIndex, Vec<u8>)>,
    /// What was written to standard output, up to the limit.
    pub stdout: Vec<u8>,
    /// What was written to standard error, up to the limit.
    pub stderr: Vec<u8>,
    /// The processes that were there when the program had ended.
    pub left_running: Vec<TaskIndex>,
    /// On the CPUs, all tasks together.
    pub cpu_time: Duration,
}

/// A thread or a process. By default nothing is known of it.
#[derive(Clone, Debug, Default)]
pub struct TaskRecord {
    /// Its id in the system.
    pub tid: i32,
    /// Its name at the end, `proc_pid_comm(5)`: at most 15 bytes. A new task has the name
    /// of its creator, and may choose any other one. `None` if it could not be read, or
    /// was not to be.
    pub name: Option<String>,
    /// What it is.
    pub kind: Kind,
    /// The task that created it. None for the program itself.
    pub creator: Option<TaskIndex>,
    /// The lineage of its creator, and how many tasks that one had created before. It is
    /// the same in each run of a program that does the same.
    pub lineage: Vec<usize>,
    /// When it was born, from the start of the run.
    pub born: Duration,
    /// When it began to end, by itself or not.
    pub ending: Option<Duration>,
    /// When it had ended and its wait status, `waitpid(2)`.
    pub ended: Option<(Duration, i32)>,
    /// The task that waited for it, if the kernel let a wait return it.
    pub reaped_by: Option<TaskIndex>,
    /// The page faults of a process without input or output, at its end.
    pub minor_faults: Option<u64>,
    /// How many bytes of standard output were there when it began to run. `None` if it
    /// never did.
    pub released: Option<usize>,
    /// The call that it slept in when the time of the run was over.
    pub stuck_in: Option<Call>,
    /// The calls of the program that it was in when it wrote, opened a file of the run or ended
    /// while a worker was held back: the first times, as
    /// [`source_lines`](crate::source_lines) takes them.
    pub early_stacks: Vec<Vec<u64>>,
    /// The same when it got its last signal, if that leaves a core file, or when the time of the
    /// run was over. Empty if it is not known.
    pub last_stack: Vec<u64>,
    /// What it changed, if it is a worker and patterns were to be found.
    pub work: Option<Work>,
    /// At its end, or when it was stopped, so many files had the text that they did not have
    /// at its birth.
    pub files_with_text: usize,
}

/// What a worker changed of the memory of its process, its own stack left out.
#[derive(Clone, Debug, Default)]
pub struct Work {
    /// How many bytes, those of pointers left out.
    pub changed_bytes: u64,
    /// The places of the patterns that it wrote.
    pub patterns: BTreeSet<usize>,
    /// It wrote to files, pipes or sockets.
    pub has_written: bool,
    /// At some time the memory could not be read, or was too large to be looked at.
    pub is_incomplete: bool,
}

/// What a task is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// It shares the address space of its creator, and is part of its process.
    Thread,
    /// It has an id of its own that its creator can wait for.
    #[default]
    Process,
}

/// Something that a task did, or that was done to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// It began to run, or went on after it was held back.
    Released,
    /// It made a system call that matters. It may still be in it.
    Called(Call),
    /// A wait for children returned this one.
    Reaped(TaskIndex),
    /// A call that waits has ended, without a child. (A sleep tells its length when it
    /// begins.)
    Returned,
    /// It sleeps in this call while a worker that was held back is let go.
    Blocked(Call),
    /// It became another program, `execve(2)`.
    Executed,
    /// It got a signal, which may kill it.
    Signaled(i32),
}

/// How a run ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum End {
    /// The program ended with this wait status, `waitpid(2)`.
    Ended(i32),
    /// It took more time than it may, on the clock or on the CPUs.
    #[default]
    TimedOut,
    /// It wrote more than it may, to its output or to files.
    TooMuchOutput,
    /// It created more tasks than it may.
    TooManyTasks,
    /// It used more memory than it may.
    TooMuchMemory,
}

impl Observed {
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

    /// The process that created a task.
    #[must_use]
    pub fn parent_of(&self, task: TaskIndex) -> Option<TaskIndex> {
        let creator = self.tasks[task].creator?;
        Some(self.process_of(creator))
    }

    /// The tasks of this kind that the run created.
    pub fn created(&self, kind: Kind) -> impl Iterator<Item = (TaskIndex, &TaskRecord)> {
        let created = self.tasks.iter().enumerate().skip(1);
        created.filter(move |(_, task)| task.kind == kind)
    }
}
