//! `fork`, `run_child`, `Children` and `Process` with real children.
//!
//! All tests run one after the other on the only thread there is.

use common::wait_status::{wifsignaled, wtermsig};
use common::{Children, Error, Process, WaitStatus, bad_pointer, fork, run_child, waitpid};
use libtest_mimic::{Arguments, Failed, Trial};
use nix::errno::Errno;
use nix::sys::signal::{Signal, kill};
use nix::unistd::{ForkResult, Pid, pause};
use std::io::{PipeReader, Read, Write, pipe};
use std::os::fd::AsRawFd;
use std::process::ExitCode;
use std::sync::mpsc;
use std::thread;

type Test = fn() -> Result<(), Failed>;

fn main() -> ExitCode {
    let mut arguments = Arguments::from_args();
    arguments.test_threads = Some(1);
    let tests: [(&str, Test); 13] = [
        ("fork_returns_twice", fork_returns_twice),
        ("fork_refuses_other_threads", fork_refuses_other_threads),
        ("fork_follows_a_join", fork_follows_a_join),
        ("nothing_is_printed_twice", nothing_is_printed_twice),
        ("run_child_tells_how_it_went", run_child_tells_how_it_went),
        ("a_child_dies_with_its_parent", a_child_dies_with_its_parent),
        (
            "children_do_not_outlive_their_owner",
            children_do_not_outlive_their_owner,
        ),
        (
            "waited_for_children_are_left_alone",
            waited_for_children_are_left_alone,
        ),
        (
            "a_bad_pointer_kills_and_leaves_no_core",
            a_bad_pointer_kills_and_leaves_no_core,
        ),
        ("process_joins", process_joins),
        ("process_tells_how_it_ended", process_tells_how_it_ended),
        (
            "process_does_not_outlive_its_handle",
            process_does_not_outlive_its_handle,
        ),
        (
            "process_is_started_and_joined_once",
            process_is_started_and_joined_once,
        ),
    ];
    let trials = tests.map(|(name, test)| Trial::test(name, test)).into();
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// Forks a child that runs `work`.
fn child(work: impl FnOnce() -> Result<(), Error>) -> Result<Pid, Failed> {
    match fork()? {
        ForkResult::Child => run_child(work),
        ForkResult::Parent { child } => Ok(child),
    }
}

fn wait_status(child: Pid) -> Result<WaitStatus, Failed> {
    let mut status = 0;
    waitpid(child, &mut status)?;
    Ok(WaitStatus::from_raw(status))
}

fn sleep_forever() -> Result<(), Error> {
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

fn fork_returns_twice() -> Result<(), Failed> {
    let (reader, mut writer) = pipe()?;
    let parent = std::process::id();
    let pid = child(|| {
        let _ = write!(
            writer,
            "{} {}",
            std::process::id(),
            std::os::unix::process::parent_id()
        );
        Ok(())
    })?;
    drop(writer);
    assert_eq!(wait_status(pid)?, WaitStatus::Exited { exit_status: 0 });
    assert_eq!(read_all(reader)?, format!("{pid} {parent}"));
    Ok(())
}

fn fork_refuses_other_threads() -> Result<(), Failed> {
    let (end, ended) = mpsc::channel::<()>();
    let other = thread::spawn(move || ended.recv());
    let error = match fork() {
        Ok(ForkResult::Child) => run_child(|| Ok(())),
        Ok(ForkResult::Parent { .. }) => return Err("it forked beside a thread".into()),
        Err(error) => error,
    };
    assert_eq!(error.kind(), std::io::ErrorKind::Deadlock);
    drop(end);
    assert!(other.join().is_ok());
    Ok(())
}

/// A thread that was joined is still known to the kernel for a moment.
fn fork_follows_a_join() -> Result<(), Failed> {
    for _ in 0..200 {
        assert!(thread::spawn(|| ()).join().is_ok());
        let pid = child(|| Ok(()))?;
        assert_eq!(wait_status(pid)?, WaitStatus::Exited { exit_status: 0 });
    }
    Ok(())
}

fn nothing_is_printed_twice() -> Result<(), Failed> {
    let (reader, writer) = pipe()?;
    // In a child, whose standard output is the pipe.
    let pid = child(move || {
        // SAFETY: both are open, and nobody else uses standard output here.
        unsafe { libc::dup2(writer.as_raw_fd(), libc::STDOUT_FILENO) };
        drop(writer);
        print!("parent ");
        match fork() {
            Ok(ForkResult::Child) => run_child(|| {
                print!("child ");
                Ok(())
            }),
            Ok(ForkResult::Parent { child }) => waitpid(child, &mut 0).expect("a child"),
            Err(_) => print!("no fork "),
        }
        print!("end");
        Ok(())
    })?;
    assert_eq!(wait_status(pid)?, WaitStatus::Exited { exit_status: 0 });
    assert_eq!(read_all(reader)?, "parent child end");
    Ok(())
}

fn run_child_tells_how_it_went() -> Result<(), Failed> {
    let exited = |exit_status| WaitStatus::Exited { exit_status };
    assert_eq!(wait_status(child(|| Ok(()))?)?, exited(0));
    let failing = child(|| Err(Error::Other("this one fails, as it should".into())))?;
    assert_eq!(wait_status(failing)?, exited(1));
    let panicking = child(|| {
        std::panic::set_hook(Box::new(|_| {}));
        panic!("this one panics, as it should")
    })?;
    assert_eq!(wait_status(panicking)?, exited(101));
    Ok(())
}

fn a_child_dies_with_its_parent() -> Result<(), Failed> {
    let (reader, writer) = pipe()?;
    let parent = child(|| {
        // Both hold the pipe open. The parent is killed, so it drops nothing.
        let _grandchild = child(sleep_forever);
        let _ = nix::unistd::write(&writer, b"born");
        let _ = kill(nix::unistd::getpid(), Signal::SIGKILL);
        Ok(())
    })?;
    drop(writer);
    let status = wait_status(parent)?;
    assert!(
        matches!(
            status,
            WaitStatus::Signaled {
                signal: libc::SIGKILL,
                ..
            }
        ),
        "{status}"
    );
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

fn waited_for_children_are_left_alone() -> Result<(), Failed> {
    let mut children = Children::new();
    children.push(child(|| Ok(()))?);
    children.push(child(sleep_forever)?);
    let mut status = 0;
    waitpid(children[0], &mut status)?;
    assert_eq!(status, 0);
    let error = waitpid(children[0], &mut status).expect_err("it is gone");
    assert_eq!(error.raw_os_error(), Some(libc::ECHILD));

    kill(children[1], Signal::SIGTERM)?;
    waitpid(children[1], &mut status)?;
    assert!(wifsignaled(status));
    assert_eq!(wtermsig(status), libc::SIGTERM);
    drop(children);
    Ok(())
}

fn a_bad_pointer_kills_and_leaves_no_core() -> Result<(), Failed> {
    let pid = child(|| {
        let mut limit = libc::rlimit {
            rlim_cur: 0,
            rlim_max: 0,
        };
        // SAFETY: both calls read and write `limit` only.
        unsafe { libc::getrlimit(libc::RLIMIT_CORE, &raw mut limit) };
        limit.rlim_cur = limit.rlim_max;
        // SAFETY: as above.
        unsafe { libc::setrlimit(libc::RLIMIT_CORE, &raw const limit) };
        // SAFETY: none, it faults, and that is what it is for.
        unsafe { bad_pointer::<i64>().write_volatile(1) };
        Ok(())
    })?;
    let expected = WaitStatus::Signaled {
        signal: libc::SIGSEGV,
        core_dumped: false,
    };
    assert_eq!(wait_status(pid)?, expected);
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

fn process_tells_how_it_ended() -> Result<(), Failed> {
    let mut killed = Process::new("process 2", sleep_forever);
    killed.start()?;
    kill(killed.pid().expect("it was started"), Signal::SIGTERM)?;
    let error = killed.join().expect_err("it was killed").to_string();
    assert!(
        error.starts_with("process 2 was killed by signal 15 (SIGTERM)"),
        "{error}"
    );

    let mut failed = Process::new("process 3", || Err(Error::Other("as it should".into())));
    failed.start()?;
    let error = failed.join().expect_err("it failed").to_string();
    assert!(
        error.starts_with("process 3 exited with status 1"),
        "{error}"
    );
    Ok(())
}

fn process_does_not_outlive_its_handle() -> Result<(), Failed> {
    let mut process = Process::new("sleeper", sleep_forever);
    process.start()?;
    let pid = process.pid().expect("it was started");
    drop(process);
    assert_gone(pid);
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
    assert!(error.starts_with("cannot wait for worker"), "{error}");
    Ok(())
}
