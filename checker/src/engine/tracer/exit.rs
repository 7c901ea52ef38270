//! A program that ends before its threads.

use super::Tracer;
use super::calls::call_of_sleeper;
use crate::engine::call::{Call, Meaning};
use crate::engine::proc::voluntary_switches;
use crate::engine::task::{State, Task, go_on};
use crate::engine::{Event, Schedule};
use nix::unistd::Pid;
use std::time::Duration;

/// A thread that sleeps for longer than that does nothing.
const LONG_SLEEP: Duration = Duration::from_millis(10);

/// Nor does one that sleeps or gives way more often than that.
const MOST_ROUNDS: u64 = 500;

impl Tracer<'_> {
    /// A program ends its threads with itself, wherever they are, which is a matter of
    /// luck: also those that it has waited for, if only for a message. So they get the
    /// time to do what they do.
    pub(super) fn comes_too_early(&mut self, exiting: Pid) -> bool {
        let is_program = |task: &Task| self.observed.process_of(task.index) == 0;
        let is_put_off = self.run.schedule == Schedule::HoldWorkers
            && self.observed.hold.is_some()
            && self.exiting.is_none()
            && self.alive.get(&exiting).is_some_and(is_program)
            && self.is_somebody_at_work(exiting);
        if is_put_off {
            self.watch.cpu_time = self.cpu_time();
            self.watch.rounds = 0;
            for (tid, task) in &mut self.alive {
                task.slept = times_slept(*tid, task);
            }
        }
        is_put_off
    }

    /// Somebody begins a call while the end of the program is put off.
    pub(super) fn called_before_the_end(&mut self, call: Call) {
        if matches!(call.meaning(), Meaning::Polls) {
            self.watch.rounds += 1;
        }
    }

    /// Lets the program end once its threads have ended or do nothing.
    pub(super) fn let_exit(&mut self) {
        if let Some(exiting) = self.exiting
            && (self.most_rounds() > MOST_ROUNDS
                || self.has_used_a_cpu_for_long()
                || !self.is_somebody_at_work(exiting))
        {
            self.exiting = None;
            if let Some(task) = self.alive.get(&exiting) {
                self.event(task.index, Event::Released);
            }
            go_on(exiting, 0);
        }
    }

    /// How often somebody has slept or given way since the end was put off.
    fn most_rounds(&self) -> u64 {
        let slept = self.alive.iter();
        let slept = slept.map(|(tid, task)| times_slept(*tid, task).saturating_sub(task.slept));
        slept.max().unwrap_or(0).max(self.watch.rounds as u64)
    }

    /// Whether another thread of the program than this one neither waits nor sleeps
    /// for long.
    fn is_somebody_at_work(&self, but: Pid) -> bool {
        self.alive.iter().any(|(tid, task)| {
            let is_of_program = self.observed.process_of(task.index) == 0;
            *tid != but && is_of_program && task.state != State::Ending && !does_nothing(*tid, task)
        })
    }
}

fn does_nothing(tid: Pid, task: &Task) -> bool {
    match task.call {
        Some((Call::Exit | Call::TimedWait, _)) => true,
        Some((call, _)) if matches!(call.meaning(), Meaning::Blocks) => true,
        _ => match call_of_sleeper(tid) {
            Some(Call::Sleep(time)) => time > LONG_SLEEP,
            Some(Call::TimedWait) => true,
            _ => false,
        },
    }
}

/// How often a task has slept by itself, not because it was stopped.
fn times_slept(tid: Pid, task: &Task) -> u64 {
    voluntary_switches(tid).saturating_sub(task.stops)
}
