//! Verdict: passed
//!
//! The worker puts one token into an eventfd semaphore for each number that it has negated. The
//! main thread takes 400 tokens, one after the other, before it prints.

use anyhow::{Result, anyhow, bail};
use common::args;
use common::pace::{print_slowly, work_a_little};
use std::io;
use std::sync::atomic::{AtomicI32, Ordering::Relaxed};
use std::thread;

static NUMBERS: [AtomicI32; 400] = [const { AtomicI32::new(0) }; 400];

fn main() -> Result<()> {
    args::none();
    for (number, value) in NUMBERS.iter().zip(1..) {
        number.store(value, Relaxed);
    }

    // SAFETY: it takes no pointers.
    let tokens = unsafe { libc::eventfd(0, libc::EFD_SEMAPHORE | libc::EFD_CLOEXEC) };
    if tokens < 0 {
        bail!("eventfd: {}", io::Error::last_os_error());
    }

    thread::Builder::new()
        .name("negator".into())
        .spawn(move || negate_numbers(tokens))
        .map_err(|error| anyhow!("no thread: {error}"))?;

    for _ in 0..NUMBERS.len() {
        take(tokens)?;
    }

    print_slowly(&NUMBERS)
}

fn negate_numbers(tokens: i32) {
    for number in NUMBERS.iter().rev() {
        number.store(-number.load(Relaxed), Relaxed);
        put(tokens);
        work_a_little();
    }
}

/// V()
fn put(tokens: i32) {
    let one = 1_u64.to_ne_bytes();
    // SAFETY: the buffer has the eight bytes.
    let written = unsafe { libc::write(tokens, one.as_ptr().cast(), 8) };
    assert_eq!(written, 8, "eventfd: {}", io::Error::last_os_error());
}

/// P()
fn take(tokens: i32) -> Result<()> {
    let mut value = [0_u8; 8];
    loop {
        // SAFETY: the buffer has room for eight bytes.
        match unsafe { libc::read(tokens, value.as_mut_ptr().cast(), 8) } {
            8 => return Ok(()),
            _ => {
                let error = io::Error::last_os_error();
                if error.kind() != io::ErrorKind::Interrupted {
                    bail!("cannot read the eventfd: {error}");
                }
            }
        }
    }
}
