//! A copy of the lab.

use crate::interrupt::heed_interrupts;
use checker::Workspace;
use checker::exercises::{EXERCISES, Exercise};
use checker::handout::{Handout, handouts};
use serde_json::Value;
use std::error::Error;
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use tempfile::TempDir;

/// A copy of the lab, without what was built.
pub(crate) struct Lab {
    root: TempDir,
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    if from.is_symlink() {
        return symlink(fs::read_link(from)?, to);
    }
    if from.is_file() {
        return fs::copy(from, to).map(drop);
    }
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let name = entry?.file_name();
        // Files that were built, downloaded or answered.
        if !["target", ".git", "node_modules", ".lab-answers.toml"]
            .iter()
            .any(|skipped| name == *skipped)
        {
            copy(&from.join(&name), &to.join(&name))?;
        }
    }
    Ok(())
}

/// The folder of this lab.
pub(crate) fn original() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

impl Lab {
    pub(crate) fn new() -> io::Result<Self> {
        Self::pristine(&original())
    }

    /// A copy of a tree as it is.
    pub(crate) fn copy_of(tree: &Path) -> io::Result<Self> {
        let root = TempDir::new()?;
        copy(tree, root.path())?;
        Ok(Self { root })
    }

    /// A copy of a student's tree as it was handed out.
    pub(crate) fn pristine(tree: &Path) -> io::Result<Self> {
        let lab = Self::copy_of(tree)?;
        lab.make_pristine()?;
        Ok(lab)
    }

    /// Makes the files with a TODO from the solutions, and removes all that is beside
    /// them and does not belong to the lab.
    pub(crate) fn make_pristine(&self) -> io::Result<()> {
        for handout in self.handouts() {
            let folder = handout.skeleton.with_file_name("");
            for entry in fs::read_dir(folder).into_iter().flatten() {
                let path = entry?.path();
                let is_program =
                    |exercise: &Exercise| path.ends_with(format!("{}.rs", exercise.binary));
                if path.is_dir() {
                    fs::remove_dir_all(path)?;
                } else if !EXERCISES.iter().any(is_program) {
                    fs::remove_file(path)?;
                }
            }
        }
        assert!(self.run(&["dev", "skeletons"])?.status.success());
        Ok(())
    }

    /// Another copy, which shares what cargo has made of the dependencies, and has its
    /// own programs.
    pub(crate) fn sibling(&self) -> io::Result<Self> {
        static COUNT: AtomicU32 = AtomicU32::new(1);
        let lab = Self::new()?;
        let patch = COUNT.fetch_add(1, Relaxed);
        lab.share_dependencies(&self.file("target/debug"), &format!("0.0.{patch}"))?;
        Ok(lab)
    }

    /// For cargo the packages of all copies are the same, wherever they are. So these
    /// get a version of their own.
    pub(crate) fn share_dependencies(&self, debug: &Path, version: &str) -> io::Result<()> {
        let version = format!("version = \"{version}\"");
        let manifest = fs::read_to_string(self.file("Cargo.toml"))?;
        let changed = manifest.replacen("version = \"0.1.0\"", &version, 1);
        assert_ne!(manifest, changed);
        fs::write(self.file("Cargo.toml"), changed)?;
        fs::create_dir_all(debug)?;
        fs::create_dir_all(self.file("target"))?;
        symlink(debug, self.file("target/debug"))
    }

    pub(crate) fn handouts(&self) -> Vec<Handout> {
        let workspace = Workspace::open(self.root.path());
        handouts(&workspace)
    }

    pub(crate) fn command<S: AsRef<OsStr>>(&self, args: &[S]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_lab"));
        command
            .args(args)
            .env("CARGO_MANIFEST_DIR", self.root.path().join("checker"))
            .env_remove("CARGO_TARGET_DIR")
            .env_remove("RUST_BACKTRACE")
            .current_dir(self.root.path());
        heed_interrupts(&mut command);
        command
    }

    pub(crate) fn run(&self, args: &[&str]) -> io::Result<Output> {
        self.command(args).output()
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }

    /// Puts a file in the place of a program of wait-for-me, if it is not there yet.
    pub(crate) fn replace(&self, binary: &str, source: &Path) -> io::Result<()> {
        let program = self.file(&format!("wait-for-me/src/bin/{binary}.rs"));
        let source = fs::read(source)?;
        if fs::read(&program)? == source {
            return Ok(());
        }
        fs::write(program, source)
    }

    /// Does the same with the solution.
    pub(crate) fn solve(&self, binary: &str) -> io::Result<()> {
        self.replace(
            binary,
            &self.file(&format!("wait-for-me/solutions/{binary}.rs")),
        )
    }

    /// The report on wait-for-me, and the exit status.
    pub(crate) fn check(&self) -> Result<(Value, Option<i32>), Box<dyn Error>> {
        let file = self.file("report.json");
        let file = file.to_str().ok_or("a name")?;
        let output = self.run(&["check", "wait-for-me", "--format", "json", "--output", file])?;
        assert!(output.stdout.is_empty(), "{output:?}");
        let report = fs::read_to_string(file)?;
        Ok((serde_json::from_str(&report)?, output.status.code()))
    }
}

pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
