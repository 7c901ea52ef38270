//! A copy of the lab for students, without solutions.

use crate::handout::handouts;
use crate::workspace::{Workspace, write};
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
    let mut files = files_of_git(&root);
    if files.is_empty() {
        files = files_in(&root)?;
    }
    fs::create_dir_all(to)?;
    if fs::read_dir(to)?.next().is_some() {
        bail!("{} is not empty", to.display());
    }
    // Half of the known mistakes are right programs, and the tests need both.
    files.retain(|file| {
        !(file.starts_with("checker/mistakes")
            || file.starts_with("checker/tests")
            || file.iter().any(|part| part == "solutions"))
    });
    for file in files {
        let (from, copied) = (root.join(&file), to.join(&file));
        // Git may list a file that no longer exists.
        let Ok(metadata) = from.symlink_metadata() else {
            continue;
        };
        fs::create_dir_all(copied.parent().unwrap_or(to))?;
        if metadata.is_symlink() {
            symlink(fs::read_link(from)?, copied)?;
        } else if file.ends_with("Cargo.toml") || file.ends_with("Cargo.lock") {
            fs::write(copied, without_solutions(&fs::read_to_string(from)?))?;
        } else {
            fs::copy(from, copied)?;
        }
    }
    let copy = Workspace::open(to);
    for (original, copied) in handouts(workspace).iter().zip(handouts(&copy)) {
        write(&copied.kept, &original.render()?)?;
        copied.write()?;
    }
    Ok(())
}

/// The files that git lists, relative to this folder. Without git, there are none.
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
