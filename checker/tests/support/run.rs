//! Commands that a test runs to their ends.
#![allow(dead_code, reason = "each test uses a part of this module")]

use serde_json::Value;
use std::error::Error;
use std::fs::{self, Permissions};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

pub(crate) type Result<T = (), E = Box<dyn Error>> = std::result::Result<T, E>;

/// What a command has printed, and its exit status.
#[derive(Debug, PartialEq)]
pub(crate) struct Ran {
    pub(crate) status: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// Runs a command to its end.
#[track_caller]
pub(crate) fn run(command: &mut Command) -> Ran {
    let output = command.output().expect("the command starts");
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    Ran {
        status: output.status.code(),
        stdout: text(output.stdout),
        stderr: text(output.stderr),
    }
}

/// The command `cargo lab ARGS`.
pub(crate) fn lab(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lab"));
    command.args(args);
    command
}

impl Ran {
    /// The command has ended with this exit status.
    #[track_caller]
    pub(crate) fn ended(self, status: i32) -> Self {
        assert_eq!(self.status, Some(status), "{self:?}");
        self
    }

    /// Standard output contains these texts.
    #[track_caller]
    pub(crate) fn printed(self, texts: &[&str]) -> Self {
        assert_has(&self.stdout, texts);
        self
    }

    /// Standard error contains these texts.
    #[track_caller]
    pub(crate) fn reported(self, texts: &[&str]) -> Self {
        assert_has(&self.stderr, texts);
        self
    }

    /// Standard output as JSON.
    pub(crate) fn json(&self) -> serde_json::Result<Value> {
        serde_json::from_str(&self.stdout)
    }
}

/// A text contains all of these.
#[track_caller]
pub(crate) fn assert_has(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "no {part:?} in:\n{text}");
    }
}

/// A text contains none of these.
#[track_caller]
pub(crate) fn assert_lacks(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(!text.contains(part), "{part:?} in:\n{text}");
    }
}

/// The folder of the lab.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Writes a file, and creates the folders that it is in.
pub(crate) fn write(path: &Path, text: &str) -> io::Result<()> {
    fs::create_dir_all(path.parent().unwrap_or(path))?;
    fs::write(path, text)
}

/// A temporary folder, with the files that a test needs.
pub(crate) struct Folder(TempDir);

impl Folder {
    pub(crate) fn new() -> io::Result<Self> {
        TempDir::new().map(Self)
    }

    pub(crate) fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn read(&self, name: impl AsRef<Path>) -> io::Result<String> {
        fs::read_to_string(self.path(name))
    }

    pub(crate) fn write(&self, name: impl AsRef<Path>, text: &str) -> io::Result<()> {
        write(&self.path(name), text)
    }

    pub(crate) fn write_program(&self, name: &str, text: &str) -> io::Result<()> {
        self.write(name, text)?;
        fs::set_permissions(self.path(name), Permissions::from_mode(0o755))
    }
}
