//! It sleeps in a call that the scheduler does not know.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::thread;

static COUNTER: AtomicU64 = AtomicU64::new(0);

fn main() {
    thread::scope(|scope| {
        scope.spawn(|| {
            let mut nothing = [libc::pollfd {
                fd: -1,
                events: 0,
                revents: 0,
            }]; // SAFETY: one entry.
            unsafe { libc::poll(nothing.as_mut_ptr(), 1, 200) };
            COUNTER.fetch_add(1, Relaxed);
        });
        scope.spawn(|| COUNTER.fetch_add(1, Relaxed));
    });
    println!("{}", COUNTER.load(Relaxed));
}
