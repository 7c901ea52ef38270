//! The loop that a run goes through.

use super::call::{self, Call, Meaning};
use super::capture::Capture;
use super::launch::{Launched, launch, os};
use super::memory;
use super::proc::{can_block, child_in_siginfo, cpu_time, kind_of, minor_faults, string_at};
use super::task::{Birth, State, Stop, Task};
use super::ticks::Ticks;
use super::{
    End, EngineError, Event, Hold, Kind, Moment, Observable, Observed, Run, Schedule, TaskIndex,
    TaskRecord,
};
use nix::errno::Errno;
use nix::sys::ptrace;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use std::collections::{HashMap, HashSet};
use std::ffi::OsStr;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::time::{Duration, Instant};

/// How often it looks at the clock while nothing happens.
const PERIOD: Duration = Duration::from_millis(20);

/// A creator that has asked, slept or given way so often waits in its own way.
const ROUNDS_OF_POLLING: usize = 200;

/// So does one that has used so much of a CPU for itself.
const CPU_TIME_OF_POLLING: Duration = Duration::from_millis(500);

/// Events beyond these tell nothing new, and would take memory without end.
const MOST_EVENTS: usize = 100_000;

/// A run that is going on. It belongs to the thread that started it, which alone
/// can trace.
pub(super) struct Tracer<'run> {
    run: &'run Run,
    launched: Launched,
    stdout: Capture,
    stderr: Capture,
    start: Instant,
    /// Those that have not ended, by their ids.
    alive: HashMap<Pid, Task>,
    /// Those that stopped at their birth before their creator told of it.
    early: HashSet<Pid>,
    /// A number for the next child process.
    children: usize,
    /// How often somebody has polled since a task is held.
    rounds: usize,
    /// What the tasks that run had used of the CPUs before a task was held.
    cpu_time_before: Duration,
    /// Whether new tasks are held. Not any more, once somebody did not wait.
    holds: bool,
    observed: Observed,
    is_over: bool,
}

impl<'run> Tracer<'run> {
    pub(super) fn start(run: &'run Run) -> Result<Self, EngineError> {
        let mut launched = launch(run)?;
        let start = Instant::now();
        let missing = || os("read its output")(io::ErrorKind::NotFound.into());
        let stdout = launched.child.stdout.take().ok_or_else(missing)?;
        let stderr = launched.child.stderr.take().ok_or_else(missing)?;
        let limit = run.limits.output_bytes;
        let program = TaskRecord {
            tid: launched.pid.as_raw(),
            kind: Kind::Process,
            creator: None,
            born: Duration::ZERO,
            ended: None,
            minor_faults: None,
        };
        let task = Task {
            index: 0,
            state: State::Running,
            is_free: true,
            kill_with: None,
            call: None,
        };
        Ok(Self {
            run,
            alive: HashMap::from([(launched.pid, task)]),
            launched,
            stdout: Capture::start(stdout, limit),
            stderr: Capture::start(stderr, limit),
            start,
            early: HashSet::new(),
            children: 0,
            rounds: 0,
            cpu_time_before: Duration::ZERO,
            holds: run.schedule == Schedule::HoldWorkers,
            observed: Observed {
                tasks: vec![program],
                events: vec![(Duration::ZERO, 0, Event::Released)],
                end: End::TimedOut,
                hold: None,
                numbers: Vec::new(),
                stdout: Vec::new(),
                stderr: Vec::new(),
                left_running: Vec::new(),
            },
            is_over: false,
        })
    }

    pub(super) fn run(mut self) -> Result<Observed, EngineError> {
        let _ticks = Ticks::start(PERIOD).map_err(|errno| os("start a timer")(errno.into()))?;
        self.go_on(self.launched.pid, 0);
        loop {
            match wait_for_any() {
                Ok((task, status)) => self.stopped(task, status),
                Err(Errno::EINTR) => {}
                // Nobody is left.
                Err(Errno::ECHILD) => break,
                Err(errno) => {
                    self.kill_all();
                    return Err(os("wait for the program")(errno.into()));
                }
            }
            self.look_at_the_limits();
        }
        self.observed.stdout = self.stdout.finish();
        self.observed.stderr = self.stderr.finish();
        Ok(self.observed)
    }

