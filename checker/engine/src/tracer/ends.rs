//! The ends of tasks, and their results.

use super::Tracer;
use super::task::{Held, State, Task};
use crate::memory::{self, Snapshot};
use crate::proc::{minor_faults, name, written_bytes};
use crate::run::Error;
use crate::stopped::{Stopped, Until};
use crate::{End, Kind, TaskIndex, Work};
use nix::unistd::Pid;

impl Tracer<'_> {
    /// A task is about to end. Its memory still exists.
    pub(super) fn ending(&mut self, stopped: Stopped) {
        let tid = stopped.tid();
        let task = &self.alive[&tid];
        let index = task.index;
        // The creator of a `vfork` child waits for it in the kernel.
        let is_worker =
            (task.is_worker || self.ends_last(index)) && !matches!(task.state, State::BeforeExec);
        self.note_cpu_time(index);
        let record = &mut self.observed.tasks[index];
        record.name = name(tid);
        let is_process = record.kind == Kind::Process;
        if is_process {
            record.minor_faults = minor_faults(tid);
        }
        let is_child = record.creator.is_some();
        if self.run.watches_shared_memory && is_process {
            let shared = (index, memory::shared(tid));
            self.observed.shared_memory.push(shared);
        }
        if is_child && !self.is_over {
            self.intervene(tid);
            if let Some(work) = &mut self.observed.tasks[index].work {
                work.has_written |= written_bytes(tid).is_none_or(|bytes| bytes > 0);
            }
        }
        if is_worker && is_process && !self.is_over {
            self.task(stopped.tid()).is_worker = true;
            self.hold(stopped, Held::End);
        } else {
            self.let_end(stopped);
        }
    }

    /// Lets a task end.
    pub(super) fn let_end(&mut self, stopped: Stopped) {
        let task = self.task(stopped.tid());
        let (index, files) = (task.index, task.files);
        task.state = State::Ending;
        self.observed.tasks[index].ending = Some(self.start.elapsed());
        if self.notes_files(index, files) {
            self.replace_text();
        }
        stopped.go_on(Until::Event, 0);
    }

    /// Counts the files in which a child process left the text. Returns whether the task is a
    /// child process.
    pub(super) fn notes_files(&mut self, index: TaskIndex, before: usize) -> bool {
        let record = &self.observed.tasks[index];
        let is_child = record.kind == Kind::Process && record.creator.is_some();
        if is_child && !self.is_over {
            let files = self.files_with_text().saturating_sub(before);
            let record = &mut self.observed.tasks[index];
            record.files_with_text = record.files_with_text.max(files);
        }
        is_child && !self.is_over
    }

    pub(super) fn replace_text(&self) {
        if let (Some((text, replacement)), Some(folder)) = (&self.run.text, &self.folder)
            && !replacement.is_empty()
        {
            folder.replace(text, replacement);
        }
    }

    /// The number of files that contain the text, if the run has a text to find.
    pub(super) fn files_with_text(&self) -> usize {
        match (&self.run.text, &self.folder) {
            (Some((text, _)), Some(folder)) => folder.files_with(text).len(),
            _ => 0,
        }
    }

    /// Finds the memory that a task changed since it last continued, and writes the
    /// replacements before another task can read it. Returns the snapshot if nothing was found
    /// in it.
    pub(super) fn intervene(&mut self, tid: Pid) -> Option<Snapshot> {
        let snapshot = self.task(tid).snapshot.take()?;
        if self.is_ending && self.run.patterns.replace {
            // The ending program no longer reads the replaced memory.
            return None;
        }
        let index = self.alive[&tid].index;
        let Some((changes, now)) = snapshot.changes(tid) else {
            self.work_of(index).is_incomplete = true;
            return None;
        };
        let found = changes.apply(tid, &self.run.patterns);
        let is_unchanged = found.is_empty();
        let work = self.work_of(index);
        work.changed_bytes += changes.bytes;
        work.patterns.extend(found);
        is_unchanged.then_some(now)
    }

    /// Does the same for a worker that will continue, if its memory is compared.
    pub(super) fn intervene_on_the_way(&mut self, tid: Pid) {
        if self.is_ending || self.alive[&tid].snapshot.is_none() {
            return;
        }
        match self.intervene(tid) {
            None => self.take_snapshot(tid),
            now => self.task(tid).snapshot = now,
        }
    }

    /// The other workers whose memory is compared.
    pub(super) fn workers_but(&self, index: TaskIndex) -> Vec<Pid> {
        self.tids(|task| task.snapshot.is_some() && task.index != index)
    }

    /// Takes a snapshot of the memory of a worker that is about to run.
    pub(super) fn take_snapshot(&mut self, tid: Pid) {
        let task = self.task(tid);
        task.snapshot = Snapshot::new(tid, task.stack.clone());
        if task.snapshot.is_none() {
            let index = task.index;
            self.work_of(index).is_incomplete = true;
        }
    }

    fn work_of(&mut self, index: TaskIndex) -> &mut Work {
        self.observed.tasks[index].work.get_or_insert_default()
    }

    pub(super) fn ended(&mut self, tid: Pid, status: i32) {
        self.early.remove(&tid);
        let now = self.start.elapsed();
        if let Some(task) = self.alive.remove(&tid) {
            let index = task.index;
            if task.snapshot.is_some() && !self.is_over {
                self.work_of(index).is_incomplete = true;
            }
            self.observed.tasks[index].ended = Some((now, status));
            if libc::WIFSIGNALED(status)
                && libc::WTERMSIG(status) == libc::SIGKILL
                && !self.may_be_killed(index)
            {
                self.error = Some(Error::Killed);
            }
        }
        if tid == self.launched.pid {
            if !self.is_over {
                let is_left =
                    |task: &&Task| self.is_process(task) && !matches!(task.state, State::Ending);
                let left = self.alive.values().filter(is_left);
                let mut left: Vec<_> = left.map(|task| task.index).collect();
                left.sort_unstable();
                self.observed.left_running = left;
            }
            self.end(End::Ended(status));
        }
    }

    /// Whether a SIGKILL of this task can come from a task of the run, from the engine or from
    /// the end of the thread that created it, `PR_SET_PDEATHSIG`.
    fn may_be_killed(&self, index: TaskIndex) -> bool {
        let record = &self.observed.tasks[index];
        let creator_has_ended = record.creator.is_some_and(|creator| {
            let creator = &self.observed.tasks[creator];
            creator.ending.is_some() || creator.ended.is_some()
        });
        self.is_over
            || self.run_kills
            || self.fault_of(index).is_some()
            || creator_has_ended
            || record.kind == Kind::Thread
            || self.folder.is_none()
    }
}
