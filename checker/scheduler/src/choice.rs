//! Which task continues at a scheduling point.

use crate::layout::{Kind, Run, State, Step, Stop, Task, tasks_in};
use crate::life::is_ending;
use crate::turn::{born, stop};
use libc::c_int;
use std::cell::Cell;
use std::ptr;
use std::sync::atomic::Ordering::Relaxed;

/// The address of a step in which a task sleeps, instead of only giving way.
pub(crate) const SLEEP: u64 = 1;

/// The number of times that a task tries again while nothing happens in the program. The
/// awaited event may still be on its way through the kernel.
const MOST_HOPELESS: u32 = 20;

/// The same, if the kernel has not yet removed a task that has ended. Its files may still be open.
const MOST_HOPELESS_ENDING: u32 = 2_000;

/// The same, if all tasks sleep in calls that the scheduler does not know. It takes about 5 s.
const MOST_HOPELESS_OUTSIDE: u32 = 80;

/// Fills in which tasks could continue at this step, and which one does.
pub(crate) fn choose(run: &Run, step: &mut Step, number: u32) {
    step.enabled = tasks_that(run, |task| can_go_on(run, task));
    if step.enabled == 0 {
        step.enabled = last_resort(run);
    }
    step.default = default_task(run, step);
    step.chosen = match run.random.get().seed {
        0 => chosen_task(run, step, number),
        _ => random_task(run, step, number),
    };
}

/// The task that continues in a schedule with choices. A task that begins to sleep on a futex can
/// be chosen too: `futex(2)` and condition variables may wake a task spuriously.
fn chosen_task(run: &Run, step: &Step, number: u32) -> u8 {
    let choices = run.choices.iter().map(Cell::get);
    let mut choices = choices.take(run.choices_len.load(Relaxed) as usize);
    let me = &run.tasks[step.task as usize];
    match choices.find(|choice| choice.step == number) {
        Some(choice) if step.is_enabled(choice.task) => choice.task,
        Some(choice) if choice.task == step.task && me.sleeps() => {
            me.awaited.store(0, Relaxed);
            choice.task
        }
        _ => step.default,
    }
}

/// The task that continues in a random schedule.
fn random_task(run: &Run, step: &Step, number: u32) -> u8 {
    let priority = |task: u8| &run.tasks[task as usize].priority;
    let is_yield = step.kind() == Kind::Yield;
    let changes = run.random.get().changes;
    match changes.iter().position(|change| *change == number) {
        Some(change) => priority(step.task).store(change as u32 + 1, Relaxed),
        None if is_yield => priority(step.task).store(0, Relaxed),
        None => {}
    }
    if is_yield {
        return step.default;
    }
    let first = tasks_in(step.enabled).max_by_key(|task| priority(*task).load(Relaxed));
    first.unwrap_or(step.default)
}

/// The task that continues if the schedule makes no choice: this one, if it can and does not
/// yield, or else the next one that was not preempted. A sleep may end before a preempted task
/// goes on.
fn default_task(run: &Run, step: &Step) -> u8 {
    let me = step.task;
    let own = step.enabled & 1 << me;
    if own != 0 && step.kind() != Kind::Yield {
        return me;
    }
    let yields = run.yields.load(Relaxed);
    let slow = tasks_that(run, |task| task.slow_until.load(Relaxed) > yields);
    let first = |set: u64| (set != 0).then(|| set.trailing_zeros() as u8);
    let next = |set: u64| first(set & !((2 << me) - 1)).or(first(set));
    let sleeps = (own != 0 && step.address == SLEEP).then_some(me);
    let others = step.enabled & !own;
    next(others & !slow)
        .or(sleeps)
        .or(next(others))
        .unwrap_or(me)
}

/// The set of these tasks.
fn tasks_that(run: &Run, are: impl Fn(&Task) -> bool) -> u64 {
    let those = (0..).zip(born(run)).filter(|(_, task)| are(task));
    those.fold(0, |set, (number, _)| set | 1 << number)
}

/// The tasks that may be able to continue, if no task is certain to.
fn last_resort(run: &Run) -> u64 {
    let of = |state| tasks_that(run, |task| task.state() == state);
    // A timer ends if nothing else happens.
    let timed = of(State::TimedFutex);
    if timed != 0 {
        return timed;
    }
    // The kernel may not have finished the end of a process, or a write to a pipe.
    let (again, outside) = (of(State::Again), of(State::Outside));
    let most = || match again {
        0 => MOST_HOPELESS_OUTSIDE,
        _ if born(run).iter().any(is_ending) => MOST_HOPELESS_ENDING,
        _ => MOST_HOPELESS,
    };
    let is_hopeless = || {
        let tried = run.hopeless.fetch_add(1, Relaxed);
        tried >= MOST_HOPELESS && tried >= most()
    };
    if again | outside == 0 || is_hopeless() {
        stop(run, Stop::Deadlock);
    }
    // SAFETY: the call has no descriptors. It takes a millisecond.
    unsafe { libc::poll(ptr::null_mut(), 0, 1) };
    if again == 0 { outside } else { again }
}

fn can_go_on(run: &Run, task: &Task) -> bool {
    let awaited = task.awaited.load(Relaxed);
    match task.state() {
        State::Ready => true,
        State::Futex | State::TimedFutex | State::Outside | State::Ended => false,
        State::Again => task.since.load(Relaxed) != run.progress.load(Relaxed),
        State::Thread => {
            let thread = run.tasks.get(awaited as usize);
            thread.is_none_or(|thread| thread.state() == State::Ended)
        }
        State::Process => {
            let parent = task.pid.load(Relaxed);
            ended_child(run, parent, awaited as c_int).is_some()
        }
    }
}

/// A child process that has ended, and that its parent has not waited for yet.
pub(crate) fn ended_child(run: &Run, parent: u32, pid: c_int) -> Option<&Task> {
    children(run, parent, pid).find(|task| task.state() == State::Ended)
}

/// The first tasks of the child processes of `parent`: all of them, or the one with this id.
pub(crate) fn children(run: &Run, parent: u32, pid: c_int) -> impl Iterator<Item = &Task> {
    born(run).iter().filter(move |task| {
        let own = task.pid.load(Relaxed);
        task.parent.load(Relaxed) == parent
            && (pid <= 0 || own == pid as u32)
            && task.reaped.load(Relaxed) == 0
    })
}
