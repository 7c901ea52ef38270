//! Turns: one task runs at a time, and at each scheduling point the schedule chooses the next
//! one.

use crate::code::is_before_atomic;
use crate::layout::{Kind, MOST_TASKS, Shared, State, Stop, Task};
use crate::real::{errno, real, system_call};
use libc::{c_int, c_long};
use std::cell::Cell;
use std::sync::atomic::{AtomicPtr, AtomicU32, Ordering::Relaxed, Ordering::SeqCst};
use std::{fs, ptr, slice};

/// The limit of steps. A longer run counts as endless.
const MOST_STEPS_TAKEN: u32 = 2_000_000;

/// A task that repeats the same step this many times polls, and yields. A task that tries only
/// some hundred times, and then goes on, does so before it yields.
const LOOKS: u32 = 400;

/// A task that enters this many basic blocks without a load or a store may poll.
const MOST_EDGES: u32 = 200;

/// A task that takes this many steps while others could run yields, in any case.
const MOST_ALONE: u32 = 20_000;

/// A preempted task waits for this number of yields of other tasks, or until they wait. This is
/// enough for a worker that sleeps after each number, to do all its work.
const MOST_YIELDS: u32 = 500;

/// The address of a step in which a task sleeps, instead of only giving way.
pub(crate) const SLEEP: u64 = 1;

/// The number of times that a task tries again while nothing happens in the program. The
/// awaited event may still be on its way through the kernel.
const MOST_HOPELESS: u32 = 20;

/// The same, if the kernel has not yet removed a task that has ended. Its files may still be open.
const MOST_HOPELESS_ENDING: u32 = 2_000;

/// The same, if all tasks sleep in calls that the scheduler does not know. It takes about 5 s.
const MOST_HOPELESS_OUTSIDE: u32 = 80;

/// The time that a task waits for its turn before it checks that the others are alive.
const LOOK_AFTER_NS: c_long = 5_000_000;

/// A task that is found asleep this many times in a row, in the same step, sleeps in a call
/// that the scheduler does not know. A task that has just got its turn is found asleep too,
/// but wakes within [`LOOK_AFTER_NS`].
const MOST_LOOKS: u32 = 12;

static SHARED: AtomicPtr<Shared> = AtomicPtr::new(ptr::null_mut());

thread_local! {
    static ME: Cell<Option<usize>> = const { Cell::new(None) };
}

/// The mapping, if an explorer has asked for a run.
pub(crate) fn shared() -> Option<&'static Shared> {
    // SAFETY: it is null, or the mapping, which is never unmapped. All of it is atomic.
    unsafe { SHARED.load(Relaxed).as_ref() }
}

pub(crate) fn use_mapping(shared: *mut Shared) {
    SHARED.store(shared, Relaxed);
}

/// The task of this thread, and the mapping. `None` in a thread that the scheduler does not
/// know.
pub(crate) fn me() -> Option<(&'static Shared, usize)> {
    Some((shared()?, ME.get()?))
}

/// Makes this thread a thread that the scheduler does not know.
pub(crate) fn forget_me() {
    ME.set(None);
}

