//! The processes that a command leaves, even if they have another parent now.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Far longer than anything takes here.
const LIMIT: Duration = Duration::from_secs(60);

/// The folder for temporary files of all that a command starts. Judged programs have a folder
/// in it.
pub(crate) struct Mark(TempDir);

const NAME: &str = "TMPDIR";

impl Mark {
    pub(crate) fn new() -> std::io::Result<Self> {
        TempDir::with_prefix("marked-").map(Self)
    }

    /// Marks a command. It writes its temporary files to a folder of the mark.
    pub(crate) fn put_on(&self, command: &mut Command) {
        command.env(NAME, self.0.path());
    }

    /// The command lines of all that has the mark, and has not ended.
    pub(crate) fn bearers(&self) -> Vec<String> {
        let mut mark = format!("{NAME}=").into_bytes();
        mark.extend(self.0.path().as_os_str().as_bytes());
        let processes = fs::read_dir("/proc").expect("/proc");
        let is_marked = |folder: &std::path::PathBuf| {
            // A zombie has no environment, nor has what is not ours.
            let environment = fs::read(folder.join("environ")).unwrap_or_default();
            environment
                .split(|&byte| byte == 0)
                .any(|variable| variable.starts_with(&mark))
        };
        let folders = processes.filter_map(|entry| Some(entry.ok()?.path()));
        let command_line = |folder: std::path::PathBuf| {
            let line = fs::read(folder.join("cmdline")).unwrap_or_default();
            let words = line.split(|&byte| byte == 0).map(OsStr::from_bytes);
            let words: Vec<_> = words.map(OsStr::to_string_lossy).collect();
            words.join(" ")
        };
        folders.filter(is_marked).map(command_line).collect()
    }

    /// Waits until what has the mark is as it should be.
    #[track_caller]
    pub(crate) fn wait_until(&self, is_right: impl Fn(&[String]) -> bool) {
        let start = Instant::now();
        loop {
            let bearers = self.bearers();
            if is_right(&bearers) {
                return;
            }
            assert!(start.elapsed() < LIMIT, "{bearers:#?}");
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// How many temporary files and folders are left.
    pub(crate) fn files(&self) -> usize {
        fs::read_dir(self.0.path()).map_or(0, Iterator::count)
    }
}
