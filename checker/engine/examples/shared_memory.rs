//! A child writes to memory that it shares with its parent, and to memory that it
//! does not share.
#![allow(
    clippy::multiple_unsafe_ops_per_block,
    reason = "each block has one argument"
)]
use std::ptr::null_mut;

fn main() {
    let map = |sharing| {
        let permissions = libc::PROT_READ | libc::PROT_WRITE;
        // SAFETY: the kernel picks the address.
        unsafe {
            libc::mmap(
                null_mut(),
                4096,
                permissions,
                sharing | libc::MAP_ANONYMOUS,
                -1,
                0,
            )
        }
    };
    let (private, shared) = (map(libc::MAP_PRIVATE), map(libc::MAP_SHARED));
    assert!(private != libc::MAP_FAILED && shared != libc::MAP_FAILED);
    let text = b"from the child";
    // SAFETY: there is one thread, and the pages have room for the text.
    unsafe {
        if libc::fork() == 0 {
            private.copy_from(text.as_ptr().cast(), text.len());
            shared.copy_from(text.as_ptr().cast(), text.len());
            libc::_exit(0);
        }
        libc::wait(null_mut());
    }
}
