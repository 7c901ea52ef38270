//! Reads standard input, closes standard output and standard error, and ends
//! with the number of bytes read.
use std::io::Read;

fn main() {
    let read = std::io::stdin().read_to_end(&mut Vec::new());
    // SAFETY: nobody uses them any more.
    unsafe {
        libc::close(1);
        libc::close(2);
    }
    let read = read.unwrap_or(100);
    std::process::exit(i32::try_from(read).unwrap_or(101));
}
