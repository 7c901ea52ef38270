//! The memory shared by the scheduler inside the program and the explorer outside: one mapping
//! of a file. Both compile this file.
//!
//! The program can write to this memory, so the explorer trusts no number in it.

use std::cell::Cell;
use std::fs::File;
use std::os::fd::AsRawFd;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering::Relaxed, Ordering::SeqCst};
use std::{io, ptr};

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
    /// The number of the session.
    pub(crate) session: AtomicU32,
    /// The load address of the program.
    pub(crate) base: AtomicU64,
    pub(crate) run: Run,
    /// The recorded steps. Each is written by one task, and read after the run.
    pub(crate) steps: [Cell<Step>; MOST_STEPS],
}

/// The state of a run. Before it, the explorer sets all of it to zero, and then the schedule.
#[repr(C)]
pub(crate) struct Run {
    /// Why the scheduler ended the run: a [`Stop`].
    pub(crate) stop: AtomicU32,
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
    /// The random priorities.
    pub(crate) random: Cell<Random>,
    /// Number of choices.
    pub(crate) choices_len: AtomicU32,
    /// The schedule, in the order of the steps.
    pub(crate) choices: [Cell<Choice>; MOST_CHOICES],
    /// The tasks, in the order of their birth.
    pub(crate) tasks: [Task; MOST_TASKS],
}

/// A schedule by random priorities (PCT: Burckhardt and others, "A randomized scheduler with
/// probabilistic guarantees of finding bugs", 2010).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(C)]
pub(crate) struct Random {
    /// 0 if the schedule is not random.
    pub(crate) seed: u64,
    /// At these steps, the running task gets a low priority.
    pub(crate) changes: [u32; CHANGES],
}

/// A choice: at this step, this task continues.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
pub(crate) struct Choice {
    pub(crate) step: u32,
    pub(crate) task: u8,
}

/// A thread of one of the processes.
#[repr(C)]
pub(crate) struct Task {
    /// It may run: a futex.
    pub(crate) go: AtomicU32,
    /// A [`State`].
    state: AtomicU32,
    /// The object that it waits for: an address, the number of a task, or a process id. 0 after
    /// another task has woken it.
    pub(crate) awaited: AtomicU64,
    /// The value of `progress` at its last failed attempt.
    pub(crate) since: AtomicU32,
    /// It was preempted and has not continued yet. Until `Run::yields` has reached this number, it
    /// continues only if no other task can.
    pub(crate) slow_until: AtomicU32,
    /// Its process.
    pub(crate) pid: AtomicU32,
    /// The process that created its process.
    pub(crate) parent: AtomicU32,
    /// Its thread id.
    pub(crate) tid: AtomicU32,
    /// Whether another task has waited for its end.
    pub(crate) reaped: AtomicU32,
    /// Its handle from `pthread_create`.
    pub(crate) thread: AtomicU64,
    /// Its priority. In a random schedule, the highest one runs.
    pub(crate) priority: AtomicU32,
    /// The number of a store whose value is not known yet, plus 1; 0 if there is none.
    pub(crate) stored: AtomicU32,
    /// The `pc` of its last step in the program's own code.
    pub(crate) last_pc: AtomicU64,
    /// While it blocks: where the program has made the call, if that is known.
    pub(crate) call: AtomicU64,
    /// The last step that looked like a round of polling, and its number of repetitions.
    pub(crate) last_look: AtomicU64,
    pub(crate) looks: AtomicU32,
    /// Number of basic blocks since its last load or store.
    pub(crate) edges: AtomicU32,
}

/// A scheduling point.
#[derive(Clone, Copy, Debug, Default)]
#[repr(C)]
pub(crate) struct Step {
    /// The return address of the scheduler's call in the program; 0 in a call of libc.
    pub(crate) pc: u64,
    /// The address that is loaded, stored or waited for.
    pub(crate) address: u64,
    /// The loaded or stored value. For a call of libc, where the program has called it, or 0.
    pub(crate) value: u64,
    /// The tasks that could continue.
    pub(crate) enabled: u64,
    /// The process whose memory has this address; 0 if processes share it.
    pub(crate) owner: u32,
    /// The size in bytes. For a basic block, 0, or 1 more than the number of bytes from `pc` to its
    /// atomic read-modify-write; for [`Kind::Release`], a [`Lock`]; for [`Kind::Join`], a [`State`].
    pub(crate) size: u32,
    /// A [`Kind`].
    pub(crate) kind: u8,
    /// The task that came here.
    pub(crate) task: u8,
    /// The task that continues by default.
    pub(crate) default: u8,
    /// The task that continued.
    pub(crate) chosen: u8,
}

/// The address of a step that has written to standard output.
pub(crate) const PRINTED: u64 = 1;
/// The address of a release that wakes tasks, and finds none that sleeps.
pub(crate) const WOKE_NONE: u64 = 2;

/// The first address of the locks of files, above all addresses of a program.
pub(crate) const FILES: u64 = 1 << 63;

