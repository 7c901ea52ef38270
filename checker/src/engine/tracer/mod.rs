//! The loop that a run goes through.

mod births;
mod calls;
mod exit;
mod hold;

use hold::Watch;

use super::capture::Capture;
use super::launch::{Launched, launch, os};
use super::memory;
use super::proc::{minor_faults, name};
use super::task::{State, Stop, Task, go_on, wait_for_any};
use super::ticks::Ticks;
use super::{
    Call, End, EngineError, Event, Hold, Kind, Moment, Observed, Run, Schedule, TaskIndex,
    TaskRecord,
};
use nix::errno::Errno;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use std::collections::{HashMap, HashSet};
use std::time::{Duration, Instant};

/// How often it looks at the clock while nothing happens.
const PERIOD: Duration = Duration::from_millis(20);

/// A task that is traced from its birth gets this signal first of all, `ptrace(2)`.
const BIRTH: i32 = libc::SIGSTOP;

/// The names of more tasks would not be read.
const MOST_NAMES: usize = 64;

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
    watch: Watch,
    /// Whether new tasks are held. Not any more, once somebody did not wait.
    holds: bool,
    /// The task that ends the program, stopped until the workers have done.
    exiting: Option<Pid>,
    observed: Observed,
    is_over: bool,
}

impl<'run> Tracer<'run> {
    pub(super) fn start(run: &'run Run) -> Result<Self, EngineError> {
        let mut launched = launch(run)?;
        let start = Instant::now();
        let (stdout, stderr) = Capture::of(&mut launched.child, run.limits.output_bytes)?;
        let pid = launched.pid.as_raw();
        let program = TaskRecord::new(pid, Kind::Process, None, Duration::ZERO);
        let task = Task::new(0, State::Running);
        Ok(Self {
            run,
            alive: HashMap::from([(launched.pid, task)]),
            launched,
            stdout,
            stderr,
            start,
            early: HashSet::new(),
            children: 0,
            watch: Watch::new(),
            holds: run.schedule == Schedule::HoldWorkers,
            exiting: None,
            observed: Observed {
                events: vec![(Duration::ZERO, 0, Event::Released)],
                ..Observed::new(vec![program])
            },
            is_over: false,
        })
    }

    pub(super) fn run(mut self) -> Result<Observed, EngineError> {
        let _ticks = Ticks::start(PERIOD).map_err(|errno| os("start a timer")(errno.into()))?;
        go_on(self.launched.pid, 0);
        loop {
            match wait_for_any() {
                Ok((task, status)) => self.stopped(task, status),
                Err(Errno::EINTR) => self.look_who_sleeps(),
                // Nobody is left.
                Err(Errno::ECHILD) => break,
                Err(errno) => {
                    self.kill_all();
                    return Err(os("wait for the program")(errno.into()));
                }
            }
            self.look_at_the_limits();
            self.look_at_the_creators();
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
            (Stop::Event(_), None) => go_on(tid, 0),
            (Stop::Signal(BIRTH), None) => drop(self.early.insert(tid)),
            // Sent to a task that has not been born yet.
            (Stop::Signal(signal), None) => go_on(tid, signal),
            (Stop::SystemCall, None) => go_on(tid, 0),
            (Stop::Signal(BIRTH), Some(&State::Announced(birth))) => self.born(tid, birth),
            (stop, Some(_)) => self.known_task_stopped(tid, stop),
        }
    }

    fn known_task_stopped(&mut self, tid: Pid, stop: Stop) {
        if let Some(task) = self.alive.get_mut(&tid) {
            task.times_asleep = 0;
            task.stops += 1;
        }
        match stop {
            Stop::Ended => {}
            Stop::SystemCall => self.begins_or_returns(tid),
            Stop::Event(libc::PTRACE_EVENT_SECCOMP) => self.called(tid),
            Stop::Event(
                event @ (libc::PTRACE_EVENT_FORK
                | libc::PTRACE_EVENT_VFORK
                | libc::PTRACE_EVENT_CLONE),
            ) => {
                self.created(tid, event);
                self.resume(tid, 0);
            }
            Stop::Event(libc::PTRACE_EVENT_EXEC) => self.executed(tid),
            Stop::Event(libc::PTRACE_EVENT_EXIT) => {
                self.ending(tid);
                go_on(tid, 0);
            }
            Stop::Event(_) => self.resume(tid, 0),
            Stop::Signal(signal) => {
                if let Some(task) = self.alive.get(&tid) {
                    self.event(task.index, Event::Signaled(signal));
                }
                // It may kill all threads at once, before one of them stops.
                if signal != libc::SIGCHLD {
                    self.record_names();
                }
                self.resume(tid, signal);
            }
        }
    }

    /// A task is about to end. Its memory is still there.
    fn ending(&mut self, tid: Pid) {
        let Some(task) = self.alive.get_mut(&tid) else {
            return;
        };
        task.state = State::Ending;
        let index = task.index;
        self.observed.tasks[index].ending = Some(self.start.elapsed());
        self.observed.tasks[index].minor_faults = minor_faults(tid);
        self.observed.tasks[index].name = name(tid);
        let is_process = self.observed.tasks[index].kind == Kind::Process;
        if self.run.watches_shared_memory && is_process {
            let shared = (index, memory::shared(tid));
            self.observed.shared_memory.push(shared);
        }
        // What is found in those that are ended tells nothing.
        if let Some(count) = self.run.watched_numbers
            && !self.is_over
            && self.observed.tasks[index].kind == Kind::Thread
            && self.observed.tasks.len() <= memory::MOST_TASKS
            && let Some(signs) = memory::signs(tid, count)
        {
            self.observed.numbers.push((Moment::EndOf(index), signs));
        }
    }

    /// Records the names of the tasks that have not ended.
    fn record_names(&mut self) {
        for (tid, task) in self.alive.iter().take(MOST_NAMES) {
            self.observed.tasks[task.index].name = name(*tid);
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
        }
    }

    /// The run is over. What is left of it is ended.
    fn end(&mut self, end: End) {
        if !self.is_over {
            self.is_over = true;
            self.observed.end = end;
            self.record_names();
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

    fn event(&mut self, index: TaskIndex, event: Event) {
        let events = &mut self.observed.events;
        let most = match event {
            // A verdict may depend on these, and there are few.
            Event::Released | Event::Reaped(_) | Event::Executed => 2 * MOST_EVENTS,
            Event::Called(Call::Open { .. } | Call::Exit) => 2 * MOST_EVENTS,
            _ => MOST_EVENTS,
        };
        if events.len() < most {
            events.push((self.start.elapsed(), index, event));
        }
    }
}
