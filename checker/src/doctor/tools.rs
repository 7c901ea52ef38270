//! What compiles the programs.

use super::Finding;
use crate::workspace::Workspace;
use std::env;
use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, Stdio};

pub(super) fn examine_rust(workspace: &Workspace) -> Finding {
    let root = workspace.root();
    let version = |variable, name: &str| {
        let program = env::var_os(variable).unwrap_or_else(|| name.into());
        version(&program, root)
    };
    rust(
        version("RUSTC", "rustc").as_deref(),
        version("CARGO", "cargo").as_deref(),
        Some(env!("CARGO_PKG_RUST_VERSION")),
    )
}

pub(super) fn examine_linker() -> Finding {
    linker(version(OsStr::new("cc"), Path::new("/")).as_deref())
}

/// The first line that a program says of itself, if it is there.
fn version(program: &OsStr, folder: &Path) -> Option<String> {
    let output = Command::new(program)
        .arg("--version")
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()
        .ok()
        .filter(|output| output.status.success())?;
    let text = String::from_utf8_lossy(&output.stdout);
    text.lines().next().map(str::to_owned)
}

fn rust(rustc: Option<&str>, cargo: Option<&str>, needed: Option<&str>) -> Finding {
    let subject = "Rust";
    let (Some(rustc), Some(cargo)) = (rustc, cargo) else {
        let missing = if rustc.is_none() { "rustc" } else { "cargo" };
        let seen = format!("{missing} can't be run");
        let advice = "Install Rust by rustup, https://rustup.rs, and open a new terminal.";
        return Finding::broken(subject, seen, advice);
    };
    let seen = format!("{rustc}, {cargo}");
    let needed = needed.unwrap_or_default();
    let is_new_enough = |said| number_in(said) >= number_in(needed);
    if is_new_enough(rustc) && is_new_enough(cargo) {
        Finding::fine(subject, seen)
    } else {
        let advice = format!("The lab needs Rust {needed} or later: run rustup update stable.");
        Finding::broken(subject, seen, advice)
    }
}

/// The first two parts of the version in a text like `rustc 1.91.0 (f8297e351)`.
fn number_in(text: &str) -> Option<(u32, u32)> {
    text.split_whitespace().find_map(|word| {
        let mut parts = word.split('.').map(str::parse);
        match (parts.next(), parts.next()) {
            (Some(Ok(major)), Some(Ok(minor))) => Some((major, minor)),
            _ => None,
        }
    })
}

fn linker(cc: Option<&str>) -> Finding {
    let subject = "linker";
    match cc {
        Some(cc) => Finding::fine(subject, cc),
        None => Finding::broken(
            subject,
            "cc can't be run",
            "Install a C compiler: the package build-essential on Debian and Ubuntu, gcc on \
             Fedora, base-devel on Arch.",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::{linker, number_in, rust};
    use crate::doctor::State;

    const RUSTC: &str = "rustc 1.95.0 (59807616e 2026-04-14)";
    const CARGO: &str = "cargo 1.95.0 (f2d3ce0bd 2026-03-21)";

    #[test]
    fn versions_are_numbers() {
        assert_eq!(number_in(RUSTC), Some((1, 95)));
        assert_eq!(number_in("1.91"), Some((1, 91)));
        assert_eq!(number_in("rustc 1.100.0-nightly (abc)"), Some((1, 100)));
        assert!(number_in("1.100") > number_in("1.91"));
        assert_eq!(number_in("rustc"), None);
    }

    #[test]
    fn a_new_toolchain() {
        assert_eq!(
            rust(Some(RUSTC), Some(CARGO), Some("1.91")).state,
            State::Fine
        );
        assert_eq!(
            rust(Some(RUSTC), Some(CARGO), Some("1.95")).state,
            State::Fine
        );
        assert_eq!(rust(Some(RUSTC), Some(CARGO), None).state, State::Fine);
    }

    #[test]
    fn an_old_toolchain() {
        let old = "cargo 1.90.0 (840b83a10 2025-07-30)";
        let finding = rust(Some(RUSTC), Some(old), Some("1.91"));
        assert_eq!(finding.state, State::Broken);
        assert!(finding.advice.is_some_and(|advice| advice.contains("1.91")));
    }

    #[test]
    fn no_toolchain() {
        let finding = rust(None, Some(CARGO), Some("1.91"));
        assert_eq!(finding.state, State::Broken);
        assert!(finding.seen.contains("rustc"));
        let finding = rust(Some(RUSTC), None, Some("1.91"));
        assert!(finding.seen.contains("cargo"));
    }

    #[test]
    fn a_linker_or_none() {
        assert_eq!(linker(Some("cc (Debian 12.2.0) 12.2.0")).state, State::Fine);
        assert_eq!(linker(None).state, State::Broken);
    }
}
