//! Verdict: did-not-wait
//!
//! The thread says that it is ready before it negates the numbers, which takes a few
//! microseconds and no system call. The program polls for that.

use anyhow::Result;
use common::args;
use std::hint::spin_loop;
use std::sync::atomic::{
    AtomicBool, AtomicI32,
    Ordering::{Acquire, Relaxed, Release},
};
use std::thread;

static IS_READY: AtomicBool = AtomicBool::new(false);
static NUMBERS: [AtomicI32; 400] = [const { AtomicI32::new(0) }; 400];

fn main() -> Result<()> {
    args::none();
    for (number, value) in NUMBERS.iter().zip(1..) {
        number.store(value, Relaxed);
    }
    thread::spawn(|| {
        IS_READY.store(true, Release);
        for number in NUMBERS.iter().rev() {
            number.fetch_xor(-1, Relaxed);
            number.fetch_add(1, Relaxed);
        }
    });
    while !IS_READY.load(Acquire) {
        spin_loop();
    }
    common::pace::print_slowly(&NUMBERS)
}
