//! Sends a signal to all processes of its group. This is the mistake of using the 0 that `fork`
//! returns as the id of a child.
#![allow(
    clippy::multiple_unsafe_ops_per_block,
    reason = "each block has one argument"
)]
fn main() {
    // SAFETY: it takes no addresses.
    unsafe { libc::kill(0, libc::SIGTERM) };
}
