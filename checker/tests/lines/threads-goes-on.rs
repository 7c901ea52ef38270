//! It prints before its thread has done its work.

use common::pace::{print_slowly, work_a_little};
use std::sync::atomic::{AtomicI32, Ordering::Relaxed};
use std::thread;

static NUMBERS: [AtomicI32; 400] = [const { AtomicI32::new(0) }; 400];

fn main() -> anyhow::Result<()> {
    for (number, value) in NUMBERS.iter().zip(1..) {
        number.store(value, Relaxed);
    }
    eprintln!("ready");
    let negator = thread::spawn(negate_numbers);
    println!("The numbers:");
    print_slowly(&NUMBERS)?; // here
    negator.join().expect("no panic");
    Ok(())
}

fn negate_numbers() {
    for number in NUMBERS.iter().rev() {
        number.store(-number.load(Relaxed), Relaxed);
        work_a_little();
    }
}
