//! The skeletons that students get, made from the solutions.

use crate::skeleton::{MarkError, skeleton};
use crate::workspace::{ManifestError, Workspace};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::{fs, io};

/// A program that students complete.
#[derive(Clone, Debug)]
pub struct Handout {
    /// The name of its package.
    pub package: String,
    /// The name of the binary.
    pub binary: String,
    /// The file that the student edits.
    pub skeleton: PathBuf,
    /// The file that it is made from.
    pub solution: PathBuf,
}

/// How a skeleton compares with its solution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// It is what is made from the solution.
    Same,
    /// It is something else: edited by a student, or forgotten by a teacher.
    Different,
    /// There is no such file.
    Missing,
}

/// Why the skeletons can't be made or looked at.
#[derive(Debug, thiserror::Error)]
pub enum HandoutError {
    /// The workspace can't be read.
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    /// A file can't be used.
    #[error("cannot {action} {}", path.display())]
    File {
        /// "read", "write" or "create".
        action: &'static str,
        /// Which one.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// A solution is not marked properly.
    #[error("{}", path.display())]
    Marks {
        /// Which one.
        path: PathBuf,
        /// What is wrong.
        source: MarkError,
    },
}

/// All programs that students complete: those with a file in the folder
/// `solutions` of their package.
///
/// # Errors
///
/// When the workspace can't be read.
pub fn handouts(workspace: &Workspace) -> Result<Vec<Handout>, HandoutError> {
    let mut handouts = Vec::new();
    for package in workspace.packages()? {
        let Ok(solutions) = fs::read_dir(package.folder.join("solutions")) else {
            continue;
        };
        for solution in solutions {
            let solution = solution
                .map_err(file_error("read", &package.folder))?
                .path();
            if solution.extension() != Some(OsStr::new("rs")) {
                continue;
            }
            let Some(binary) = solution.file_stem().and_then(OsStr::to_str) else {
                continue;
            };
            handouts.push(Handout {
                package: package.name.clone(),
                binary: binary.into(),
                skeleton: package.folder.join(format!("src/bin/{binary}.rs")),
                solution,
            });
        }
    }
    handouts.sort_by(|a, b| (&a.package, &a.binary).cmp(&(&b.package, &b.binary)));
    Ok(handouts)
}

impl Handout {
    /// The text of the skeleton, made from the solution.
    ///
    /// # Errors
    ///
    /// When the solution can't be read, or is not marked properly.
    pub fn render(&self) -> Result<String, HandoutError> {
        let solution =
            fs::read_to_string(&self.solution).map_err(file_error("read", &self.solution))?;
        skeleton(&solution).map_err(|source| HandoutError::Marks {
            path: self.solution.clone(),
            source,
        })
    }

    /// Compares the skeleton with what is made from the solution.
    ///
    /// # Errors
    ///
    /// When one of them can't be read, or the solution is not marked properly.
    pub fn compare(&self) -> Result<Comparison, HandoutError> {
        let rendered = self.render()?;
        match fs::read(&self.skeleton) {
            Ok(text) if text == rendered.as_bytes() => Ok(Comparison::Same),
            Ok(_) => Ok(Comparison::Different),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Comparison::Missing),
            Err(error) => Err(file_error("read", &self.skeleton)(error)),
        }
    }

    /// Puts the skeleton back. A file that is something else is kept beside it,
    /// under a name that is new and that cargo takes no notice of; the result
    /// tells which.
    ///
    /// # Errors
    ///
    /// When the solution can't be read or is not marked properly, the file can't
    /// be renamed, or the skeleton can't be written. Then nothing has changed.
    pub fn reset(&self) -> Result<Option<PathBuf>, HandoutError> {
        let kept = match self.compare()? {
            Comparison::Same => return Ok(None),
            Comparison::Missing => None,
            Comparison::Different => {
                let free_name =
                    (1..).map(|n| self.skeleton.with_added_extension(format!("kept-{n}")));
                let kept = free_name.into_iter().find(|name| !name.exists());
                let kept = kept.unwrap_or_else(|| self.skeleton.with_added_extension("kept"));
                fs::copy(&self.skeleton, &kept).map_err(file_error("write", &kept))?;
                Some(kept)
            }
        };
        self.write()?;
        Ok(kept)
    }

