//! `fork`, `waitpid`, `Children` and `Process` with real children.
//!
//! A `fork` needs a process with a single thread. So the tests run one after the other,
//! in the main thread.

use anyhow::{Result, anyhow};
use common::{
    Children, Process, SharedLock, SharedSlice, WaitStatus, bad_pointer, exit_child, fork,
    set_process_name, waitpid,
};
use libtest_mimic::{Arguments, Failed, Trial};
use nix::errno::Errno;
use nix::sys::resource::{Resource, getrlimit, setrlimit};
use nix::sys::signal::{SigHandler, Signal, kill, signal};
use nix::unistd::{ForkResult, Pid, pause};
use std::io::{PipeReader, PipeWriter, Read, Write, pipe};
use std::os::fd::AsRawFd;
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::mpsc;
use std::{panic, thread};

type Test = fn() -> Result<(), Failed>;

macro_rules! tests {
    ($($test:ident),* $(,)?) => {
        [$((stringify!($test), $test as Test)),*]
    };
}

/// The message of a panic that a test provokes. It is not printed.
const ON_PURPOSE: &str = "this panic is part of the test";

fn main() -> ExitCode {
    let print_message = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        if info.payload_as_str() != Some(ON_PURPOSE) {
            print_message(info);
        }
    }));
    let mut arguments = Arguments::from_args();
    arguments.test_threads = Some(1);
    let tests = tests![
        // Before any other fork, because the first one looks at the handler.
        a_handler_stays,
        fork_returns_twice,
        fork_refuses_other_threads,
        fork_follows_a_join,
        nothing_is_printed_twice,
        a_child_ends_with_its_status,
        a_panic_ends_the_child,
        a_thread_of_a_child_may_panic,
        a_child_has_a_name,
        a_child_dies_with_its_parent,
        children_do_not_outlive_their_owner,
        reaped_children_are_left_alone,
        a_bad_pointer_kills_and_leaves_no_core,
        process_joins,
        process_reports_how_it_ended,
        process_goes_on_without_its_handle,
        process_is_started_and_joined_once,
        a_lock_excludes_other_processes,
        a_lock_survives_its_holder,
    ];
    let tests = tests.into_iter().filter(|(name, _)| {
        // Only with debug assertions `fork` counts the threads.
        *name != "fork_refuses_other_threads" || cfg!(debug_assertions)
    });
    let trials = tests.map(|(name, test)| Trial::test(name, test)).collect();
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// Forks a child that does some work and ends with exit status 0.
fn child(work: impl FnOnce()) -> Result<Pid, Failed> {
    match fork()? {
        ForkResult::Child => {
            work();
            exit_child(0)
        }
        ForkResult::Parent { child } => Ok(child),
    }
}

fn wait_status(child: Pid) -> Result<WaitStatus, Failed> {
    Ok(WaitStatus::from_raw(waitpid(child)?))
}

fn exited(exit_status: i32) -> WaitStatus {
    WaitStatus::Exited { exit_status }
}

/// The wait status of a process that a signal has killed, and that has left no core file.
fn killed(signal: i32) -> WaitStatus {
    WaitStatus::Signaled {
        signal,
        core_dumped: false,
    }
}

fn sleep_forever() {
    loop {
        pause();
    }
}

/// Reads until every process that could write has ended.
fn read_all(mut reader: PipeReader) -> Result<String, Failed> {
    let mut text = String::new();
    reader.read_to_string(&mut text)?;
    Ok(text)
}

fn assert_gone(process: Pid) {
    assert_eq!(kill(process, None), Err(Errno::ESRCH), "{process} is left");
}

fn a_handler_stays() -> Result<(), Failed> {
    static ENDS: AtomicU64 = AtomicU64::new(0);
    extern "C" fn count(_: libc::c_int) {
        ENDS.fetch_add(1, Relaxed);
    }
    // SAFETY: the handler only changes an atomic variable.
    unsafe { signal(Signal::SIGCHLD, SigHandler::Handler(count)) }?;
    assert_eq!(wait_status(child(|| ())?)?, exited(0));
    assert_eq!(ENDS.load(Relaxed), 1);
    // SAFETY: no handler is installed.
    unsafe { signal(Signal::SIGCHLD, SigHandler::SigDfl) }?;
    Ok(())
}

fn fork_returns_twice() -> Result<(), Failed> {
    let (reader, mut writer) = pipe()?;
    let parent = std::process::id();
    let pid = child(|| {
        let ids = (std::process::id(), std::os::unix::process::parent_id());
        let _ = write!(writer, "{} {}", ids.0, ids.1);
    })?;
    drop(writer);
    assert_eq!(wait_status(pid)?, exited(0));
    assert_eq!(read_all(reader)?, format!("{pid} {parent}"));
    Ok(())
}

