//! Whether a task is alive: it may be killed, or sleep in a call that the scheduler does not know.

use crate::layout::{Kind, Run, State, Step, Task};
use crate::turn::pass_turn;
use std::fs;
use std::sync::atomic::Ordering::{Relaxed, SeqCst};

/// A task that is found asleep this many times in a row, in the same step, sleeps in a call
/// that the scheduler does not know. A task that has just got its turn is found asleep too,
/// but wakes within `turn::LOOK_AFTER`.
const MOST_LOOKS: u32 = 12;

/// The number of times in a row that a task was found asleep in the same step.
#[derive(Default)]
pub(crate) struct Asleep {
    /// The step, and the task whose turn it is.
    at: (u32, u32),
    looks: u32,
}

/// Checks that the task whose turn it is lives and runs.
pub(crate) fn look_after(run: &Run, me: usize, asleep: &mut Asleep) {
    let now = || (run.steps_taken.load(SeqCst), run.current.load(SeqCst));
    let at = now();
    let current = at.1 as usize;
    let Some(task) = run.tasks.get(current).filter(|_| current != me) else {
        return;
    };
    // One task at a time looks. The program may kill it meanwhile.
    let watchman = &run.watchman;
    let last = watchman.load(SeqCst);
    let looks = (last as usize).checked_sub(1);
    let looks = looks.and_then(|looks| run.tasks.get(looks));
    let exchange = || watchman.compare_exchange(last, me as u32 + 1, SeqCst, SeqCst);
    if looks.is_some_and(|task| life(task) != Life::ProcessIsGone) || exchange().is_err() {
        return;
    }
    let life = life(task);
    if life != Life::Sleeps || asleep.at != at {
        *asleep = Asleep { at, looks: 0 };
    }
    let passed = match life {
        // Another step was taken meanwhile.
        _ if now() != at => None,
        Life::Runs => None,
        Life::ProcessIsGone if is_of_first_process(run, task) => None,
        Life::Sleeps => {
            asleep.looks += 1;
            (asleep.looks >= MOST_LOOKS).then(|| {
                run.found_outside.fetch_add(1, Relaxed);
                task.set_state(State::Outside);
                Kind::Block
            })
        }
        Life::ThreadIsGone => {
            task.set_state(State::Ended);
            Some(Kind::End)
        }
        Life::ProcessIsGone => {
            end_all(run, task.pid.load(Relaxed));
            Some(Kind::Killed)
        }
    };
    if let Some(kind) = passed {
        pass_turn(run, Step::new(current, kind));
    }
    watchman.store(0, SeqCst);
}

/// The end of the first process ends the run, and all that is left of it.
pub(crate) fn is_of_first_process(run: &Run, task: &Task) -> bool {
    task.pid.load(Relaxed) == run.tasks[0].pid.load(Relaxed)
}

/// Marks all tasks of a process as ended.
pub(crate) fn end_all(run: &Run, pid: u32) {
    let tasks = run.tasks.iter();
    let of_process = tasks.filter(|task| task.pid.load(Relaxed) == pid);
    of_process.for_each(|task| task.set_state(State::Ended));
}

/// The state of a task in `/proc`.
#[derive(PartialEq, Eq)]
enum Life {
    /// It runs, or is about to run.
    Runs,
    /// It sleeps in a system call.
    Sleeps,
    ThreadIsGone,
    /// It may be a zombie.
    ProcessIsGone,
}

fn life(task: &Task) -> Life {
    let (pid, tid) = (task.pid.load(Relaxed), task.tid.load(Relaxed));
    let state = |path: String| {
        let stat = fs::read_to_string(path).ok()?;
        stat.rsplit(") ").next()?.chars().next()
    };
    if matches!(state(format!("/proc/{pid}/stat")), None | Some('Z' | 'X')) {
        return Life::ProcessIsGone;
    }
    match state(format!("/proc/{pid}/task/{tid}/stat")) {
        // The task has not recorded its thread id yet.
        None if tid == 0 => Life::Runs,
        None | Some('Z' | 'X') => Life::ThreadIsGone,
        Some('S') => Life::Sleeps,
        Some(_) => Life::Runs,
    }
}

/// Whether a task has ended for the scheduler, but not for the kernel.
pub(crate) fn is_ending(task: &Task) -> bool {
    task.state() == State::Ended && matches!(life(task), Life::Runs | Life::Sleeps)
}
