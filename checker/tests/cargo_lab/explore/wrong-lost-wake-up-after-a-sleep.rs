//! The bell is rung without the lock, so it may come between the look and the wait. The thread
//! sleeps before, in which time the other one would begin to wait.

use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::sync::{Condvar, Mutex};
use std::thread;
use std::time::Duration;

static IS_DONE: AtomicBool = AtomicBool::new(false);
static LOCK: Mutex<()> = Mutex::new(());
static BELL: Condvar = Condvar::new();

fn main() {
    thread::spawn(|| {
        thread::sleep(Duration::from_millis(1));
        IS_DONE.store(true, SeqCst);
        BELL.notify_one();
    });
    let mut guard = LOCK.lock().expect("it is not poisoned");
    while !IS_DONE.load(SeqCst) {
        guard = BELL.wait(guard).expect("it is not poisoned");
    }
    println!("done");
}