    /// Writes the skeleton, over whatever is there.
    ///
    /// # Errors
    ///
    /// When the solution can't be read or is not marked properly, or the
    /// skeleton can't be written.
    pub fn write(&self) -> Result<(), HandoutError> {
        let rendered = self.render()?;
        if let Some(folder) = self.skeleton.parent() {
            fs::create_dir_all(folder).map_err(file_error("create", folder))?;
        }
        fs::write(&self.skeleton, rendered).map_err(file_error("write", &self.skeleton))
    }
}

fn file_error(action: &'static str, path: &Path) -> impl Fn(io::Error) -> HandoutError {
    move |source| HandoutError::File {
        action,
        path: path.into(),
        source,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tempfile::TempDir;

    const SOLUTION: &str = "// TODO\n// <solution>\ndone();\n// </solution>\n";

    /// A workspace with one package that has one solution.
    fn workspace(solution: &str) -> io::Result<TempDir> {
        let root = TempDir::new()?;
        let package = root.path().join("waiting");
        fs::create_dir_all(package.join("src/bin"))?;
        fs::create_dir_all(package.join("solutions"))?;
        fs::write(
            root.path().join("Cargo.toml"),
            "[workspace]\nmembers = ['waiting']\n",
        )?;
        fs::write(package.join("Cargo.toml"), "[package]\nname = 'wait'\n")?;
        fs::write(package.join("solutions/threads.rs"), solution)?;
        fs::write(package.join("solutions/notes.txt"), "no program")?;
        Ok(root)
    }

    fn only_handout(root: &TempDir) -> Result<Handout, HandoutError> {
        let mut handouts = handouts(&Workspace::open(root.path())?)?;
        assert_eq!(handouts.len(), 1);
        Ok(handouts.remove(0))
    }

    #[test]
    fn a_skeleton_is_written_and_compared() -> Result<(), Box<dyn std::error::Error>> {
        let root = workspace(SOLUTION)?;
        let handout = only_handout(&root)?;
        assert_eq!((&*handout.package, &*handout.binary), ("wait", "threads"));

        assert_eq!(handout.compare()?, Comparison::Missing);
        handout.write()?;
        assert_eq!(handout.compare()?, Comparison::Same);
        assert_eq!(fs::read_to_string(&handout.skeleton)?, "// TODO\n");

        fs::write(&handout.skeleton, "// TODO\nmine();\n")?;
        assert_eq!(handout.compare()?, Comparison::Different);
        handout.write()?;
        assert_eq!(handout.compare()?, Comparison::Same);
        Ok(())
    }

    #[test]
    fn a_reset_loses_nothing() -> Result<(), Box<dyn std::error::Error>> {
        let root = workspace(SOLUTION)?;
        let handout = only_handout(&root)?;
        assert_eq!(handout.reset()?, None);
        assert_eq!(handout.compare()?, Comparison::Same);
        assert_eq!(handout.reset()?, None);
        for attempt in ["first", "second"] {
            fs::write(&handout.skeleton, attempt)?;
            let kept = handout.reset()?.expect("a name");
            assert_eq!(handout.compare()?, Comparison::Same);
            assert_eq!(fs::read_to_string(kept)?, attempt);
        }
        let files = fs::read_dir(root.path().join("waiting/src/bin"))?;
        assert_eq!(files.count(), 3);
        Ok(())
    }

    #[test]
    fn a_solution_without_marks_is_refused() -> Result<(), Box<dyn std::error::Error>> {
        let root = workspace("// TODO\ndone();\n")?;
        let error = only_handout(&root)?.write().expect_err("no marks");
        assert!(
            matches!(
                error,
                HandoutError::Marks {
                    source: MarkError::NoMarks,
                    ..
                }
            ),
            "{error:?}"
        );
        Ok(())
    }

    #[test]
    fn the_lab_has_three_tasks() -> Result<(), HandoutError> {
        let handouts = handouts(&Workspace::locate()?)?;
        let names: Vec<_> = handouts
            .iter()
            .map(|h| format!("{} {}", h.package, h.binary))
            .collect();
        let expected = [
            "seg-fault processes",
            "wait-for-me processes",
            "wait-for-me threads",
        ];
        assert_eq!(names, expected);
        for handout in handouts {
            handout.render()?;
        }
        Ok(())
    }
}
