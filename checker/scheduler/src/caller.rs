//! The line of the program that has called a function of libc, perhaps by the standard library.
//!
//! Frame pointers lead to it: the standard library keeps them, and the explorer compiles this
//! library so that it does, too. The program itself need not.

use std::arch::asm;
use std::cell::Cell;

/// A call is searched in this number of frames.
const MOST_FRAMES: usize = 24;

thread_local! {
    /// An address on the stack of this thread. All frames of the program are below it.
    static TOP: Cell<u64> = const { Cell::new(0) };
}

/// Where the stack of this thread begins. The frames below this address can be read.
pub(crate) fn stack_begins_at<T>(top: *const T) {
    TOP.set(top.addr() as u64);
}

/// The return address of the innermost call by the program's own code, if it is known where that
/// is: at the last scheduling point in it. The standard library's code is farther away from
/// there. This decides only what is shown, so it need not be exact.
pub(crate) fn call_near(last: u64) -> u64 {
    let mut frame: u64;
    // SAFETY: this reads a register.
    unsafe {
        #[cfg(target_arch = "x86_64")]
        asm!("mov {}, rbp", out(reg) frame, options(nomem, nostack, preserves_flags));
        #[cfg(target_arch = "aarch64")]
        asm!("mov {}, x29", out(reg) frame, options(nomem, nostack, preserves_flags));
    }
    let here = 0_u8;
    let (mut lowest, top) = ((&raw const here).addr() as u64, TOP.get());
    let mut nearest = 0;
    for _ in 0..MOST_FRAMES {
        if frame < lowest || frame > top.saturating_sub(16) {
            break;
        }
        // SAFETY: it is in the part of this thread's stack that is in use.
        let [next, address] = unsafe { (frame as *const [u64; 2]).read_unaligned() };
        if address.abs_diff(last) < last.abs_diff(nearest) {
            nearest = address;
        }
        (lowest, frame) = (frame + 16, next);
    }
    nearest
}
