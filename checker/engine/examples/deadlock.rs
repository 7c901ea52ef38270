//! Never ends, and waits for what nobody does.
use std::sync::Mutex;

fn main() {
    let lock = Mutex::new(());
    let _first = lock.lock();
    let _second = lock.lock();
}
