//! Killing one worker of a program, at its birth.
//!
//! Workers live for milliseconds. To hit one for sure, the program is traced,
//! `ptrace(2)`: every new process stops before it runs its first instruction.

use super::running::{Finished, start};
use nix::errno::Errno;
use nix::sys::ptrace::{self, Event, Options};
use nix::sys::signal::Signal;
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::Pid;
use std::collections::HashSet;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Command, ExitStatus};

/// Runs a program to its end; its child number `victim`, counted from 0, gets
/// `signal` instead of a life.
#[track_caller]
pub(crate) fn run_and_kill_child(command: &mut Command, victim: usize, signal: Signal) -> Finished {
    // SAFETY: one system call, which may be called between fork and exec.
    unsafe { command.pre_exec(|| Ok(ptrace::traceme()?)) };
    let running = start(command);
    let program = running.pid();
    // It stops after its exec.
    waitpid(program, Some(WaitPidFlag::__WALL)).expect("the program");
    let options = Options::PTRACE_O_TRACEFORK | Options::PTRACE_O_EXITKILL;
    ptrace::setoptions(program, options).expect("it is traced");
    go_on(program, None);

    let mut born: Vec<Pid> = Vec::new();
    let mut stopped_before_known = HashSet::new();
    let mut status = None;
    let let_live = |child: Pid, number: usize| {
        go_on(child, (number == victim).then_some(signal));
    };
    // Until there is no child to wait for.
    loop {
        match waitpid(None, Some(WaitPidFlag::__WALL | WaitPidFlag::__WNOTHREAD)) {
            Ok(WaitStatus::PtraceEvent(parent, _, event)) => {
                assert_eq!(event, Event::PTRACE_EVENT_FORK as i32);
                let child = ptrace::getevent(parent).expect("the new process");
                let child = Pid::from_raw(child.try_into().expect("a process id"));
                if stopped_before_known.remove(&child) {
                    let_live(child, born.len());
                }
                born.push(child);
                go_on(parent, None);
            }
            Ok(WaitStatus::Stopped(child, Signal::SIGSTOP)) if child != program => {
                match born.iter().position(|&known| known == child) {
                    Some(number) => let_live(child, number),
                    None => assert!(stopped_before_known.insert(child)),
                }
            }
            Ok(WaitStatus::Stopped(task, signal)) => go_on(task, Some(signal)),
            Ok(WaitStatus::Exited(task, code)) if task == program => {
                status = Some(ExitStatus::from_raw(code << 8));
            }
            Ok(WaitStatus::Signaled(task, signal, _)) if task == program => {
                status = Some(ExitStatus::from_raw(signal as i32));
            }
            Ok(_) => {}
            Err(Errno::ECHILD) => break,
            Err(errno) => panic!("waitpid: {errno}"),
        }
    }
    assert!(born.len() > victim, "it had {} children", born.len());
    running.ended(status.expect("the program's end"))
}

fn go_on(task: Pid, signal: Option<Signal>) {
    match ptrace::cont(task, signal) {
        // Killed meanwhile.
        Ok(()) | Err(Errno::ESRCH) => {}
        Err(errno) => panic!("ptrace: {errno}"),
    }
}
