//! The tests pass whatever a student has done to the files with a TODO.

use super::lab::{Lab, original, text};
use std::error::Error;
use std::process::Command;
use std::{env, fs};

/// The tests that look at the programs of the tree; all of them would take minutes.
const TESTS: [&str; 8] = [
    "test",
    "--package=checker",
    "--test=guide",
    "--test=exercises",
    "--",
    "consoles::",
    "skeletons::no_test_needs",
    "twins::",
];

/// What a student may have done to the files with a TODO, and beside them.
fn spoil(tree: &Lab) -> Result<(), Box<dyn Error>> {
    for task in tree.handouts() {
        match (task.exercise.package, task.exercise.binary) {
            ("wait-for-me", "processes") => fs::remove_file(&task.skeleton)?,
            ("wait-for-me", _) => fs::write(&task.skeleton, "fn main( {\n")?,
            _ => {
                // As `cargo lab reset` leaves it, after two attempts.
                for attempt in ["fn main( {\n", "fn main() {}\n"] {
                    fs::write(&task.skeleton, attempt)?;
                    task.reset()?;
                }
                fs::copy(&task.solution, &task.skeleton)?;
            }
        }
        fs::create_dir_all(task.skeleton.with_file_name("threads"))?;
        // Cargo would take most of these for programs.
        for name in [
            "threads copy.rs",
            "threads/main.rs",
            "build.rs",
            "threads.rs~",
            "notes",
        ] {
            fs::write(task.skeleton.with_file_name(name), "fn main( {\n")?;
        }
    }
    Ok(())
}

#[test]
fn tests_pass_in_any_tree() -> Result<(), Box<dyn Error>> {
    let tree = Lab::new()?;
    tree.share_dependencies(&original().join("target/debug"), "0.0.0")?;
    spoil(&tree)?;
    let output = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(TESTS)
        // Its programs must not take the place of the original's.
        .env("CARGO_TARGET_DIR", tree.file("programs"))
        .env("CARGO_BUILD_BUILD_DIR", tree.file("target"))
        .current_dir(tree.file(""))
        .output()?;
    let printed = text(&output.stdout) + &text(&output.stderr);
    assert!(output.status.success(), "{printed}");
    let passed = printed.matches("test result: ok. ");
    assert_eq!(passed.count(), 2, "{printed}");

    // A pristine copy of the tree is what was handed out.
    let copy = Lab::pristine(&tree.file(""))?;
    for task in copy.handouts() {
        assert_eq!(fs::read_to_string(&task.skeleton)?, task.render()?);
        let folder = fs::read_dir(task.skeleton.with_file_name(""))?;
        assert_eq!(folder.count(), 2);
    }
    Ok(())
}
