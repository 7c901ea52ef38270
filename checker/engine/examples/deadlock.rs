//! Waits for ever, because no task ever wakes it.
use std::sync::Mutex;

fn main() {
    let lock = Mutex::new(());
    let _first = lock.lock();
    let _second = lock.lock();
}
