//! Never ends, uses all of its CPU, and ignores what asks it to end.
fn main() {
    for signal in [libc::SIGINT, libc::SIGTERM, libc::SIGHUP] {
        // SAFETY: no handler is installed.
        unsafe { libc::signal(signal, libc::SIG_IGN) };
    }
    loop {
        std::hint::spin_loop();
    }
}
