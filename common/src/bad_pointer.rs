//! The bug of seg-fault.

use nix::sys::prctl;
use std::hint::black_box;
use std::ptr;

/// A pointer that must not be used, for a bug that is made on purpose.
///
/// It points into the first page of the address space, where nothing is mapped:
/// Linux keeps the first 64 KiB free (`mmap_min_addr`, `proc_sys_vm(5)`). The CPU faults when something is written through it, and the kernel
/// sends `SIGSEGV` to the thread that tried.
///
/// Write with [`write_volatile`](std::ptr::write_volatile). That is a real
/// fault in every build: the pointer is neither null nor misaligned, so no
/// check of a development build turns the fault into a panic, and an optimising
/// build can neither see what the pointer is nor leave out a volatile write.
///
/// The process leaves no core file from then on, nor does the kernel hand one
/// to a crash reporter: `PR_SET_DUMPABLE`, `prctl(2)`. (`RLIMIT_CORE` would not
/// stop a reporter, see `core(5)`.)
#[must_use]
pub fn bad_pointer<T>() -> *mut T {
    // Fails for values that do not exist only.
    let _ = prctl::set_dumpable(false);
    black_box(ptr::dangling_mut())
}
