//! Compiling, and what goes wrong with it; the command line of `cargo lab dev`.

use crate::support::{Folder, Result, assert_has, assert_lacks, run};
use checker::{Build, DoesNotCompile, Workspace};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::process::Command;
use std::time::{Duration, SystemTime};

/// How to build a program with this source.
fn build(name: &str, source: &str) -> Result<(Folder, Build)> {
    let folder = Folder::new()?;
    folder.write("main.rs", source)?;
    let sources = BTreeMap::from([("program".into(), folder.path("main.rs"))]);
    let build = Build::sources(&Workspace::locate(), name, &sources)?;
    Ok((folder, build))
}

/// The compiler overflows its stack, reports nothing, and is killed by a signal.
#[test]
fn a_compiler_that_dies() -> Result {
    let nested = format!("{}1{}", "(".repeat(100_000), ")".repeat(100_000));
    let source = format!("//! Deep.\nfn main() {{ println!(\"{{}}\", {nested}); }}\n");
    let (_folder, build) = build("test-dies", &source)?;
    let error = build.run().expect_err("it is killed");
    assert!(error.is::<DoesNotCompile>());
    let text = error.to_string();
    assert_has(&text, &["the compiler crashed:\n", "SIGSEGV"]);
    assert_lacks(&text, &["--crate-name"]);
    Ok(())
}

#[test]
fn a_warning_is_reported_and_the_program_is_there() -> Result {
    let source = "//! A warning.\nfn main() { let unused = 7; println!(\"fine\"); }\n";
    let (_folder, build) = build("test-warning", source)?;
    // Also when there is nothing to compile any more.
    for _ in 0..2 {
        let built = build.run()?;
        assert_has(&built.warnings.concat(), &["unused variable"]);
        run(&mut Command::new(&built.programs["program"])).printed(&["fine\n"]);
    }
    Ok(())
}

#[test]
fn a_package_that_is_optimised_or_not_there() -> Result {
    let workspace = Workspace::locate();
    let build = Build::package(&workspace, "seg-fault", &[]);
    let built = build.release().only(&["threads"]).run()?;
    assert!(built.programs["threads"].ends_with("release/threads"));
    let built = Build::package(&workspace, "no-such-package", &[]).run();
    let message = built.expect_err("there is no package").to_string();
    assert!(message.starts_with("cargo failed:\n"), "{message}");
    assert_has(&message, &["no-such-package"]);
    Ok(())
}

/// A workspace with one package, which has no dependencies, and one program.
fn small_lab(source: &str) -> Result<Folder> {
    let lab = Folder::new()?;
    let members = "[workspace]\nresolver = '3'\nmembers = ['wait-for-me']\n";
    lab.write("Cargo.toml", members)?;
    let manifest = "[package]\nname = 'wait-for-me'\nedition = '2024'\n";
    lab.write("wait-for-me/Cargo.toml", manifest)?;
    lab.write("wait-for-me/src/bin/threads.rs", source)?;
    lab.write("wait-for-me/src/bin/processes.rs", "fn main() {}\n")?;
    Ok(lab)
}

/// As a file has it that was moved, unpacked or copied with its time.
#[test]
fn a_source_that_is_older_than_the_last_build_is_compiled() -> Result {
    let root = small_lab("")?;
    let workspace = Workspace::open(&root.path(""));
    let build = Build::package(&workspace, "wait-for-me", &["threads"]);
    let long_ago = SystemTime::now() - Duration::from_secs(3600);
    for text in ["first", "other", "other", "first"] {
        let aside = root.path("aside.rs");
        fs::write(&aside, format!("fn main() {{ print!(\"{text}\"); }}\n"))?;
        File::open(&aside)?.set_modified(long_ago)?;
        fs::rename(&aside, root.path("wait-for-me/src/bin/threads.rs"))?;
        let ran = run(&mut Command::new(&build.run()?.programs["threads"]));
        assert_eq!(ran.stdout, text);
    }
    Ok(())
}

/// Actions that set up Rust set these variables for all later steps.
#[test]
fn a_warning_costs_no_points_whatever_the_flags_are() -> Result {
    for (variable, flags) in [
        ("RUSTFLAGS", "-D warnings"),
        ("CARGO_ENCODED_RUSTFLAGS", "-D\u{1f}warnings"),
        ("CARGO_BUILD_WARNINGS", "deny"),
    ] {
        let root = small_lab("fn main() { let unused = 7; }\n")?;
        let mut check = root.lab("check wait-for-me threads");
        let check = check.env_remove("RUSTFLAGS").env(variable, flags);
        run(check).printed(&["no-worker"]);
    }
    Ok(())
}

#[test]
fn the_command_line_writes_and_checks_skeletons() -> Result {
    const SKELETON: &str = "sum-array-bugs/seg-fault/src/bin/processes.rs";
    const SOLUTION: &str = "sum-array-bugs/seg-fault/solutions/processes.rs";
    let root = Folder::new()?;
    let solution = "// TODO\n// <solution>\ndone();\n// </solution>\n";
    root.write(SOLUTION, solution)?;
    let check = || run(&mut root.lab("dev check --skeletons"));
    check().ended(1).printed(&[SKELETON, ": is missing"]);

    let written = run(&mut root.lab("dev skeletons")).ended(0);
    assert_eq!(written.stdout, format!("written: {SKELETON}\n"));
    assert_eq!(root.read(SKELETON)?, "// TODO\n");
    assert_eq!(check().ended(0).stdout, format!("{SKELETON}: in step\n"));

    root.write(SKELETON, "edited\n")?;
    check().ended(1).printed(&["differs from its solution"]);
    root.write(SOLUTION, "// TODO\n// <solution>\n")?;
    check().ended(1).printed(&["line 2"]);
    fs::remove_file(root.path(SOLUTION))?;
    check().ended(2).reported(&["cannot read"]);
    Ok(())
}
