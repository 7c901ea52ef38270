//! Verdict: passed
//!
//! The counter is in files in memory. With the lock, workers read and write a number. Without,
//! they append a byte (O_APPEND is one step for the kernel), and the length is the counter.

use anyhow::{Result, anyhow, ensure};
use common::{Children, exit_child, fork, set_process_name, waitpid};
use common::{SharedLock, Stopwatch, WaitStatus, args, print_counter};
use nix::unistd::ForkResult;
use std::fs::File;
use std::io::{self, Write};
use std::os::fd::FromRawFd;
use std::os::unix::fs::FileExt;

fn main() -> Result<()> {
    let args = args::counter();
    let number = memory_file(0)?;
    number.write_all_at(&0_u64.to_ne_bytes(), 0)?;
    let tally = memory_file(libc::O_APPEND)?;
    let lock = SharedLock::new()?;

    let stopwatch = Stopwatch::start();
    let mut workers = Children::new();
    for i in 0..args.num {
        match fork().map_err(|error| anyhow!("cannot start process {i}: {error}"))? {
            ForkResult::Child => {
                set_process_name(&format!("worker {i}"));
                let result = (0..args.increments).try_for_each(|_| {
                    if args.is_atomic {
                        (&tally).write_all(b"|")
                    } else {
                        add(&number, &lock)
                    }
                });
                exit_child(i32::from(result.is_err()))
            }
            ForkResult::Parent { child } => workers.push(child),
        }
    }

    for (i, &worker) in workers.iter().enumerate() {
        let status = waitpid(worker)?;
        ensure!(status == 0, "process {i} {}", WaitStatus::from_raw(status));
    }

    print_counter(read(&number)? + tally.metadata()?.len(), &stopwatch)
}

fn memory_file(flags: i32) -> io::Result<File> {
    // SAFETY: the name is a C string.
    let fd = unsafe { libc::memfd_create(c"counter".as_ptr(), 0) };
    // SAFETY: it fails if the first call has failed.
    if unsafe { libc::fcntl(fd, libc::F_SETFL, flags) } < 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: the descriptor is open and ours.
    Ok(unsafe { File::from_raw_fd(fd) })
}

fn add(number: &File, lock: &SharedLock) -> io::Result<()> {
    let _guard = lock.lock();
    let value = read(number)?;
    number.write_all_at(&(value + 1).to_ne_bytes(), 0)
}

fn read(number: &File) -> io::Result<u64> {
    let mut bytes = [0; 8];
    number.read_exact_at(&mut bytes, 0)?;
    Ok(u64::from_ne_bytes(bytes))
}
