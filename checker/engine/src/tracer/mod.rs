//! The main loop of a run.

mod births;
mod calls;
mod clock;
mod ends;
mod files;
mod order;
mod places;
mod signals;
mod task;
mod waiting;

use crate::alarm::Alarm;
use crate::capture::Capture;
use crate::folder::Folder;
use crate::launch::{Launched, launch};
use crate::proc::{cpu_time, cpu_time_of_process, name, resident_bytes};
use crate::run::{Error, Fault, OrCannot, Run, Schedule};
use crate::stopped::{Reason, Report, Stopped, Until, next_report};
use crate::{Call, End, Event, Kind, Observed, Stuck, TaskIndex, TaskRecord};
use nix::errno::Errno;
use nix::sys::signal::{Signal, kill};
use nix::unistd::{Pid, gettid};
use order::Watch;
use std::collections::HashMap;
use std::time::{Duration, Instant};
use task::{Held, State, Task};

/// The time between two looks at the limits.
const PERIOD: Duration = Duration::from_millis(20);

/// After this time, and this number of looks, in which each task waits for another one, none will
/// continue. A busy machine delays the looks.
const DEADLOCK: (Duration, u32) = (Duration::from_secs(2), 20);

/// A task that its fault has stopped continues after this number of looks.
const MOST_LOOKS_AT_STOPPED: u32 = 25;

/// The largest extension of a run's time limit while other programs use the CPUs.
const MOST_WITHOUT_CPU: Duration = Duration::from_secs(60);

/// A task that polls with sleeps reports often. Between its reports, the order is updated at
/// this interval.
const LATEST_ORDER: Duration = Duration::from_millis(1);

/// The limit of names that are read.
const MOST_NAMES: usize = 64;

/// The limit of recorded events, which bounds the memory of the record.
const MOST_EVENTS: usize = 100_000;

/// A run in progress. It belongs to the thread that started it, because only that thread can
/// trace it.
pub(crate) struct Tracer<'run> {
    run: &'run Run,
    launched: Launched,
    folder: Option<Folder>,
    stdout: Capture,
    stderr: Capture,
    alarm: Alarm,
    start: Instant,
    last_look: Instant,
    /// Tasks that have not ended, by their ids.
    alive: HashMap<Pid, Task>,
    /// Tasks that stopped at their birth before their creator reported them.
    early: HashMap<Pid, Stopped>,
    watch: Watch,
    last_order: Instant,
    /// The difference between the clock that the program reads and the real one.
    ahead: Duration,
    /// The last report changes nothing: it came from a single step, from a skipped sleep, from a
    /// look at the clock, or from a question for a child while all are held.
    changes_nothing: bool,
    /// Before this time, a timer may send a signal or make a descriptor readable.
    timers_until: Instant,
    /// The last look at which a task did not wait for another one, and the number of looks since.
    last_progress: (Instant, u32),
    /// The number of looks that found a task stopped by its fault.
    looks_at_stopped: u32,
    /// A task of the run has sent SIGKILL to another one.
    run_kills: bool,
    /// The number of files in memory that the program has created, in each of its runs.
    memory_files: HashMap<Option<usize>, usize>,
    /// The largest [`Tracer::time_without_cpu`] so far. It is not the program's fault.
    without_cpu: Duration,
    /// The CPU time of each process at the last look.
    cpu_times: HashMap<TaskIndex, Duration>,
    observed: Observed,
    error: Option<Error>,
    /// The program has called `exit`.
    is_ending: bool,
    is_over: bool,
}

impl<'run> Tracer<'run> {
    pub(crate) fn start(run: &'run Run) -> Result<Self, Error> {
        let folder = run.is_jailed.then(Folder::of_a_run).transpose()?;
        let alarm = Alarm::new()?;
        let (launched, stdout, stderr) = launch(run, folder.as_ref())?;
        let capture = |pipe| Capture::new(pipe, run.limits.output_bytes).or_cannot("read a pipe");
        let (stdout, stderr) = (capture(stdout)?, capture(stderr)?);
        let start = Instant::now();
        let pid = launched.pid;
        let program = TaskRecord {
            released: Some(0),
            tid: pid.as_raw(),
            ..TaskRecord::default()
        };
        Ok(Self {
            run,
            launched,
            folder,
            stdout,
            stderr,
            alarm,
            start,
            last_look: start,
            alive: HashMap::from([(pid, Task::default())]),
            early: HashMap::new(),
            watch: Watch::default(),
            last_order: start,
            ahead: Duration::ZERO,
            changes_nothing: false,
            timers_until: start,
            last_progress: (start, 0),
            looks_at_stopped: 0,
            run_kills: false,
            memory_files: HashMap::new(),
            without_cpu: Duration::ZERO,
            cpu_times: HashMap::new(),
            observed: Observed {
                events: vec![(Duration::ZERO, 0, Event::Released)],
                tasks: vec![program],
                ..Observed::default()
            },
            error: None,
            is_ending: false,
            is_over: false,
        })
    }

