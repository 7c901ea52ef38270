//! What a creator does while its workers are held.

use super::Tracer;
use crate::engine::call::{Call, Meaning};
use crate::engine::memory;
use crate::engine::proc::cpu_time;
use crate::engine::task::{State, Task};
use crate::engine::{Event, Hold, Moment, Observable, Schedule};
use nix::unistd::Pid;
use std::time::Duration;

/// A creator that has asked, slept or given way so often waits in its own way.
const ROUNDS_OF_POLLING: usize = 200;

/// So does one that has used so much of a CPU for itself.
const CPU_TIME_OF_POLLING: Duration = Duration::from_millis(500);

/// A thread that sleeps for longer than that does nothing.
const LONG_SLEEP: Duration = Duration::from_secs(1);

impl Tracer<'_> {
    /// Whether a task is held, or will be as soon as it stops: what its creator
    /// does now, it does before the task has begun to run.
    pub(super) fn holds_somebody(&self) -> bool {
        self.alive.values().any(|task| !task.is_free)
    }

    /// The first task is about to be held.
    pub(super) fn begin_to_watch_the_creator(&mut self) {
        self.rounds = 0;
        self.cpu_time_before = self.cpu_time();
    }

    /// Somebody called while a task is held.
    pub(super) fn creator_called(&mut self, call: Call) {
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

    /// It may ask whether the worker has done something, without a system call.
    pub(super) fn has_used_a_cpu_for_long(&self) -> bool {
        self.cpu_time().saturating_sub(self.cpu_time_before) > CPU_TIME_OF_POLLING
    }

    /// It is clear what the creator does. All are let go.
    pub(super) fn decide(&mut self, hold: Hold) {
        if let Some(count) = self.run.watched_numbers
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

    /// A program that does not wait for its threads ends them with itself, wherever
    /// they are, which is a matter of luck. So they get the time to do what they do.
    pub(super) fn comes_too_early(&mut self, exiting: Pid) -> bool {
        let is_program = |task: &Task| self.observed.process_of(task.index) == 0;
        let is_held = self.run.schedule == Schedule::HoldWorkers
            && self.exiting.is_none()
            && self.alive.get(&exiting).is_some_and(is_program)
            && self.is_somebody_at_work(exiting);
        if is_held {
            self.cpu_time_before = self.cpu_time();
        }
        is_held
    }

    /// Lets the program end once its threads have ended or do nothing.
    pub(super) fn let_exit(&mut self) {
        if let Some(exiting) = self.exiting
            && (self.has_used_a_cpu_for_long() || !self.is_somebody_at_work(exiting))
        {
            self.exiting = None;
            if let Some(task) = self.alive.get(&exiting) {
                self.event(task.index, Event::Released);
            }
            self.go_on(exiting, 0);
        }
    }

    /// Whether another thread of the program than this one neither waits nor sleeps
    /// for long.
    fn is_somebody_at_work(&self, but: Pid) -> bool {
        self.alive.iter().any(|(tid, task)| {
            let waits = match task.call {
                Some((Call::Sleep(time), _)) => time > LONG_SLEEP,
                Some((Call::Exit, _)) => true,
                Some((call, _)) => matches!(call.meaning(), Meaning::Blocks),
                None => false,
            };
            *tid != but && self.observed.process_of(task.index) == 0 && !waits
        })
    }

    /// What the tasks that run have used of the CPUs.
    fn cpu_time(&self) -> Duration {
        let running = self
            .alive
            .iter()
            .filter(|(_, task)| task.state == State::Running);
        running.map(|(tid, _)| cpu_time(*tid)).sum()
    }
}
