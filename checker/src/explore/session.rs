//! A program that is started once and run in many schedules.

use super::Explorer;
use super::layout::{FOLDER, Kind, MOST_TASKS, Shared, State, Step, Stop};
use super::order::Order;
use crate::wait_status::end_in_words;
use anyhow::{Context, Result, bail};
use engine::{Folder, Limits, Run};
use nix::sys::time::TimeSpec;
use rustc_hash::{FxHashMap, FxHashSet};
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering::{Relaxed, SeqCst};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};
use std::{fmt, ptr};

/// The limit of births in one session, because the engine records each of them.
const MOST_BORN: usize = 4096;

/// A session older than this is replaced. The engine ends it a little later.
const AGE: Duration = Duration::from_secs(10);

/// The engine ends a run after this time, or later if the program has to wait for a CPU.
const RUN_LIMIT: Duration = Duration::from_secs(20);

/// The time between two checks that the program still exists.
const LOOK: TimeSpec = TimeSpec::new(0, 200_000_000);

/// The limit of read output. No exercise prints as much.
const OUTPUT_BYTES: usize = 1 << 20;

/// A started program that waits for schedules.
pub(crate) struct Session {
    /// A mapping of a file in the folder.
    shared: *mut Shared,
    stdout: File,
    stderr: File,
    started: Instant,
    born: usize,
    asked: u32,
    engine: Option<JoinHandle<Result<engine::Observed, engine::Error>>>,
    _folder: Folder,
}

// SAFETY: only the session with this mapping refers to it in this process. While a run writes to
// it, the session reads atomic fields only.
unsafe impl Send for Session {}

/// The result of a run.
#[derive(Clone, Debug)]
pub(crate) struct Outcome {
    pub(crate) steps: Vec<Step>,
    pub(crate) tasks: Vec<Task>,
    /// Number of steps, including those that are not recorded.
    pub(crate) taken: usize,
    pub(crate) ending: Ending,
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: Vec<u8>,
    /// A task waited in a call that the scheduler does not know. Finding that out takes long. The
    /// task may continue later than the scheduler expects, so a deadlock is not certain.
    pub(crate) was_outside: bool,
}

impl Outcome {
    /// `main`, or `process 2`: the number of a task in the order of births.
    pub(crate) fn name(&self, task: u8) -> String {
        match self.tasks.get(usize::from(task)) {
            _ if task == 0 => "main".into(),
            Some(one) if one.is_process => format!("process {task}"),
            _ => format!("thread {task}"),
        }
    }

    /// The thread or the process for whose end a task in this state waits.
    pub(crate) fn awaited(&self, state: State, awaited: u64) -> String {
        let is_it = |(number, task): &(u8, &Task)| match state {
            State::Thread => u64::from(*number) == awaited,
            _ => task.is_process && u64::from(task.pid) == awaited,
        };
        let task = (0..).zip(&self.tasks).find(is_it);
        task.map_or("any process".into(), |(number, _)| self.name(number))
    }

    /// The addresses that several tasks use and at least one of them writes. At other addresses,
    /// the order of the tasks does not matter.
    pub(crate) fn shared_addresses(&self) -> FxHashSet<u64> {
        // For each address: the tasks that use it, whether it is written, and its last value.
        let mut users: FxHashMap<(u64, u32), (u64, bool, u64)> = FxHashMap::default();
        for step in self.steps.iter().filter(|step| step.is_access()) {
            let place = (step.address, step.owner);
            let (tasks, written, value) = users.entry(place).or_insert((0, false, step.value));
            *tasks |= 1 << step.task;
            // A value that changes without a store was changed by a read-modify-write.
            *written |= step.kind() == Kind::Store || *value != step.value;
            *value = step.value;
        }
        users.retain(|_, (tasks, written, _)| *written && tasks.count_ones() > 1);
        users.into_keys().map(|(address, _)| address).collect()
    }
}

/// A task at the end of a run.
#[derive(Clone, Debug)]
pub(crate) struct Task {
    pub(crate) is_process: bool,
    pub(crate) state: State,
    pub(crate) awaited: u64,
    /// Where it has made the call that blocks.
    pub(crate) call: u64,
    pid: u32,
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    /// The wait status of its first process.
    Ended(i32),
    /// No task could go on.
    Deadlock,
    /// The run took too many steps.
    Endless,
}

impl fmt::Display for Ending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ended(status) => f.write_str(&end_in_words(*status)),
            Self::Deadlock => f.write_str("is in a deadlock: none of its tasks can go on"),
            Self::Endless => f.write_str("did not end after 2,000,000 steps"),
        }
    }
}

impl Session {
    /// Starts a program. The number of the session chooses its CPU.
    pub(crate) fn start(program: &Explorer, number: u32) -> io::Result<Self> {
        let folder = Folder::new("cargo-lab-explore-")?;
        let create = |name| File::create_new(folder.path().join(name));
        let (shared, stdout, stderr) = (create("shared")?, create("stdout")?, create("stderr")?);
        shared.set_len(size_of::<Shared>() as u64)?;
        let limits = Limits {
            time: AGE + RUN_LIMIT,
            cpu_time: 2 * (AGE + RUN_LIMIT),
            tasks: MOST_BORN,
            ..Limits::default()
        };
        let run = Run::new(&program.path)
            .args(&program.args)
            .variable(FOLDER, folder.path())
            .variable("LD_PRELOAD", &program.library)
            .within(vec![program.library.clone()], vec![folder.path().into()])
            .unobserved()
            .limits(limits);
        let mut session = Self {
            shared: Shared::map(&shared)?,
            stdout,
            stderr,
            started: Instant::now(),
            born: 0,
            asked: 0,
            engine: None,
            _folder: folder,
        };
        session.shared().session.store(number, Relaxed);
        session.engine = Some(thread::Builder::new().spawn(move || run.observe())?);
        Ok(session)
    }

