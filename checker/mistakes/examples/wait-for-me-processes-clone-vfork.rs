//! Verdict: passed
//! The child comes from `clone` of libc with CLONE_VFORK, so the kernel stops the parent
//! until the child has ended. The parent then asks with `wait4` how it ended.

use anyhow::{Result, ensure};
use common::{args, print_line};
use std::ffi::c_void;
use std::fs;
use std::path::PathBuf;
use std::ptr;
use std::thread;
use std::time::Duration;

extern "C" fn write_message(name: *mut c_void) -> i32 {
    // SAFETY: main passes a pointer to its path. The child has a copy of its memory.
    let name = unsafe { &*name.cast::<PathBuf>() };
    thread::sleep(Duration::from_millis(800));
    fs::write(name, "Now you see me, now you don't")
        .is_err()
        .into()
}

fn main() -> Result<()> {
    let mut name = args::file_name();
    let mut stack = vec![0_u128; 1 << 14];
    let top = stack.as_mut_ptr_range().end.cast();
    let flags = libc::CLONE_VFORK | libc::SIGCHLD;
    let argument = (&raw mut name).cast();
    // SAFETY: the stack has 256 KiB below its top and grows downwards. The memory is
    // copied, so the child cannot disturb its parent, which has no other thread.
    let child = unsafe { libc::clone(write_message, top, flags, argument) };
    ensure!(child > 0, "cannot clone");

    let mut status = 0;
    // SAFETY: the kernel writes to `status` only, since the other pointer is null.
    let ended = unsafe { libc::wait4(child, &raw mut status, 0, ptr::null_mut()) };
    ensure!(ended == child, "wait4 returns {ended}");
    ensure!(status == 0, "the child has the wait status {status}");
    print_line(fs::read_to_string(&name)?)?;
    fs::remove_file(name)?;
    Ok(())
}
