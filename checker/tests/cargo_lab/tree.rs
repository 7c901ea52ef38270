//! The tests pass whatever a student has done to the files with a TODO.

use super::lab::Lab;
use crate::support::{Result, root, run};
use std::fs;

/// The tests that look at the programs of the tree; all of them would take minutes.
const TESTS: &str =
    "test --package=checker --test=guide --test=exercises -- consoles:: skeletons::";

/// What does not compile, in the place of a program.
const BROKEN: &str = "fn main( {\n";

/// What a student may have done to the files with a TODO, and beside them.
fn spoil(tree: &Lab) -> Result {
    for task in tree.handouts() {
        match (task.exercise.package, task.exercise.binary) {
            ("wait-for-me", "processes") => fs::remove_file(&task.skeleton)?,
            ("wait-for-me", _) => fs::write(&task.skeleton, BROKEN)?,
            _ => {
                // As `cargo lab reset` leaves it, after two attempts.
                for attempt in [BROKEN, "fn main() {}\n"] {
                    fs::write(&task.skeleton, attempt)?;
                    task.reset()?;
                }
                fs::copy(&task.solution, &task.skeleton)?;
            }
        }
        // Cargo would take most of these for programs.
        for name in ["threads copy.rs", "build.rs", "threads.rs~", "notes"] {
            fs::write(task.skeleton.with_file_name(name), BROKEN)?;
        }
        tree.write(task.skeleton.with_file_name("threads/main.rs"), BROKEN)?;
    }
    Ok(())
}

#[test]
fn tests_pass_in_any_tree() -> Result {
    let tree = Lab::fresh()?;
    tree.share_dependencies(&root().join("target/debug"), "0.0.0")?;
    spoil(&tree)?;
    let ran = run(tree.cargo(TESTS).env_remove("RUST_BACKTRACE"));
    assert!(ran.status.success(), "{}\n{}", ran.stdout, ran.stderr);
    let passed = ran.stdout.matches("test result: ok. ");
    assert_eq!(passed.count(), 2, "{}", ran.stdout);

    // A pristine copy of the tree is what was handed out.
    let copy = Lab::pristine(&tree.path(""))?;
    for task in copy.handouts() {
        assert_eq!(fs::read_to_string(&task.skeleton)?, task.render()?);
        let folder = fs::read_dir(task.skeleton.with_file_name(""))?;
        assert_eq!(folder.count(), 2);
    }
    Ok(())
}
