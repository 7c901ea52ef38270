//! It waits with a deadline that is far away.

use std::sync::{Condvar, Mutex};
use std::thread;
use std::time::Duration;

static IS_THERE: Mutex<bool> = Mutex::new(false);
static CHANGED: Condvar = Condvar::new();

fn main() {
    two(|i| {
        let mut guard = IS_THERE.lock().expect("a lock");
        if i == 0 {
            *guard = true;
            CHANGED.notify_one();
        } else {
            let second = Duration::from_secs(1);
            let waited = CHANGED.wait_timeout_while(guard, second, |is_there| !*is_there);
            assert!(!waited.expect("a lock").1.timed_out());
        }
    });
    println!("done");
}

fn two(worker: impl Fn(usize) + Sync) {
    thread::scope(|scope| {
        for i in 0..2 {
            let worker = &worker;
            scope.spawn(move || worker(i));
        }
    });
}
