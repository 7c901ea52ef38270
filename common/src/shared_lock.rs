//! A lock for processes.

use crate::mapping::{Mapping, Sharing};
use anyhow::{Result, anyhow, ensure};
use std::io;
use std::marker::PhantomData;
use std::mem::{ManuallyDrop, MaybeUninit};

/// A lock in a `MAP_SHARED` mapping: one process at a time has it.
///
/// It is a mutex of POSIX with the attribute `PTHREAD_PROCESS_SHARED`,
/// `pthread_mutexattr_setpshared(3)`. [`std::sync::Mutex`] does not promise to work between
/// processes: the standard library may keep a part of it elsewhere, or sleep in a way that only
/// threads of one process can end.
///
/// ```
/// let lock = common::SharedLock::new()?;
/// let guard = lock.lock();
/// // No other process is here.
/// drop(guard);
/// # Ok::<(), anyhow::Error>(())
/// ```
///
/// A process may die with the lock, and does not keep it for ever. Then the parent learns from
/// `waitpid` that a child did not end well: what the lock protects may be half done.
#[derive(Debug)]
pub struct SharedLock {
    /// It stays mapped until the process ends. The system keeps a list of the locks that a thread
    /// has, and a guard that is forgotten leaves the lock in this list.
    mapping: ManuallyDrop<Mapping>,
}

/// The lock is taken as long as this lives. The thread that takes it gives it back.
#[derive(Debug)]
#[must_use = "without a name, it unlocks at once"]
pub struct SharedLockGuard<'a> {
    lock: &'a SharedLock,
    /// It cannot be sent to another thread.
    of_thread: PhantomData<*const ()>,
}

impl SharedLock {
    /// A lock that no process has.
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
        let mapping = Mapping::new(bytes, Sharing::Shared)
            .map_err(|error| anyhow!("cannot get shared memory: {error}"))?;
        let mapping = ManuallyDrop::new(mapping);
        let lock = Self { mapping };
        let mut attributes = MaybeUninit::uninit();
        let attributes = attributes.as_mut_ptr();
        // SAFETY: the attributes are made before they are used, and the mutex is in memory of
        // its size, which lives as long as the lock.
        let results = unsafe {
            [
                libc::pthread_mutexattr_init(attributes),
                libc::pthread_mutexattr_setpshared(attributes, libc::PTHREAD_PROCESS_SHARED),
                libc::pthread_mutexattr_settype(attributes, libc::PTHREAD_MUTEX_ERRORCHECK),
                // A process that dies with the lock does not keep it for ever.
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

    /// Waits until no other process has the lock, and takes it, `pthread_mutex_lock(3)`.
    ///
    /// # Panics
    ///
    /// When this process has it already: it would wait for itself.
    pub fn lock(&self) -> SharedLockGuard<'_> {
        // SAFETY: `new` has made it.
        let error = unsafe { libc::pthread_mutex_lock(self.mutex()) };
        if error == libc::EOWNERDEAD {
            // What the lock protects is for its users to look at.
            // SAFETY: as above, and this process has it.
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
        // SAFETY: `lock` has taken it.
        unsafe { libc::pthread_mutex_unlock(self.lock.mutex()) };
    }
}
