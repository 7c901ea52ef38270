//! Locks, semaphores and condition variables of libc. Those of Rust's standard library use the
//! futex.

use super::{point_at, release, until};
use crate::layout::{Kind, Shared, State, Task};
use crate::real::{errno, real};
use crate::turn::{block, me, shared};
use libc::{c_int, c_uint, pthread_cond_t, pthread_mutex_t, pthread_rwlock_t, pthread_spinlock_t};
use libc::{pthread_mutexattr_t, pthread_rwlockattr_t, sem_t, timespec};
use std::sync::atomic::Ordering::Relaxed;

/// Functions that wait for a lock. Each tries to get it, and blocks in the scheduler while the
/// result shows that another task has it.
macro_rules! locks {
    ($($lock:ident($object:ty) by $attempt:ident if $is_busy:expr, as $state:expr;)*) => {$(
        #[unsafe(no_mangle)]
        unsafe extern "C" fn $lock(object: *mut $object) -> c_int {
            if me().is_none() {
                return real!($lock: fn(*mut $object) -> c_int, object);
            }
            point_at(Kind::Release, object as u64);
            let attempt = || real!($attempt: fn(*mut $object) -> c_int, object);
            until($state(object as u64), object as u64, attempt, $is_busy)
        }
    )*};
}

locks! {
    pthread_mutex_lock(pthread_mutex_t) by pthread_mutex_trylock if is_busy, as asleep;
    pthread_rwlock_rdlock(pthread_rwlock_t) by pthread_rwlock_tryrdlock if is_busy, as asleep;
    pthread_rwlock_wrlock(pthread_rwlock_t) by pthread_rwlock_trywrlock if is_busy, as asleep;
    pthread_spin_lock(pthread_spinlock_t) by pthread_spin_trylock if is_busy, as |_| State::Again;
    sem_wait(sem_t) by sem_trywait if |result| *result != 0 && errno() == libc::EAGAIN, as asleep;
}

/// The state of a task that waits for this object. If several processes share its memory, but it
/// was not made with `PTHREAD_PROCESS_SHARED`, only its own process wakes the task.
fn asleep(object: u64) -> State {
    let is_private = |shared: &Shared| {
        let made = shared.process_shared_len.load(Relaxed) as usize;
        let mut made = shared.process_shared.iter().take(made);
        let mappings = shared.mappings_len.load(Relaxed) as usize;
        let mut mappings = shared.mappings.iter().take(mappings);
        mappings
            .any(|[start, bytes]| object.wrapping_sub(start.load(Relaxed)) < bytes.load(Relaxed))
            && made.all(|other| other.load(Relaxed) != object)
    };
    match shared() {
        Some(shared) if is_private(shared) => State::Futex,
        _ => State::Again,
    }
}

/// Records an object that was made for several processes.
fn note_shared(object: u64, is_for_processes: bool) {
    if let (true, Some((shared, _))) = (is_for_processes, me()) {
        let new = shared.process_shared_len.fetch_add(1, Relaxed) as usize;
        if let Some(place) = shared.process_shared.get(new) {
            place.store(object, Relaxed);
        }
    }
}

/// Functions that make a lock with attributes.
macro_rules! inits {
    ($($init:ident($object:ty, $attributes:ty) by $get:ident;)*) => {$(
        #[unsafe(no_mangle)]
        unsafe extern "C" fn $init(object: *mut $object, attributes: *const $attributes) -> c_int {
            let mut is_shared = 0;
            if !attributes.is_null() {
                // SAFETY: the caller has passed attributes.
                unsafe { libc::$get(attributes, &raw mut is_shared) };
            }
            note_shared(object as u64, is_shared == libc::PTHREAD_PROCESS_SHARED);
            real!($init: fn(*mut $object, *const $attributes) -> c_int, object, attributes)
        }
    )*};
}

inits! {
    pthread_mutex_init(pthread_mutex_t, pthread_mutexattr_t) by pthread_mutexattr_getpshared;
    pthread_rwlock_init(pthread_rwlock_t, pthread_rwlockattr_t) by pthread_rwlockattr_getpshared;
}

