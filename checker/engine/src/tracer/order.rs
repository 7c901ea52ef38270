//! The order in which tasks run.
//!
//! | schedule | held tasks | until |
//! |---|---|---|
//! | `WithoutSleeps` | a task that is about to call `pause(2)`, once | all its descendants have ended, wait, or only poll |
//! | `WorkersFirst` | a task that has just created another one, or woken a descendant | all its descendants have ended, wait, or only poll |
//! | `WorkersLast` | the workers, at their birth and before a worker process ends | all others wait |
//! | `EndsLast`, at first | the creator of the worker | only the end of the worker is left, or all descendants of the creator wait or only poll |
//! | `EndsLast`, then | the worker, before its end | all others wait |
//!
//! A worker that continues is held again at its next system call that may let another task
//! continue. Only one worker continues at a time: the one that a task waits for by name, or
//! else the oldest.
//!
//! A task that polls never waits. The engine watches it for up to a second of CPU time, or 12
//! seconds (3 under `WorkersFirst`). A program that only yields a few times, or looks at the clock,
//! goes on within this time, and is caught. If the task still polls after it, the engine freezes the
//! task while the worker runs for a moment, and both take turns. Workers that poll for each other
//! take turns too.

use super::task::{Held, State, Task};
use super::{LATEST_ORDER, PERIOD, Schedule, Tracer};
use crate::proc::{cpu_time, state};
use crate::registers::skip_call;
use crate::stopped::Stopped;
use crate::{Call, Event};
use nix::sys::ptrace;
use nix::unistd::Pid;
use std::time::{Duration, Instant};

/// A task that polls is watched until it has used this CPU time, or until one of the next three
/// limits is reached.
const CPU_TIME: Duration = Duration::from_secs(1);
/// The questions of a task that polls: whether a time has come, or whether a child has ended.
const ROUNDS: u64 = 100_000;
/// Fewer of them are enough if the engine has skipped time. This is their number, multiplied by the
/// skipped seconds: 14,142 sleeps of 1 ms, or 1,414 of 100 ms. After that, a task that sleeps naps
/// instead, because it need not poll at full speed for long.
const ROUNDS_BY_SECONDS: u64 = 200_000;
/// The bytes that a program prints while it polls. At full speed, even a short line for each poll
/// becomes too much output.
const PRINTED: usize = 64 << 10;
/// The times that a task gets a CPU if it waits for events repeatedly, each time with a time
/// limit, and the least time of such a watch.
const TIMES: (u64, Duration) = (50, Duration::from_secs(4));
/// The shortest time of a nap.
const NAP: Duration = Duration::from_millis(4);
/// No task is watched for longer.
const MOST: Duration = Duration::from_secs(12);

/// In [`Schedule::WorkersFirst`], the engine need not be sure that a task polls. A worker that
/// polls delays its creator only for this CPU time, this number of sleeps, or this time.
const FIRST: (Duration, u64, Duration) = (Duration::from_secs(1), 2000, Duration::from_secs(3));

/// The same for a program that polled before.
const AGAIN: (Duration, u64, Duration) =
    (Duration::from_micros(500), 20, Duration::from_millis(20));

/// The largest total extension of a run's time limit for held workers.
const MOST_IN_ALL: Duration = Duration::from_secs(40);

/// The time that a worker runs while others are frozen.
const TURN: Duration = Duration::from_millis(3);

/// A worker that polls for a held worker is held itself after this CPU time, or after this
/// number of times on a CPU. The first pair applies at first, the second later. Less is no sign
/// of polling.
const SLICES: [(Duration, u64); 2] = [
    (Duration::from_millis(500), 10_000),
    (Duration::from_millis(3), 100),
];

/// The first turns of a worker end after this number of instructions, so that the others run
/// early.
const STEPS: u32 = 100;
/// They end after this time, if other programs need the CPUs.
const LONGEST_STEPS: Duration = Duration::from_millis(50);
/// The number of instructions in such turns, and the time for them.
const MOST_STEPS: (u32, Duration) = (12_000, Duration::from_secs(20));

