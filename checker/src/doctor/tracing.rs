//! Whether programs can be traced, and which parts of the jail are missing.

use super::{Finding, State, read};
use anyhow::anyhow;
use engine::{Error, Layer, Run, missing_layers};
use nix::errno::Errno;

/// Traces a program as a trial.
pub(super) fn examine() -> Finding {
    match refusal() {
        None => Finding::fine("is allowed"),
        Some((seen, advice)) => Finding::new(State::Broken, seen, &advice),
    }
}

/// Returns the reason why programs can't be judged here, with advice, or `None`.
#[must_use]
pub fn refusal() -> Option<(String, String)> {
    // All systems have this program in the same place.
    match Run::new("/bin/sh").args(["-c", ":"]).observe() {
        Ok(_) => None,
        Err(Error::TracingRefused { source }) => {
            let errno = source.raw_os_error().map_or(Errno::EPERM, Errno::from_raw);
            let yama = read("/proc/sys/kernel/yama/ptrace_scope");
            Some(refused(errno, &read("/proc/self/status"), &yama))
        }
        Err(error) => Some((
            format!("could not be tested: {:#}", anyhow!(error)),
            "A program needs room for small files in the temporary folder (TMPDIR), and a few \
             processes. cargo lab can't judge programs before it can run one."
                .into(),
        )),
    }
}

/// Why tracing is not allowed. The arguments are the error, this process's status and the
/// setting of Yama.
fn refused(errno: Errno, status: &str, ptrace_scope: &str) -> (String, String) {
    let in_a_container = "In a container: start it with docker run --cap-add SYS_PTRACE, or else \
                          with docker run --security-opt seccomp=unconfined.";
    let (seen, advice) = if errno == Errno::ENOSYS {
        (
            "is not there: this machine emulates another architecture",
            "Use an image of the machine's own architecture, on Apple silicon: docker run \
             --platform linux/arm64.",
        )
    } else if ptrace_scope == "3" {
        (
            "is not allowed on this machine (kernel.yama.ptrace_scope is 3)",
            "Its administrator has to set it to 2 or less and start the machine anew.",
        )
    } else if status.lines().any(|line| line == "Seccomp:\t2") {
        let seen = "is not allowed in this container (a seccomp filter)";
        (seen, in_a_container)
    } else {
        ("is not allowed here", in_a_container)
    };
    let advice = format!("cargo lab can't build or judge programs without it. {advice}");
    (seen.into(), advice)
}

/// The restrictions on judged programs.
pub(super) fn examine_jail() -> Finding {
    let advice = "Programs are judged all the same. Run the checker in a container or as a user of \
                  its own, if you don't trust them.";
    let missing = missing_layers();
    let lacks = |layer| missing.contains(&layer);
    if lacks(Layer::Files) {
        Finding::limited("can't restrict files: this kernel has no Landlock", advice)
    } else if lacks(Layer::Lengths) {
        let seen = "restricts files, but not their length: Landlock does so from Linux 6.2 on";
        Finding::limited(seen, advice)
    } else if lacks(Layer::Signals) {
        Finding::fine(
            "restricts files; signals only by tracing: Landlock does so from Linux 6.12 on",
        )
    } else {
        Finding::fine("restricts files and signals")
    }
}

#[cfg(test)]
mod tests {
    use super::refused;
    use nix::errno::Errno;

    #[test]
    fn a_filter_of_a_container() {
        let status = "Name:\tlab\nSeccomp:\t2\nSeccomp_filters:\t1";
        let (seen, advice) = refused(Errno::EPERM, status, "1");
        assert!(seen.contains("seccomp"), "{seen}");
        assert!(advice.contains("--cap-add SYS_PTRACE"), "{advice}");
        assert!(advice.contains("seccomp=unconfined"), "{advice}");
    }

    #[test]
    fn yama() {
        let (seen, advice) = refused(Errno::EPERM, "Seccomp:\t0", "3");
        assert!(seen.contains("ptrace_scope"), "{seen}");
        assert!(!advice.contains("docker"), "{advice}");
    }

    #[test]
    fn an_emulator() {
        let (seen, advice) = refused(Errno::ENOSYS, "Seccomp:\t2", "1");
        assert!(seen.contains("emulates"), "{seen}");
        assert!(!advice.contains("cap-add"), "{advice}");
    }

    #[test]
    fn an_unknown_reason() {
        let (seen, _) = refused(Errno::EPERM, "Seccomp:\t0", "");
        assert!(seen.contains("here"), "{seen}");
    }
}