    fn stopped(&mut self, tid: Pid, status: i32) {
        match (
            Stop::of(status),
            self.alive.get(&tid).map(|task| &task.state),
        ) {
            (Stop::Ended, _) => self.ended(tid, status),
            // Killed at its birth, and so was its creator, before it could tell.
            (Stop::Event(_), None) => self.go_on(tid, 0),
            (_, None) => drop(self.early.insert(tid)),
            (Stop::Signal(_), Some(&State::Announced(birth))) => self.born(tid, birth),
            (stop, Some(_)) => self.known_task_stopped(tid, stop),
        }
    }

    fn known_task_stopped(&mut self, tid: Pid, stop: Stop) {
        match stop {
            Stop::Ended => {}
            Stop::SystemCall => {
                self.system_call(tid);
                self.go_on(tid, 0);
            }
            Stop::Event(
                event @ (libc::PTRACE_EVENT_FORK
                | libc::PTRACE_EVENT_VFORK
                | libc::PTRACE_EVENT_CLONE),
            ) => {
                self.created(tid, event);
                self.go_on(tid, 0);
            }
            Stop::Event(libc::PTRACE_EVENT_EXEC) => self.executed(tid),
            Stop::Event(libc::PTRACE_EVENT_EXIT) => {
                self.ending(tid);
                self.go_on(tid, 0);
            }
            Stop::Event(_) => self.go_on(tid, 0),
            Stop::Signal(signal) => {
                if let Some(task) = self.alive.get(&tid) {
                    self.event(task.index, Event::Signaled(signal));
                }
                self.go_on(tid, signal);
            }
        }
    }

    /// A task tells that it has created another one.
    fn created(&mut self, creator: Pid, event: i32) {
        let (Ok(tid), Some(creator)) = (ptrace::getevent(creator), self.alive.get(&creator)) else {
            return;
        };
        let tid = Pid::from_raw(i32::try_from(tid).unwrap_or_default());
        let creator = creator.index;
        let index = self.observed.tasks.len();
        self.observed.tasks.push(TaskRecord {
            tid: tid.as_raw(),
            kind: kind_of(tid),
            creator: Some(creator),
            born: self.start.elapsed(),
            ended: None,
            minor_faults: None,
        });
        if !self.holds_somebody() {
            self.rounds = 0;
            self.cpu_time_before = self.cpu_time();
        }
        let birth = match event {
            libc::PTRACE_EVENT_VFORK => Birth::Vfork,
            _ => Birth::Other,
        };
        let mut kill_with = None;
        if self.observed.tasks[index].kind == Kind::Process {
            let victim = self.run.kill.filter(|kill| kill.child == self.children);
            kill_with = victim.map(|kill| kill.signal);
            self.children += 1;
        }
        let task = Task {
            index,
            state: State::Announced(birth),
            is_free: !self.holds || kill_with.is_some(),
            kill_with,
            call: None,
        };
        self.alive.insert(tid, task);
        if self.early.remove(&tid) {
            self.born(tid, birth);
        }
        if self.observed.tasks.len() - 1 > self.run.limits.tasks {
            self.end(End::TooManyTasks);
        }
    }

    /// A task has stopped at its birth, and is known.
    fn born(&mut self, tid: Pid, birth: Birth) {
        match (birth, self.alive.get_mut(&tid)) {
            (Birth::Vfork, Some(task)) => {
                task.state = State::BeforeExec;
                self.go_on(tid, 0);
            }
            _ => self.ready(tid),
        }
    }

    /// A task could begin to run now, if it is let.
    fn ready(&mut self, tid: Pid) {
        let Some(task) = self.alive.get_mut(&tid) else {
            return;
        };
        let index = task.index;
        if !task.is_free && !self.is_over {
            task.state = State::Held;
            return;
        }
        task.state = State::Running;
        if let Some(signal) = task.kill_with {
            let _ = kill(tid, signal);
        }
        self.event(index, Event::Released);
        self.go_on(tid, 0);
    }

