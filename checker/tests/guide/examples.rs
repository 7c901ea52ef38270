//! The short examples in `book/examples`: each fails to compile with the error that its
//! first line names, and the text quotes; or compiles, and does what the text says.

use crate::text::{files, pages, read};
use std::env;
use std::ffi::OsString;
use std::path::Path;
use std::process::{Command, Output};
use tempfile::TempDir;

fn compile(source: &Path, program: &Path) -> Output {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| OsString::from("rustc"));
    Command::new(rustc)
        .args(["--edition", "2024", "-O", "-D", "warnings", "-o"])
        .args([program, source])
        .output()
        .expect("a compiler")
}

#[test]
fn examples_that_do_not_compile() {
    let folder = TempDir::new().expect("a folder");
    let mut count = 0;
    for source in files("book/examples", "rs") {
        let text = read(&source);
        let first = text.lines().next().unwrap_or_default();
        let Some(code) = first.strip_prefix("//! Error: ") else {
            assert_eq!(first, "//! Compiles.", "{}", source.display());
            continue;
        };
        let output = compile(&source, &folder.path().join("program"));
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success(), "{} compiles", source.display());
        // Only the first line is sure to be the same in every version.
        let quoted = read(&source.with_extension("txt"));
        let says = stderr.lines().next().unwrap_or_default();
        assert_eq!(quoted.lines().next(), Some(says));
        assert!(says.starts_with(&format!("error[{code}]: ")), "{says}");
        assert!(
            stderr.contains("aborting due to 1 previous error"),
            "{stderr}"
        );
        count += 1;
    }
    assert_eq!(count, 4);
}

/// What an example prints.
fn run(name: &str) -> u32 {
    let folder = TempDir::new().expect("a folder");
    let program = folder.path().join(name);
    let source = files("book/examples", "rs")
        .into_iter()
        .find(|path| path.file_stem().is_some_and(|stem| stem == name))
        .expect("an example");
    let output = compile(&source, &program);
    assert!(output.status.success(), "{output:?}");
    let output = Command::new(&program).output().expect("a program");
    let text = String::from_utf8(output.stdout).expect("a text");
    text.trim().parse().expect("a number")
}

#[test]
fn a_race_condition_without_a_data_race() {
    let lost = run("lost-updates");
    assert!((1..200_000).contains(&lost), "{lost}");
    assert_eq!(run("no-lost-updates"), 200_000);
}

#[test]
fn the_text_shows_all_examples() {
    let text: String = pages().iter().map(|page| read(page)).collect();
    let all = files("book/examples", "rs").into_iter();
    for path in all.chain(files("book/examples", "txt")) {
        let name = path.file_name().and_then(|name| name.to_str());
        let name = name.expect("a name");
        assert!(
            text.contains(&format!("{{{{#include ../examples/{name}")),
            "{name}"
        );
    }
}
