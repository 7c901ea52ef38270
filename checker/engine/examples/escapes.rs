//! Tries two ways to create an untraced child.
#![allow(
    clippy::multiple_unsafe_ops_per_block,
    reason = "each block has one argument"
)]
fn main() {
    // CLONE_UNTRACED is an int of 32 bits, with the signal in the last 8.
    let flags = i64::from(libc::CLONE_UNTRACED | libc::SIGCHLD);
    // SAFETY: like fork; there is one thread.
    let child = unsafe { libc::syscall(libc::SYS_clone, flags, 0, 0, 0, 0) };
    if child == 0 {
        loop {
            std::hint::spin_loop();
        }
    }
    let by_clone = std::io::Error::last_os_error().raw_os_error();

    let mut arguments = [0_u64; 8];
    arguments[0] = u64::from(libc::CLONE_UNTRACED.cast_unsigned());
    let size = size_of_val(&arguments);
    // SAFETY: as above; the structure is of the size that is given.
    let child = unsafe { libc::syscall(libc::SYS_clone3, arguments.as_ptr(), size) };
    if child == 0 {
        loop {
            std::hint::spin_loop();
        }
    }
    let by_clone3 = std::io::Error::last_os_error().raw_os_error();
    println!(
        "{}",
        by_clone == Some(libc::EPERM) && by_clone3 == Some(libc::ENOSYS)
    );
}
