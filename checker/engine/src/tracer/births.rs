//! The births of tasks.

use super::clock::hide_vdso;
use super::task::{Held, State, Task};
use super::{Schedule, Tracer};
use crate::memory::stack_of;
use crate::proc::kind_of;
use crate::run::Fault;
use crate::stopped::{Stopped, Until};
use crate::{End, Event, Kind, TaskIndex, TaskRecord};
use nix::sys::signal::Signal;
use nix::unistd::Pid;

impl Tracer<'_> {
    /// A task reports that it has created another task.
    pub(super) fn created(&mut self, stopped: Stopped, is_vfork: bool) {
        let Some(tid) = stopped.message() else {
            return self.resume(stopped, 0);
        };
        let creator = self.task(stopped.tid());
        let (creator_index, number) = (creator.index, creator.children);
        creator.children += 1;
        // The call has succeeded, so its end gives no more information.
        let kind = creator.creates.take().unwrap_or_else(|| kind_of(tid));
        let mut lineage = self.observed.tasks[creator_index].lineage.clone();
        lineage.push(number);
        let index = self.observed.tasks.len();
        let is_worker = match &self.run.schedule {
            Schedule::WorkersLast(workers) => {
                workers.is_empty() || workers.iter().any(|worker| lineage.starts_with(worker))
            }
            _ => false,
        };
        let mut tasks = self.observed.tasks.iter();
        let is_first = is_worker && tasks.all(|task| task.birth_stack.is_empty());
        let birth_stack = is_first.then(|| self.stack(&stopped));
        let record = TaskRecord {
            birth_stack: birth_stack.unwrap_or_default(),
            lineage,
            tid: tid.as_raw(),
            kind,
            creator: Some(creator_index),
            born: self.start.elapsed(),
            ..TaskRecord::default()
        };
        self.observed.tasks.push(record);
        let task = Task {
            state: State::Announced,
            is_worker,
            is_vfork,
            index,
            ..Task::default()
        };
        self.alive.insert(tid, task);
        if is_worker {
            self.begin_to_watch();
        }
        let comes_first = self.run.schedule == Schedule::WorkersFirst || self.ends_last(index);
        if comes_first && !self.is_over {
            self.hold(stopped, Held::Creation);
            self.begin_to_watch();
        } else {
            self.resume(stopped, 0);
        }
        if let Some(early) = self.early.remove(&tid) {
            self.born(early);
        }
        if self.observed.tasks.len() - 1 > self.run.limits.tasks {
            self.end(End::TooManyTasks);
        }
    }

    /// Whether this task runs first and ends last.
    pub(super) fn ends_last(&self, index: TaskIndex) -> bool {
        let lineage = &self.observed.tasks[index].lineage;
        matches!(&self.run.schedule, Schedule::EndsLast(worker) if worker == lineage)
    }

    /// The fault that a task is to have, if it is to have one.
    pub(super) fn fault_of(&self, index: TaskIndex) -> Option<Fault> {
        let TaskRecord { kind, lineage, .. } = &self.observed.tasks[index];
        let fault = self.run.faults.get(lineage).copied();
        fault.filter(|_| *kind == Kind::Process)
    }

    /// A task has stopped at its birth, and its creator has reported it.
    pub(super) fn born(&mut self, stopped: Stopped) {
        // The creator cannot continue until this task executes another program.
        let tid = stopped.tid();
        if self.alive[&tid].is_vfork {
            self.task(tid).state = State::BeforeExec;
            self.kills_at_birth(tid);
            return stopped.go_on(Until::Event, 0);
        }
        if !self.run.patterns.is_empty() {
            self.task(tid).stack = stack_of(tid, stopped.stack_pointer());
        }
        self.ready(stopped);
    }

    /// Kills a task at its birth if its fault requires it. Returns whether it does.
    fn kills_at_birth(&self, tid: Pid) -> bool {
        let Some(Fault::KilledAtBirth(signal)) = self.fault_of(self.alive[&tid].index) else {
            return false;
        };
        self.send(tid, signal);
        true
    }

    /// A task is ready to run now.
    fn ready(&mut self, stopped: Stopped) {
        let tid = stopped.tid();
        let task = &self.alive[&tid];
        if self.fault_of(task.index) == Some(Fault::Stopped) {
            self.send(tid, Signal::SIGSTOP);
        }
        if self.kills_at_birth(tid) {
            self.task(tid).is_worker = false;
        } else if task.is_worker && !self.is_over {
            return self.hold(stopped, Held::Birth);
        }
        self.begins_to_run(&stopped);
        self.resume(stopped, 0);
    }

    /// A task begins to run, or continues after a hold.
    pub(super) fn begins_to_run(&mut self, stopped: &Stopped) {
        let index = self.alive[&stopped.tid()].index;
        if self.observed.tasks[index].released.is_none() {
            self.observed.tasks[index].released = Some(self.stdout.drain());
            self.task(stopped.tid()).files = self.files_with_text();
        }
        let looks_at_memory = !self.run.patterns.is_empty() && self.has_order();
        if looks_at_memory && self.observed.tasks[index].creator.is_some() {
            self.take_snapshot(stopped.tid());
        }
        self.event(index, Event::Released);
    }

    pub(super) fn executed(&mut self, stopped: Stopped) {
        let tid = stopped.tid();
        // `execve` in another thread than the first makes that thread the first one, with its
        // id. All other threads have ended.
        if let Some(former) = stopped.message()
            && former != tid
            && let Some(task) = self.alive.remove(&former)
        {
            self.observed.tasks[task.index].ended = Some((self.start.elapsed(), 0));
        }
        if self.has_order() {
            hide_vdso(&stopped);
        }
        let task = self.task(tid);
        task.call = None;
        // The process has new memory.
        task.snapshot = None;
        let is_birth = matches!(task.state, State::BeforeExec);
        let index = task.index;
        self.event(index, Event::Executed);
        if is_birth {
            self.ready(stopped);
        } else {
            self.resume(stopped, 0);
        }
    }
}
