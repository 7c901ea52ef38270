//! Locks, semaphores and condition variables of libc. Those of Rust's standard library use the
//! futex.

use super::{point_at, point_at_lock, until};
use crate::layout::{Kind, Lock, State, Task, WOKE_NONE};
use crate::real::real;
use crate::turn::{block, me};
use libc::{c_int, pthread_cond_t, pthread_mutex_t, pthread_rwlock_t, pthread_spinlock_t};
use libc::{sem_t, timespec};
use std::sync::atomic::Ordering::Relaxed;

/// Functions that wait for a lock. Each tries to get it, and blocks in the scheduler while another
/// task has it.
macro_rules! locks {
    ($($lock:ident($object:ty) by $attempt:ident, $field:expr, $kind:ident;)*) => {$(
        #[unsafe(no_mangle)]
        unsafe extern "C" fn $lock(object: *mut $object) -> c_int {
            if me().is_none() {
                return real!($lock(object));
            }
            point_at_lock(object as u64, Lock::$kind, false);
            let attempt = || real!($attempt(object));
            // SAFETY: the caller has passed an object with such a field.
            let state = unsafe { asleep(object.cast(), $field) };
            until(state, object as u64, attempt)
        }
    )*};
}

locks! {
    pthread_mutex_lock(pthread_mutex_t) by pthread_mutex_trylock, MUTEX, Mutex;
    pthread_rwlock_rdlock(pthread_rwlock_t) by pthread_rwlock_tryrdlock, RWLOCK, Read;
    pthread_rwlock_wrlock(pthread_rwlock_t) by pthread_rwlock_trywrlock, RWLOCK, Write;
    pthread_spin_lock(pthread_spinlock_t) by pthread_spin_trylock, None, Spin;
    sem_wait(sem_t) by sem_trywait, SEMAPHORE, Semaphore;
}

/// Where glibc keeps whether an object is for several processes: the place of a 32-bit word, and
/// its bits. They are a part of its binary interface on 64-bit machines.
type Field = Option<(usize, u32)>;
const MUTEX: Field = Some((16, 128));
const RWLOCK: Field = Some((28, u32::MAX));
const SEMAPHORE: Field = Some((8, u32::MAX));

/// The state of a task that waits for this object. If several processes share its memory, but it
/// was not made with `PTHREAD_PROCESS_SHARED`, only its own process wakes the task.
///
/// # Safety
///
/// The object has this field.
unsafe fn asleep(object: *const u8, field: Field) -> State {
    let (Some((run, _)), Some((place, bits))) = (me(), field) else {
        return State::Again;
    };
    // SAFETY: as above.
    let word = unsafe { object.add(place).cast::<u32>().read_volatile() };
    match word & bits == 0 && run.is_shared(object as u64) {
        true => State::Futex,
        false => State::Again,
    }
}

/// Functions that unlock.
macro_rules! unlocks {
    ($($unlock:ident($object:ty), $kind:ident;)*) => {$(
        #[unsafe(no_mangle)]
        unsafe extern "C" fn $unlock(object: *mut $object) -> c_int {
            let result = real!($unlock(object));
            let wakes_none = wake(object as u64, 1, true) == 0;
            let misses_task = wakes_none && is_awaited(object as u64);
            point_at_lock(object as u64, Lock::$kind, true);
            if misses_task {
                point_at(Kind::Release, WOKE_NONE);
            }
            result
        }
    )*};
}

unlocks! {
    pthread_mutex_unlock(pthread_mutex_t), Mutex;
    pthread_rwlock_unlock(pthread_rwlock_t), ReadWrite;
    pthread_spin_unlock(pthread_spinlock_t), Spin;
    sem_post(sem_t), Semaphore;
}

/// Functions that wake up to this number of tasks.
macro_rules! wakes {
    ($($wake:ident $most:expr;)*) => {$(
        #[unsafe(no_mangle)]
        unsafe extern "C" fn $wake(condition: *mut pthread_cond_t) -> c_int {
            let result = real!($wake(condition));
            wake_some(condition as u64, $most, false);
            result
        }
    )*};
}

wakes! {
    pthread_cond_signal 1;
    pthread_cond_broadcast u32::MAX;
}

#[unsafe(no_mangle)]
unsafe extern "C" fn pthread_cond_wait(
    condition: *mut pthread_cond_t,
    mutex: *mut pthread_mutex_t,
) -> c_int {
    match me() {
        // SAFETY: the caller has passed a mutex.
        Some(_) => unsafe { sleep_on(condition, mutex, State::Futex) },
        None => real!(pthread_cond_wait(condition, mutex)),
    }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn pthread_cond_timedwait(
    condition: *mut pthread_cond_t,
    mutex: *mut pthread_mutex_t,
    time: *const timespec,
) -> c_int {
    match me() {
        // SAFETY: the caller has passed a mutex.
        Some(_) => unsafe { sleep_on(condition, mutex, State::TimedFutex) },
        None => real!(pthread_cond_timedwait(condition, mutex, time)),
    }
}

/// Waits for a condition in the scheduler.
///
/// # Safety
///
/// It is a mutex.
unsafe fn sleep_on(
    condition: *mut pthread_cond_t,
    mutex: *mut pthread_mutex_t,
    state: State,
) -> c_int {
    real!(pthread_mutex_unlock(mutex));
    let is_woken = block(state, condition as u64, Kind::Release);
    // SAFETY: as the caller says.
    let result = unsafe { pthread_mutex_lock(mutex) };
    if is_woken { result } else { libc::ETIMEDOUT }
}

/// Wakes tasks that sleep on this address. A scheduling point that records if there is none.
/// Returns their number.
pub(super) fn wake_some(address: u64, most: u32, is_private: bool) -> u32 {
    let woken = wake(address, most, is_private);
    point_at(Kind::Release, if woken == 0 { WOKE_NONE } else { 0 });
    woken
}

/// Whether a task sleeps on this address.
fn is_awaited(address: u64) -> bool {
    me().is_some_and(|(run, _)| run.tasks.iter().any(|task| task.sleeps_on(address)))
}

/// Wakes tasks that sleep on this address: as in the kernel, first the one that has waited
/// longest. A private call wakes tasks of its own process only. Returns their number. A scheduling
/// point must follow.
fn wake(address: u64, most: u32, is_private: bool) -> u32 {
    let Some((run, me)) = me() else { return 0 };
    let own = run.tasks[me].pid.load(Relaxed);
    let sleeps = |task: &&Task| {
        let is_meant = !is_private || task.pid.load(Relaxed) == own;
        is_meant && task.sleeps_on(address)
    };
    let next = || {
        let sleeping = run.tasks.iter().filter(sleeps);
        sleeping.min_by_key(|task| task.since.load(Relaxed))
    };
    let mut woken = 0;
    while woken < most
        && let Some(task) = next()
    {
        task.set_state(State::Ready);
        task.awaited.store(0, Relaxed);
        woken += 1;
    }
    woken
}