    fn shared(&self) -> &Shared {
        // SAFETY: any bytes are a valid `Shared`, and `drop` unmaps it.
        unsafe { &*self.shared }
    }

    /// Whether it can run another schedule.
    pub(crate) fn is_fresh(&self) -> bool {
        self.started.elapsed() < AGE && self.born + 2 * MOST_TASKS < MOST_BORN
    }

    /// Runs the program in a schedule.
    pub(crate) fn run(&mut self, schedule: &Order) -> Result<Outcome> {
        self.prepare(schedule)
            .context("cannot prepare a run of the program")?;
        self.asked += 1;
        self.ask(self.asked);
        loop {
            let answered = &self.shared().answered;
            let number = answered.load(SeqCst);
            if number == self.asked {
                break;
            }
            futex(answered, libc::FUTEX_WAIT, number);
            if let Some(engine) = self.engine.take_if(|engine| engine.is_finished()) {
                let observed = engine.join().map_err(|_| engine::Error::Panicked);
                observed.flatten().context("cannot run the program")?;
            }
            if self.engine.is_none() {
                bail!("the program goes on where it cannot be controlled");
            }
        }
        let outcome = self.outcome()?;
        self.born += outcome.tasks.len();
        Ok(outcome)
    }

    /// Asks the program for the run with this number. The last number ends it.
    fn ask(&self, number: u32) {
        let asked = &self.shared().asked;
        asked.store(number, SeqCst);
        futex(asked, libc::FUTEX_WAKE, 1);
    }

    fn prepare(&self, schedule: &Order) -> io::Result<()> {
        for file in [&self.stdout, &self.stderr] {
            if file.metadata()?.len() > 0 {
                file.set_len(0)?;
            }
        }
        let run = &self.shared().run;
        // SAFETY: no process of a run is left. All fields are atomic or cells, and may be zero.
        unsafe { ptr::write_bytes(ptr::from_ref(run).cast_mut(), 0, 1) };
        run.random.set(schedule.random);
        let length = u32::try_from(schedule.choices.len()).unwrap_or(u32::MAX);
        run.choices_len.store(length, Relaxed);
        for (place, choice) in run.choices.iter().zip(&schedule.choices) {
            place.set(*choice);
        }
        Ok(())
    }

    fn outcome(&self) -> Result<Outcome> {
        let shared = self.shared();
        let run = &shared.run;
        let taken = run.steps_taken.load(SeqCst) as usize;
        let base = shared.base.load(Relaxed);
        let stop = Stop::of(run.stop.load(SeqCst));
        // A step that stopped the run was not recorded.
        let recorded = taken.saturating_sub(usize::from(stop != Stop::None));
        let steps = shared.steps.iter().take(recorded).map(|step| {
            let step = step.get().checked();
            Step {
                pc: step.pc.wrapping_sub(base),
                value: step
                    .call()
                    .map_or(step.value, |call| call.wrapping_sub(base)),
                ..step
            }
        });
        let born = run.born.load(Relaxed) as usize;
        let tasks = run.tasks.iter().take(born).map(|task| Task {
            is_process: task.parent.load(Relaxed) != 0,
            state: task.state(),
            awaited: task.awaited.load(Relaxed),
            call: task.call.load(Relaxed).wrapping_sub(base),
            pid: task.pid.load(Relaxed),
        });
        let printed = |file| read(file).context("cannot read the output of the program");
        Ok(Outcome {
            steps: steps.collect(),
            tasks: tasks.collect(),
            taken,
            ending: match stop {
                Stop::Deadlock => Ending::Deadlock,
                Stop::Endless => Ending::Endless,
                // A set of tasks has one bit per task, in a single word.
                Stop::TooManyTasks => {
                    bail!("the program has more than {MOST_TASKS} threads and processes")
                }
                Stop::None => Ending::Ended(shared.status.load(SeqCst).cast_signed()),
            },
            stdout: printed(&self.stdout)?,
            stderr: printed(&self.stderr)?,
            was_outside: run.found_outside.load(Relaxed) != 0,
        })
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.ask(u32::MAX);
        let _ = self.engine.take().map(JoinHandle::join);
        // SAFETY: nothing refers to it any more.
        unsafe { libc::munmap(self.shared.cast(), size_of::<Shared>()) };
    }
}

fn read(file: &File) -> io::Result<Vec<u8>> {
    let length = usize::try_from(file.metadata()?.len()).unwrap_or(OUTPUT_BYTES);
    let mut bytes = vec![0; length.min(OUTPUT_BYTES)];
    let length = file.read_at(&mut bytes, 0)?;
    bytes.truncate(length);
    Ok(bytes)
}

/// `futex(2)`, for memory that processes share. A call that waits ends after [`LOOK`].
fn futex(word: &AtomicU32, call: i32, value: u32) {
    let word = ptr::from_ref(word);
    // SAFETY: the pointers are good for the call, which changes nothing.
    unsafe { libc::syscall(libc::SYS_futex, word, call, value, ptr::from_ref(&LOOK)) };
}
