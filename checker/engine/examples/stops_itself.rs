//! Stops itself, and no other process continues it.
#![allow(
    clippy::multiple_unsafe_ops_per_block,
    reason = "each block has one argument"
)]
fn main() {
    // SAFETY: the call has no pointers.
    unsafe { libc::raise(libc::SIGSTOP) };
    println!("went on");
}