/// The time between the first looks at tasks that may wait.
pub(super) const SHORTEST: Duration = Duration::from_micros(100);
const LONGEST: Duration = Duration::from_millis(5);

/// The state of the tasks since a worker was held.
#[derive(Default)]
pub(super) struct Watch {
    /// When the engine began to watch, while it does.
    since: Option<Instant>,
    /// The time without a CPU until then, [`Tracer::time_without_cpu`].
    without_cpu: Duration,
    /// The total time of all finished watches.
    total: Duration,
    /// The number of sleeps and of questions for a child.
    pub(super) rounds: u64,
    /// The total time that was skipped.
    pub(super) slept: Duration,
    /// The bytes of output at the start of the watch.
    printed: usize,
    /// The number of looks at the clock since the last skipped time.
    pub(super) looks: u32,
    /// The CPU use of the tasks at the start of the watch.
    cpu_time: (Duration, u64),
    /// Whether tasks have polled before.
    has_polled: bool,
    /// When a worker began its turn while others are frozen.
    turn: Option<Instant>,
    /// The time of the last look at how long workers have run.
    last_look: Option<Instant>,
    /// Whether workers have polled for each other.
    workers_poll: bool,
    /// The number of single-stepped instructions of workers, and their time.
    steps: (u32, Duration),
    period: Duration,
}

impl Watch {
    /// The time for which workers have been held back.
    pub(super) fn time(&self) -> Duration {
        let since = self.since.or(self.turn);
        let now = since.map_or(Duration::ZERO, |since| since.elapsed());
        (self.total + now).min(MOST_IN_ALL)
    }

    /// A task that writes stops for the engine and then gets a CPU again, at most twice. This
    /// is no sign of polling.
    pub(super) fn leave_out_a_stop(&mut self) {
        self.cpu_time.1 += 2;
    }

    /// Whether a task that polls has skipped much time.
    pub(super) fn has_slept(&self) -> bool {
        self.rounds.saturating_mul(self.slept.as_secs()) >= ROUNDS_BY_SECONDS
    }

    /// Whether a worker runs while others are frozen.
    pub(super) fn is_frozen(&self) -> bool {
        self.turn.is_some()
    }

    /// Whether the running worker is single-stepped.
    pub(super) fn is_stepping(&self) -> bool {
        self.is_frozen() && self.steps.0 < MOST_STEPS.0 && self.steps.1 < MOST_STEPS.1
    }
}

