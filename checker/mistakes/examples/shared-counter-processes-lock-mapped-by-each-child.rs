//! Verdict: passed
//!
//! The lock is in a file in memory. The parent makes it, and each child maps the file again. So the
//! lock has another address in each process.

use anyhow::{Result, anyhow, ensure};
use common::{Children, exit_child, fork, set_process_name, waitpid};
use common::{SharedSlice, WaitStatus};
use common::{Stopwatch, args, print_counter};
use nix::unistd::ForkResult;
use std::fs::File;
use std::io;
use std::mem::MaybeUninit;
use std::os::fd::{AsRawFd, FromRawFd};
use std::ptr;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// A mutex for several processes, in a file in memory.
struct Lock(*mut libc::pthread_mutex_t);

impl Lock {
    /// Maps the file.
    fn map(file: &File) -> io::Result<Self> {
        let size = size_of::<libc::pthread_mutex_t>();
        file.set_len(size as u64)?;
        let (protection, flags) = (libc::PROT_READ | libc::PROT_WRITE, libc::MAP_SHARED);
        let file = file.as_raw_fd();
        // SAFETY: the kernel chooses the address.
        let memory = unsafe { libc::mmap(ptr::null_mut(), size, protection, flags, file, 0) };
        match memory {
            libc::MAP_FAILED => Err(io::Error::last_os_error()),
            memory => Ok(Self(memory.cast())),
        }
    }

    /// Makes the mutex.
    fn init(&self) {
        let mut attributes = MaybeUninit::uninit();
        // SAFETY: the attributes are initialised first, and the mutex has its memory.
        unsafe {
            libc::pthread_mutexattr_init(attributes.as_mut_ptr());
            libc::pthread_mutexattr_setpshared(
                attributes.as_mut_ptr(),
                libc::PTHREAD_PROCESS_SHARED,
            );
            libc::pthread_mutex_init(self.0, attributes.as_ptr());
        }
    }
}

fn main() -> Result<()> {
    let args = args::counter();
    let shared = SharedSlice::<AtomicU64>::zeroed(1)?;
    let counter = &shared[0];
    // SAFETY: the name ends with a zero byte.
    let file = unsafe { libc::memfd_create(c"lock".as_ptr(), 0) };
    ensure!(file >= 0, "cannot make a file in memory");
    // SAFETY: the descriptor is new.
    let file = unsafe { File::from_raw_fd(file) };
    Lock::map(&file)?.init();

    let stopwatch = Stopwatch::start();
    let mut workers = Children::new();
    for i in 0..args.num {
        match fork().map_err(|error| anyhow!("cannot start process {i}: {error}"))? {
            ForkResult::Child => {
                set_process_name(&format!("worker {i}"));
                let Ok(lock) = Lock::map(&file) else {
                    exit_child(1)
                };
                for _ in 0..args.increments {
                    if args.is_atomic {
                        counter.fetch_add(1, Relaxed);
                    } else {
                        add_with_lock(counter, &lock);
                    }
                }
                exit_child(0)
            }
            ForkResult::Parent { child } => workers.push(child),
        }
    }

    for (i, &worker) in workers.iter().enumerate() {
        let status = waitpid(worker)?;
        ensure!(status == 0, "process {i} {}", WaitStatus::from_raw(status));
    }
    print_counter(counter.load(Relaxed), &stopwatch)
}

fn add_with_lock(counter: &AtomicU64, lock: &Lock) {
    // SAFETY: the mutex is made, and its memory stays.
    unsafe { libc::pthread_mutex_lock(lock.0) };
    let value = counter.load(Relaxed);
    counter.store(value + 1, Relaxed);
    // SAFETY: as above.
    unsafe { libc::pthread_mutex_unlock(lock.0) };
}
