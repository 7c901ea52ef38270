//! Whether programs can be traced, which is how they are judged.

use super::Finding;
use super::machine::read;
use crate::engine::{EngineError, Run};

const SUBJECT: &str = "tracing";

/// Tries it.
pub(super) fn examine() -> Finding {
    // The one program that all systems have in the same place.
    match Run::new("/bin/sh").args(["-c", "true"]).observe() {
        Ok(_) => Finding::fine(SUBJECT, "is allowed"),
        Err(EngineError::TracingRefused { .. }) => refused(
            &read("/proc/self/status"),
            &read("/proc/sys/kernel/yama/ptrace_scope"),
        ),
        Err(error) => Finding::limited(
            SUBJECT,
            format!("can't be tried: {error}"),
            "cargo lab check gives weaker verdicts then, by output only.",
        ),
    }
}

/// Why it is not allowed, from the status of this process and the setting of Yama.
fn refused(status: &str, ptrace_scope: &str) -> Finding {
    let filtered = "Seccomp:\t2";
    let reason = if ptrace_scope == "3" {
        "is not allowed on this machine (kernel.yama.ptrace_scope is 3)"
    } else if status.lines().any(|line| line == filtered) {
        "is not allowed in this container (a seccomp filter)"
    } else {
        "is not allowed here"
    };
    let what_to_do = if ptrace_scope == "3" {
        "Its administrator has to set it to 2 or less and start the machine anew."
    } else {
        "In a container: start it with docker run --cap-add SYS_PTRACE, or else with docker run \
         --security-opt seccomp=unconfined."
    };
    let advice = format!(
        "cargo lab check judges programs by their output only; all else works. {what_to_do}"
    );
    Finding::limited(SUBJECT, reason, advice)
}

#[cfg(test)]
mod tests {
    use super::refused;
    use crate::doctor::State;

    #[test]
    fn a_filter_of_a_container() {
        let finding = refused("Name:\tlab\nSeccomp:\t2\nSeccomp_filters:\t1", "1");
        assert_eq!(finding.state, State::Limited);
        assert!(finding.seen.contains("seccomp"), "{finding:?}");
        let advice = finding.advice.unwrap_or_default();
        assert!(advice.contains("--cap-add SYS_PTRACE"), "{advice}");
        assert!(advice.contains("seccomp=unconfined"), "{advice}");
    }

    #[test]
    fn yama() {
        let finding = refused("Seccomp:\t0", "3");
        assert!(finding.seen.contains("ptrace_scope"), "{finding:?}");
        let advice = finding.advice.unwrap_or_default();
        assert!(!advice.contains("docker"), "{advice}");
    }

    #[test]
    fn an_unknown_reason() {
        let finding = refused("Seccomp:\t0", "");
        assert!(finding.seen.contains("here"), "{finding:?}");
    }
}
