//! The call stacks of tasks.

use super::task::{Held, State};
use super::{PERIOD, Tracer};
use crate::EarlyStack;
use crate::stack::stack;
use crate::stopped::{Report, Stopped, next_report};
use nix::errno::Errno;
use nix::sys::ptrace;
use nix::unistd::Pid;
use std::fs;

/// The limit of recorded early stacks. The first ones show what the program did too early.
const MOST_EARLY: usize = 4;

/// At a timeout, the engine stops at most this many tasks.
const MOST_TASKS: usize = 150;
/// It waits for them for at most this many periods of the alarm.
const MOST_PERIODS: usize = 10;

impl Tracer<'_> {
    /// The call stack of a task, or an empty one if it is unknown.
    pub(super) fn stack(&self, stopped: &Stopped) -> Vec<u64> {
        let program = fs::canonicalize(self.run.command.get_program());
        program.map_or(Vec::new(), |program| stack(stopped, &program))
    }

    /// Records the call stack of a task that is no worker, if workers are held back.
    pub(super) fn note_early_stack(&mut self, stopped: &Stopped, is_wait: bool) {
        let waits_for_its_turn =
            |state: &State| matches!(state, State::Held(..) | State::Announced);
        let mut tasks = self.alive.values();
        let are_held = tasks.any(|task| {
            let is_stopped = matches!(task.state, State::GroupStopped);
            is_stopped || task.is_worker && waits_for_its_turn(&task.state)
        });
        let task = &self.alive[&stopped.tid()];
        let noted = self.observed.tasks[task.index].early_stacks.iter();
        let noted = noted.filter(|early| early.is_wait == is_wait).count();
        if are_held && !task.is_worker && noted < MOST_EARLY {
            let (index, looked) = (task.index, task.looked);
            let early = EarlyStack {
                at: self.start.elapsed(),
                looked,
                is_wait,
                stack: self.stack(stopped),
            };
            self.observed.tasks[index].early_stacks.push(early);
        }
    }

    /// Stops the remaining tasks and records their call stacks. They are killed next.
    pub(super) fn note_where_all_are(&mut self) {
        if !self.run.is_jailed {
            return;
        }
        self.alarm.every(PERIOD);
        for task in &mut self.observed.tasks {
            task.last_stack.clear();
        }
        let is_stoppable = |state: &State| match state {
            State::Held(_, held) => *held != Held::Birth,
            state => matches!(state, State::Running),
        };
        let mut tids = self.tids(|task| is_stoppable(&task.state));
        tids.sort_unstable_by_key(|tid| self.alive[tid].index);
        let mut periods = 0;
        for tid in tids.into_iter().take(MOST_TASKS) {
            let held = self.take_held(tid);
            let held = held.or_else(|| Some((self.stop(tid, &mut periods)?, Held::Work)));
            if let Some((stopped, held)) = held {
                let stack = self.stack(&stopped);
                let task = self.task(tid);
                let index = task.index;
                // It is held until it is killed.
                task.state = State::Held(stopped, held);
                self.observed.tasks[index].last_stack = stack;
            }
        }
    }

    /// Stops a task. Counts the periods in which it does not stop.
    fn stop(&mut self, tid: Pid, periods: &mut usize) -> Option<Stopped> {
        ptrace::interrupt(tid).ok()?;
        while *periods < MOST_PERIODS {
            match next_report(Some(tid)) {
                Err(Errno::EINTR) => *periods += 1,
                // The reason for the stop does not matter.
                Ok(Report::Stop(stopped, _)) => return Some(stopped),
                Ok(Report::Ended(tid, status)) => {
                    self.ended(tid, status);
                    break;
                }
                Err(_) => break,
            }
        }
        None
    }
}
