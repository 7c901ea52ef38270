//! The short examples in `book/examples`. Some do not compile: their first line names the
//! error, and the chapter quotes it. The others do what the chapter says.

use crate::text::{blocks, files, read, root};
use std::env;
use std::ffi::OsString;
use std::path::Path;
use std::process::{Command, Output};
use tempfile::TempDir;

/// The chapter that shows them.
fn chapter() -> String {
    read(&root().join("book/src/waiting.md"))
}

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
        let says = stderr.lines().next().unwrap_or_default();
        assert!(chapter().contains(says), "{says}");
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

/// Without the indentation: the chapter shows parts of the examples.
fn unindented(code: &str) -> String {
    code.lines()
        .map(|line| line.trim().to_owned() + "\n")
        .collect()
}

#[test]
fn the_chapter_shows_the_examples() {
    let chapter = chapter();
    let sources = files("book/examples", "rs");
    for source in &sources {
        let name = source.file_name().and_then(|name| name.to_str());
        let name = name.expect("a name");
        assert!(chapter.contains(name), "{name}");
    }
    let examples: String = sources
        .iter()
        .map(|source| unindented(&read(source)))
        .collect();
    for block in blocks(&chapter, "rust,ignore") {
        assert!(examples.contains(&unindented(&block)), "{block}");
    }
}
