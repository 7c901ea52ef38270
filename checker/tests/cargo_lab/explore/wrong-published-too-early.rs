//! It says that the value is there, and then writes it.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::SeqCst};
use std::{hint, thread};

static COUNTER: AtomicU64 = AtomicU64::new(0);
static IS_THERE: AtomicBool = AtomicBool::new(false);

fn main() {
    thread::scope(|scope| {
        scope.spawn(|| {
            IS_THERE.store(true, SeqCst);
            COUNTER.store(7, SeqCst);
        });
        while !IS_THERE.load(SeqCst) {
            hint::spin_loop();
        }
        println!("{}", COUNTER.load(SeqCst));
    });
}
