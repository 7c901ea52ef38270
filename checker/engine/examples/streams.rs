//! Reads standard input, closes all three streams, and ends with the number of
//! bytes read.
#![allow(
    clippy::multiple_unsafe_ops_per_block,
    reason = "each block has one argument"
)]
use std::io::Read;

fn main() {
    let read = std::io::stdin().read_to_end(&mut Vec::new());
    for stream in 0..3 {
        // SAFETY: no code uses them any more.
        unsafe { libc::close(stream) };
    }
    let read = read.unwrap_or(100);
    std::process::exit(i32::try_from(read).unwrap_or(101));
}
