//! The observations of a run.

use crate::call::Call;
use nix::errno::Errno;
use std::collections::BTreeSet;
use std::time::Duration;

/// The index of a task in [`Observed::tasks`].
pub type TaskIndex = usize;

/// The observations of a run.
#[derive(Clone, Debug, Default)]
pub struct Observed {
    /// The threads and processes, in the order of their birth. The first one is the
    /// program itself.
    pub tasks: Vec<TaskRecord>,
    /// The actions of the tasks, in order.
    pub events: Vec<(Duration, TaskIndex, Event)>,
    /// How the run ended.
    pub end: End,
    /// The first bytes of the memory that a process shared with others, at its end. Recorded
    /// only on request, in the order of the ends.
    pub shared_memory: Vec<(TaskIndex, Vec<u8>)>,
    /// The program's standard output, up to the limit.
    pub stdout: Vec<u8>,
    /// The program's standard error, up to the limit.
    pub stderr: Vec<u8>,
    /// The processes that still ran when the program had ended.
    pub left_running: Vec<TaskIndex>,
    /// The CPU time of all tasks together.
    pub cpu_time: Duration,
    /// The system calls that the jail refused, and the files outside its folder that the program
    /// tried to create.
    pub refused: BTreeSet<String>,
}

/// What a task did at the time limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stuck {
    /// It slept in this call.
    In(Call),
    /// A signal had stopped it.
    Stopped,
    /// It ran, or slept in another call.
    Running,
}

/// A thread or a process. The default value has no information.
#[derive(Clone, Debug, Default)]
pub struct TaskRecord {
    /// Its id in the system.
    pub tid: i32,
    /// Its name at the end, `proc_pid_comm(5)`: at most 15 bytes. A new task has the name of
    /// its creator and may choose another one. `None` if the name could not be read.
    pub name: Option<String>,
    /// Whether it is a thread or a process.
    pub kind: Kind,
    /// The task that created it. None for the program itself.
    pub creator: Option<TaskIndex>,
    /// The lineage of its creator, followed by the number of tasks that the creator had created
    /// before. It is the same in each run with the same behaviour.
    pub lineage: Vec<usize>,
    /// When it was born, from the start of the run.
    pub born: Duration,
    /// When it began to end, voluntarily or by a signal. If the engine held the end back, this
    /// is the time when it let the task end.
    pub ending: Option<Duration>,
    /// When it had ended, and its wait status, `waitpid(2)`.
    pub ended: Option<(Duration, i32)>,
    /// The task whose wait returned it, if there was one.
    pub reaped_by: Option<TaskIndex>,
    /// The minor page faults of a process, at its end.
    pub minor_faults: Option<u64>,
    /// The number of bytes of standard output when it began to run. `None` if it never ran.
    pub released: Option<usize>,
    /// Whether all other tasks waited for the end of exactly this task, as in `pthread_join(3)`,
    /// when the engine let it go for the last time.
    pub is_joined: bool,
    /// The call stack of its creator at its birth. Only the first worker has one.
    pub birth_stack: Vec<u64>,
    /// What it did at the time limit. `None` if it had ended or was held back.
    pub stuck: Option<Stuck>,
    /// Its call stacks while a worker was held back. Only the first few of each kind are kept.
    pub early_stacks: Vec<EarlyStack>,
    /// Its call stack at its last signal that leaves a core file, at a wait for a child that failed
    /// after its last signal, or at the time limit. Empty if unknown.
    pub last_stack: Vec<u64>,
    /// The changes of a worker, if the run has patterns.
    pub work: Option<Work>,
    /// The number of files with the [text](crate::Run::text) at its end or stop, minus those when
    /// it began to run.
    pub files_with_text: usize,
}

/// What a task did while a worker was held back: it wrote to standard output or error, opened a file
/// by a relative path, or ended; or it waited, slept for 1 ms or more, or asked whether a child had
/// ended.
#[derive(Clone, Debug)]
pub struct EarlyStack {
    /// The time from the start of the run.
    pub at: Duration,
    /// The time by which the engine had moved the clock of the program forward, because the task
    /// looked at it again and again.
    pub looked: Duration,
    /// Whether it waited, slept or asked.
    pub is_wait: bool,
    /// The call stack, in the form for [`source_lines`](crate::source_lines).
    pub stack: Vec<u64>,
}

/// A worker's changes to the memory of its process, without its own stack.
#[derive(Clone, Debug, Default)]
pub struct Work {
    /// The number of changed bytes, without those of pointers.
    pub changed_bytes: u64,
    /// The indices of the patterns that it wrote.
    pub patterns: BTreeSet<usize>,
    /// Whether it wrote to files, pipes or sockets.
    pub has_written: bool,
    /// Whether the memory was at some time unreadable or too large.
    pub is_incomplete: bool,
}

/// The kind of a task.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// It shares the address space of its creator, and is part of its process.
    Thread,
    /// It has its own process id, and its creator can wait for it.
    #[default]
    Process,
}

/// An action of a task, or an action on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// It began to run, or continued after a hold.
    Released,
    /// It made a relevant system call, and may still be in it.
    Called(Call),
    /// A wait for children returned this child.
    Reaped(TaskIndex),
    /// A blocking call has returned, and reaped no child. A sleep has no such event, because
    /// [`Call::Sleep`] says how long it takes.
    Returned,
    /// A wait for a child has failed: there is none, or a signal has interrupted the wait.
    Failed(Errno),
    /// It sleeps in this call while the engine releases a held worker.
    Blocked(Call),
    /// It polls, so the engine stops it and releases a held worker.
    Polled,
    /// It executed another program, `execve(2)`.
    Executed,
    /// It received a signal, which may kill it.
    Signaled(i32),
}

/// How a run ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum End {
    /// The program ended with this wait status, `waitpid(2)`.
    Ended(i32),
    /// It exceeded the time limit, on the clock or on the CPUs.
    #[default]
    TimedOut,
    /// Each task waited for another one, so none would ever continue.
    Deadlock,
    /// It exceeded the limit of its output or of its files.
    TooMuchOutput,
    /// It exceeded the limit of created tasks.
    TooManyTasks,
    /// It exceeded the memory limit.
    TooMuchMemory,
}

impl Observed {
    /// Returns the process of a task.
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

    /// Returns the process that created a task.
    #[must_use]
    pub fn parent_of(&self, task: TaskIndex) -> Option<TaskIndex> {
        let creator = self.tasks[task].creator?;
        Some(self.process_of(creator))
    }

    /// Returns the tasks of this kind that the run created.
    pub fn created(&self, kind: Kind) -> impl Iterator<Item = (TaskIndex, &TaskRecord)> {
        let created = self.tasks.iter().enumerate().skip(1);
        created.filter(move |(_, task)| task.kind == kind)
    }
}
