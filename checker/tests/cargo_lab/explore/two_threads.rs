//! A part of the programs beside it.

use std::thread;

/// Two threads do this, with their numbers.
pub(crate) fn two(worker: impl Fn(usize) + Sync) {
    thread::scope(|scope| {
        for i in 0..2 {
            let worker = &worker;
            scope.spawn(move || worker(i));
        }
    });
}
