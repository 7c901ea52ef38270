//! The short examples in `book/examples`. Some do not compile: their first line names the
//! error, and the chapter quotes it. The others do what the chapter says.

use crate::support::{Ran, assert_has, run};
use crate::text::{Page, files, read, root};
use std::env;
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

fn compile(source: &Path, program: &Path) -> Ran {
    let mut rustc = Command::new(env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
    rustc.args(["--edition", "2024", "-O", "-D", "warnings", "-o"]);
    run(rustc.args([program, source]))
}

#[test]
fn examples_that_do_not_compile() {
    let folder = TempDir::new().expect("a folder");
    let chapter = Page::chapter("waiting").text;
    let mut count = 0;
    for source in files("book/examples", "rs") {
        let text = read(&source);
        let first = text.lines().next().unwrap_or_default();
        let Some(code) = first.strip_prefix("//! Error: ") else {
            assert_eq!(first, "//! Compiles.", "{}", source.display());
            continue;
        };
        let program = folder.path().join("program");
        let errors = compile(&source, &program).ended(1).stderr;
        // Only the first line is sure to be the same in every version.
        let says = errors.lines().next().unwrap_or_default();
        assert_has(&chapter, &[says]);
        assert!(says.starts_with(&format!("error[{code}]: ")), "{says}");
        assert_has(&errors, &["aborting due to 1 previous error"]);
        count += 1;
    }
    assert_eq!(count, 4);
}

#[test]
fn a_race_condition_without_a_data_race() {
    let folder = TempDir::new().expect("a folder");
    let right = 200_000;
    for (name, expected) in [
        ("lost-updates", 1..right),
        ("no-lost-updates", right..right + 1),
    ] {
        let program = folder.path().join(name);
        let source = root().join("book/examples").join(name).with_extension("rs");
        compile(&source, &program).ended(0);
        let printed = run(&mut Command::new(program)).stdout;
        let count: u32 = printed.trim().parse().expect("a number");
        assert!(expected.contains(&count), "{name}: {count}");
    }
}

/// Without the indentation: the chapter shows parts of the examples.
fn unindented(code: &str) -> String {
    code.lines()
        .map(|line| line.trim().to_owned() + "\n")
        .collect()
}

#[test]
fn the_chapter_shows_the_examples() {
    let chapter = Page::chapter("waiting");
    let mut examples = String::new();
    for source in files("book/examples", "rs") {
        let name = source.file_name().and_then(|name| name.to_str());
        assert_has(&chapter.text, &[name.expect("a name")]);
        examples += &unindented(&read(&source));
    }
    for block in chapter.blocks("rust,ignore") {
        assert_has(&examples, &[&unindented(&block)]);
    }
}
