//! Whether tasks depend on other tasks to continue.

use super::task::{State, Task};
use super::{DEADLOCK, Tracer};
use crate::Call;
use crate::call::SystemCall;
use crate::proc::{can_block, cpu_time, current_call, state};
use nix::unistd::Pid;
use std::time::Instant;

impl Tracer<'_> {
    /// Whether a task can continue only after an action of another task.
    ///
    /// A sleep and a timed wait end by themselves, and so does a wait while a timer
    /// runs.
    fn waits(&self, tid: Pid) -> bool {
        let Some(task) = self.alive.get(&tid) else {
            return false;
        };
        match task.state {
            State::Announced | State::BeforeExec | State::Held(..) => false,
            State::GroupStopped => true,
            // The first thread of a process remains until all other threads have ended.
            State::Ending => state(tid) == Some('Z') && self.has_other_threads(task),
            State::Running => match state(tid) {
                Some('S') => self.sleeps_for_others(tid),
                Some('D') => self.is_in_vfork(task),
                _ => false,
            },
        }
    }

    fn sleeps_for_others(&self, tid: Pid) -> bool {
        let is_captured = |fd| self.stdout.is_at(tid, fd) || self.stderr.is_at(tid, fd);
        let ends_by_itself = |call: SystemCall| match call.meaning(tid) {
            Some(Call::Write(fd)) => is_captured(fd) || !can_block(tid, fd),
            call => call.is_some_and(Call::ends_by_itself),
        };
        Instant::now() >= self.timers_until
            && self
                .current_call(tid)
                .is_some_and(|call| !ends_by_itself(call))
    }

    /// The call in which a task sleeps.
    fn current_call(&self, tid: Pid) -> Option<SystemCall> {
        let current = current_call(tid)?;
        match self.alive.get(&tid)?.call {
            Some((interrupted, _)) if current.number == libc::SYS_restart_syscall => {
                Some(interrupted)
            }
            _ => Some(current),
        }
    }

    /// The relevant call in which a task sleeps.
    pub(super) fn sleeps_in(&self, tid: Pid) -> Option<Call> {
        self.current_call(tid)?.meaning(tid)
    }

    /// A creator waits in `vfork` until its child has executed another program, or has ended.
    fn is_in_vfork(&self, creator: &Task) -> bool {
        let mut children = self.alive.values().filter(|task| task.is_vfork);
        children.any(|child| self.observed.tasks[child.index].creator == Some(creator.index))
    }

    fn has_other_threads(&self, first: &Task) -> bool {
        let process = self.observed.process_of(first.index);
        let mut others = self.alive.values().map(|task| task.index);
        others.any(|index| index != first.index && self.observed.process_of(index) == process)
            && self.is_process(first)
    }

    /// Whether all of these tasks wait, at the same time.
    ///
    /// The tasks are checked one by one. Between two checks, a task may wake another one and then
    /// wait. The woken task then runs, or has got a CPU in the meantime.
    pub(super) fn all_wait(&self, tids: &[Pid]) -> bool {
        let times = || -> Vec<u64> { tids.iter().map(|tid| cpu_time(*tid).times).collect() };
        let all_wait = || tids.iter().all(|tid| self.waits(*tid));
        // Usually, this look stops at a task that runs, and saves the reads below.
        if !all_wait() {
            return false;
        }
        let before = times();
        all_wait() && all_wait() && times() == before
    }

    /// Whether each task has waited for another one for some time, so that none will continue.
    pub(super) fn is_deadlock(&mut self) -> bool {
        // A program that is explored also waits for the explorer. Such a run is not observed.
        let is_judged = self.run.is_jailed && self.run.is_observed;
        if is_judged && self.all_wait(&self.tids(|_| true)) {
            self.last_progress.1 += 1;
        } else {
            self.last_progress = (Instant::now(), 0);
        }
        let (since, looks) = self.last_progress;
        since.elapsed() > DEADLOCK.0 && looks >= DEADLOCK.1
    }

    /// Whether this is the only task that can continue, apart from held tasks.
    pub(super) fn all_others_wait(&self, but: Pid) -> bool {
        let mut others = self.alive.iter().filter(|(tid, _)| **tid != but);
        let will_be_held = |task: &Task| task.is_worker && matches!(task.state, State::Announced);
        others.all(|(tid, task)| task.is_held() || will_be_held(task) || self.waits(*tid))
    }

    /// The held worker that a waiting task names in its call.
    pub(super) fn awaited_worker(&self, waiting: Pid) -> Option<Pid> {
        let call = self.current_call(waiting)?;
        if let Some(awaited) = call.awaited(waiting) {
            let is_held = self.alive.get(&awaited).is_some_and(Task::is_held);
            return is_held.then_some(awaited);
        }
        if call.meaning(waiting) != Some(Call::WaitForChild) {
            return None;
        }
        // Any child satisfies this wait, so any held child does.
        let parent = self.observed.process_of(self.alive.get(&waiting)?.index);
        let children = self.alive.iter().filter(|(_, task)| {
            task.is_held()
                && self.is_process(task)
                && self.observed.parent_of(task.index) == Some(parent)
        });
        let first = children.min_by_key(|(_, task)| task.index);
        first.map(|(tid, _)| *tid)
    }
}