    fn executed(&mut self, tid: Pid) {
        // Another thread than the first one can do it, and becomes the first.
        let Some(task) = self.alive.get(&tid) else {
            return;
        };
        let (index, was_before_exec) = (task.index, task.state == State::BeforeExec);
        self.event(index, Event::Executed);
        if was_before_exec {
            self.ready(tid);
        } else {
            self.go_on(tid, 0);
        }
    }

    /// A task begins a system call, or has ended one.
    fn system_call(&mut self, tid: Pid) {
        let Ok(info) = ptrace::syscall_info(tid) else {
            return;
        };
        match info.op {
            libc::PTRACE_SYSCALL_INFO_ENTRY => {
                // SAFETY: `op` says that this is the part that is filled in.
                let entry = unsafe { info.u.entry };
                let fd_blocks = |fd| can_block(tid, fd);
                let Some(call) = call::decode(entry.nr, entry.args, fd_blocks) else {
                    return;
                };
                if matches!(call, Call::Open { name } if !self.is_watched(tid, name)) {
                    return;
                }
                self.called(tid, call, entry.args[2]);
            }
            libc::PTRACE_SYSCALL_INFO_EXIT => {
                // SAFETY: `op` says that this is the part that is filled in.
                let exit = unsafe { info.u.exit };
                self.returned(tid, exit.sval);
            }
            _ => {}
        }
    }

    fn called(&mut self, tid: Pid, call: Call, third: u64) {
        let Some(task) = self.alive.get_mut(&tid) else {
            return;
        };
        task.call = Some((call, third));
        let index = task.index;
        self.event(index, Event::Called(call));
        if !self.holds_somebody() {
            return;
        }
        match call.meaning() {
            Meaning::Blocks => self.decide(Hold::Waited(call)),
            Meaning::Observable => self.decide(Hold::DidNotWait(match call {
                Call::Open { .. } => Observable::OpenedFile,
                Call::Exit => Observable::Ended,
                _ => Observable::Printed,
            })),
            Meaning::Polls => {
                self.rounds += 1;
                if self.rounds >= ROUNDS_OF_POLLING {
                    self.decide(Hold::Polled);
                }
            }
        }
    }

    fn returned(&mut self, tid: Pid, result: i64) {
        let Some(task) = self.alive.get_mut(&tid) else {
            return;
        };
        let index = task.index;
        let Some((call, siginfo)) = task.call.take() else {
            return;
        };
        if matches!(call, Call::WaitForChild | Call::AskForChild) {
            // wait4 returns the child, waitid leaves it in memory.
            let child = match result {
                0 => child_in_siginfo(tid, siginfo),
                pid => i32::try_from(pid).ok(),
            };
            let reaped = self
                .observed
                .tasks
                .iter()
                .rposition(|task| Some(task.tid) == child);
            if let Some(reaped) = reaped {
                return self.event(index, Event::Reaped(reaped));
            }
        }
        if call == Call::Sleep || matches!(call.meaning(), Meaning::Blocks) {
            self.event(index, Event::Returned);
        }
    }

    /// It is clear what the creator does. All are let go.
    fn decide(&mut self, hold: Hold) {
        if let (Some(count), Hold::Waited(_) | Hold::Polled) = (self.run.watched_numbers, &hold)
            && let Some(signs) = memory::signs(self.launched.pid, count)
        {
            self.observed.numbers.push((Moment::Release, signs));
        }
        self.holds &= !matches!(hold, Hold::DidNotWait(_));
        self.observed.hold = Some(hold);
        let mut held = Vec::new();
        for (tid, task) in &mut self.alive {
            task.is_free = true;
            if task.state == State::Held {
                task.state = State::Running;
                held.push((task.index, *tid));
            }
        }
        held.sort_unstable();
        for (index, tid) in held {
            self.event(index, Event::Released);
            self.go_on(tid, 0);
        }
    }

