//! Turns: one task runs at a time, and at each scheduling point the schedule chooses the next
//! one.

use crate::caller::{call_near, stack_begins_at};
use crate::choice::choose;
use crate::code::bytes_to_atomic;
use crate::layout::{Kind, MOST_TASKS, Run, Shared, State, Step, Stop, Task};
use crate::life::{Asleep, look_after};
use crate::real::{errno, real, system_call};
use libc::{c_int, c_long};
use std::cell::Cell;
use std::sync::atomic::{AtomicPtr, AtomicU32, Ordering::Relaxed, Ordering::SeqCst};
use std::{process, ptr, slice};

/// The limit of steps. A longer run counts as endless.
const MOST_STEPS_TAKEN: u32 = 2_000_000;

/// A task that repeats the same step this many times polls, and yields. A task that tries only
/// a thousand times, and then goes on, does so before it yields.
const LOOKS: u32 = 2_000;

/// A task that enters this many basic blocks without a load or a store may poll.
const MOST_EDGES: u32 = 4_000;

/// A task that takes this many steps while others could run yields, in any case.
const MOST_ALONE: u32 = 20_000;

/// A preempted task waits for this number of yields of other tasks, or until they wait. This is
/// enough for a worker that sleeps after each number, to do all its work.
const MOST_YIELDS: u32 = 500;

/// The time that a task waits for its turn before it checks that the others are alive.
const LOOK_AFTER: libc::timespec = libc::timespec {
    tv_sec: 0,
    tv_nsec: 5_000_000,
};

static SHARED: AtomicPtr<Shared> = AtomicPtr::new(ptr::null_mut());

thread_local! {
    static ME: Cell<Option<usize>> = const { Cell::new(None) };
}

// Of libc.
unsafe extern "C" {
    static environ: *const *const libc::c_char;
}

/// The mapping, if an explorer has asked for a run.
pub(crate) fn shared() -> Option<&'static Shared> {
    // SAFETY: it is null, or the mapping, which is never unmapped. Any bytes are a valid `Shared`.
    // Its fields are atomic, or cells: the explorer writes those of the schedule before the run,
    // and the number of a step belongs to one task.
    unsafe { SHARED.load(Relaxed).as_ref() }
}

/// The task of this thread, and its run. `None` in a thread that the scheduler does not know.
pub(crate) fn me() -> Option<(&'static Run, usize)> {
    Some((&shared()?.run, ME.get()?))
}

/// Makes this thread a thread that the scheduler does not know.
pub(crate) fn forget_me() {
    ME.set(None);
}

/// Begins a run. This thread is its first task.
pub(crate) fn begin(shared: &'static Shared) {
    SHARED.store(ptr::from_ref(shared).cast_mut(), Relaxed);
    // The kernel has put the environment above all frames.
    // SAFETY: no other thread changes it.
    stack_begins_at(unsafe { environ });
    become_task(&shared.run, add_task(&shared.run));
}

