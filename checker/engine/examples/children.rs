//! Starts a child process, and waits for it in the requested way or not at all. Then it prints
//! the result of the wait, and opens the file `result`.
#![allow(
    clippy::multiple_unsafe_ops_per_block,
    reason = "each block has one argument"
)]
use std::process::Command;

fn main() {
    let how = std::env::args().nth(1).unwrap_or_default();
    let mut status = 0;
    // SAFETY: there is one thread, and all addresses are those of `status` and
    // `info`, or null.
    unsafe {
        match how.as_str() {
            "command" => {
                let _ = Command::new("true").status();
            }
            "command-and-leave" => drop(Command::new("true").spawn()),
            _ => {
                let child = libc::fork();
                if child == 0 {
                    libc::_exit(3);
                }
                match how.as_str() {
                    "waitpid" => drop(libc::waitpid(child, &raw mut status, 0)),
                    "wait" => drop(libc::wait(&raw mut status)),
                    "waitid" => {
                        let mut info: libc::siginfo_t = std::mem::zeroed();
                        libc::waitid(libc::P_ALL, 0, &raw mut info, libc::WEXITED);
                        status = info.si_code;
                    }
                    "ask" => {
                        while libc::waitpid(child, &raw mut status, libc::WNOHANG) == 0 {
                            libc::sched_yield();
                        }
                    }
                    _ => {}
                }
            }
        }
    }
    println!("{status}");
    let _ = std::fs::File::create("result");
}