    /// A task is about to end. Its memory is still there.
    fn ending(&mut self, tid: Pid) {
        let Some(task) = self.alive.get(&tid) else {
            return;
        };
        let index = task.index;
        self.observed.tasks[index].minor_faults = minor_faults(tid);
        if let Some(count) = self.run.watched_numbers
            && self.observed.tasks[index].kind == Kind::Thread
            && let Some(signs) = memory::signs(tid, count)
        {
            self.observed.numbers.push((Moment::EndOf(index), signs));
        }
    }

    fn ended(&mut self, tid: Pid, status: i32) {
        self.early.remove(&tid);
        let now = self.start.elapsed();
        if let Some(task) = self.alive.remove(&tid) {
            self.observed.tasks[task.index].ended = Some((now, status));
        }
        if tid == self.launched.pid {
            let tasks = &self.observed.tasks;
            let is_process = |index: &TaskIndex| tasks[*index].kind == Kind::Process;
            let mut left: Vec<_> = self.alive.values().map(|task| task.index).collect();
            left.retain(is_process);
            left.sort_unstable();
            if !self.is_over {
                self.observed.left_running = left;
            }
            self.end(End::Ended(status));
        }
    }

    /// Whether a task is held, or will be as soon as it stops: what its creator
    /// does now, it does before the task has begun to run.
    fn holds_somebody(&self) -> bool {
        self.alive.values().any(|task| !task.is_free)
    }

    fn look_at_the_limits(&mut self) {
        if self.is_over {
            // Those that were about to be born when the others were ended.
            self.kill_all();
        } else if self.stdout.is_full() || self.stderr.is_full() {
            self.end(End::TooMuchOutput);
        } else if self.start.elapsed() > self.run.limits.time {
            self.end(End::TimedOut);
        } else if self.holds_somebody()
            && self.cpu_time().saturating_sub(self.cpu_time_before) > CPU_TIME_OF_POLLING
        {
            self.decide(Hold::Polled);
        }
    }

    /// What the tasks that run have used of the CPUs.
    fn cpu_time(&self) -> Duration {
        let running = self
            .alive
            .iter()
            .filter(|(_, task)| task.state == State::Running);
        running.map(|(tid, _)| cpu_time(*tid)).sum()
    }

    /// The run is over. What is left of it is ended.
    fn end(&mut self, end: End) {
        if !self.is_over {
            self.is_over = true;
            self.observed.end = end;
            if self.holds_somebody() {
                self.observed.hold = Some(Hold::Undecided);
            }
        }
        self.kill_all();
    }

    fn kill_all(&self) {
        for tid in self.alive.keys().chain(&self.early) {
            let _ = kill(*tid, Signal::SIGKILL);
        }
    }

    /// Lets a stopped task continue, up to its next system call, with a signal
    /// or 0.
    fn go_on(&self, tid: Pid, signal: i32) {
        // SAFETY: the addresses are not used by this request. The task may have
        // been killed meanwhile; then there is nothing to do.
        let _ = unsafe { libc::ptrace(libc::PTRACE_SYSCALL, tid.as_raw(), 0, signal) };
    }

    fn event(&mut self, index: TaskIndex, event: Event) {
        if self.observed.events.len() < MOST_EVENTS {
            self.observed
                .events
                .push((self.start.elapsed(), index, event));
        }
    }

    fn is_watched(&self, tid: Pid, name: u64) -> bool {
        let Some(watched) = &self.run.watched_file else {
            return false;
        };
        let name = string_at(tid, name);
        Path::new(OsStr::from_bytes(&name)).file_name() == Some(watched)
    }
}

/// Waits for the next task that stops or ends, of those that this thread traces.
fn wait_for_any() -> Result<(Pid, i32), Errno> {
    let mut status = 0;
    let flags = libc::__WALL | libc::__WNOTHREAD;
    // SAFETY: the kernel writes to `status`, which is borrowed for that.
    let task = unsafe { libc::waitpid(-1, &raw mut status, flags) };
    Errno::result(task).map(|task| (Pid::from_raw(task), status))
}