#[unsafe(no_mangle)]
unsafe extern "C" fn sem_init(object: *mut sem_t, is_shared: c_int, value: c_uint) -> c_int {
    note_shared(object as u64, is_shared != 0);
    real!(sem_init: fn(*mut sem_t, c_int, c_uint) -> c_int, object, is_shared, value)
}

fn is_busy(result: &c_int) -> bool {
    *result == libc::EBUSY
}

/// Functions that unlock. After that, another task may continue.
macro_rules! unlocks {
    ($($unlock:ident($object:ty);)*) => {$(
        #[unsafe(no_mangle)]
        unsafe extern "C" fn $unlock(object: *mut $object) -> c_int {
            let result = real!($unlock: fn(*mut $object) -> c_int, object);
            if me().is_some() {
                wake(object as u64, 1, true);
            }
            result
        }
    )*};
}

unlocks! {
    pthread_mutex_unlock(pthread_mutex_t);
    pthread_rwlock_unlock(pthread_rwlock_t);
    pthread_spin_unlock(pthread_spinlock_t);
    sem_post(sem_t);
}

#[unsafe(no_mangle)]
unsafe extern "C" fn pthread_cond_wait(
    condition: *mut pthread_cond_t,
    mutex: *mut pthread_mutex_t,
) -> c_int {
    if me().is_none() {
        return real!(
            pthread_cond_wait: fn(*mut pthread_cond_t, *mut pthread_mutex_t) -> c_int,
            condition, mutex
        );
    }
    real!(pthread_mutex_unlock: fn(*mut pthread_mutex_t) -> c_int, mutex);
    block(State::Futex, condition as u64, Kind::Release);
    // SAFETY: the caller has passed a mutex.
    unsafe { pthread_mutex_lock(mutex) }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn pthread_cond_timedwait(
    condition: *mut pthread_cond_t,
    mutex: *mut pthread_mutex_t,
    time: *const timespec,
) -> c_int {
    let Some((shared, me)) = me() else {
        return real!(
            pthread_cond_timedwait: fn(*mut pthread_cond_t, *mut pthread_mutex_t, *const timespec) -> c_int,
            condition, mutex, time
        );
    };
    real!(pthread_mutex_unlock: fn(*mut pthread_mutex_t) -> c_int, mutex);
    shared.tasks[me].awaited.store(0, Relaxed);
    block(State::TimedFutex, condition as u64, Kind::Release);
    let is_woken = shared.tasks[me].awaited.load(Relaxed) == 0;
    // SAFETY: the caller has passed a mutex.
    let result = unsafe { pthread_mutex_lock(mutex) };
    if is_woken { result } else { libc::ETIMEDOUT }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn pthread_cond_signal(condition: *mut pthread_cond_t) -> c_int {
    if me().is_none() {
        return real!(pthread_cond_signal: fn(*mut pthread_cond_t) -> c_int, condition);
    }
    wake(condition as u64, 1, false);
    0
}

#[unsafe(no_mangle)]
unsafe extern "C" fn pthread_cond_broadcast(condition: *mut pthread_cond_t) -> c_int {
    if me().is_none() {
        return real!(pthread_cond_broadcast: fn(*mut pthread_cond_t) -> c_int, condition);
    }
    wake(condition as u64, u32::MAX, false);
    0
}

/// Wakes tasks that sleep on this address: as in the kernel, first the one that has waited
/// longest. A private call wakes tasks of its own process only. Returns their number.
pub(super) fn wake(address: u64, most: u32, is_private: bool) -> u32 {
    let Some((shared, me)) = me() else { return 0 };
    let own = shared.tasks[me].pid.load(Relaxed);
    let sleeps = |task: &&Task| {
        let sleeps = matches!(task.state(), State::Futex | State::TimedFutex);
        let is_meant = !is_private || task.pid.load(Relaxed) == own;
        sleeps && is_meant && task.awaited.load(Relaxed) == address
    };
    let next = || {
        let sleeping = shared.tasks.iter().filter(sleeps);
        sleeping.min_by_key(|task| task.since.load(Relaxed))
    };
    let mut woken = 0;
    while woken < most
        && let Some(task) = next()
    {
        task.state.store(State::Ready as u32, Relaxed);
        task.awaited.store(0, Relaxed);
        woken += 1;
    }
    release();
    woken
}
