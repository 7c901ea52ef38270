//! A thread waits without end in a call that the scheduler does not know.

use std::thread;

fn main() {
    thread::scope(|scope| {
        scope.spawn(|| {
            // SAFETY: there are no entries to read.
            unsafe { libc::poll(std::ptr::null_mut(), 0, -1) };
        });
    });
}