impl Tracer<'_> {
    /// The engine now holds a worker, or a task that has created one.
    pub(super) fn begin_to_watch(&mut self) {
        self.watch.period = SHORTEST;
        if self.watch.since.is_none() {
            self.watch.since = Some(Instant::now());
            self.watch.without_cpu = self.time_without_cpu();
            (self.watch.rounds, self.watch.slept, self.watch.looks) = (0, Duration::ZERO, 0);
            self.watch.printed = self.printed();
            self.watch.cpu_time = self.cpu_time_of_watched();
        }
        self.alarm.every(self.watch.period);
    }

    fn end_watch(&mut self) {
        if let Some(since) = self.watch.since.take() {
            self.watch.total += since.elapsed();
        }
        self.alarm.every(PERIOD);
    }

    /// Whether the engine decides when tasks run.
    pub(super) fn has_order(&self) -> bool {
        self.run.schedule != Schedule::Free
    }

    /// Resumes the tasks whose turn has come.
    pub(super) fn keep_order(&mut self) {
        self.end_naps();
        match self.run.schedule {
            Schedule::Free => return,
            Schedule::WithoutSleeps | Schedule::WorkersFirst => {
                self.keep_workers_first();
            }
            Schedule::WorkersLast(_) => self.keep_workers_last(),
            Schedule::EndsLast(_) => {
                if !self.keep_workers_first() {
                    self.keep_workers_last();
                }
            }
        }
        if self.watch.since.is_some() || self.watch.is_frozen() {
            self.watch.period = (self.watch.period * 3 / 2).min(LONGEST);
            self.alarm.every(self.watch.period);
        }
    }

    fn end_naps(&mut self) {
        for tid in self.tids(|task| task.nap().is_some()) {
            let is_before_sleep = self.run.schedule == Schedule::WithoutSleeps;
            let nap = self.alive[&tid].nap().map(|since| since.elapsed());
            if is_before_sleep && self.skips_a_sleep_of(tid) {
                // The skipped sleep of another task may have ended the run.
                let Some((stopped, _)) = self.take_held(tid) else {
                    continue;
                };
                let call = stopped.call().ok().and_then(|(call, _)| call.meaning(tid));
                if let Some(Call::Sleep(time)) = call {
                    skip_call(&stopped, 0);
                    self.note_skipped(&stopped, time);
                }
                self.resume(stopped, 0);
            } else if nap >= Some(NAP) {
                self.release(tid);
            } else {
                continue;
            }
            if is_before_sleep {
                self.alarm.every(PERIOD);
            }
        }
    }

    /// The tasks that can prevent a held task from continuing.
    fn watched(&self) -> Vec<Pid> {
        self.tids(|task| !task.is_held() && !task.is_worker)
    }

    pub(super) fn holds_a_worker(&self) -> bool {
        let mut tasks = self.alive.values();
        tasks.any(|task| task.is_worker && task.is_held())
    }

    /// The bytes of output so far.
    fn printed(&self) -> usize {
        self.stdout.len() + self.stderr.len()
    }

    /// The CPU time of the watched tasks, and the number of times that they got a CPU.
    fn cpu_time_of_watched(&self) -> (Duration, u64) {
        let times = self.watched().into_iter().map(cpu_time);
        times.fold((Duration::ZERO, 0), |(time, count), of_task| {
            (time + of_task.used, count + of_task.times)
        })
    }

    /// Whether the watch has taken this time, without the time in which no CPU was free.
    fn has_watched_for(&self, limit: Duration) -> bool {
        let elapsed = self
            .watch
            .since
            .map_or(Duration::ZERO, |since| since.elapsed());
        // Usually it has not. This saves the reads of the time without a CPU.
        elapsed >= limit && {
            let without_cpu = self.time_without_cpu();
            elapsed.saturating_sub(without_cpu.saturating_sub(self.watch.without_cpu)) >= limit
        }
    }

    /// Whether the watched tasks have only polled for long enough.
    fn have_polled(&self) -> bool {
        let sleeps = |tid: &Pid| state(*tid) == Some('S');
        let (cpu_time, times) = self.cpu_time_of_watched();
        let cpu_time = cpu_time.saturating_sub(self.watch.cpu_time.0);
        let times = times.saturating_sub(self.watch.cpu_time.1);
        if self.watch.has_polled {
            let (least_cpu_time, rounds, least) = AGAIN;
            return cpu_time >= least_cpu_time
                || self.watch.rounds >= rounds
                || (self.has_watched_for(least)
                    && (times > 0 || self.watched().iter().all(sleeps)));
        }
        if !self.creators().is_empty() {
            let (most, rounds, longest) = FIRST;
            return cpu_time >= most
                || self.watch.rounds >= rounds
                || self.has_watched_for(longest);
        }
        let (most, least) = TIMES;
        let waits_for_events = times >= most
            && self.watch.rounds < most
            && cpu_time < least / 10
            && self.has_watched_for(least);
        cpu_time >= CPU_TIME
            || self.watch.rounds >= ROUNDS
            || self.watch.has_slept()
            || self.printed() - self.watch.printed >= PRINTED
            || waits_for_events
            || self.has_watched_for(MOST)
    }

    /// The tasks that are held after they created a task.
    fn creators(&self) -> Vec<Pid> {
        self.tids(|task| matches!(task.state, State::Held(_, Held::Creation)))
    }

    /// Returns whether a creator is still held.
    fn keep_workers_first(&mut self) -> bool {
        let creators = self.creators();
        if creators.is_empty() {
            return false;
        }
        let has_polled = self.have_polled();
        for creator in creators {
            let mut created = self.created_by(self.alive[&creator].index);
            created.retain(|tid| !matches!(self.alive[tid].state, State::Held(_, Held::End)));
            if has_polled || self.all_wait(&created) {
                if self.run.schedule == Schedule::WorkersFirst {
                    self.watch.has_polled |= has_polled;
                    self.task(creator).sees_calls = !created.is_empty() && !self.watch.has_polled;
                }
                self.release(creator);
            }
        }
        let is_one_held = !self.creators().is_empty();
        if !is_one_held {
            self.end_watch();
        }
        is_one_held
    }

    /// The descendants of a task that have not ended.
    fn created_by(&self, creator: usize) -> Vec<Pid> {
        let lineage = &self.observed.tasks[creator].lineage;
        self.tids(|task| {
            let its_own = &self.observed.tasks[task.index].lineage;
            task.index != creator && its_own.starts_with(lineage)
        })
    }

    /// Whether a task has woken a task that it created.
    pub(super) fn created_can_go_on(&self, creator: usize) -> bool {
        let created = self.created_by(creator);
        let can_go_on = |tid: &Pid| !self.alive[tid].is_held() && !self.all_wait(&[*tid]);
        !self.is_over && !self.watch.has_polled && created.iter().any(can_go_on)
    }

    fn keep_workers_last(&mut self) {
        let has_held = self.holds_a_worker();
        let running = self.tids(|task| task.is_worker && !task.is_held());
        if !has_held && running.is_empty() && !self.watch.is_frozen() {
            return self.end_watch();
        }
        if !running.is_empty() && !self.all_wait(&running) {
            return self.limit_turns(&running, has_held);
        }
        if self.watch.is_frozen() {
            self.thaw();
        }
        if !has_held {
            return self.end_watch();
        }
        if self.watch.since.is_none() {
            self.begin_to_watch();
        }
        let others = self.tids(|task| !task.is_worker);
        let is_held = |tid: &Pid| self.alive[tid].is_held();
        let is_held_or_waits = |tid: &Pid| is_held(tid) || self.all_wait(&[*tid]);
        if self.all_wait(&others) {
            self.end_watch();
            for tid in &others {
                if let Some(call) = self.sleeps_in(*tid) {
                    self.event(self.alive[tid].index, Event::Blocked(call));
                }
            }
            self.let_a_worker_go(&others, &running);
        } else if others.iter().any(|tid| self.alive[tid].freezes) {
            // They will stop soon.
        } else if others.iter().any(is_held) && others.iter().all(is_held_or_waits) {
            // All tasks that polled are frozen.
            self.watch.turn = Some(Instant::now());
            self.let_a_worker_go(&others, &running);
        } else if self.have_polled() {
            self.end_watch();
            self.watch.has_polled = true;
            self.freeze(&others);
        }
    }

    /// A worker has made one instruction while others are frozen.
    pub(super) fn stepped(&mut self, stopped: Stopped) {
        self.changes_nothing = true;
        self.watch.steps.0 += 1;
        self.task(stopped.tid()).is_stepping = false;
        if self.watch.is_frozen() && self.watch.steps.0.is_multiple_of(STEPS) {
            self.changes_nothing = false;
            return self.suspend(stopped);
        }
        self.resume(stopped, 0);
    }

    /// Ends the turns of workers that have run for long enough while other tasks are held.
    fn limit_turns(&mut self, running: &[Pid], has_held: bool) {
        let turn = self.watch.turn.map(|since| match self.watch.is_stepping() {
            true => since.elapsed() > LONGEST_STEPS,
            false => since.elapsed() > TURN,
        });
        let is_time = |last: Instant| last.elapsed() > LATEST_ORDER;
        let looks = turn.is_none() && has_held && self.watch.last_look.is_none_or(is_time);
        if looks {
            self.watch.last_look = Some(Instant::now());
        }
        for tid in running {
            if turn.unwrap_or_else(|| looks && self.has_used_its_slice(*tid)) {
                if turn.is_none() {
                    self.watch.workers_poll = true;
                    // It has polled for about this time because another task is held.
                    self.watch.total += PERIOD;
                }
                self.interrupt(*tid);
            }
        }
    }

    fn has_used_its_slice(&self, worker: Pid) -> bool {
        let (longest, most) = SLICES[usize::from(self.watch.workers_poll)];
        let (now, before) = (cpu_time(worker), self.alive[&worker].let_go);
        now.used.saturating_sub(before.used) > longest
            || now.times.saturating_sub(before.times) > most
    }

    /// Marks a task to be held at its next stop.
    fn interrupt(&mut self, tid: Pid) {
        let task = self.task(tid);
        if (matches!(task.state, State::Running) || task.nap().is_some()) && !task.freezes {
            task.freezes = true;
            // It has ended if it cannot be interrupted.
            let _ = ptrace::interrupt(tid);
        }
    }

    /// Stops the tasks that poll.
    fn freeze(&mut self, others: &[Pid]) {
        for tid in others {
            if !self.alive[tid].is_held() && !self.all_wait(&[*tid]) {
                self.event(self.alive[tid].index, Event::Polled);
                self.interrupt(*tid);
            }
        }
    }

    /// Resumes the tasks that poll, and watches them again.
    fn thaw(&mut self) {
        if let Some(since) = self.watch.turn.take() {
            self.watch.total += since.elapsed();
            self.watch.steps.1 += since.elapsed();
        }
        // A worker that waits now has done a part of its work.
        for worker in self.workers_but(0) {
            self.intervene_on_the_way(worker);
        }
        let is_frozen = |task: &Task| matches!(task.state, State::Held(_, Held::Frozen(_)));
        for tid in self.tids(|task| !task.is_worker && is_frozen(task)) {
            self.release(tid);
        }
        self.watch.since = None;
        self.begin_to_watch();
    }

    /// Resumes the worker that another task waits for.
    fn let_a_worker_go(&mut self, others: &[Pid], running: &[Pid]) {
        let waiting = others.iter().chain(running);
        let by_name: Vec<_> = waiting
            .filter_map(|tid| self.awaited_worker(*tid))
            .collect();
        let tasks = self.alive.iter();
        let held = tasks.filter(|(_, task)| task.is_worker && task.is_held());
        let next = held.min_by_key(|(tid, task)| {
            let place = by_name.iter().position(|worker| worker == *tid);
            (task.turn_ended, place.unwrap_or(by_name.len()), task.index)
        });
        let Some(worker) = next.map(|(tid, _)| *tid) else {
            return;
        };
        // If all other tasks wait for the end of this worker, none of them continues before it.
        let awaits = |tid: &Pid| self.awaited_worker(*tid) == Some(worker);
        let is_awaited_by_all =
            others.iter().all(awaits) && by_name.iter().all(|other| *other == worker);
        let Some((stopped, held)) = self.take_held(worker) else {
            return;
        };
        if held == Held::End {
            return self.let_end(stopped);
        }
        let task = self.task(worker);
        task.sees_calls = !is_awaited_by_all;
        // A worker that keeps waking another task does not begin a new turn each time.
        if held != Held::Work {
            task.let_go = cpu_time(worker);
        }
        let index = task.index;
        self.observed.tasks[index].is_joined = is_awaited_by_all;
        self.begins_to_run(&stopped);
        self.resume(stopped, held.signal());
        if self.watch.workers_poll {
            self.alarm.every(LONGEST);
        }
    }

    /// Resumes a held task.
    fn release(&mut self, tid: Pid) {
        if let Some((stopped, held)) = self.take_held(tid) {
            self.resume(stopped, held.signal());
        }
    }

    /// Removes the hold of a task. The caller resumes it.
    pub(super) fn take_held(&mut self, tid: Pid) -> Option<(Stopped, Held)> {
        let task = self.alive.get_mut(&tid)?;
        match std::mem::replace(&mut task.state, State::Running) {
            State::Held(stopped, held) => Some((stopped, held)),
            other => {
                task.state = other;
                None
            }
        }
    }
}
