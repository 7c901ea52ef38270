//! The skeletons that students get, made from the solutions.

use crate::exercises::{EXERCISES, Exercise};
use crate::skeleton::skeleton;
use crate::workspace::{Workspace, cannot, read, write};
use anyhow::{Context, Result};
use std::fs;
use std::io::ErrorKind;
use std::path::PathBuf;

/// A program that students complete.
#[derive(Clone, Debug)]
pub struct Handout {
    /// The exercise.
    pub exercise: &'static Exercise,
    /// The file that the student edits.
    pub skeleton: PathBuf,
    /// The solution.
    pub solution: PathBuf,
    /// A copy of the skeleton, for a copy of the lab without solutions.
    pub kept: PathBuf,
}

/// The result of comparing a skeleton with its solution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// The skeleton matches the solution.
    Same,
    /// The skeleton differs: a student edited it, or a teacher did not update it.
    Different,
    /// The skeleton does not exist.
    Missing,
}

/// All programs that students complete, for the exercises in this copy of the lab.
#[must_use]
pub fn handouts(workspace: &Workspace) -> Vec<Handout> {
    let all = EXERCISES.iter();
    let is_there = |one: &&Exercise| workspace.root().join(one.folder).is_dir();
    all.filter(is_there)
        .filter_map(|exercise| Handout::of(workspace, exercise))
        .collect()
}

impl Handout {
    /// The handout of this exercise, if it has a task.
    #[must_use]
    pub fn of(workspace: &Workspace, exercise: &'static Exercise) -> Option<Self> {
        exercise.task?;
        let &Exercise { binary, folder, .. } = exercise;
        let root = workspace.root();
        let kept = format!("checker/skeletons/{}.rs", exercise.file_name());
        Some(Self {
            exercise,
            skeleton: root.join(exercise.source()),
            solution: root.join(format!("{folder}/solutions/{binary}.rs")),
            kept: root.join(kept),
        })
    }

    /// The text of the skeleton, made from the solution.
    ///
    /// # Errors
    ///
    /// The solution can't be read, or is not marked properly.
    pub fn render(&self) -> Result<String> {
        if !self.solution.exists() && self.kept.exists() {
            return read(&self.kept);
        }
        let skeleton = skeleton(&read(&self.solution)?);
        skeleton.with_context(|| self.solution.display().to_string())
    }

    /// Compares the skeleton with the text made from the solution.
    ///
    /// # Errors
    ///
    /// One of them can't be read, or the solution is not marked properly.
    pub fn compare(&self) -> Result<Comparison> {
        let rendered = self.render()?;
        match fs::read(&self.skeleton) {
            Ok(text) if text == rendered.as_bytes() => Ok(Comparison::Same),
            Ok(_) => Ok(Comparison::Different),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(Comparison::Missing),
            Err(error) => Err(error).with_context(|| cannot("read", &self.skeleton)),
        }
    }

    /// Restores the skeleton. A file that differs is kept beside it, under a new name that
    /// cargo ignores. Returns the path of the kept file.
    ///
    /// # Errors
    ///
    /// The solution can't be read or is not marked properly, the file can't be renamed, or the
    /// skeleton can't be written. Then nothing has changed.
    pub fn reset(&self) -> Result<Option<PathBuf>> {
        if self.compare()? != Comparison::Different {
            self.write()?;
            return Ok(None);
        }
        let name = |number| self.skeleton.with_added_extension(format!("kept-{number}"));
        let free = (1..u32::MAX).map(name).find(|name| !name.exists());
        let free = free.context("there are too many kept files")?;
        fs::copy(&self.skeleton, &free).with_context(|| cannot("write", &free))?;
        self.write()?;
        Ok(Some(free))
    }

    /// Writes the skeleton, and overwrites an existing file.
    ///
    /// # Errors
    ///
    /// The solution can't be read or is not marked properly, or the skeleton can't be written.
    pub fn write(&self) -> Result<()> {
        write(&self.skeleton, &self.render()?)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exercises::select;
    use std::io;
    use tempfile::TempDir;

    const SOLUTION: &str = "// TODO\n// <solution>\ndone();\n// </solution>\n";

    /// A lab with one solution.
    fn lab(solution: &str) -> io::Result<TempDir> {
        let root = TempDir::new()?;
        let folder = root.path().join("wait-for-me");
        fs::create_dir_all(folder.join("src/bin"))?;
        fs::create_dir_all(folder.join("solutions"))?;
        fs::write(root.path().join("Cargo.toml"), "[workspace]\n")?;
        fs::write(folder.join("solutions/threads.rs"), solution)?;
        Ok(root)
    }

    fn threads(root: &TempDir) -> Handout {
        let workspace = Workspace::open(root.path());
        let exercise = select(Some("wait-for-me"), Some("threads")).expect("an exercise")[0];
        Handout::of(&workspace, exercise).expect("a task")
    }

    #[test]
    fn a_skeleton_is_written_and_compared() -> Result<(), Box<dyn std::error::Error>> {
        let root = lab(SOLUTION)?;
        let handout = threads(&root);
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
        let root = lab(SOLUTION)?;
        let handout = threads(&root);
        assert_eq!(handout.reset()?, None);
        assert_eq!(handout.compare()?, Comparison::Same);
        assert_eq!(handout.reset()?, None);
        for attempt in ["first", "second"] {
            fs::write(&handout.skeleton, attempt)?;
            let kept = handout.reset()?.expect("a name");
            assert_eq!(handout.compare()?, Comparison::Same);
            assert_eq!(fs::read_to_string(kept)?, attempt);
        }
        let files = fs::read_dir(root.path().join("wait-for-me/src/bin"))?;
        assert_eq!(files.count(), 3);
        Ok(())
    }

    #[test]
    fn a_solution_without_marks_is_refused() -> Result<(), Box<dyn std::error::Error>> {
        let root = lab("// TODO\ndone();\n")?;
        let error = threads(&root).write().expect_err("no marks");
        let cause = error.root_cause().to_string();
        assert_eq!(cause, "no line is marked with // <solution>");
        Ok(())
    }

    #[test]
    fn a_copy_without_solutions_keeps_the_skeleton() -> Result<(), Box<dyn std::error::Error>> {
        let root = lab(SOLUTION)?;
        let handout = threads(&root);
        fs::remove_file(&handout.solution)?;
        assert!(handout.render().is_err());
        fs::create_dir_all(root.path().join("checker/skeletons"))?;
        fs::write(&handout.kept, "// TODO\n")?;
        assert_eq!(handout.render()?, "// TODO\n");
        Ok(())
    }
}