    pub(crate) fn run(mut self) -> Result<Observed, Error> {
        self.alarm.every(PERIOD);
        loop {
            match next_report(None) {
                Ok(report) => self.reported(report),
                Err(Errno::EINTR) => {}
                // No task is left.
                Err(Errno::ECHILD) => break,
                Err(errno) => {
                    self.kill_all();
                    return Err(Error::os("wait for the program", errno));
                }
            }
            if self.last_look.elapsed() >= PERIOD {
                self.look_at_the_limits();
                // On a slow machine, a look may take longer than the period.
                self.last_look = Instant::now();
            }
            if self.is_over {
                // This includes tasks that were not yet born when the others were killed.
                self.kill_all();
            } else if self.is_ending {
                // Held tasks end with the program.
            } else if !self.changes_nothing || self.last_order.elapsed() > LATEST_ORDER {
                self.last_order = Instant::now();
                self.keep_order();
            }
        }
        if let Some(error) = self.launched.failure().or(self.error) {
            return Err(error);
        }
        if let Some(folder) = &self.folder {
            folder.has_room()?;
        }
        self.observed.cpu_time = self.cpu_times.values().sum();
        self.observed.stdout = self.stdout.finish();
        self.observed.stderr = self.stderr.finish();
        Ok(self.observed)
    }

    fn reported(&mut self, report: Report) {
        self.changes_nothing = false;
        let (stopped, reason) = match report {
            Report::Ended(tid, status) => return self.ended(tid, status),
            Report::Stop(stopped, reason) => (stopped, reason),
        };
        let is_ending = reason == Reason::Event(libc::PTRACE_EVENT_EXIT);
        let Some(task) = self.alive.get(&stopped.tid()) else {
            // Its creator has not reported it yet, or was killed before the report.
            if is_ending {
                stopped.go_on(Until::Event, 0);
            } else {
                self.early.insert(stopped.tid(), stopped);
            }
            return;
        };
        if matches!(task.state, State::Announced) && !is_ending {
            return self.born(stopped);
        }
        match reason {
            Reason::Signal(libc::SIGTRAP) if task.is_stepping => self.stepped(stopped),
            Reason::Signal(signal) => self.signaled(stopped, signal),
            Reason::Call => self.begins_or_ends_a_call(stopped),
            Reason::GroupStop => self.stops(stopped),
            Reason::Event(libc::PTRACE_EVENT_SECCOMP) => self.called(stopped),
            Reason::Event(libc::PTRACE_EVENT_VFORK) => self.created(stopped, true),
            Reason::Event(libc::PTRACE_EVENT_FORK | libc::PTRACE_EVENT_CLONE) => {
                self.created(stopped, false);
            }
            Reason::Event(libc::PTRACE_EVENT_EXEC) => self.executed(stopped),
            Reason::Event(libc::PTRACE_EVENT_EXIT) => self.ending(stopped),
            // The engine interrupted the task, or SIGCONT ended its group stop.
            Reason::Event(_) => {
                if !matches!(task.state, State::GroupStopped) {
                    self.sleeps_on(&stopped);
                }
                self.resume(stopped, 0);
            }
        }
    }

    /// A task that has not ended, such as a stopped one.
    fn task(&mut self, tid: Pid) -> &mut Task {
        self.alive.get_mut(&tid).expect("the task has not ended")
    }

    /// The tasks alive with a property.
    fn tids(&self, has_it: impl Fn(&Task) -> bool) -> Vec<Pid> {
        let tasks = self.alive.iter().filter(|(_, task)| has_it(task));
        tasks.map(|(tid, _)| *tid).collect()
    }

    /// Whether a task is the first one of its process.
    fn is_process(&self, task: &Task) -> bool {
        self.observed.tasks[task.index].kind == Kind::Process
    }

    /// Resumes a task, or holds it if it must be frozen.
    fn resume(&mut self, stopped: Stopped, signal: i32) {
        // The end of the run may have killed it.
        let Some(task) = self.alive.get_mut(&stopped.tid()) else {
            return stopped.go_on(Until::Event, signal);
        };
        if task.freezes && !self.is_over {
            task.freezes = false;
            if task.is_worker {
                task.turn_ended = Some(Instant::now());
                self.intervene(stopped.tid());
            }
            return self.hold(stopped, Held::Frozen(signal));
        }
        task.state = State::Running;
        let until = if task.call.is_some() || task.creates.is_some() {
            Until::Call
        } else if task.is_worker && self.watch.is_stepping() {
            task.is_stepping = true;
            Until::Step
        } else if task.sees_calls {
            Until::Call
        } else {
            Until::Event
        };
        stopped.go_on(until, signal);
    }

    /// A stopping signal has stopped the process, until another process continues it.
    fn stops(&mut self, stopped: Stopped) {
        self.task(stopped.tid()).state = State::GroupStopped;
        stopped.stay();
    }

