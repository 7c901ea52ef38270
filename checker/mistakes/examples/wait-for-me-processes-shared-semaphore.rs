//! Verdict: did-not-wait
//!
//! A POSIX semaphore in shared memory. The child posts it after it has written the file. The parent
//! waits with sem_timedwait in steps, to notice a child that has died without a post. It does not
//! wait for the end of the child.

use anyhow::{Context, Result, bail, ensure};
use common::{NewFile, Process, args, print_line};
use std::time::Duration;
use std::{io, mem, ptr, thread};

#[derive(Clone, Copy)]
struct Semaphore(*mut libc::sem_t);

impl Semaphore {
    fn new() -> Result<Self> {
        let size = mem::size_of::<libc::sem_t>();
        // SAFETY: a new mapping, at a place that the kernel chooses.
        let memory = unsafe {
            libc::mmap(
                ptr::null_mut(),
                size,
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
        // SAFETY: the memory is large enough; 1 is "shared between processes".
        let rc = unsafe { libc::sem_init(memory.cast(), 1, 0) };
        ensure!(rc == 0, "sem_init: {}", io::Error::last_os_error());
        Ok(Self(memory.cast()))
    }

    fn post(self) {
        // SAFETY: it was initialised, and is never unmapped.
        unsafe { libc::sem_post(self.0) };
    }

    /// Whether it came within a fifth of a second.
    fn wait_a_while(self) -> bool {
        let mut until = libc::timespec {
            tv_sec: 0,
            tv_nsec: 0,
        };
        // SAFETY: `until` is ours.
        unsafe { libc::clock_gettime(libc::CLOCK_REALTIME, &raw mut until) };
        until.tv_nsec += 200_000_000;
        until.tv_sec += until.tv_nsec / 1_000_000_000;
        until.tv_nsec %= 1_000_000_000;
        // SAFETY: as in `post`.
        unsafe { libc::sem_timedwait(self.0, &raw const until) == 0 }
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
    let pid = writer.pid().context("no pid")?.as_raw();

    while !written.wait_a_while() {
        // SAFETY: a null pointer: we do not want the status.
        let ended = unsafe { libc::waitpid(pid, ptr::null_mut(), libc::WNOHANG) } != 0;
        if ended {
            if written.wait_a_while() {
                break;
            }
            bail!("the writer has died, and has not posted");
        }
    }

    print_line(file.read()?)?;
    file.remove()
}

fn write_message(file: &NewFile) -> Result<()> {
    thread::sleep(Duration::from_secs(1));
    file.write("Now you see me, now you don't")
}
