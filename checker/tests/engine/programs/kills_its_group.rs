//! Sends a signal to all processes of its group, as who mistakes the 0 that `fork`
//! returns for the id of a child.
fn main() {
    // SAFETY: it takes no addresses.
    unsafe { libc::kill(0, libc::SIGTERM) };
}
