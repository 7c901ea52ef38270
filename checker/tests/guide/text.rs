//! The guide's text.

use checker::exercises::{EXERCISES, Exercise};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The folder of the lab.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("a folder")
        .into()
}

/// A file of the lab.
#[track_caller]
pub(crate) fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The files in a folder that have this extension, in order.
pub(crate) fn files(folder: &str, extension: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(root().join(folder)).expect("a folder");
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.expect("an entry").path())
        .collect();
    files.retain(|path| path.extension().is_some_and(|found| found == extension));
    files.sort();
    assert!(!files.is_empty(), "{folder}");
    files
}

/// The chapters.
pub(crate) fn pages() -> Vec<PathBuf> {
    files("book/src", "md")
}

/// The chapters that have an exercise.
pub(crate) fn chapters() -> BTreeSet<PathBuf> {
    let page = |exercise: &Exercise| root().join(format!("book/src/{}.md", exercise.chapter));
    EXERCISES.iter().map(page).collect()
}

/// The READMEs of the exercises.
pub(crate) fn readmes() -> BTreeSet<PathBuf> {
    let readme = |exercise: &Exercise| root().join(exercise.folder).join("README.md");
    EXERCISES.iter().map(readme).collect()
}

/// The text without its code blocks.
pub(crate) fn without_blocks(text: &str) -> String {
    let mut is_code = false;
    let mut kept = String::new();
    for line in text.lines() {
        let is_fence = line.trim_start().starts_with("```");
        is_code ^= is_fence;
        if !is_code && !is_fence {
            kept += line;
        }
        kept.push('\n');
    }
    kept
}

/// What its code blocks of one language hold.
pub(crate) fn blocks(text: &str, language: &str) -> Vec<String> {
    let start = format!("```{language}");
    let mut blocks = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let Some(fence) = line.trim_start().strip_prefix("```") else {
            continue;
        };
        let is_meant = line.trim_start() == start;
        let indentation = line.len() - fence.len() - 3;
        let inside = lines.by_ref().take_while(|line| line.trim() != "```");
        let block: Vec<&str> = inside
            .map(|line| line.get(indentation..).unwrap_or_default())
            .collect();
        if is_meant {
            blocks.push(block.join("\n"));
        }
    }
    blocks
}

/// The commands of a console, each with what it prints.
pub(crate) fn commands(block: &str) -> Vec<(String, String)> {
    let mut commands: Vec<(String, String)> = Vec::new();
    for line in block.lines() {
        match (line.strip_prefix("$ "), commands.last_mut()) {
            (Some(command), _) => commands.push((command.into(), String::new())),
            // A long command goes on in the next line.
            (None, Some((command, output))) if output.is_empty() && command.ends_with('\\') => {
                *command += line;
            }
            (None, Some((_, output))) => *output += &format!("{line}\n"),
            (None, None) => panic!("no command: {block}"),
        }
    }
    commands
}
