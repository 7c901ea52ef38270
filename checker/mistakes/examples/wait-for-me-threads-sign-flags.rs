//! Verdict: passed
//! Each number is a struct of two atomics, an amount and a sign. The worker sets the
//! signs, and main waits for it by dropping a guard that joins the thread.

use anyhow::Result;
use common::args;
use common::pace::work_a_little;
use std::sync::atomic::{AtomicBool, AtomicU16, Ordering::Relaxed};
use std::thread::{self, JoinHandle};

struct Number {
    amount: AtomicU16,
    is_negative: AtomicBool,
}

static NUMBERS: [Number; 400] = [const {
    Number {
        amount: AtomicU16::new(0),
        is_negative: AtomicBool::new(false),
    }
}; 400];

struct JoinOnDrop(Option<JoinHandle<()>>);

impl Drop for JoinOnDrop {
    fn drop(&mut self) {
        if let Some(handle) = self.0.take() {
            handle.join().expect("the worker does not panic");
        }
    }
}

fn main() -> Result<()> {
    args::none();
    for (number, amount) in NUMBERS.iter().zip(1..) {
        number.amount.store(amount, Relaxed);
    }
    drop(JoinOnDrop(Some(thread::spawn(set_signs))));
    for number in &NUMBERS {
        let is_negative = number.is_negative.load(Relaxed);
        let sign = if is_negative { "-" } else { "" };
        println!("{sign}{}", number.amount.load(Relaxed));
    }
    Ok(())
}

fn set_signs() {
    for number in NUMBERS.iter().rev() {
        number.is_negative.store(true, Relaxed);
        work_a_little();
    }
}
