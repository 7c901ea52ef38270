//! The tests pass whatever a student has done to the files with a TODO.

use super::lab::{Lab, original, text};
use checker::handout::Handout;
use std::error::Error;
use std::process::Command;
use std::{env, fs, io};

type Put = fn(&Handout) -> io::Result<()>;

/// What a student may have done to each file with a TODO.
const STATES: [(&str, Put); 5] = [
    ("broken", |task| fs::write(&task.skeleton, "fn main( {\n")),
    ("deleted", |task| fs::remove_file(&task.skeleton)),
    ("reset", |task| {
        // As `cargo lab reset` leaves it, after two attempts.
        for attempt in ["fn main( {\n", "fn main() {}\n"] {
            fs::write(&task.skeleton, attempt)?;
            task.reset().map_err(io::Error::other)?;
        }
        Ok(())
    }),
    ("solved", |task| {
        fs::copy(&task.solution, &task.skeleton).map(drop)
    }),
    ("foreign files beside", |task| {
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
        Ok(())
    }),
];

/// The tests that look at the programs of the tree; all of them would take minutes.
const TESTS: [&str; 9] = [
    "test",
    "--package=checker",
    "--test=guide",
    "--test=exercises",
    "--",
    "consoles::",
    "skeletons::no_test_needs",
    "twins::",
    "wait_for_me::who_does_not_wait",
];

#[test]
fn tests_pass_in_any_tree() -> Result<(), Box<dyn Error>> {
    let tree = Lab::new()?;
    tree.share_dependencies(&original().join("target/debug"), "0.0.0")?;
    for (state, put) in STATES {
        tree.make_pristine()?;
        for task in tree.handouts() {
            put(&task)?;
        }
        let output = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
            .args(TESTS)
            // Its programs must not take the place of the original's.
            .env("CARGO_TARGET_DIR", tree.file("programs"))
            .env("CARGO_BUILD_BUILD_DIR", tree.file("target"))
            .current_dir(tree.file(""))
            .output()?;
        let printed = text(&output.stdout) + &text(&output.stderr);
        assert!(output.status.success(), "{state}: {printed}");
        assert_eq!(
            printed.matches("test result: ok. ").count(),
            2,
            "{state}: {printed}"
        );

        // A pristine copy of the tree is what was handed out.
        let copy = Lab::pristine(&tree.file(""))?;
        for task in copy.handouts() {
            assert_eq!(
                fs::read_to_string(&task.skeleton)?,
                task.render()?,
                "{state}"
            );
            let folder = fs::read_dir(task.skeleton.with_file_name(""))?;
            assert_eq!(folder.count(), 2, "{state}");
        }
    }
    Ok(())
}
