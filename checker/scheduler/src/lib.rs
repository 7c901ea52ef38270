//! A library that is loaded into a program of the lab (`LD_PRELOAD`). It runs one task of the
//! program at a time, in the order that the explorer outside requests.
//!
//! The explorer starts the program once for many runs. When `main` begins, the program waits for
//! the explorer, and forks a process for each run. So a run costs one `fork`, and begins with the
//! same memory at the same addresses. The compiler inserted a call before each load and store of
//! the student's file, and before many comparisons and basic blocks (module `points`). At these
//! calls, and where a call of libc would block (module `calls`), the schedule decides which task
//! continues (modules `turn` and `choice`).
//!
//! System calls outside `calls` are not scheduled. If a task sleeps in one, the scheduler
//! detects it after a while (module `life`) and lets other tasks continue.

#![allow(
    clippy::multiple_unsafe_ops_per_block,
    reason = "a call of libc and its result belong together"
)]
#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    reason = "system calls take and return addresses, numbers and sizes in the same words"
)]

mod caller;
mod calls;
mod choice;
mod code;
#[allow(dead_code, reason = "the explorer uses more of it")]
mod layout;
mod life;
mod points;
mod real;
mod turn;

use layout::{FOLDER, Shared, Stop};
use std::fs::{self, OpenOptions};
use std::os::fd::AsRawFd;
use std::path::PathBuf;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed, Ordering::SeqCst};
use std::{env, ptr};

/// Calls of the scheduler before a run has begun.
static EARLY_CALLS: AtomicU32 = AtomicU32::new(0);

/// Without a signal stack, `main` counts as begun after this number of scheduler calls.
const MOST_EARLY_CALLS: u32 = 100;

#[unsafe(no_mangle)]
unsafe extern "C" fn sigaltstack(new: *const libc::stack_t, old: *mut libc::stack_t) -> i32 {
    // The standard library sets up a signal stack as its last step before the program's `main`.
    EARLY_CALLS.store(MOST_EARLY_CALLS, Relaxed);
    real::real!(sigaltstack(new, old))
}

/// Counts a call before the first run. If `main` has begun, forks a process for each run.
pub(crate) fn early_call() {
    if EARLY_CALLS.fetch_add(1, Relaxed) >= MOST_EARLY_CALLS {
        serve();
    }
}

/// `exit(3)` calls it after the program's own exit handlers.
#[used]
#[unsafe(link_section = ".fini_array")]
static AFTER_MAIN: extern "C" fn() = calls::births::end_process;

/// Forks for each requested run, and returns in the child.
fn serve() {
    let Some(folder) = env::var_os(FOLDER).map(PathBuf::from) else {
        return;
    };
    // A program that this program executes is not explored.
    // SAFETY: there is no other thread yet.
    unsafe {
        env::remove_var(FOLDER);
        env::remove_var("LD_PRELOAD");
    }
    let mut options = OpenOptions::new();
    let file = options.read(true).write(true).open(folder.join("shared"));
    let Ok(mapping) = file.and_then(|file| Shared::map(&file)) else {
        return;
    };
    // SAFETY: the file has the length of a `Shared`, of which any bytes are valid. The mapping is
    // aligned to a page, and is never unmapped.
    let shared = unsafe { &*mapping };
    for (name, fd) in [("stdout", 1), ("stderr", 2)] {
        if let Ok(file) = OpenOptions::new().append(true).open(folder.join(name)) {
            // SAFETY: both are descriptors.
            unsafe { libc::dup2(file.as_raw_fd(), fd) };
        }
    }
    shared.base.store(base(), Relaxed);
    use_one_cpu(shared.session.load(Relaxed) as usize);
    // SAFETY: the call has no pointers. Orphans of a run become children of this process.
    unsafe { libc::prctl(libc::PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) };
    // A blocked signal does not stop this process for its tracer.
    let mask = block_sigchld();
    let mut answered = 0;
    loop {
        while shared.asked.load(SeqCst) == answered {
            turn::futex(&shared.asked, libc::FUTEX_WAIT, answered, None);
        }
        answered = shared.asked.load(SeqCst);
        if answered == u32::MAX {
            // SAFETY: this process keeps no state.
            unsafe { libc::_exit(0) };
        }
        // SAFETY: there is no other thread.
        match unsafe { calls::births::fork() } {
            0 => {
                // SAFETY: the mask is a variable of this function.
                unsafe { libc::sigprocmask(libc::SIG_SETMASK, &raw const mask, ptr::null_mut()) };
                turn::begin(shared);
                return;
            }
            -1 => shared.run.stop.store(Stop::TooManyTasks as u32, SeqCst),
            child => shared.status.store(wait_for(child), SeqCst),
        }
        clean();
        shared.answered.store(answered, SeqCst);
        turn::futex(&shared.answered, libc::FUTEX_WAKE, 1, None);
    }
}

