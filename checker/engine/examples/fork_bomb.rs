//! Every process makes another one, as often as it is told to, and waits. If it is
//! told nothing, the first one makes others, as fast as it can, each of which makes
//! seven more: there are 3200 in the end. If they are not killed, they end after 20
//! seconds.
#![allow(
    clippy::multiple_unsafe_ops_per_block,
    reason = "each block has one argument"
)]
fn main() {
    // SAFETY: there is one thread.
    let fork = || unsafe { libc::fork() };
    match std::env::args().nth(1) {
        Some(times) => {
            for _ in 0..times.parse().expect("a number") {
                fork();
            }
        }
        None => {
            let is_child = (0..400).any(|_| fork() == 0);
            for _ in 0..if is_child { 3 } else { 0 } {
                fork();
            }
        }
    }
    // SAFETY: no code handles the signal.
    unsafe { libc::alarm(20) };
    loop {
        // SAFETY: it has no arguments.
        unsafe { libc::pause() };
    }
}
