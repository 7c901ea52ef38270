//! Starts two child processes at once, and waits for them.
#![allow(
    clippy::multiple_unsafe_ops_per_block,
    reason = "each block has one argument"
)]
fn main() {
    // SAFETY: there is one thread, and no address is used.
    unsafe {
        for _ in 0..2 {
            if libc::fork() == 0 {
                libc::_exit(3);
            }
        }
        while libc::wait(std::ptr::null_mut()) != -1 {}
    }
}
