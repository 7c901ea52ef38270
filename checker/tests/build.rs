//! Compiling, and what goes wrong with it; the command line of `cargo lab dev`.

use checker::{Build, BuildError, Workspace};
use std::collections::BTreeMap;
use std::error::Error;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{Duration, SystemTime};
use tempfile::TempDir;

/// How to build a program with this source, which is in the folder.
fn build(folder: &TempDir, name: &str, source: &str) -> Result<Build, Box<dyn Error>> {
    let path = folder.path().join("main.rs");
    fs::write(&path, source)?;
    let sources = BTreeMap::from([("program".into(), path)]);
    Ok(Build::sources(&Workspace::locate(), name, &sources)?)
}

#[test]
fn an_error_is_reported_in_the_compilers_words() -> Result<(), Box<dyn Error>> {
    let source = "//! A type error.\nfn main() { let _: u8 = \"text\"; }\n";
    let folder = TempDir::new()?;
    match build(&folder, "test-error", source)?.run() {
        Err(BuildError::DoesNotCompile { errors, .. }) => {
            let text = errors.concat();
            assert!(text.contains("error[E0308]: mismatched types"), "{text}");
            assert!(text.contains("main.rs:2:"), "{text}");
        }
        other => panic!("{other:?}"),
    }
    Ok(())
}

#[test]
fn a_warning_is_reported_and_the_program_is_there() -> Result<(), Box<dyn Error>> {
    let source = "//! A warning.\nfn main() { let unused = 7; println!(\"fine\"); }\n";
    let folder = TempDir::new()?;
    let build = build(&folder, "test-warning", source)?;
    // Also when there is nothing to compile any more.
    for _ in 0..2 {
        let built = build.run()?;
        assert!(
            built.warnings.concat().contains("unused variable"),
            "{built:?}"
        );
        let output = Command::new(&built.programs["program"]).output()?;
        assert_eq!(output.stdout, b"fine\n");
    }
    Ok(())
}

