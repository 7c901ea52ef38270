//! A copy of the lab for students, without solutions.

use crate::handout::{handouts, write};
use crate::workspace::Workspace;
use anyhow::{Result, bail};
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{fs, io};

/// These are left out wherever they are, if git does not list the files of the lab.
const NOT_OF_THE_LAB: [&str; 4] = ["target", ".git", "node_modules", ".lab-answers.toml"];

/// Copies the lab into a new folder, without solutions, known mistakes and the tests that need
/// them. All skeletons are restored.
///
/// # Errors
///
/// The folder is not empty, or a file can't be read or written.
pub fn make_student_copy(workspace: &Workspace, to: &Path) -> Result<()> {
    let root = workspace.root().canonicalize()?;
    let files = match files_of_git(&root) {
        files if files.is_empty() => files_in(&root)?,
        files => files,
    };
    fs::create_dir_all(to)?;
    if fs::read_dir(to)?.next().is_some() {
        bail!("{} is not empty", to.display());
    }
    for file in files {
        let from = root.join(&file);
        // Half of the known mistakes are right programs, and the tests need both.
        let is_left_out = file.starts_with("checker/mistakes")
            || file.starts_with("checker/tests")
            || file
                .components()
                .any(|part| part.as_os_str() == "solutions");
        // Git may list a file that no longer exists.
        let Ok(kind) = from.symlink_metadata().map(|file| file.file_type()) else {
            continue;
        };
        if is_left_out {
            continue;
        }
        let copied = to.join(&file);
        fs::create_dir_all(copied.parent().unwrap_or(to))?;
        if kind.is_symlink() {
            symlink(fs::read_link(from)?, copied)?;
            continue;
        }
        match file.file_name().and_then(OsStr::to_str) {
            Some("Cargo.toml" | "Cargo.lock") => {
                fs::write(copied, without_solutions(&fs::read_to_string(from)?))?;
            }
            _ => drop(fs::copy(from, copied)?),
        }
    }
    let copy = Workspace::open(to);
    for (original, copied) in handouts(workspace).iter().zip(handouts(&copy)) {
        write(&copied.kept, &original.render()?)?;
        copied.write()?;
    }
    Ok(())
}

/// The files that git lists, relative to this folder, or `None` without git.
fn files_of_git(root: &Path) -> Vec<PathBuf> {
    let git = Command::new("git")
        .args(["ls-files", "-z"])
        .current_dir(root)
        .output();
    let output = git.map(|output| output.stdout).unwrap_or_default();
    let names = output.split(|byte| *byte == 0);
    let names = names.filter(|name| !name.is_empty());
    names.map(|name| OsStr::from_bytes(name).into()).collect()
}

/// The files in a folder, relative to it, without the lab's own output.
fn files_in(root: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![PathBuf::new()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(root.join(&folder))? {
            let entry = entry?;
            let name = entry.file_name();
            let text = name.to_string_lossy();
            // `cargo lab grade` and `make-zip` leave their files in the root of the lab.
            let is_root = folder.as_os_str().is_empty();
            let is_made = text.contains(".rs.kept")
                || is_root && (text.starts_with("grades.") || text == "gradescope.zip");
            if is_made || NOT_OF_THE_LAB.iter().any(|one| name == *one) {
                continue;
            }
            match entry.file_type()? {
                kind if kind.is_dir() => folders.push(folder.join(name)),
                _ => files.push(folder.join(name)),
            }
        }
    }
    Ok(files)
}

/// A manifest or Cargo.lock without the removed targets and members. Each of them is a
/// paragraph or a line.
fn without_solutions(manifest: &str) -> String {
    let paragraphs = manifest.split("\n\n").filter(|paragraph| {
        let mut lines = paragraph.lines();
        !lines.any(|line| {
            line.ends_with("-solution\"")
                || line.ends_with("package.mistakes]")
                || line == "name = \"mistakes\""
        })
    });
    let text = paragraphs.collect::<Vec<_>>().join("\n\n");
    text.replace("    \"checker/mistakes\",\n", "")
}
