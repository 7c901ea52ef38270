//! A lock shared by processes.

use crate::mapping::Mapping;
use anyhow::{Result, anyhow, ensure};
use nix::sys::mman::MapFlags;
use std::io;
use std::marker::PhantomData;
use std::mem::{ManuallyDrop, MaybeUninit};

/// A lock in a `MAP_SHARED` mapping. One process at a time holds it.
///
/// It is a POSIX mutex with the attribute `PTHREAD_PROCESS_SHARED`,
/// `pthread_mutexattr_setpshared(3)`. [`std::sync::Mutex`] does not promise to work between
/// processes. The standard library may keep a part of it outside the mapping, or wait in a way
/// that only works for threads of one process.
///
/// ```
/// let lock = common::SharedLock::new()?;
/// let guard = lock.lock();
/// // No other process is here.
/// drop(guard);
/// # Ok::<(), anyhow::Error>(())
/// ```
///
/// If a process dies while it holds the lock, another process can still take it. The protected
/// data may then be incomplete. The parent learns from `waitpid` that the child failed.
#[derive(Debug)]
pub struct SharedLock {
    /// The mapping lasts until the process ends. The system keeps a list of the locks that a
    /// thread holds. A forgotten guard leaves its lock in this list, which must not point to
    /// memory that is gone.
    mapping: ManuallyDrop<Mapping>,
}

/// Holds the lock until it is dropped. The thread that took the lock must release it.
#[derive(Debug)]
#[must_use = "without a name, it unlocks at once"]
pub struct SharedLockGuard<'a> {
    lock: &'a SharedLock,
    /// Makes the guard impossible to send to another thread.
    of_thread: PhantomData<*const ()>,
}

impl SharedLock {
    /// Creates an unlocked lock.
    ///
    /// # Errors
    ///
    /// When the system does not have the memory.
    #[allow(
        clippy::multiple_unsafe_ops_per_block,
        reason = "one mutex is made by all of these calls"
    )]
    pub fn new() -> Result<Self> {
        let bytes = size_of::<libc::pthread_mutex_t>();
        let mapping = Mapping::new(bytes, MapFlags::MAP_SHARED)
            .map_err(|error| anyhow!("cannot get shared memory: {error}"))?;
        let mapping = ManuallyDrop::new(mapping);
        let lock = Self { mapping };
        let mut attributes = MaybeUninit::uninit();
        let attributes = attributes.as_mut_ptr();
        // SAFETY: the attributes are initialised before their use. The mutex is in memory of
        // its size, which lives as long as the lock.
        let results = unsafe {
            [
                libc::pthread_mutexattr_init(attributes),
                libc::pthread_mutexattr_setpshared(attributes, libc::PTHREAD_PROCESS_SHARED),
                libc::pthread_mutexattr_settype(attributes, libc::PTHREAD_MUTEX_ERRORCHECK),
                // If a process dies while it holds the lock, another process can take it.
                libc::pthread_mutexattr_setrobust(attributes, libc::PTHREAD_MUTEX_ROBUST),
                libc::pthread_mutex_init(lock.mutex(), attributes),
            ]
        };
        for error in results {
            let source = io::Error::from_raw_os_error(error);
            ensure!(error == 0, "cannot make a lock: {source}");
        }
        Ok(lock)
    }

    /// Waits until no other process or thread holds the lock, and takes it,
    /// `pthread_mutex_lock(3)`.
    ///
    /// # Panics
    ///
    /// Panics if this thread already holds the lock, because it would wait for itself.
    #[track_caller]
    pub fn lock(&self) -> SharedLockGuard<'_> {
        // SAFETY: `new` initialised the mutex.
        let error = unsafe { libc::pthread_mutex_lock(self.mutex()) };
        if error == libc::EOWNERDEAD {
            // The users of the lock check the protected data.
            // SAFETY: as above, and this thread holds the lock.
            unsafe { libc::pthread_mutex_consistent(self.mutex()) };
        } else {
            let source = io::Error::from_raw_os_error(error);
            assert!(error == 0, "cannot take the lock: {source}");
        }
        let of_thread = PhantomData;
        SharedLockGuard {
            lock: self,
            of_thread,
        }
    }

    fn mutex(&self) -> *mut libc::pthread_mutex_t {
        self.mapping.start().as_ptr()
    }
}

impl Drop for SharedLockGuard<'_> {
    fn drop(&mut self) {
        // SAFETY: `lock` took the mutex.
        unsafe { libc::pthread_mutex_unlock(self.lock.mutex()) };
    }
}
