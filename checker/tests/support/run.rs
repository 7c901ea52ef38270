//! Commands that a test runs to their ends.
#![allow(dead_code, reason = "each test uses a part of this module")]

use nix::pty::openpty;
use serde_json::Value;
use std::error::Error;
use std::fmt::Debug;
use std::fs::{self, File, Permissions};
use std::io::{self, Read};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Far longer than anything takes here, also on a busy machine.
pub(crate) const LIMIT: Duration = Duration::from_secs(120);

pub(crate) type Result<T = (), E = Box<dyn Error>> = std::result::Result<T, E>;

/// What a command has printed, and its exit status.
#[derive(Debug, PartialEq)]
pub(crate) struct Ran {
    pub(crate) status: ExitStatus,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        Self {
            status: output.status,
            stdout: text(output.stdout),
            stderr: text(output.stderr),
        }
    }
}

/// Runs a command to its end.
#[track_caller]
pub(crate) fn run(command: &mut Command) -> Ran {
    command.output().expect("the command starts").into()
}

/// Runs a command to its end, with a terminal as its standard output.
pub(crate) fn run_in_terminal(command: &mut Command) -> Ran {
    let terminal = openpty(None, None).expect("a pseudo-terminal");
    let command = command.stdin(Stdio::null()).stdout(terminal.slave);
    let child = command.stderr(Stdio::piped()).spawn();
    // The command still holds its end of the terminal: let go of it.
    command.stdout(Stdio::null());
    let mut shown = Vec::new();
    // Reading fails when no process has the terminal open.
    let _ = File::from(terminal.master).read_to_end(&mut shown);
    let output = child.and_then(Child::wait_with_output);
    let mut ran = Ran::from(output.expect("the command starts"));
    ran.stdout = String::from_utf8(shown).expect("UTF-8");
    ran
}

/// The command `cargo lab ARGS`, with the arguments separated by spaces.
pub(crate) fn lab(args: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lab"));
    command.args(args.split_whitespace());
    command
}

impl Ran {
    /// The command has ended with this exit status.
    #[track_caller]
    pub(crate) fn ended(self, status: i32) -> Self {
        assert_eq!(self.status.code(), Some(status), "{self:?}");
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

/// Waits for something that is bound to happen and can only be asked for. Until then the answer
/// is what there is instead.
#[track_caller]
pub(crate) fn wait_until<T, E: Debug>(ask: impl Fn() -> Result<T, E>) -> T {
    let start = Instant::now();
    loop {
        match ask() {
            Ok(value) => return value,
            Err(found) => assert!(start.elapsed() < LIMIT, "still {found:?}"),
        }
        thread::sleep(Duration::from_millis(1));
    }
}

/// The folder of the lab.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
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

    /// Writes a file, and creates the folders that it is in.
    pub(crate) fn write(&self, name: impl AsRef<Path>, text: impl AsRef<[u8]>) -> io::Result<()> {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap_or(&path))?;
        fs::write(path, text)
    }

    pub(crate) fn write_program(&self, name: &str, text: &str) -> io::Result<()> {
        self.write(name, text)?;
        fs::set_permissions(self.path(name), Permissions::from_mode(0o755))
    }

    /// The command `cargo lab ARGS`, where this folder is the lab.
    pub(crate) fn lab(&self, args: &str) -> Command {
        let mut command = lab(args);
        command.env("CARGO_MANIFEST_DIR", self.path("checker"));
        command
    }
}
