//! The names of signals.

use nix::sys::signal::Signal;

/// The name of a signal: `SIGSEGV`, `SIGRTMIN+2`, or `unknown`.
#[must_use]
pub fn signal_name(signal: i32) -> String {
    if let Ok(signal) = Signal::try_from(signal) {
        return signal.as_str().into();
    }
    let first = libc::SIGRTMIN();
    if (first..=libc::SIGRTMAX()).contains(&signal) {
        format!("SIGRTMIN+{}", signal - first)
    } else {
        "unknown".into()
    }
}

#[cfg(test)]
mod tests {
    use super::signal_name;

    #[test]
    fn all_signals_have_names() {
        assert_eq!(signal_name(libc::SIGSEGV), "SIGSEGV");
        assert_eq!(signal_name(libc::SIGRTMIN() + 2), "SIGRTMIN+2");
        assert_eq!(signal_name(libc::SIGRTMAX() + 1), "unknown");
        assert_eq!(signal_name(-1), "unknown");
    }
}
