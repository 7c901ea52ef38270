//! The loop that a run goes through.

mod births;
mod calls;
mod hold;

use super::capture::Capture;
use super::launch::{Launched, launch, os};
use super::memory;
use super::proc::minor_faults;
use super::task::{State, Stop, Task, go_on, wait_for_any};
use super::ticks::Ticks;
use super::{
    End, EngineError, Event, Hold, Kind, Moment, Observed, Run, Schedule, TaskIndex, TaskRecord,
};
use nix::errno::Errno;
use nix::sys::ptrace;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use std::collections::{HashMap, HashSet};
use std::io;
use std::time::{Duration, Instant};

/// How often it looks at the clock while nothing happens.
const PERIOD: Duration = Duration::from_millis(20);

/// Each takes some milliseconds, and hundreds of threads may end.
const MOST_FRUITLESS_SEARCHES: usize = 20;

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
    /// The task that ends the program, stopped until the workers have done.
    exiting: Option<Pid>,
    /// How often the watched numbers were nowhere when a thread ended.
    fruitless_searches: usize,
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
            exiting: None,
            fruitless_searches: 0,
            observed: Observed {
                tasks: vec![program],
                events: vec![(Duration::ZERO, 0, Event::Released)],
                end: End::TimedOut,
                hold: None,
                numbers: Vec::new(),
                shared_memory: Vec::new(),
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
            self.let_exit();
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
            Stop::Return => {
                self.returned(tid);
                self.go_on(tid, 0);
            }
            Stop::Event(libc::PTRACE_EVENT_SECCOMP) => self.called(tid),
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

    /// A task is about to end. Its memory is still there.
    fn ending(&mut self, tid: Pid) {
        let Some(task) = self.alive.get(&tid) else {
            return;
        };
        let index = task.index;
        self.observed.tasks[index].minor_faults = minor_faults(tid);
        let is_process = self.observed.tasks[index].kind == Kind::Process;
        if self.run.watches_shared_memory && is_process {
            let shared = (index, memory::shared(tid));
            self.observed.shared_memory.push(shared);
        }
        // What is found in those that are ended tells nothing.
        if let Some(count) = self.run.watched_numbers
            && !self.is_over
            && self.observed.tasks[index].kind == Kind::Thread
            && self.fruitless_searches < MOST_FRUITLESS_SEARCHES
        {
            match memory::signs(tid, count) {
                Some(signs) => self.observed.numbers.push((Moment::EndOf(index), signs)),
                None => self.fruitless_searches += 1,
            }
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

    fn look_at_the_limits(&mut self) {
        if self.is_over {
            // Those that were about to be born when the others were ended.
            self.kill_all();
        } else if self.stdout.is_full() || self.stderr.is_full() {
            self.end(End::TooMuchOutput);
        } else if self.start.elapsed() > self.run.limits.time {
            self.end(End::TimedOut);
        } else if self.holds_somebody() && self.has_used_a_cpu_for_long() {
            self.decide(Hold::Polled);
        }
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

    /// Lets a stopped task continue, with a signal or 0.
    fn go_on(&self, tid: Pid, signal: i32) {
        go_on(tid, signal);
    }

    /// Lets a task that begins a system call continue, and stops it again at the
    /// end of the call.
    fn go_on_to_its_return(&self, tid: Pid) {
        let _ = ptrace::syscall(tid, None);
    }

    fn event(&mut self, index: TaskIndex, event: Event) {
        if self.observed.events.len() < MOST_EVENTS {
            self.observed
                .events
                .push((self.start.elapsed(), index, event));
        }
    }
}
