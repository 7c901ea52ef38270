//! Verdict: passed
//! The numbers are floats, whose bits are kept in atomics. The worker writes to an
//! eventfd when it has finished, and main blocks in a read of that eventfd.

use anyhow::{Result, ensure};
use common::pace::work_a_little;
use common::{args, print_line};
use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::FromRawFd;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::thread;

static BITS: [AtomicU64; 400] = [const { AtomicU64::new(0) }; 400];

fn main() -> Result<()> {
    args::none();
    let mut value = 0.0_f64;
    for bits in &BITS {
        value += 1.0;
        bits.store(value.to_bits(), Relaxed);
    }

    // SAFETY: the call takes no pointer.
    let event = unsafe { libc::eventfd(0, libc::EFD_CLOEXEC) };
    ensure!(event >= 0, "cannot make an eventfd");
    // SAFETY: the descriptor was just made, and nothing else owns it.
    let mut event = unsafe { File::from_raw_fd(event) };
    let mut bell = event.try_clone()?;

    thread::spawn(move || {
        for bits in BITS.iter().rev() {
            let value = f64::from_bits(bits.load(Relaxed));
            bits.store((-value).to_bits(), Relaxed);
            work_a_little();
        }
        let _ = bell.write_all(&1_u64.to_ne_bytes());
    });

    let mut count = [0; 8];
    event.read_exact(&mut count)?;
    for line in BITS.chunks(10) {
        let values = line.iter().map(|bits| f64::from_bits(bits.load(Relaxed)));
        let texts: Vec<String> = values.map(|value| format!("{value:.0}")).collect();
        print_line(texts.join("\t"))?;
    }
    Ok(())
}
