//! The processes that a command leaves, even if they have another parent now.

use crate::support::wait_until;
use std::path::Path;
use std::process::Command;
use std::{fs, io};
use tempfile::TempDir;

/// The folder for temporary files of all that a command starts. Judged programs have a folder
/// in it.
pub(crate) struct Mark(TempDir);

impl Mark {
    pub(crate) fn new() -> io::Result<Self> {
        TempDir::with_prefix("marked-").map(Self)
    }

    /// Marks a command. It writes its temporary files to a folder of the mark.
    pub(crate) fn put_on(&self, command: &mut Command) {
        command.env("TMPDIR", self.0.path());
    }

    /// The command lines of all that has the mark, and has not ended.
    pub(crate) fn bearers(&self) -> Vec<String> {
        let mark = format!("TMPDIR={}", self.0.path().display());
        let read = |folder: &Path, file| {
            // A zombie has no environment, nor has what is not ours.
            let bytes = fs::read(folder.join(file)).unwrap_or_default();
            String::from_utf8_lossy(&bytes).replace('\0', " ")
        };
        let processes = fs::read_dir("/proc").expect("/proc").flatten();
        let folders = processes.map(|entry| entry.path());
        let marked = folders.filter(|folder| read(folder, "environ").contains(&mark));
        marked.map(|folder| read(&folder, "cmdline")).collect()
    }

    /// Waits until what has the mark is as it should be.
    #[track_caller]
    pub(crate) fn wait_until(&self, is_right: impl Fn(&[String]) -> bool) {
        wait_until(|| {
            let bearers = self.bearers();
            is_right(&bearers).then_some(()).ok_or(bearers)
        });
    }

    /// How many temporary files and folders are left.
    pub(crate) fn files(&self) -> usize {
        fs::read_dir(self.0.path()).map_or(0, Iterator::count)
    }
}
