//! The first thread ends, and the process continues without it.
#![allow(
    clippy::multiple_unsafe_ops_per_block,
    reason = "each block has one argument"
)]
use std::thread;

fn main() {
    thread::spawn(|| {
        println!("alone");
        std::process::exit(0);
    });
    // SAFETY: no other thread needs anything of this thread.
    unsafe { libc::syscall(libc::SYS_exit, 0) };
}
