//! A copy of the lab.

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

/// A copy of the lab, without anything that was built.
pub(crate) struct Lab {
    root: TempDir,
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    if from.is_file() {
        return fs::copy(from, to).map(drop);
    }
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        copy(&entry.path(), &to.join(entry.file_name()))?;
    }
    Ok(())
}

impl Lab {
    pub(crate) fn new() -> io::Result<Self> {
        let original = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let root = TempDir::new()?;
        for name in [
            "Cargo.toml",
            "Cargo.lock",
            "common",
            "sum-array",
            "wait-for-me",
            "sum-array-bugs",
            "benches",
            "checker",
        ] {
            copy(&original.join(name), &root.path().join(name))?;
        }
        let lab = Self { root };
        // Whatever somebody is about to write in the original.
        assert!(lab.run(&["dev", "skeletons"])?.status.success());
        Ok(lab)
    }

    /// Another copy, which shares what cargo has made of the dependencies, and has
    /// its own programs. For cargo these are the same packages, wherever they are,
    /// so they get a version of their own.
    pub(crate) fn sibling(&self) -> io::Result<Self> {
        static COUNT: AtomicU32 = AtomicU32::new(1);
        let lab = Self::new()?;
        let version = format!("version = \"0.0.{}\"", COUNT.fetch_add(1, Relaxed));
        let manifest = fs::read_to_string(lab.file("Cargo.toml"))?;
        let changed = manifest.replacen("version = \"0.1.0\"", &version, 1);
        assert_ne!(manifest, changed);
        fs::write(lab.file("Cargo.toml"), changed)?;
        let dependencies = self.file("target/debug");
        fs::create_dir_all(&dependencies)?;
        fs::create_dir_all(lab.file("target"))?;
        symlink(dependencies, lab.file("target/debug"))?;
        Ok(lab)
    }

    pub(crate) fn command<S: AsRef<OsStr>>(&self, args: &[S]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_lab"));
        command
            .args(args)
            .env("CARGO_MANIFEST_DIR", self.root.path().join("checker"))
            .env_remove("CARGO_TARGET_DIR")
            .env_remove("RUST_BACKTRACE")
            .current_dir(self.root.path());
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