fn fork_refuses_other_threads() -> Result<(), Failed> {
    let (end, ended) = mpsc::channel::<()>();
    let other = thread::spawn(move || ended.recv());
    let error = match fork() {
        Ok(ForkResult::Child) => exit_child(0),
        Ok(ForkResult::Parent { .. }) => return Err("it forked beside a thread".into()),
        Err(error) => error,
    };
    assert_eq!(error.kind(), std::io::ErrorKind::Deadlock);
    drop(end);
    assert!(other.join().is_ok());
    Ok(())
}

/// The kernel still shows a thread for a moment after it was joined.
fn fork_follows_a_join() -> Result<(), Failed> {
    for _ in 0..200 {
        assert!(thread::spawn(|| ()).join().is_ok());
        let pid = child(|| ())?;
        assert_eq!(wait_status(pid)?, exited(0));
    }
    Ok(())
}

fn nothing_is_printed_twice() -> Result<(), Failed> {
    let (reader, writer) = pipe()?;
    // The standard output of a child is the pipe.
    let pid = child(move || {
        // SAFETY: both are open, and this child has no other use for standard output.
        unsafe { libc::dup2(writer.as_raw_fd(), libc::STDOUT_FILENO) };
        drop(writer);
        print!("parent ");
        match fork() {
            Ok(ForkResult::Child) => {
                print!("child ");
                exit_child(0)
            }
            Ok(ForkResult::Parent { child }) => drop(waitpid(child).expect("a child")),
            Err(_) => print!("no fork "),
        }
        print!("end");
    })?;
    assert_eq!(wait_status(pid)?, exited(0));
    assert_eq!(read_all(reader)?, "parent child end");
    Ok(())
}

fn a_child_ends_with_its_status() -> Result<(), Failed> {
    for status in [0, 1, 255] {
        assert_eq!(wait_status(child(|| exit_child(status))?)?, exited(status));
    }
    Ok(())
}

/// The child does not unwind into code of the parent, whose values it would drop.
fn a_panic_ends_the_child() -> Result<(), Failed> {
    struct OfTheParent(PipeWriter);
    impl Drop for OfTheParent {
        fn drop(&mut self) {
            let _ = write!(self.0, "dropped by {}", std::process::id());
        }
    }
    let (reader, writer) = pipe()?;
    let value = OfTheParent(writer);
    let panicking = child(|| panic!("{ON_PURPOSE}"))?;
    assert_eq!(wait_status(panicking)?, exited(101));
    drop(value);
    assert_eq!(
        read_all(reader)?,
        format!("dropped by {}", std::process::id())
    );
    Ok(())
}

fn a_thread_of_a_child_may_panic() -> Result<(), Failed> {
    let pid = child(|| {
        let thread = thread::spawn(|| panic!("{ON_PURPOSE}"));
        exit_child(if thread.join().is_err() { 7 } else { 8 })
    })?;
    assert_eq!(wait_status(pid)?, exited(7));
    Ok(())
}

fn a_child_has_a_name() -> Result<(), Failed> {
    let (reader, mut writer) = pipe()?;
    let pid = child(|| {
        for name in ["worker 2", "a name of more than fifteen bytes", "no\0name"] {
            set_process_name(name);
            let name = std::fs::read_to_string("/proc/self/comm").unwrap_or_default();
            let _ = writer.write_all(name.as_bytes());
        }
    })?;
    drop(writer);
    assert_eq!(wait_status(pid)?, exited(0));
    assert_eq!(
        read_all(reader)?,
        "worker 2\na name of more \na name of more \n"
    );
    Ok(())
}

fn a_child_dies_with_its_parent() -> Result<(), Failed> {
    let (reader, writer) = pipe()?;
    let parent = child(|| {
        // Both hold the pipe open. The parent is killed, so it drops nothing.
        let _grandchild = child(sleep_forever);
        let _ = nix::unistd::write(&writer, b"born");
        let _ = kill(nix::unistd::getpid(), Signal::SIGKILL);
    })?;
    drop(writer);
    assert_eq!(wait_status(parent)?, killed(libc::SIGKILL));
    // Would not come to its end while the grandchild lives.
    assert_eq!(read_all(reader)?, "born");
    Ok(())
}

fn children_do_not_outlive_their_owner() -> Result<(), Failed> {
    let mut children = Children::new();
    for _ in 0..3 {
        children.push(child(sleep_forever)?);
    }
    let pids = children.to_vec();
    assert_eq!(pids.len(), 3);
    drop(children);
    for pid in pids {
        assert_gone(pid);
    }
    Ok(())
}

