//! Wait statuses and signals as text, the same everywhere.

use nix::sys::signal::Signal;

/// The name of a signal: `SIGSEGV`, `SIGRTMIN+2`, or `unknown`.
#[must_use]
pub fn signal_name(signal: i32) -> String {
    let (first, last) = (libc::SIGRTMIN(), libc::SIGRTMAX());
    match Signal::try_from(signal) {
        Ok(signal) => signal.as_str().into(),
        Err(_) if (first..=last).contains(&signal) => format!("SIGRTMIN+{}", signal - first),
        Err(_) => "unknown".into(),
    }
}

/// A signal by its number and its name: `signal 11 (SIGSEGV)`.
#[must_use]
pub fn signal_in_words(signal: i32) -> String {
    format!("signal {signal} ({})", signal_name(signal))
}

/// The end of a process by its wait status of `waitpid(2)`: `ended with exit status 1`, `was
/// killed by signal 11 (SIGSEGV)`.
#[must_use]
pub fn end_in_words(status: i32) -> String {
    if libc::WIFSIGNALED(status) {
        format!("was killed by {}", signal_in_words(libc::WTERMSIG(status)))
    } else {
        format!("ended with exit status {}", libc::WEXITSTATUS(status))
    }
}

#[cfg(test)]
mod tests {
    use super::{end_in_words, signal_name};

    #[test]
    fn an_exit_status_is_not_a_signal() {
        assert_eq!(end_in_words(0x0b00), "ended with exit status 11");
        assert_eq!(end_in_words(0x000b), "was killed by signal 11 (SIGSEGV)");
        let with_core = end_in_words(0x008b);
        assert_eq!(with_core, "was killed by signal 11 (SIGSEGV)");
    }

    #[test]
    fn all_signals_have_names() {
        assert_eq!(signal_name(libc::SIGSEGV), "SIGSEGV");
        assert_eq!(signal_name(libc::SIGRTMIN() + 2), "SIGRTMIN+2");
        assert_eq!(signal_name(libc::SIGRTMAX() + 1), "unknown");
        assert_eq!(signal_name(-1), "unknown");
    }
}
