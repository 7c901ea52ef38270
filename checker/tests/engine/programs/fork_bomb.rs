//! Every process makes another one, as fast as it can: for ever, or as often as it
//! is told to, and then waits.
fn main() {
    let times = std::env::args().nth(1);
    let times = times.map_or(usize::MAX, |times| times.parse().expect("a number"));
    for _ in 0..times {
        // SAFETY: there is one thread.
        unsafe { libc::fork() };
    }
    loop {
        // SAFETY: it has no arguments.
        unsafe { libc::pause() };
    }
}
