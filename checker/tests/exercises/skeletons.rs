//! The skeletons compile without a warning; what they do is tested with their
//! exercises.

use crate::support::programs::{mistake, skeleton};
use cargo_metadata::MetadataCommand;
use checker::exercises::EXERCISES;
use std::error::Error;

#[test]
fn skeletons_and_mistakes_compile_without_a_warning() {
    // Each of these panics where the compiler says anything.
    for (package, binary) in [
        ("wait-for-me", "threads"),
        ("wait-for-me", "processes"),
        ("seg-fault", "processes"),
        ("shared-counter", "threads"),
        ("shared-counter", "processes"),
    ] {
        assert!(skeleton(package, binary).is_file());
    }
    assert!(mistake("wait-for-me", "threads", "spawn-without-join").is_file());
}

/// `cargo test --workspace` passes whatever a student has written, also when that
/// does not compile: cargo builds nothing of it.
#[test]
fn no_test_needs_what_students_edit() -> Result<(), Box<dyn Error>> {
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
    assert_eq!(count, EXERCISES.len() + 5, "with solutions");
    Ok(())
}
