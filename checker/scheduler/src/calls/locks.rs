//! Locks, semaphores and condition variables of libc. Those of Rust's standard library use the
//! futex.

use super::{point_at, release, until};
use crate::layout::{Kind, State};
use crate::real::{errno, real};
use crate::turn::{block, me};
use libc::{c_int, pthread_cond_t, pthread_mutex_t, pthread_rwlock_t, pthread_spinlock_t};
use libc::{sem_t, timespec};
use std::sync::atomic::Ordering::Relaxed;

/// Functions that wait for a lock. Each tries to get it, and blocks in the scheduler while the
/// result shows that another task has it.
macro_rules! locks {
    ($($lock:ident($object:ty) by $attempt:ident if $is_busy:expr;)*) => {$(
        #[unsafe(no_mangle)]
        unsafe extern "C" fn $lock(object: *mut $object) -> c_int {
            if me().is_none() {
                return real!($lock: fn(*mut $object) -> c_int, object);
            }
            point_at(Kind::Release, object as u64);
            let attempt = || real!($attempt: fn(*mut $object) -> c_int, object);
            until(object as u64, attempt, $is_busy)
        }
    )*};
}

locks! {
    pthread_mutex_lock(pthread_mutex_t) by pthread_mutex_trylock if is_busy;
    pthread_rwlock_rdlock(pthread_rwlock_t) by pthread_rwlock_tryrdlock if is_busy;
    pthread_rwlock_wrlock(pthread_rwlock_t) by pthread_rwlock_trywrlock if is_busy;
    pthread_spin_lock(pthread_spinlock_t) by pthread_spin_trylock if is_busy;
    sem_wait(sem_t) by sem_trywait if |result| *result != 0 && errno() == libc::EAGAIN;
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
            release();
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
    wake(condition as u64, 1);
    0
}

#[unsafe(no_mangle)]
unsafe extern "C" fn pthread_cond_broadcast(condition: *mut pthread_cond_t) -> c_int {
    if me().is_none() {
        return real!(pthread_cond_broadcast: fn(*mut pthread_cond_t) -> c_int, condition);
    }
    wake(condition as u64, u32::MAX);
    0
}

/// Wakes tasks that sleep on this address. Returns their number.
pub(super) fn wake(address: u64, most: u32) -> u32 {
    let Some((shared, _)) = me() else { return 0 };
    let mut woken = 0;
    for task in &shared.tasks {
        let sleeps = matches!(task.state(), State::Futex | State::TimedFutex);
        if woken < most && sleeps && task.awaited.load(Relaxed) == address {
            task.state.store(State::Ready as u32, Relaxed);
            task.awaited.store(0, Relaxed);
            woken += 1;
        }
    }
    release();
    woken
}
