//! The folders of runs whose checker was killed.

use nix::unistd::geteuid;
use std::os::unix::fs::MetadataExt;
use std::time::Duration;
use std::{env, fs};

/// How the names of the folders begin in which programs run.
pub(super) const PREFIX: &str = "cargo-lab-run-";

/// No run takes so long by far.
const AGE: Duration = Duration::from_secs(60 * 60);

/// Removes the folders in which programs ran, where they are still there after an
/// hour. Each run removes its own, unless somebody kills this process. What can't be
/// removed stays.
pub fn remove_leftovers() {
    let entries = fs::read_dir(env::temp_dir());
    for entry in entries.into_iter().flatten().flatten() {
        let is_named = entry.file_name().to_string_lossy().starts_with(PREFIX);
        // Not of what a symbolic link leads to.
        let Some(metadata) = entry.metadata().ok().filter(|_| is_named) else {
            continue;
        };
        let age = metadata
            .modified()
            .ok()
            .and_then(|time| time.elapsed().ok());
        let is_ours = metadata.is_dir() && metadata.uid() == geteuid().as_raw();
        if is_ours && age.is_some_and(|age| age > AGE) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}
