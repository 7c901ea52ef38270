//! Verdict: passed
//! The worker puts a new boxed slice of negative numbers into a `OnceLock`. Main blocks
//! in `OnceLock::wait` until the slice is there.

use anyhow::Result;
use common::pace::work_a_little;
use common::{args, print_line};
use std::sync::OnceLock;
use std::thread;

static POSITIVE: OnceLock<Box<[i16]>> = OnceLock::new();
static NEGATIVE: OnceLock<Box<[i16]>> = OnceLock::new();

fn main() -> Result<()> {
    args::none();
    POSITIVE.get_or_init(|| (1..=400).collect());
    thread::spawn(|| {
        let negate = |&number: &i16| {
            work_a_little();
            -number
        };
        NEGATIVE.get_or_init(|| POSITIVE.wait().iter().map(negate).collect())
    });
    for number in NEGATIVE.wait() {
        print_line(format_args!("the next number: {number:>+8}"))?;
    }
    Ok(())
}
