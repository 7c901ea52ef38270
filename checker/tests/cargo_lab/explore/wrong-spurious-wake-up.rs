//! It checks the condition once, and not in a loop. Only a spurious wake-up shows the mistake.

use std::sync::{Condvar, Mutex};
use std::thread;

static IS_DONE: Mutex<bool> = Mutex::new(false);
static BELL: Condvar = Condvar::new();

fn main() {
    thread::spawn(|| {
        *IS_DONE.lock().expect("it is not poisoned") = true;
        BELL.notify_one();
    });
    let mut is_done = IS_DONE.lock().expect("it is not poisoned");
    if !*is_done {
        is_done = BELL.wait(is_done).expect("it is not poisoned");
    }
    println!("{is_done}");
}
