//! Verdict: passed
//!
//! Embedded style: treats the wait status as a register with bit fields, formats into a buffer of
//! fixed size, and sends it to the "UART" (file descriptor 2): `W02 FAULT SIG=11 SIGSEGV ...`

use anyhow::{Result, anyhow};
use common::wait_status::signal_name;
use common::{Array, SharedSlice, Stopwatch};
use common::{Children, exit_child, fork, set_process_name, waitpid};
use common::{args, bad_pointer, partial_sum, print_sum, split, sum_of};
use core::fmt::{self, Write};
use nix::unistd::ForkResult;
use std::sync::atomic::{AtomicI64, Ordering::Relaxed};

/* Wait status register (WSR), see common/src/wait_status.md */
const WSR_SIG_POS: i32 = 0;
const WSR_SIG_MSK: i32 = 0x7f << WSR_SIG_POS;
const WSR_CORE: i32 = 1 << 7;
const WSR_CODE_POS: i32 = 8;
const WSR_CODE_MSK: i32 = 0xff << WSR_CODE_POS;

/// Text that does not fit is cut off. No heap.
struct Uart {
    buf: [u8; 80],
    len: usize,
}

impl Write for Uart {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for &byte in text.as_bytes() {
            *self.buf.get_mut(self.len).ok_or(fmt::Error)? = byte;
            self.len += 1;
        }
        Ok(())
    }
}

impl Uart {
    fn send(line: fmt::Arguments<'_>) {
        let mut uart = Uart {
            buf: [0; 80],
            len: 0,
        };
        let _ = uart.write_fmt(line);
        // SAFETY: the first `len` bytes of the buffer are the text.
        unsafe { libc::write(libc::STDERR_FILENO, uart.buf.as_ptr().cast(), uart.len) };
    }
}

fn main() -> Result<()> {
    let args = args::seg_fault();
    let array = Array::random(&args.array)?;
    let results = SharedSlice::<AtomicI64>::zeroed(args.num)?;

    let stopwatch = Stopwatch::start();
    let mut workers = Children::new();
    for (i, (part, result)) in split(&array, args.num).zip(&results).enumerate() {
        match fork().map_err(|error| anyhow!("cannot start process {i}: {error}"))? {
            ForkResult::Child => {
                set_process_name(&format!("worker {i}"));
                result.store(work(i, part), Relaxed);
                exit_child(0)
            }
            ForkResult::Parent { child } => workers.push(child),
        }
    }

    for (i, &worker) in workers.iter().enumerate() {
        let wsr = waitpid(worker)?;
        let sig = (wsr & WSR_SIG_MSK) >> WSR_SIG_POS;
        let code = (wsr & WSR_CODE_MSK) >> WSR_CODE_POS;
        let core = u8::from(wsr & WSR_CORE != 0);
        if sig != 0 {
            let name = signal_name(sig);
            Uart::send(format_args!(
                "W{i:02} FAULT SIG={sig} {name} CORE={core} WSR=0x{wsr:04X}\r\n"
            ));
        } else if code != 0 {
            Uart::send(format_args!("W{i:02} EXIT CODE={code} WSR=0x{wsr:04X}\r\n"));
        }
    }

    print_sum(sum_of(&results), &stopwatch)
}

fn work(i: usize, part: &[i32]) -> i64 {
    let sum = partial_sum(part);
    if i == 2 {
        // SAFETY: none, the pointer is bad. BUG (on purpose): the worker faults here,
        // and never returns its sum.
        unsafe { bad_pointer::<i64>().write_volatile(sum) };
    }
    sum
}
