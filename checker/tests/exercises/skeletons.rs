//! The programs that students edit: what no test needs, and how twins differ.

use crate::programs::{PROGRAMS, WORKSPACE};
use crate::support::Result;
use cargo_metadata::MetadataCommand;
use checker::exercises::{EXERCISES, exercise};
use checker::handout::Handout;
use std::fs;
use std::process::Command;
use tempfile::TempDir;

/// `cargo test --workspace` passes whatever a student has written, also when that
/// does not compile: cargo builds nothing of it.
#[test]
fn no_test_needs_what_students_edit() -> Result {
    let metadata = MetadataCommand::new()
        .manifest_path(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"))
        .no_deps()
        .exec()?;
    let exercises = metadata.packages.iter().filter(|package| {
        let name = package.name.as_str();
        EXERCISES.iter().any(|exercise| exercise.package == name)
    });
    let mut count = 0;
    for target in exercises.flat_map(|exercise| &exercise.targets) {
        // Integration tests would build the binaries beside them.
        assert!(target.is_example() || !target.test, "{target:?}");
        assert!(target.is_example() || target.is_bin(), "{target:?}");
        count += usize::from(target.is_bin());
    }
    assert_eq!(count, PROGRAMS.len(), "with solutions");
    Ok(())
}

/// The number of lines that `diff` shows for `threads.rs` and `processes.rs`, as they are handed
/// out. It should show the mechanism, and nothing else: a change of one twin should be a change
/// of both.
const MOST_LINES: [(&str, usize); 5] = [
    ("sum-array", 54),
    ("wait-for-me", 47),
    ("seg-fault", 54),
    ("memory-corruption", 70),
    ("shared-counter", 63),
];

#[test]
fn twins_differ_in_the_mechanism_only() -> Result {
    let folder = TempDir::new()?;
    for (package, most) in MOST_LINES {
        let mut diff = Command::new("diff");
        for binary in ["threads", "processes"] {
            let exercise = exercise(package, binary).ok_or(package)?;
            let source = match Handout::of(&WORKSPACE, exercise) {
                Some(handout) => handout.render()?,
                None => fs::read_to_string(WORKSPACE.root().join(exercise.source()))?,
            };
            let file = folder.path().join(binary);
            fs::write(&file, source)?;
            diff.arg(file);
        }
        let diff = String::from_utf8(diff.output()?.stdout)?;
        let lines = diff.lines().filter(|line| line.starts_with(['<', '>']));
        let count = lines.count();
        assert!((1..=most).contains(&count), "{package}: {count}\n{diff}");
    }
    Ok(())
}
