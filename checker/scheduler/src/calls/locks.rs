//! Locks, semaphores and condition variables of libc. Those of Rust's standard library use the
//! futex.

use super::{point_at, release, until};
use crate::layout::{Kind, State};
use crate::real::{errno, real};
use crate::turn::{block, me};
use libc::{c_int, pthread_cond_t, pthread_mutex_t, pthread_rwlock_t, sem_t, timespec};
use std::sync::atomic::Ordering::Relaxed;

#[unsafe(no_mangle)]
unsafe extern "C" fn pthread_mutex_lock(mutex: *mut pthread_mutex_t) -> c_int {
    if me().is_none() {
        return real!(pthread_mutex_lock: fn(*mut pthread_mutex_t) -> c_int, mutex);
    }
    point_at(Kind::Release, mutex as u64);
    let lock = || real!(pthread_mutex_trylock: fn(*mut pthread_mutex_t) -> c_int, mutex);
    until(mutex as u64, lock, |result| *result == libc::EBUSY)
}

#[unsafe(no_mangle)]
unsafe extern "C" fn pthread_mutex_unlock(mutex: *mut pthread_mutex_t) -> c_int {
    let result = real!(pthread_mutex_unlock: fn(*mut pthread_mutex_t) -> c_int, mutex);
    release();
    result
}

#[unsafe(no_mangle)]
unsafe extern "C" fn pthread_rwlock_rdlock(lock: *mut pthread_rwlock_t) -> c_int {
    point_at(Kind::Release, lock as u64);
    let attempt = || real!(pthread_rwlock_tryrdlock: fn(*mut pthread_rwlock_t) -> c_int, lock);
    until(lock as u64, attempt, |result| *result == libc::EBUSY)
}

#[unsafe(no_mangle)]
unsafe extern "C" fn pthread_rwlock_wrlock(lock: *mut pthread_rwlock_t) -> c_int {
    point_at(Kind::Release, lock as u64);
    let attempt = || real!(pthread_rwlock_trywrlock: fn(*mut pthread_rwlock_t) -> c_int, lock);
    until(lock as u64, attempt, |result| *result == libc::EBUSY)
}

#[unsafe(no_mangle)]
unsafe extern "C" fn pthread_rwlock_unlock(lock: *mut pthread_rwlock_t) -> c_int {
    let result = real!(pthread_rwlock_unlock: fn(*mut pthread_rwlock_t) -> c_int, lock);
    release();
    result
}

#[unsafe(no_mangle)]
unsafe extern "C" fn sem_wait(semaphore: *mut sem_t) -> c_int {
    point_at(Kind::Release, semaphore as u64);
    let attempt = || real!(sem_trywait: fn(*mut sem_t) -> c_int, semaphore);
    until(semaphore as u64, attempt, |result| {
        *result != 0 && errno() == libc::EAGAIN
    })
}

#[unsafe(no_mangle)]
unsafe extern "C" fn sem_post(semaphore: *mut sem_t) -> c_int {
    let result = real!(sem_post: fn(*mut sem_t) -> c_int, semaphore);
    release();
    result
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
