//! The bug of seg-fault.

use nix::sys::prctl;
use std::hint::black_box;
use std::ptr;

/// Returns a pointer to an unmapped address, for a bug on purpose.
///
/// It points into the first page of the address space, where Linux by default maps nothing
/// (`/proc/sys/vm/mmap_min_addr`, `mmap(2)`). A write through the pointer makes the CPU fault.
/// The kernel then sends `SIGSEGV` to the thread that wrote.
///
/// Write with [`write_volatile`](std::ptr::write_volatile), so that every build faults. The
/// pointer is neither null nor misaligned, so no check of a development build turns the fault
/// into a panic. The optimiser knows nothing about the pointer and must keep a volatile write.
///
/// After this call, the process leaves no core file, and a crash reporter receives none:
/// `PR_SET_DUMPABLE`, `prctl(2)`. `RLIMIT_CORE` does not stop a reporter, see `core(5)`.
#[must_use]
pub fn bad_pointer<T>() -> *mut T {
    // Fails only for values other than 0 and 1.
    let _ = prctl::set_dumpable(false);
    black_box(ptr::dangling_mut())
}