/// The compiler computes this, and does not end.
#[test]
fn a_compiler_that_does_not_end() -> Result<(), Box<dyn Error>> {
    let source = "\
//! A constant that takes a thousand years.
#[allow(long_running_const_eval)]
const COUNT: u64 = {
    let mut count = 0;
    while count < u64::MAX {
        count += 1;
    }
    count
};
fn main() { println!(\"{COUNT}\"); }
";
    let folder = TempDir::new()?;
    let build = build(&folder, "test-endless", source)?;
    let limit = Duration::from_millis(500);
    match build.with_compile_limit(limit).run() {
        Err(BuildError::DoesNotCompile { failure, .. }) => {
            let message = "the compiler had not finished after 0.5 seconds of CPU time";
            assert_eq!(failure, message);
        }
        other => panic!("{other:?}"),
    }
    Ok(())
}

/// The compiler overflows its stack, reports nothing, and is killed by a signal.
#[test]
fn a_compiler_that_dies() -> Result<(), Box<dyn Error>> {
    let nested = format!("{}1{}", "(".repeat(100_000), ")".repeat(100_000));
    let source = format!("//! Deep.\nfn main() {{ println!(\"{{}}\", {nested}); }}\n");
    let folder = TempDir::new()?;
    match build(&folder, "test-dies", &source)?.run() {
        Err(BuildError::DoesNotCompile {
            failure, errors, ..
        }) => {
            assert_eq!(failure, "the compiler crashed");
            let text = errors.concat();
            assert!(text.contains("SIGSEGV"), "{text}");
            assert!(!text.contains("--crate-name"), "{text}");
        }
        other => panic!("{other:?}"),
    }
    Ok(())
}

#[test]
fn a_package_that_is_not_there() -> Result<(), Box<dyn Error>> {
    match Build::package(&Workspace::locate(), "no-such-package", &[]).run() {
        Err(BuildError::Other(error)) => {
            let message = error.to_string();
            assert!(message.starts_with("cargo failed:\n"), "{message}");
            assert!(message.contains("no-such-package"), "{message}");
        }
        other => panic!("{other:?}"),
    }
    Ok(())
}

/// Two packages with programs of the same names, built one after the other and
/// again: each keeps its own.
#[test]
fn programs_of_one_name_are_kept_apart() -> Result<(), Box<dyn Error>> {
    let workspace = Workspace::locate();
    let help = |package: &str| -> Result<String, Box<dyn Error>> {
        let built = Build::package(&workspace, package, &["threads"]).run()?;
        let output = Command::new(&built.programs["threads"])
            .arg("--help")
            .output()?;
        Ok(String::from_utf8(output.stdout)?)
    };
    for _ in 0..2 {
        assert!(!help("sum-array")?.contains("do_corruption"));
        assert!(help("memory-corruption")?.contains("do_corruption"));
    }
    Ok(())
}

#[test]
fn a_program_that_is_optimised() -> Result<(), Box<dyn Error>> {
    let build = Build::package(&Workspace::locate(), "seg-fault", &[]);
    let built = build.release().only(&["threads"]).run()?;
    let program = &built.programs["threads"];
    assert!(program.ends_with("release/threads"), "{program:?}");
    Ok(())
}

#[test]
fn all_programs_of_a_package() -> Result<(), Box<dyn Error>> {
    let built = Build::package(&Workspace::locate(), "sum-array", &[]).run()?;
    let names: Vec<_> = built.programs.keys().collect();
    assert_eq!(names, ["processes", "reduce", "sequential", "threads"]);
    Ok(())
}

/// A workspace with one package, which has no dependencies, and one program.
fn small_lab(source: &str) -> Result<(TempDir, PathBuf), Box<dyn Error>> {
    let root = TempDir::new()?;
    let package = root.path().join("wait-for-me");
    let program = package.join("src/bin/threads.rs");
    fs::create_dir_all(package.join("src/bin"))?;
    let members = "[workspace]\nresolver = '3'\nmembers = ['wait-for-me']\n";
    fs::write(root.path().join("Cargo.toml"), members)?;
    let manifest = "[package]\nname = 'wait-for-me'\nedition = '2024'\n";
    fs::write(package.join("Cargo.toml"), manifest)?;
    fs::write(&program, source)?;
    fs::write(package.join("src/bin/processes.rs"), "fn main() {}\n")?;
    Ok((root, program))
}

/// As a file has it that was moved, unpacked or copied with its time.
#[test]
fn a_source_that_is_older_than_the_last_build_is_compiled() -> Result<(), Box<dyn Error>> {
    let program = |text: &str| format!("fn main() {{ print!(\"{text}\"); }}\n");
    let (root, path) = small_lab(&program("first"))?;
    let workspace = Workspace::open(root.path());
    let build = Build::package(&workspace, "wait-for-me", &["threads"]);
    for text in ["first", "other", "other", "first"] {
        let aside = root.path().join("aside.rs");
        fs::write(&aside, program(text))?;
        let long_ago = SystemTime::now() - Duration::from_secs(3600);
        File::open(&aside)?.set_modified(long_ago)?;
        fs::rename(&aside, &path)?;
        let output = Command::new(&build.run()?.programs["threads"]).output()?;
        assert_eq!(String::from_utf8(output.stdout)?, text);
    }
    Ok(())
}

/// Actions that set up Rust set these variables for all later steps.
#[test]
fn a_warning_costs_no_points_whatever_the_flags_are() -> Result<(), Box<dyn Error>> {
    let source = "fn main() { let unused = 7; }\n";
    for (variable, flags) in [
        ("RUSTFLAGS", "-D warnings"),
        ("CARGO_ENCODED_RUSTFLAGS", "-D\u{1f}warnings"),
        ("CARGO_BUILD_WARNINGS", "deny"),
    ] {
        let (root, _) = small_lab(source)?;
        let output = Command::new(env!("CARGO_BIN_EXE_lab"))
            .args(["check", "wait-for-me", "--bin", "threads"])
            .env("CARGO_MANIFEST_DIR", root.path().join("checker"))
            .env_remove("RUSTFLAGS")
            .env(variable, flags)
            .output()?;
        let text = String::from_utf8(output.stdout)?;
        assert!(text.contains("no-worker"), "{variable}: {text}");
    }
    Ok(())
}

/// Runs `cargo lab dev ARGS` for the workspace in `root`.
fn lab_dev(root: &Path, args: &[&str]) -> std::io::Result<Output> {
    Command::new(env!("CARGO_BIN_EXE_lab"))
        .arg("dev")
        .args(args)
        .env("CARGO_MANIFEST_DIR", root.join("checker"))
        .output()
}

#[test]
fn the_command_line_writes_and_checks_skeletons() -> Result<(), Box<dyn Error>> {
    let root = TempDir::new()?;
    let package = root.path().join("sum-array-bugs/seg-fault");
    fs::create_dir_all(package.join("src/bin"))?;
    fs::create_dir_all(package.join("solutions"))?;
    let solution = package.join("solutions/processes.rs");
    fs::write(
        &solution,
        "// TODO\n// <solution>\ndone();\n// </solution>\n",
    )?;
    let skeleton = "sum-array-bugs/seg-fault/src/bin/processes.rs";

    let missing = lab_dev(root.path(), &["check", "--skeletons"])?;
    assert_eq!(missing.status.code(), Some(1));
    assert!(String::from_utf8(missing.stdout)?.contains(&format!("{skeleton}: is missing")));

    let written = lab_dev(root.path(), &["skeletons"])?;
    assert_eq!(written.status.code(), Some(0));
    assert_eq!(
        String::from_utf8(written.stdout)?,
        format!("written: {skeleton}\n")
    );
    assert_eq!(fs::read_to_string(root.path().join(skeleton))?, "// TODO\n");

    let in_step = lab_dev(root.path(), &["check", "--skeletons"])?;
    assert_eq!(in_step.status.code(), Some(0));
    assert_eq!(
        String::from_utf8(in_step.stdout)?,
        format!("{skeleton}: in step\n")
    );

    fs::write(root.path().join(skeleton), "edited\n")?;
    let edited = lab_dev(root.path(), &["check", "--skeletons"])?;
    assert_eq!(edited.status.code(), Some(1));
    assert!(String::from_utf8(edited.stdout)?.contains("differs from its solution"));

    fs::write(&solution, "// TODO\n// <solution>\n")?;
    let unmarked = lab_dev(root.path(), &["check", "--skeletons"])?;
    assert_eq!(unmarked.status.code(), Some(1));
    assert!(String::from_utf8(unmarked.stdout)?.contains("line 2"));

    fs::remove_file(&solution)?;
    let broken = lab_dev(root.path(), &["check", "--skeletons"])?;
    assert_eq!(broken.status.code(), Some(2));
    assert!(String::from_utf8(broken.stderr)?.contains("cannot read"));
    Ok(())
}
