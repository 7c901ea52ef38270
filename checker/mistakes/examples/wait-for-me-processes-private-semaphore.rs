//! Verdict: timed-out
//!
//! A POSIX semaphore in shared memory that is not initialised as one that processes share. So
//! sem_post in the child does not wake the parent from sem_wait.

use anyhow::{Result, ensure};
use common::{NewFile, Process, args, print_line};
use std::time::Duration;
use std::{io, mem, ptr, thread};

#[derive(Clone, Copy)]
struct Semaphore(*mut libc::sem_t);

impl Semaphore {
    fn new() -> Result<Self> {
        // SAFETY: a new mapping, at a place that the kernel chooses.
        let memory = unsafe {
            libc::mmap(
                ptr::null_mut(),
                mem::size_of::<libc::sem_t>(),
                libc::PROT_READ | libc::PROT_WRITE,
                libc::MAP_SHARED | libc::MAP_ANONYMOUS,
                -1,
                0,
            )
        };
        ensure!(
            memory != libc::MAP_FAILED,
            "mmap: {}",
            io::Error::last_os_error()
        );
        // SAFETY: the memory is large enough. The mistake: 0 is "shared between threads".
        let rc = unsafe { libc::sem_init(memory.cast(), 0, 0) };
        ensure!(rc == 0, "sem_init: {}", io::Error::last_os_error());
        Ok(Self(memory.cast()))
    }

    fn post(self) {
        // SAFETY: it was initialised, and is never unmapped.
        unsafe { libc::sem_post(self.0) };
    }

    fn wait(self) {
        // SAFETY: as in `post`. It is called again after a signal.
        while unsafe { libc::sem_wait(self.0) } != 0 {}
    }
}

fn main() -> Result<()> {
    let file = NewFile::at(args::file_name())?;
    let written = Semaphore::new()?;

    let mut writer = Process::new("writer", || {
        write_message(&file)?;
        written.post();
        Ok(())
    });
    writer.start()?;
    written.wait();
    writer.join()?;

    print_line(file.read()?)?;
    file.remove()
}

fn write_message(file: &NewFile) -> Result<()> {
    thread::sleep(Duration::from_secs(1));
    file.write("Now you see me, now you don't")
}
