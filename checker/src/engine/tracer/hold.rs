//! What a creator does while its workers are held.

use super::Tracer;
use super::calls::call_of_sleeper;
use crate::engine::call::{Call, Meaning};
use crate::engine::memory;
use crate::engine::proc::{cpu_time, is_asleep};
use crate::engine::task::{State, Task, go_on};
use crate::engine::{Event, Hold, Moment, Observable, TaskIndex};
use nix::unistd::Pid;
use std::time::{Duration, Instant};

/// A creator that has asked, slept or given way so often waits in its own way.
const ROUNDS_OF_POLLING: usize = 200;

/// So does one that has used so much of a CPU for itself.
const CPU_TIME_OF_POLLING: Duration = Duration::from_millis(500);

/// Waits with a time limit can't be cut short. Fewer rounds are enough when they take
/// so long.
const LONG_ROUNDS: (usize, Duration) = (20, Duration::from_secs(3));

/// A task waits in a call that the engine does not know when it was found asleep so
/// often, and has not used a CPU meanwhile.
const TIMES_ASLEEP: u32 = 5;

/// Where numbers are watched, a line or two about what goes on may have some. It is
/// the numbers that are printed only from so many on.
const MOST_NUMBERS: usize = 7;

/// What is known of the creators since somebody is held.
pub(super) struct Watch {
    since: Instant,
    /// How often they have polled.
    pub(super) rounds: usize,
    /// What the tasks that run had used of the CPUs.
    pub(super) cpu_time: Duration,
    /// How many bytes had been printed.
    printed: usize,
}

impl Watch {
    pub(super) fn new() -> Self {
        Self {
            since: Instant::now(),
            rounds: 0,
            cpu_time: Duration::ZERO,
            printed: 0,
        }
    }
}

impl Tracer<'_> {
    /// Whether a task is held, or will be as soon as it stops: what its creator
    /// does now, it does before the task has begun to run.
    pub(super) fn holds_somebody(&self) -> bool {
        self.alive.values().any(|task| !task.is_free)
    }

    /// The first task is about to be held.
    pub(super) fn begin_to_watch(&mut self) {
        self.watch = Watch {
            cpu_time: self.cpu_time(),
            printed: self.stdout.since(0).len(),
            ..Watch::new()
        };
    }

    /// Who created those that are held.
    fn creators(&self) -> impl Iterator<Item = Pid> {
        let held = self.alive.values().filter(|task| !task.is_free);
        held.filter_map(|task| self.acting_creator(task.index))
    }

    /// Who created a task. If that one has ended, then who created it.
    fn acting_creator(&self, created: TaskIndex) -> Option<Pid> {
        let mut creator = self.observed.tasks[created].creator;
        while let Some(index) = creator {
            let record = &self.observed.tasks[index];
            let tid = Pid::from_raw(record.tid);
            let acts =
                |task: &Task| task.index == index && task.is_free && task.state != State::Ending;
            if self.alive.get(&tid).is_some_and(acts) {
                return Some(tid);
            }
            creator = record.creator;
        }
        None
    }

    /// Whether somebody is held whom this task has created.
    pub(super) fn is_creator(&self, tid: Pid) -> bool {
        self.creators().any(|creator| creator == tid)
    }

    /// Somebody begins a call while a task is held.
    pub(super) fn called_while_holding(&mut self, tid: Pid, index: TaskIndex, call: Call) {
        let ends_the_program = call == Call::Exit && self.observed.process_of(index) == 0;
        if ends_the_program {
            self.decide(Hold::DidNotWait(Observable::Ended));
        } else if self.is_creator(tid) {
            match call {
                Call::Open { .. } => self.decide(Hold::DidNotWait(Observable::OpenedFile)),
                call if matches!(call.meaning(), Meaning::Polls) => self.watch.rounds += 1,
                _ => {}
            }
        }
    }

    /// Looks whether all creators wait for those that are held.
    pub(super) fn look_at_the_creators(&mut self) {
        if self.is_over || !self.holds_somebody() {
            return;
        }
        let how = |tid: Pid| self.alive.get(&tid).and_then(how_it_waits);
        let waits: Option<Vec<Hold>> = self.creators().map(how).collect();
        let polls = |watch: &Watch| {
            let (rounds, time) = LONG_ROUNDS;
            watch.rounds >= ROUNDS_OF_POLLING
                || (watch.rounds >= rounds && watch.since.elapsed() > time)
        };
        match waits.map(|mut waits| waits.pop()) {
            Some(Some(hold)) => self.decide(hold),
            Some(None) => self.decide(Hold::Gone),
            None if polls(&self.watch) || self.has_used_a_cpu_for_long() => {
                self.decide(Hold::Polled);
            }
            None => {}
        }
    }

    /// Looks, from time to time, which creators sleep.
    pub(super) fn look_who_sleeps(&mut self) {
        let creators: Vec<Pid> = self.creators().collect();
        for tid in creators {
            let used = cpu_time(tid);
            if let Some(task) = self.alive.get_mut(&tid) {
                // It may have begun to sleep before it stopped at that.
                let is_still_asleep = is_asleep(tid)
                    && used == task.cpu_time
                    && !matches!(call_of_sleeper(tid), Some(Call::Sleep(_) | Call::TimedWait));
                task.times_asleep = if is_still_asleep {
                    task.times_asleep + 1
                } else {
                    0
                };
                task.cpu_time = used;
            }
        }
    }

    /// It may ask whether the worker has done something, without a system call.
    pub(super) fn has_used_a_cpu_for_long(&self) -> bool {
        self.cpu_time().saturating_sub(self.watch.cpu_time) > CPU_TIME_OF_POLLING
    }

    /// Whether something was printed that is worth waiting for.
    fn has_printed(&self) -> bool {
        let text = self.stdout.since(self.watch.printed);
        match self.run.watched_numbers {
            None => !text.is_empty(),
            Some(_) => {
                let is_number = |part: &&[u8]| part.iter().all(u8::is_ascii_digit);
                let parts = text.split(|byte| !byte.is_ascii_alphanumeric());
                let numbers = parts.filter(|part| !part.is_empty()).filter(is_number);
                numbers.count() > MOST_NUMBERS
            }
        }
    }

    /// It is clear what the creators do. All are let go.
    fn decide(&mut self, hold: Hold) {
        let hold = match hold {
            Hold::DidNotWait(Observable::OpenedFile) => hold,
            _ if self.has_printed() => Hold::DidNotWait(Observable::Printed),
            _ => hold,
        };
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
            go_on(tid, 0);
        }
    }

    /// What the tasks that run have used of the CPUs.
    pub(super) fn cpu_time(&self) -> Duration {
        let running = self
            .alive
            .iter()
            .filter(|(_, task)| task.state == State::Running);
        running.map(|(tid, _)| cpu_time(*tid)).sum()
    }
}

/// How a task waits for somebody else, if it does.
fn how_it_waits(task: &Task) -> Option<Hold> {
    match task.call {
        Some((call, _)) if matches!(call.meaning(), Meaning::Blocks) => Some(Hold::Waited(call)),
        // It waits for a time.
        Some((Call::Sleep(_) | Call::TimedWait, _)) => None,
        _ => (task.times_asleep >= TIMES_ASLEEP).then_some(Hold::Asleep),
    }
}