/// Adds a new task.
pub(crate) fn add_task(shared: &Shared) -> usize {
    let new = shared.born.fetch_add(1, Relaxed) as usize;
    if new >= MOST_TASKS {
        stop(shared, Stop::TooManyTasks);
    }
    let task = &shared.tasks[new];
    let mut drawn =
        shared.seed.load(Relaxed) ^ (new as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    drawn = (drawn ^ (drawn >> 31)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    task.priority.store((drawn >> 33) as u32 | 1 << 16, Relaxed);
    task.state.store(State::Ready as u32, Relaxed);
    new
}

/// All tasks that were born, including those that have ended.
fn born(shared: &Shared) -> &[Task] {
    let count = shared.born.load(Relaxed) as usize;
    &shared.tasks[..count.min(MOST_TASKS)]
}

/// Makes this thread a task, and records its ids. It does not wait for the turn of the task.
pub(crate) fn become_task(shared: &Shared, me: usize) {
    ME.set(Some(me));
    // SAFETY: these calls have no arguments.
    let (pid, tid) = unsafe {
        (
            libc::syscall(libc::SYS_getpid),
            libc::syscall(libc::SYS_gettid),
        )
    };
    shared.tasks[me].pid.store(pid as u32, Relaxed);
    shared.tasks[me].tid.store(tid as u32, Relaxed);
}

/// The place of a step.
#[derive(Clone, Copy, Default)]
pub(crate) struct Place {
    pub(crate) pc: u64,
    pub(crate) address: u64,
    pub(crate) size: u32,
}

/// A scheduling point. Returns when it is the turn of this thread again.
pub(crate) fn point(kind: Kind, place: Place) {
    let Some((shared, me)) = me() else { return };
    let task = &shared.tasks[me];
    if shared.current.load(Relaxed) as usize != me {
        // The task returns from a call that the scheduler does not know.
        task.state.store(State::Ready as u32, SeqCst);
        wait_for_turn(shared, me);
    }
    finish_store(shared, task);
    let kind = if polls(shared, task, kind, place) {
        Kind::Yield
    } else {
        kind
    };
    let step = decide(shared, me, kind, place);
    let Some(recorded) = shared.steps.get(step) else {
        return;
    };
    match kind {
        Kind::Load => recorded
            .value
            .store(read(place.address, place.size), Relaxed),
        Kind::Store => {
            task.stored.store(place.address, Relaxed);
            task.stored_size.store(place.size, Relaxed);
            task.stored_step.store(step as u32, Relaxed);
        }
        _ => {}
    }
}

/// Records the value of the task's last store, which is known at its next step.
fn finish_store(shared: &Shared, task: &Task) {
    let address = task.stored.swap(0, Relaxed);
    if let (1.., Some(step)) = (
        address,
        shared.steps.get(task.stored_step.load(Relaxed) as usize),
    ) {
        step.value
            .store(read(address, task.stored_size.load(Relaxed)), Relaxed);
    }
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
fn polls(shared: &Shared, task: &Task, kind: Kind, place: Place) -> bool {
    let runs_long = shared.alone.load(Relaxed) >= MOST_ALONE;
    let look = match kind {
        Kind::Load => {
            let value = read(place.address, place.size);
            place.pc ^ place.address.rotate_left(20) ^ value.rotate_left(40)
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
    if kind == Kind::Yield {
        return false;
    }
    if look == 0 || task.last_look.swap(look, Relaxed) != look {
        task.looks.store(0, Relaxed);
        return runs_long;
    }
    task.looks.fetch_add(1, Relaxed) >= LOOKS
}

/// Blocks this task until its `state` lets it continue.
pub(crate) fn block(state: State, awaited: u64, kind: Kind) {
    let Some((shared, me)) = me() else { return };
    let task = &shared.tasks[me];
    task.awaited.store(awaited, Relaxed);
    task.since.store(shared.progress.load(Relaxed), Relaxed);
    task.state.store(state as u32, Relaxed);
    let place = Place {
        address: awaited,
        ..Place::default()
    };
    finish_store(shared, task);
    decide(shared, me, kind, place);
    task.state.store(State::Ready as u32, Relaxed);
}

/// Ends a task. Another one continues.
pub(crate) fn end(shared: &Shared, me: usize) {
    finish_store(shared, &shared.tasks[me]);
    shared.tasks[me].state.store(State::Ended as u32, Relaxed);
    if shared.current.load(Relaxed) as usize == me {
        pass_turn(shared, me, Kind::End, Place::default());
    }
}

/// Takes a step. Returns its number when it is the turn of this task again.
fn decide(shared: &Shared, me: usize, kind: Kind, place: Place) -> usize {
    let (step, chosen) = pass_turn(shared, me, kind, place);
    if chosen != me {
        wait_for_turn(shared, me);
    }
    step
}

/// Takes a step of this task: chooses the next task and gives it the turn. Returns the number
/// of the step and the chosen task.
fn pass_turn(shared: &Shared, me: usize, kind: Kind, place: Place) -> (usize, usize) {
    let step = shared.steps_taken.fetch_add(1, Relaxed);
    if step >= MOST_STEPS_TAKEN {
        stop(shared, Stop::Endless);
    }
    if kind != Kind::Block {
        shared.progress.fetch_add(1, Relaxed);
        shared.hopeless.store(0, Relaxed);
    }
    let yields = shared
        .yields
        .fetch_add(u32::from(kind == Kind::Yield), Relaxed);
    let (enabled, default, chosen) = choose(shared, me, kind, place, step);
    if let Some(recorded) = shared.steps.get(step as usize) {
        recorded.pc.store(place.pc, Relaxed);
        recorded.address.store(place.address, Relaxed);
        let size = match kind {
            Kind::Edge => u32::from(is_before_atomic(place.pc)),
            _ => place.size,
        };
        recorded.size.store(size, Relaxed);
        recorded.value.store(0, Relaxed);
        recorded.enabled.store(enabled, Relaxed);
        recorded.kind.store(kind as u8, Relaxed);
        recorded.task.store(me as u8, Relaxed);
        recorded.default.store(default as u8, Relaxed);
        recorded.chosen.store(chosen as u8, Relaxed);
    }
    let tasks = &shared.tasks;
    if chosen != me {
        let is_preempted = enabled & 1 << me != 0 && kind != Kind::Yield;
        let slow_until = yields + MOST_YIELDS;
        tasks[me]
            .slow_until
            .store(if is_preempted { slow_until } else { 0 }, Relaxed);
        tasks[chosen].slow_until.store(0, Relaxed);
        if shared.alone.swap(0, Relaxed) >= MOST_ALONE {
            // It may wait for a preempted task.
            tasks
                .iter()
                .for_each(|task| task.slow_until.store(0, Relaxed));
        }
        give_turn(shared, chosen);
    } else if enabled.count_ones() > 1 {
        shared.alone.fetch_add(1, Relaxed);
    }
    (step as usize, chosen)
}

/// The set of tasks that can continue, the default one, and the chosen one.
fn choose(shared: &Shared, me: usize, kind: Kind, place: Place, step: u32) -> (u64, usize, usize) {
    let tasks = born(shared);
    let mut enabled = tasks_that(shared, |task| can_go_on(shared, task));
    if enabled == 0 {
        enabled = last_resort(shared);
    }
    let default = default_task(shared, me, kind, place, enabled);
    if shared.seed.load(Relaxed) != 0 {
        let task = &shared.tasks[me];
        let change = shared
            .changes
            .iter()
            .position(|change| change.load(Relaxed) == step);
        match (change, kind) {
            (Some(change), _) => task.priority.store(change as u32 + 1, Relaxed),
            (None, Kind::Yield) => task.priority.store(0, Relaxed),
            _ => {}
        }
        let able = tasks
            .iter()
            .enumerate()
            .filter(|(index, _)| enabled & 1 << index != 0);
        let first = able.max_by_key(|(_, task)| task.priority.load(Relaxed));
        let chosen = first.map_or(default, |(index, _)| index);
        return (
            enabled,
            default,
            if kind == Kind::Yield { default } else { chosen },
        );
    }
    let made = shared.choices_made.load(Relaxed) as usize;
    let is_made = made < shared.choices_len.load(Relaxed) as usize;
    if let (true, Some(choice)) = (is_made, shared.choices.get(made))
        && choice.step.load(Relaxed) == step
    {
        shared.choices_made.fetch_add(1, Relaxed);
        let chosen = choice.task.load(Relaxed) as usize;
        if chosen < tasks.len() && enabled & 1 << chosen != 0 {
            return (enabled, default, chosen);
        }
        shared.diverged.store(1, Relaxed);
    }
    (enabled, default, default)
}

/// The task that continues if the schedule makes no choice: this one, if it can and does not
/// yield, or else the next one that was not preempted. A sleep may end before a preempted task
/// goes on.
fn default_task(shared: &Shared, me: usize, kind: Kind, place: Place, enabled: u64) -> usize {
    let own = enabled & 1 << me;
    if own != 0 && kind != Kind::Yield {
        return me;
    }
    let yields = shared.yields.load(Relaxed);
    let slow = tasks_that(shared, |task| task.slow_until.load(Relaxed) > yields);
    let first = |set: u64| (set != 0).then(|| set.trailing_zeros() as usize);
    let next = |set: u64| first(set & !((2 << me) - 1)).or(first(set));
    let sleeps = (own != 0 && place.address == SLEEP).then_some(me);
    next(enabled & !own & !slow)
        .or(sleeps)
        .or(next(enabled & !own))
        .unwrap_or(me)
}

/// The set of these tasks.
fn tasks_that(shared: &Shared, are: impl Fn(&Task) -> bool) -> u64 {
    let tasks = born(shared).iter().enumerate();
    let those = tasks.filter(|(_, task)| are(task));
    those.fold(0, |set, (index, _)| set | 1 << index)
}

/// The tasks that may be able to continue, if no task is certain to.
fn last_resort(shared: &Shared) -> u64 {
    let of = |state| tasks_that(shared, |task| task.state() == state);
    // A timer ends if nothing else happens.
    let timed = of(State::TimedFutex);
    if timed != 0 {
        return timed;
    }
    // The kernel may not have finished the end of a process, or a write to a pipe.
    let (again, outside) = (of(State::Again), of(State::Outside));
    let most = || match again {
        0 => MOST_HOPELESS_OUTSIDE,
        _ if born(shared).iter().any(is_ending) => MOST_HOPELESS_ENDING,
        _ => MOST_HOPELESS,
    };
    let is_hopeless = || {
        let tried = shared.hopeless.fetch_add(1, Relaxed);
        tried >= MOST_HOPELESS && tried >= most()
    };
    if again | outside == 0 || is_hopeless() {
        stop(shared, Stop::Deadlock);
    }
    let pause = libc::timespec {
        tv_sec: 0,
        tv_nsec: 1_000_000,
    };
    let pointer = &raw const pause as c_long;
    system_call(libc::SYS_nanosleep, [pointer, 0, 0, 0, 0, 0]);
    if again == 0 { outside } else { again }
}

/// Whether a task has ended for the scheduler, but not for the kernel.
fn is_ending(task: &Task) -> bool {
    let life = || life(task.pid.load(Relaxed), task.tid.load(Relaxed));
    task.state() == State::Ended && matches!(life(), Life::Runs | Life::Sleeps)
}

fn can_go_on(shared: &Shared, task: &Task) -> bool {
    let awaited = task.awaited.load(Relaxed);
    match task.state() {
        State::Ready => true,
        State::Futex | State::TimedFutex | State::Outside | State::Ended => false,
        State::Again => task.since.load(Relaxed) != shared.progress.load(Relaxed),
        State::Thread => match shared.tasks.get(awaited as usize) {
            Some(thread) => thread.state() == State::Ended,
            None => true,
        },
        State::Process => {
            let parent = task.pid.load(Relaxed);
            ended_child(shared, parent, awaited as c_int).is_some()
        }
    }
}

/// A child process that has ended, and that its parent has not waited for yet.
pub(crate) fn ended_child(shared: &Shared, parent: u32, pid: c_int) -> Option<&Task> {
    children(shared, parent, pid).find(|task| task.state() == State::Ended)
}

/// The first tasks of the child processes of `parent`: all of them, or the one with this id.
pub(crate) fn children(shared: &Shared, parent: u32, pid: c_int) -> impl Iterator<Item = &Task> {
    born(shared).iter().filter(move |task| {
        let own = task.pid.load(Relaxed);
        task.parent.load(Relaxed) == parent
            && (pid <= 0 || own == pid as u32)
            && task.reaped.load(Relaxed) == 0
    })
}

fn give_turn(shared: &Shared, chosen: usize) {
    shared.current.store(chosen as u32, SeqCst);
    let go = &shared.tasks[chosen].go;
    go.store(1, SeqCst);
    futex(go, libc::FUTEX_WAKE, 1, None);
}

/// Sleeps until it is the turn of this task. A stopped run ends here.
pub(crate) fn wait_for_turn(shared: &Shared, me: usize) {
    let go = &shared.tasks[me].go;
    let mut asleep = Asleep::default();
    loop {
        go.store(0, SeqCst);
        if shared.current.load(SeqCst) as usize == me {
            break;
        }
        end_if_stopped(shared);
        let pause = libc::timespec {
            tv_sec: 0,
            tv_nsec: LOOK_AFTER_NS,
        };
        if !futex(go, libc::FUTEX_WAIT, 0, Some(&pause)) {
            look_after(shared, me, &mut asleep);
        }
    }
    end_if_stopped(shared);
}

/// The number of times in a row that a task was found asleep in the same step.
#[derive(Default)]
struct Asleep {
    /// The step, and the task whose turn it is.
    at: (u32, u32),
    looks: u32,
}

/// Checks that the task whose turn it is lives and runs.
fn look_after(shared: &Shared, me: usize, asleep: &mut Asleep) {
    let now = || (shared.steps_taken.load(SeqCst), shared.current.load(SeqCst));
    let at = now();
    let current = at.1 as usize;
    let Some(task) = shared.tasks.get(current).filter(|_| current != me) else {
        return;
    };
    let life_of = |task: &Task| life(task.pid.load(Relaxed), task.tid.load(Relaxed));
    // One task at a time looks. The program may kill it meanwhile.
    let watchman = &shared.watchman;
    let last = watchman.load(SeqCst);
    let is_alive = |task: &Task| life_of(task) != Life::ProcessIsGone;
    let looks = (last as usize).checked_sub(1);
    if looks
        .and_then(|looks| shared.tasks.get(looks))
        .is_some_and(is_alive)
        || watchman
            .compare_exchange(last, me as u32 + 1, SeqCst, SeqCst)
            .is_err()
    {
        return;
    }
    let pid = task.pid.load(Relaxed);
    let life = life_of(task);
    let is_same = now() == at;
    if life != Life::Sleeps || !is_same || asleep.at != at {
        *asleep = Asleep { at, looks: 0 };
    }
    let ended = |task: &Task| task.state.store(State::Ended as u32, SeqCst);
    let passed = match life {
        _ if !is_same => None,
        Life::Runs => None,
        Life::Sleeps => {
            asleep.looks += 1;
            (asleep.looks >= MOST_LOOKS).then(|| {
                shared.found_outside.fetch_add(1, Relaxed);
                task.state.store(State::Outside as u32, SeqCst);
                Kind::Block
            })
        }
        Life::ThreadIsGone => {
            ended(task);
            Some(Kind::End)
        }
        Life::ProcessIsGone => {
            let all = shared.tasks.iter();
            let of_process = all.filter(|other| other.pid.load(Relaxed) == pid);
            of_process.for_each(ended);
            Some(Kind::Killed)
        }
    };
    if let Some(kind) = passed {
        pass_turn(shared, current, kind, Place::default());
    }
    watchman.store(0, SeqCst);
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

fn life(pid: u32, tid: u32) -> Life {
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

/// Ends the run and all its tasks.
pub(crate) fn stop(shared: &Shared, why: Stop) -> ! {
    shared.stop.store(why as u32, SeqCst);
    for task in &shared.tasks {
        task.go.store(1, SeqCst);
        futex(&task.go, libc::FUTEX_WAKE, 1, None);
    }
    leave()
}

fn end_if_stopped(shared: &Shared) {
    if shared.stop.load(SeqCst) != Stop::None as u32 {
        leave()
    }
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