/// Defines an enumeration whose values are shared as numbers.
macro_rules! numbered {
    ($(#[$about:meta])* $name:ident { $($(#[$what:meta])* $value:ident,)* }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum $name { $($(#[$what])* $value,)* }

        impl $name {
            const ALL: &[Self] = &[$(Self::$value,)*];

            /// The value with this number. The program can write any number.
            pub(crate) fn of(number: u32) -> Self {
                Self::ALL[number as usize % Self::ALL.len()]
            }
        }
    };
}

numbered! {
    /// The next action of a task at a scheduling point.
    Kind {
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
}

numbered! {
    /// The state of a task between its steps.
    State {
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
}

numbered! {
    /// The kind of a lock.
    Lock {
        /// The step is at no lock.
        None,
        /// A read-write lock that is released.
        ReadWrite,
        Mutex,
        Read,
        Write,
        Spin,
        Semaphore,
        Flock,
        Record,
    }
}

numbered! {
    /// Why the scheduler ends a run.
    Stop {
        /// The run is not stopped.
        None,
        /// A deadlock: no task can continue.
        Deadlock,
        /// The run exceeds the limit of steps.
        Endless,
        /// The run has more tasks than a set can hold.
        TooManyTasks,
    }
}

impl Lock {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::None | Self::ReadWrite => "lock",
            Self::Mutex => "mutex",
            Self::Read => "read lock",
            Self::Write => "write lock",
            Self::Spin => "spin lock",
            Self::Semaphore => "semaphore",
            Self::Flock => "flock",
            Self::Record => "record lock",
        }
    }
}

impl Shared {
    /// Maps a file, which must be long enough.
    pub(crate) fn map(file: &File) -> io::Result<*mut Self> {
        let length = size_of::<Self>();
        let access = libc::PROT_READ | libc::PROT_WRITE;
        let fd = file.as_raw_fd();
        // SAFETY: this is a new mapping, which replaces no other one.
        match unsafe { libc::mmap(ptr::null_mut(), length, access, libc::MAP_SHARED, fd, 0) } {
            libc::MAP_FAILED => Err(io::Error::last_os_error()),
            address => Ok(address.cast()),
        }
    }
}

impl Task {
    pub(crate) fn state(&self) -> State {
        State::of(self.state.load(SeqCst))
    }

    /// Whether it sleeps on a futex or a condition variable.
    pub(crate) fn sleeps(&self) -> bool {
        matches!(self.state(), State::Futex | State::TimedFutex)
    }

    /// Whether it sleeps on this address.
    pub(crate) fn sleeps_on(&self, address: u64) -> bool {
        self.sleeps() && self.awaited.load(Relaxed) == address
    }

    pub(crate) fn set_state(&self, state: State) {
        self.state.store(state as u32, SeqCst);
    }
}

impl Step {
    pub(crate) fn new(task: usize, kind: Kind) -> Self {
        Self {
            task: task as u8,
            kind: kind as u8,
            ..Self::default()
        }
    }

    pub(crate) fn kind(&self) -> Kind {
        Kind::of(self.kind.into())
    }

    /// The step, with numbers of possible tasks. The program can write any number.
    pub(crate) fn checked(mut self) -> Self {
        self.task %= MOST_TASKS as u8;
        self.default %= MOST_TASKS as u8;
        self.chosen %= MOST_TASKS as u8;
        self
    }

    /// Whether it is a load or a store.
    pub(crate) fn is_access(&self) -> bool {
        matches!(self.kind(), Kind::Load | Kind::Store)
    }

    /// Whether its task begins to sleep until another task wakes it.
    pub(crate) fn begins_to_sleep(&self) -> bool {
        self.kind() == Kind::Release && !self.is_enabled(self.task)
    }

    /// Whether its task is woken spuriously, without another task.
    pub(crate) fn is_spurious(&self) -> bool {
        self.begins_to_sleep() && self.chosen == self.task
    }

    /// Whether a task that could continue had to wait.
    pub(crate) fn is_preempted(&self) -> bool {
        self.chosen != self.task && self.is_enabled(self.task) && self.kind() != Kind::Yield
    }

    /// Where the program has called a function of libc, if that is known.
    pub(crate) fn call(&self) -> Option<u64> {
        let is_call = !self.is_access() && self.kind() != Kind::Edge;
        (is_call && self.value != 0).then_some(self.value)
    }

    /// The value as an integer of its size, as the program most likely means it.
    pub(crate) fn signed_value(&self) -> i64 {
        let bits = 64 - 8 * self.size.clamp(1, 8);
        (self.value << bits).cast_signed() >> bits
    }

    /// Whether this task could continue.
    pub(crate) fn is_enabled(&self, task: u8) -> bool {
        usize::from(task) < MOST_TASKS && self.enabled & 1 << task != 0
    }
}

/// The tasks of a set, in the order of their birth.
pub(crate) fn tasks_in(set: u64) -> impl Iterator<Item = u8> {
    (0..MOST_TASKS as u8).filter(move |task| set & 1 << task != 0)
}

impl Run {
    /// Whether an address is in memory that processes share, or is that of a file.
    pub(crate) fn is_shared(&self, address: u64) -> bool {
        let holds = |[start, bytes]: &[AtomicU64; 2]| {
            address.wrapping_sub(start.load(Relaxed)) < bytes.load(Relaxed)
        };
        let length = self.mappings_len.load(Relaxed) as usize;
        address >= FILES || self.mappings.iter().take(length).any(holds)
    }
}
