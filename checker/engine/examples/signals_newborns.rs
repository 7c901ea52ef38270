//! Starts processes, and ends the first thread of each by a signal, as soon as it has
//! an id.
#![allow(
    clippy::multiple_unsafe_ops_per_block,
    reason = "each block has one argument"
)]
use nix::sys::signal::Signal;
use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::{ForkResult, fork, pause};

fn main() {
    let mut killed = 0;
    for _ in 0..240 {
        // SAFETY: there is no other thread.
        match unsafe { fork() }.expect("a process") {
            ForkResult::Child => pause(),
            ForkResult::Parent { child } => {
                let id = child.as_raw();
                // SAFETY: numbers only.
                let sent = unsafe { libc::syscall(libc::SYS_tgkill, id, id, libc::SIGTERM) };
                assert_eq!(sent, 0);
                let status = waitpid(child, None).expect("a status");
                killed += i32::from(status == WaitStatus::Signaled(child, Signal::SIGTERM, false));
            }
        }
    }
    println!("{killed}");
}