/// Adds a new task.
pub(crate) fn add_task(run: &Run) -> usize {
    let new = run.born.fetch_add(1, Relaxed) as usize;
    if new >= MOST_TASKS {
        stop(run, Stop::TooManyTasks);
    }
    let task = &run.tasks[new];
    let mut drawn = run.random.get().seed ^ (new as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    drawn = (drawn ^ (drawn >> 31)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    task.priority.store((drawn >> 33) as u32 | 1 << 16, Relaxed);
    task.set_state(State::Ready);
    new
}

/// All tasks that were born, including those that have ended.
pub(crate) fn born(run: &Run) -> &[Task] {
    let count = run.born.load(Relaxed) as usize;
    &run.tasks[..count.min(MOST_TASKS)]
}

/// Makes this thread a task, and records its ids. It does not wait for the turn of the task.
pub(crate) fn become_task(run: &Run, me: usize) {
    ME.set(Some(me));
    let tid = system_call(libc::SYS_gettid, [0; 6]);
    run.tasks[me].pid.store(process::id(), Relaxed);
    run.tasks[me].tid.store(tid as u32, Relaxed);
}

/// A scheduling point. Returns when it is the turn of this thread again.
pub(crate) fn point(kind: Kind, pc: u64, address: u64, size: u32) {
    let Some((run, me)) = me() else { return };
    let task = &run.tasks[me];
    come_back(run, me);
    record_last_store(task);
    let mut step = Step {
        pc,
        address,
        size,
        ..Step::new(me, kind)
    };
    match pc {
        0 => step.value = call_of(task),
        _ => task.last_pc.store(pc, Relaxed),
    }
    if polls(run, task, &step) {
        step.kind = Kind::Yield as u8;
    }
    let number = take_step(run, step);
    match step.kind() {
        Kind::Load => record_value(number),
        Kind::Store => task.stored.store(number + 1, Relaxed),
        _ => {}
    }
}

/// Where the program has called the function of libc that the task is in, if that is known, or 0.
fn call_of(task: &Task) -> u64 {
    call_near(task.last_pc.load(Relaxed))
}

/// A task that returns from a call that the scheduler does not know waits for its turn.
fn come_back(run: &Run, me: usize) {
    if run.current.load(Relaxed) as usize != me {
        run.tasks[me].set_state(State::Ready);
        wait_for_turn(run, me);
    }
}

/// Records the value of the task's last store, which is known at its next step.
fn record_last_store(task: &Task) {
    if let Some(number) = task.stored.swap(0, Relaxed).checked_sub(1) {
        record_value(number);
    }
}

/// Records the value at the address of this step.
fn record_value(number: u32) {
    if let Some(recorded) = recorded(number) {
        let step = recorded.get();
        let value = read(step.address, step.size);
        recorded.set(Step { value, ..step });
    }
}

/// The record of a step, if there is room for it.
fn recorded(number: u32) -> Option<&'static Cell<Step>> {
    shared()?.steps.get(number as usize)
}

/// Reads the first bytes of memory that the program itself is about to use.
fn read(address: u64, size: u32) -> u64 {
    let mut value = [0; 8];
    let size = size.min(8) as usize;
    // SAFETY: the program accesses this memory next, or has done so. No other task runs.
    let bytes = unsafe { slice::from_raw_parts(address as *const u8, size) };
    value[..size].copy_from_slice(bytes);
    u64::from_le_bytes(value)
}

/// Whether the task repeats the same step, as a task that polls does, or runs for so long that
/// it may do so.
fn polls(run: &Run, task: &Task, step: &Step) -> bool {
    let runs_long = run.alone.load(Relaxed) >= MOST_ALONE;
    let look = match step.kind() {
        Kind::Load => {
            let value = read(step.address, step.size);
            step.pc ^ step.address.rotate_left(20) ^ value.rotate_left(40)
        }
        // A failing read-modify-write may be the reason.
        Kind::Edge => {
            let count = task.edges.fetch_add(1, Relaxed);
            return runs_long || count >= MOST_EDGES;
        }
        _ => 0,
    };
    task.edges.store(0, Relaxed);
    // Between two looks, a task that polls may sleep.
    if step.kind() == Kind::Yield {
        return false;
    }
    if look == 0 || task.last_look.swap(look, Relaxed) != look {
        task.looks.store(0, Relaxed);
        return runs_long;
    }
    task.looks.fetch_add(1, Relaxed) >= LOOKS
}

/// Blocks this task until its `state` lets it continue. Returns whether another task woke it.
pub(crate) fn block(state: State, awaited: u64, kind: Kind) -> bool {
    let Some((run, me)) = me() else { return false };
    let task = &run.tasks[me];
    come_back(run, me);
    task.awaited.store(awaited, Relaxed);
    task.since.store(run.progress.load(Relaxed), Relaxed);
    let call = call_of(task);
    task.call.store(call, Relaxed);
    task.set_state(state);
    record_last_store(task);
    take_step(
        run,
        Step {
            address: awaited,
            size: if kind == Kind::Join { state as u32 } else { 0 },
            value: call,
            ..Step::new(me, kind)
        },
    );
    task.set_state(State::Ready);
    task.call.store(0, Relaxed);
    task.awaited.load(Relaxed) == 0
}

/// Ends a task. Another one continues.
pub(crate) fn end(run: &Run, me: usize) {
    record_last_store(&run.tasks[me]);
    run.tasks[me].set_state(State::Ended);
    if run.current.load(Relaxed) as usize == me {
        pass_turn(run, Step::new(me, Kind::End));
    }
}

/// Takes a step of this task. Returns its number when it is the turn of this task again.
fn take_step(run: &Run, step: Step) -> u32 {
    let (number, chosen) = pass_turn(run, step);
    if chosen != step.task {
        wait_for_turn(run, step.task.into());
    }
    number
}

/// Chooses the next task at this step, and gives it the turn. Returns the number of the step and
/// the chosen task.
pub(crate) fn pass_turn(run: &Run, mut step: Step) -> (u32, u8) {
    let number = run.steps_taken.fetch_add(1, Relaxed);
    if number >= MOST_STEPS_TAKEN {
        stop(run, Stop::Endless);
    }
    let kind = step.kind();
    if kind != Kind::Block {
        run.progress.fetch_add(1, Relaxed);
        run.hopeless.store(0, Relaxed);
    }
    let yields = run
        .yields
        .fetch_add(u32::from(kind == Kind::Yield), Relaxed);
    choose(run, &mut step, number);
    if let Some(recorded) = recorded(number) {
        let me = &run.tasks[step.task as usize];
        match kind {
            Kind::Edge => step.size = bytes_to_atomic(step.pc).map_or(0, |bytes| bytes as u32 + 1),
            _ if run.is_shared(step.address) => {}
            _ => step.owner = me.pid.load(Relaxed),
        }
        recorded.set(step);
    }
    if step.chosen != step.task {
        let slow_until = if step.is_preempted() {
            yields + MOST_YIELDS
        } else {
            0
        };
        let slow = |task: u8| &run.tasks[task as usize].slow_until;
        slow(step.task).store(slow_until, Relaxed);
        slow(step.chosen).store(0, Relaxed);
        if run.alone.swap(0, Relaxed) >= MOST_ALONE {
            // It may wait for a preempted task.
            let all = run.tasks.iter();
            all.for_each(|task| task.slow_until.store(0, Relaxed));
        }
        run.current.store(step.chosen.into(), SeqCst);
        wake(&run.tasks[step.chosen as usize]);
    } else if step.enabled.count_ones() > 1 {
        run.alone.fetch_add(1, Relaxed);
    }
    (number, step.chosen)
}

fn wake(task: &Task) {
    task.go.store(1, SeqCst);
    futex(&task.go, libc::FUTEX_WAKE, 1, None);
}

/// Sleeps until it is the turn of this task. A stopped run ends here.
pub(crate) fn wait_for_turn(run: &Run, me: usize) {
    let go = &run.tasks[me].go;
    let mut asleep = Asleep::default();
    loop {
        go.store(0, SeqCst);
        let is_my_turn = run.current.load(SeqCst) as usize == me;
        if run.stop.load(SeqCst) != Stop::None as u32 {
            leave()
        }
        if is_my_turn {
            return;
        }
        if !futex(go, libc::FUTEX_WAIT, 0, Some(&LOOK_AFTER)) {
            look_after(run, me, &mut asleep);
        }
    }
}

/// Ends the run and all its tasks.
pub(crate) fn stop(run: &Run, why: Stop) -> ! {
    run.stop.store(why as u32, SeqCst);
    run.tasks.iter().for_each(wake);
    leave()
}

fn leave() -> ! {
    real!(_exit(0))
}

/// `futex(2)`, for memory that processes share. Returns `false` if the time was over.
pub(crate) fn futex(
    word: &AtomicU32,
    call: c_int,
    value: u32,
    time: Option<&libc::timespec>,
) -> bool {
    let pointer = ptr::from_ref(word) as c_long;
    let time = time.map_or(0, |time| ptr::from_ref(time) as c_long);
    let result = system_call(
        libc::SYS_futex,
        [pointer, c_long::from(call), c_long::from(value), time, 0, 0],
    );
    result >= 0 || errno() != libc::ETIMEDOUT
}
