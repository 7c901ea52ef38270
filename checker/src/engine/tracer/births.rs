//! How tasks come into being, and when they begin to run.

use super::Tracer;
use crate::engine::proc::kind_of;
use crate::engine::task::{Birth, State, Task, go_on};
use crate::engine::{End, Event, Fault, Kind, TaskRecord};
use nix::sys::ptrace;
use nix::sys::signal::kill;
use nix::unistd::Pid;

impl Tracer<'_> {
    /// A task tells that it has created another one.
    pub(super) fn created(&mut self, creator: Pid, event: i32) {
        let tid = ptrace::getevent(creator);
        let (Ok(tid), Some(creator)) = (tid, self.alive.get_mut(&creator)) else {
            return;
        };
        // Whatever call it was in before is over.
        creator.call = None;
        let tid = Pid::from_raw(i32::try_from(tid).unwrap_or_default());
        let creator = creator.index;
        let index = self.observed.tasks.len();
        let born = self.start.elapsed();
        let record = TaskRecord::new(tid.as_raw(), kind_of(tid), Some(creator), born);
        self.observed.tasks.push(record);
        if !self.holds_somebody() {
            self.begin_to_watch();
        }
        let birth = match event {
            libc::PTRACE_EVENT_VFORK => Birth::Vfork,
            _ => Birth::Other,
        };
        let mut fault = None;
        if self.observed.tasks[index].kind == Kind::Process {
            let its_own = self.run.fault.filter(|(child, _)| *child == self.children);
            fault = its_own.map(|(_, fault)| fault);
            self.children += 1;
        }
        let task = Task {
            is_free: !self.holds || matches!(fault, Some(Fault::Killed(_))),
            fault,
            ..Task::new(index, State::Announced(birth))
        };
        self.alive.insert(tid, task);
        if self.early.remove(&tid) {
            self.born(tid, birth);
        }
        if self.observed.tasks.len() - 1 > self.run.limits.tasks {
            self.end(End::TooManyTasks);
        }
    }

    /// A task has stopped at its birth, and is known.
    pub(super) fn born(&mut self, tid: Pid, birth: Birth) {
        match (birth, self.alive.get_mut(&tid)) {
            (Birth::Vfork, Some(task)) => {
                task.state = State::BeforeExec;
                go_on(tid, 0);
            }
            _ => self.ready(tid),
        }
    }

    /// A task could begin to run now, if it is let.
    fn ready(&mut self, tid: Pid) {
        let Some(task) = self.alive.get_mut(&tid) else {
            return;
        };
        let index = task.index;
        if !task.is_free && !self.is_over {
            task.state = State::Held;
            return;
        }
        task.state = State::Running;
        if let Some(Fault::Killed(signal)) = task.fault {
            let _ = kill(tid, signal);
        }
        self.event(index, Event::Released);
        go_on(tid, 0);
    }

    pub(super) fn executed(&mut self, tid: Pid) {
        // Another thread than the first one can do it, and becomes the first, with its
        // id. All others have been ended.
        let former = ptrace::getevent(tid).unwrap_or_default();
        let former = Pid::from_raw(i32::try_from(former).unwrap_or_default());
        if former != tid
            && let Some(task) = self.alive.remove(&former)
        {
            self.observed.tasks[task.index].ended = Some((self.start.elapsed(), 0));
        }
        let Some(task) = self.alive.get_mut(&tid) else {
            return;
        };
        task.call = None;
        if task.state == State::Ending {
            task.state = State::Running;
        }
        let (index, was_before_exec) = (task.index, task.state == State::BeforeExec);
        self.event(index, Event::Executed);
        if was_before_exec {
            self.ready(tid);
        } else {
            self.resume(tid, 0);
        }
    }
}
