//! Verdict: passed
//!
//! Ownership as synchronisation: thread and `main` own the numbers together (`Arc`). The thread
//! gives up its share at its end. `main` tries to become the only owner until it succeeds.

use anyhow::Result;
use common::args;
use common::pace::{print_slowly, work_a_little};
use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering::Relaxed};
use std::thread;
use std::time::Duration;

fn main() -> Result<()> {
    args::none();
    let shared: Arc<[AtomicI32; 400]> = Arc::new(std::array::from_fn(|place| {
        AtomicI32::new(i32::try_from(place).unwrap_or(0) + 1)
    }));

    // The share of the thread exists before the thread does, so there are two owners from now on.
    let share = Arc::clone(&shared);
    thread::spawn(move || negate_numbers(share));

    let numbers = sole_owner(shared);
    print_slowly(&numbers)
}

/// Takes the value out of the `Arc` when all others have dropped theirs.
fn sole_owner<T>(mut shared: Arc<T>) -> T {
    loop {
        match Arc::try_unwrap(shared) {
            Ok(value) => return value,
            Err(still_shared) => shared = still_shared,
        }
        thread::sleep(Duration::from_millis(2));
    }
}

/// Takes its share by value: it is dropped after the last number.
fn negate_numbers(share: Arc<[AtomicI32; 400]>) {
    for number in share.iter().rev() {
        number.store(-number.load(Relaxed), Relaxed);
        work_a_little();
    }
}
