//! A copy of the lab for students, without solutions.

use crate::handout::handouts;
use crate::workspace::Workspace;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::{fs, io};

/// Left out wherever it is.
const LEFT_OUT: [&str; 4] = ["target", ".git", "solutions", ".lab-answers.toml"];

/// Copies the lab into a new folder, without solutions, known mistakes and the tests that
/// need them. All tasks are as they are handed out.
///
/// # Errors
///
/// When the folder is not empty, or something can't be read or written.
pub fn make_student_copy(workspace: &Workspace, to: &Path) -> Result<(), Box<dyn Error>> {
    fs::create_dir_all(to)?;
    if fs::read_dir(to)?.next().is_some() {
        return Err(format!("{} is not empty", to.display()).into());
    }
    let root = workspace.root().canonicalize()?;
    // Half of the known mistakes are right programs, and the tests need both. The new folder
    // may be inside the lab.
    let left_out = [
        root.join("checker/mistakes"),
        root.join("checker/tests"),
        to.canonicalize()?,
    ];
    copy(&root, to, &left_out)?;
    let copy = Workspace::open(to);
    for (original, copied) in handouts(workspace).iter().zip(handouts(&copy)) {
        let skeleton = original.render()?;
        fs::create_dir_all(copied.kept.parent().unwrap_or(to))?;
        fs::write(&copied.kept, &skeleton)?;
        fs::write(&copied.skeleton, &skeleton)?;
    }
    Ok(())
}

fn copy(from: &Path, to: &Path, left_out: &[PathBuf]) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let (entry, name) = entry.map(|entry| (entry.path(), entry.file_name()))?;
        let is_kept_file = name.to_string_lossy().contains(".rs.kept");
        if is_kept_file || LEFT_OUT.iter().any(|one| name == *one) || left_out.contains(&entry) {
            continue;
        }
        if entry.is_dir() {
            copy(&entry, &to.join(name), left_out)?;
        } else if name == "Cargo.toml" {
            let manifest = fs::read_to_string(&entry)?;
            fs::write(to.join(name), without_solutions(&manifest))?;
        } else {
            fs::copy(&entry, to.join(name))?;
        }
    }
    Ok(())
}

/// A manifest without the targets and members that are left out. Each stands in a paragraph
/// or in a line of its own.
fn without_solutions(manifest: &str) -> String {
    let paragraphs = manifest.split("\n\n").filter(|paragraph| {
        let mut lines = paragraph.lines();
        !lines.any(|line| line.ends_with("-solution\"") || line.ends_with("package.mistakes]"))
    });
    let text = paragraphs.collect::<Vec<_>>().join("\n\n");
    text.replace("    \"checker/mistakes\",\n", "")
}