/// The CPUs on which the program may run.
static CPUS: OnceLock<libc::cpu_set_t> = OnceLock::new();

/// One task runs at a time. If all tasks are on the same CPU, a task that gives way wakes the next
/// one in half the time.
fn use_one_cpu(session: usize) {
    const SIZE: usize = size_of::<libc::cpu_set_t>();
    // SAFETY: zeroes are a set, and the pointers are to variables of this function.
    unsafe {
        let (mut all, mut one) = std::mem::zeroed();
        if libc::sched_getaffinity(0, SIZE, &raw mut all) != 0 {
            return;
        }
        let cpus = (0..8 * SIZE).filter(|cpu| libc::CPU_ISSET(*cpu, &all));
        if let Some(cpu) = cpus.cycle().nth(session) {
            libc::CPU_SET(cpu, &mut one);
            libc::sched_setaffinity(0, SIZE, &raw const one);
            let _ = CPUS.set(all);
        }
    }
}

/// The program sees all its CPUs, because some programs start one worker for each CPU.
#[unsafe(no_mangle)]
unsafe extern "C" fn sched_getaffinity(
    task: libc::pid_t,
    size: usize,
    cpus: *mut libc::cpu_set_t,
) -> i32 {
    match CPUS.get() {
        Some(all) if size >= size_of_val(all) => {
            // SAFETY: the caller's set has this size.
            unsafe { cpus.write(*all) };
            0
        }
        _ => real::real!(sched_getaffinity(task, size, cpus)),
    }
}

/// Blocks SIGCHLD. Returns the old mask.
fn block_sigchld() -> libc::sigset_t {
    // SAFETY: zeroes are a set; the pointers are to variables of this function.
    unsafe {
        let (mut ends, mut before) = std::mem::zeroed();
        libc::sigemptyset(&raw mut ends);
        libc::sigaddset(&raw mut ends, libc::SIGCHLD);
        libc::sigprocmask(libc::SIG_BLOCK, &raw const ends, &raw mut before);
        before
    }
}

/// The load address of the program, to subtract from its addresses.
fn base() -> u64 {
    extern "C" fn first(info: *mut libc::dl_phdr_info, _: usize, base: *mut libc::c_void) -> i32 {
        // SAFETY: both pointers are good for this call. The first entry is the program.
        unsafe { *base.cast::<u64>() = (*info).dlpi_addr };
        1
    }
    let mut base = 0;
    // SAFETY: the function gets the pointer that it takes.
    unsafe { libc::dl_iterate_phdr(Some(first), (&raw mut base).cast()) };
    base
}

/// Waits for the end of the first process of a run, and kills the remaining processes. Returns
/// the wait status.
fn wait_for(child: i32) -> u32 {
    let mut status = 0;
    // SAFETY: the status is a variable of this function; the others are children.
    unsafe {
        while libc::waitpid(child, &raw mut status, 0) == -1
            && *libc::__errno_location() == libc::EINTR
        {}
        while libc::waitpid(-1, ptr::null_mut(), libc::WNOHANG) != -1 {
            let left = fs::read_to_string("/proc/thread-self/children").unwrap_or_default();
            for pid in left.split_whitespace().filter_map(|pid| pid.parse().ok()) {
                libc::kill(pid, libc::SIGKILL);
            }
            libc::waitpid(-1, ptr::null_mut(), 0);
        }
    }
    status.cast_unsigned()
}

/// Empties the folder for the next run.
fn clean() {
    for entry in fs::read_dir(".").into_iter().flatten().flatten() {
        let path = entry.path();
        let _ = fs::remove_file(&path).or_else(|_| fs::remove_dir_all(&path));
    }
}