    /// Continues the tasks that their faults have stopped, if no other task can go on, or if they
    /// have been stopped for long.
    fn continue_stopped(&mut self) {
        let stopped = self.tids(|task| {
            matches!(task.state, State::GroupStopped)
                && self.fault_of(task.index) == Some(Fault::Stopped)
        });
        if stopped.is_empty() {
            return;
        }
        self.looks_at_stopped += 1;
        if self.looks_at_stopped > MOST_LOOKS_AT_STOPPED || self.all_wait(&self.tids(|_| true)) {
            for tid in stopped {
                self.send(tid, Signal::SIGCONT);
            }
        }
    }

    fn look_at_the_limits(&mut self) {
        if self.is_over {
            return;
        }
        self.continue_stopped();
        let is_deadlock = self.is_deadlock();
        let limits = self.run.limits;
        self.stdout.drain();
        self.stderr.drain();
        for tid in self.tids(|_| true) {
            self.note_cpu_time(self.alive[&tid].index);
        }
        let without_cpu = self.time_without_cpu().min(MOST_WITHOUT_CPU);
        self.without_cpu = self.without_cpu.max(without_cpu);
        let folder_is_full = || {
            let usage = self.folder.as_ref().map_or((0, 0), Folder::usage);
            usage.0 > limits.folder_entries || usage.1 > limits.folder_bytes
        };
        let memory = || -> u64 {
            let processes = self.tids(|task| self.is_process(task));
            processes.into_iter().map(resident_bytes).sum()
        };
        let end = if self.stdout.is_full() || self.stderr.is_full() || folder_is_full() {
            End::TooMuchOutput
        } else if is_deadlock {
            End::Deadlock
        } else if self.start.elapsed() > limits.time + self.watch.time() + self.without_cpu
            || self.cpu_times.values().sum::<Duration>() > limits.cpu_time + self.watch.time()
        {
            End::TimedOut
        } else if memory() > limits.memory_bytes {
            End::TooMuchMemory
        } else {
            return;
        };
        self.end(end);
    }

    /// The run is over. Kills the remaining tasks.
    fn end(&mut self, end: End) {
        if !self.is_over {
            self.is_over = true;
            self.observed.end = end;
            self.record_names();
            if matches!(end, End::TimedOut | End::Deadlock) {
                for (tid, task) in &self.alive {
                    self.observed.tasks[task.index].stuck = match task.state {
                        State::Held(_, Held::Nap(_)) => Some(Stuck::Running),
                        State::Held(..) | State::Ending => None,
                        State::GroupStopped => Some(Stuck::Stopped),
                        _ => Some(self.sleeps_in(*tid).map_or(Stuck::Running, Stuck::In)),
                    };
                }
                self.note_where_all_are();
            }
        }
        self.kill_all();
    }

    fn kill_all(&mut self) {
        for tid in self.alive.keys().chain(self.early.keys()) {
            let _ = kill(*tid, Signal::SIGKILL);
        }
        // A task that is held at its end does not react to the signal.
        for tid in self.tids(|_| true) {
            if let Some((stopped, _)) = self.take_held(tid) {
                stopped.go_on(Until::Event, 0);
            }
        }
    }

    /// Holds a task until its turn comes.
    fn hold(&mut self, stopped: Stopped, held: Held) {
        if self.run.replaces_early {
            self.replace_text();
        }
        match self.alive.get_mut(&stopped.tid()) {
            Some(task) if !self.is_over && !self.is_ending => {
                task.state = State::Held(stopped, held);
            }
            _ => stopped.go_on(Until::Event, 0),
        }
    }

    /// Records the names of the tasks that have not ended.
    fn record_names(&mut self) {
        if self.run.watches_waits {
            for (tid, task) in self.alive.iter().take(MOST_NAMES) {
                self.observed.tasks[task.index].name = name(*tid);
            }
        }
    }

    /// The time that this thread and a task of the run have waited for a CPU, because the machine is
    /// overloaded.
    fn time_without_cpu(&self) -> Duration {
        let of_a_task = self.alive.keys().map(|tid| cpu_time(*tid).waited).max();
        cpu_time(gettid()).waited + of_a_task.unwrap_or_default()
    }

    /// Records the CPU time of a task's process.
    fn note_cpu_time(&mut self, index: TaskIndex) {
        let process = self.observed.process_of(index);
        let time = cpu_time_of_process(self.observed.tasks[process].tid);
        // If this fails, the process has ended, and its CPU time was recorded before.
        self.cpu_times.extend(time.map(|time| (process, time)));
    }

    fn event(&mut self, index: TaskIndex, event: Event) {
        let events = &mut self.observed.events;
        let most = match event {
            // A verdict may depend on these events, and they are few.
            Event::Released | Event::Reaped(_) | Event::Executed => 2 * MOST_EVENTS,
            Event::Called(Call::Exit) => 2 * MOST_EVENTS,
            _ => MOST_EVENTS,
        };
        if events.len() < most {
            events.push((self.start.elapsed(), index, event));
        }
    }
}