fn reaped_children_are_left_alone() -> Result<(), Failed> {
    let mut children = Children::new();
    children.push(child(|| ())?);
    children.push(child(sleep_forever)?);
    assert_eq!(waitpid(children[0])?, 0);
    let error = waitpid(children[0]).expect_err("it is gone").to_string();
    let expected = format!(
        "cannot wait for process {}: No child processes",
        children[0]
    );
    assert!(error.starts_with(&expected), "{error}");

    kill(children[1], Signal::SIGTERM)?;
    assert_eq!(wait_status(children[1])?, killed(libc::SIGTERM));
    drop(children);
    Ok(())
}

fn a_bad_pointer_kills_and_leaves_no_core() -> Result<(), Failed> {
    let pid = child(|| {
        let (_, most) = getrlimit(Resource::RLIMIT_CORE).expect("a limit");
        setrlimit(Resource::RLIMIT_CORE, most, most).expect("the limit that it may have");
        // SAFETY: none, it faults, and that is what it is for.
        unsafe { bad_pointer::<i64>().write_volatile(1) };
    })?;
    assert_eq!(wait_status(pid)?, killed(libc::SIGSEGV));
    Ok(())
}

fn process_joins() -> Result<(), Failed> {
    let (reader, mut writer) = pipe()?;
    let mut process = Process::new("writer", || {
        let _ = writer.write_all(b"done");
        Ok(())
    });
    assert_eq!(process.pid(), None);
    process.start()?;
    assert!(process.pid().is_some());
    process.join()?;
    drop(process);
    drop(writer);
    assert_eq!(read_all(reader)?, "done");
    Ok(())
}

fn process_reports_how_it_ended() -> Result<(), Failed> {
    let sleep = || {
        sleep_forever();
        Ok(())
    };
    let mut killed = Process::new("process 2", sleep);
    killed.start()?;
    kill(killed.pid().expect("it was started"), Signal::SIGTERM)?;
    let error = killed.join().expect_err("it was killed").to_string();
    assert_eq!(error, "process 2 was killed by signal 15 (SIGTERM)");

    let mut failed = Process::new("process 3", || {
        Err(anyhow!("this error is part of the test"))
    });
    failed.start()?;
    let error = failed.join().expect_err("it failed").to_string();
    assert_eq!(error, "process 3 exited with status 1");
    Ok(())
}

/// A dropped handle neither ends the process nor waits for it.
fn process_goes_on_without_its_handle() -> Result<(), Failed> {
    let (mut goes, go) = pipe()?;
    let (reader, mut writer) = pipe()?;
    let mut process = Process::new("writer", || {
        // Until the parent has dropped the handle.
        goes.read_exact(&mut [0])?;
        Ok(writer.write_all(b"done")?)
    });
    process.start()?;
    let pid = process.pid().expect("it was started");
    drop(process);
    drop(writer);
    (&go).write_all(b"!")?;
    assert_eq!(read_all(reader)?, "done");
    assert_eq!(wait_status(pid)?, exited(0));
    Ok(())
}

fn process_is_started_and_joined_once() -> Result<(), Failed> {
    let mut process = Process::new("worker", || Ok(()));
    let error = process.join().expect_err("not started").to_string();
    assert_eq!(error, "worker was not started");
    process.start()?;
    let error = process.start().expect_err("started").to_string();
    assert_eq!(error, "worker was started before");
    process.join()?;
    let error = process.join().expect_err("joined").to_string();
    assert!(error.starts_with("cannot wait for process"), "{error}");
    Ok(())
}

fn a_lock_excludes_other_processes() -> Result<(), Failed> {
    let shared = SharedSlice::<AtomicU64>::zeroed(2)?;
    let [counter, inside] = [&shared[0], &shared[1]];
    let lock = SharedLock::new()?;
    let work = || {
        for _ in 0..1000 {
            let _guard = lock.lock();
            assert_eq!(inside.fetch_add(1, Relaxed), 0, "the other one is here too");
            let value = counter.load(Relaxed);
            // Others that want the lock may run.
            thread::yield_now();
            counter.store(value + 1, Relaxed);
            inside.fetch_sub(1, Relaxed);
        }
    };
    for pid in [child(work)?, child(work)?] {
        assert_eq!(wait_status(pid)?, exited(0));
    }
    assert_eq!(counter.load(Relaxed), 2000);
    Ok(())
}

fn a_lock_survives_its_holder() -> Result<(), Failed> {
    let lock = SharedLock::new()?;
    let (reader, mut writer) = pipe()?;
    let holder = child(|| {
        let _guard = lock.lock();
        let _ = writer.write_all(b"!");
        sleep_forever();
    })?;
    drop(writer);
    (&reader).read_exact(&mut [0])?;
    // Another child waits for the lock, or finds it without its holder: both are right.
    let waiter = child(|| drop(lock.lock()))?;
    kill(holder, Signal::SIGKILL)?;
    assert_eq!(wait_status(holder)?, killed(libc::SIGKILL));
    assert_eq!(wait_status(waiter)?, exited(0));
    drop(lock.lock());
    Ok(())
}
