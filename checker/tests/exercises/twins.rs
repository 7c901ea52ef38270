//! `threads.rs` and `processes.rs` of an exercise are twins: `diff` of the two shows
//! the mechanism, and nothing else.

use crate::support::programs::source;
use std::io;
use std::process::Command;
use tempfile::TempDir;

/// The number of lines that `diff` shows for each pair, as it is handed out. A change
/// of one twin should be a change of both.
const MOST_LINES: [(&str, usize); 5] = [
    ("sum-array", 54),
    ("wait-for-me", 47),
    ("seg-fault", 54),
    ("memory-corruption", 70),
    ("shared-counter", 63),
];

#[test]
fn twins_differ_in_the_mechanism_only() -> io::Result<()> {
    let folder = TempDir::new()?;
    for (package, most) in MOST_LINES {
        let mut diff = Command::new("diff");
        for binary in ["threads", "processes"] {
            let file = folder.path().join(format!("{package}-{binary}.rs"));
            std::fs::write(&file, source(package, binary))?;
            diff.arg(file);
        }
        let output = diff.output()?;
        let diff = String::from_utf8_lossy(&output.stdout);
        let lines = diff
            .lines()
            .filter(|line| line.starts_with(['<', '>']))
            .count();
        println!("{package}: diff threads.rs processes.rs shows {lines} lines");
        assert!(
            (1..=most).contains(&lines),
            "{package}: {lines} lines, not {most}\n{diff}"
        );
    }
    Ok(())
}
