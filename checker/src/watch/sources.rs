//! The source files of a folder, and when they are saved.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use std::{fs, thread};

/// The time between two looks at the files.
const INTERVAL: Duration = Duration::from_millis(50);

/// A burst of saves that never pauses is over after so many quiet times.
const LONGEST: u32 = 4;

/// Notices that source files are saved.
///
/// It looks at all files again and again, which takes less than a millisecond. So it works
/// where the system tells nothing of saves (network and shared folders, WSL2), and in a
/// folder that was removed and created again.
#[derive(Debug)]
pub struct Saves {
    root: PathBuf,
    quiet: Duration,
    before: Snapshot,
    saved: BTreeSet<PathBuf>,
    /// When the first and the last of these were seen.
    times: Option<(Instant, Instant)>,
}

/// What is different when a file has been saved, in place or by a rename: its inode, its
/// size, and its time.
type Stamp = (u64, u64, (i64, i64));
type Snapshot = BTreeMap<PathBuf, Stamp>;

impl Saves {
    /// Notices saves in this folder from now on. Saves belong to one burst until nothing
    /// has been saved for the quiet time.
    #[must_use]
    pub fn notice(root: &Path, quiet: Duration) -> Self {
        Self {
            root: root.into(),
            quiet,
            before: snapshot(root),
            saved: BTreeSet::new(),
            times: None,
        }
    }

    /// The files of the next burst of saves, if one ends within this time.
    pub fn next(&mut self, limit: Duration) -> Option<BTreeSet<PathBuf>> {
        let start = Instant::now();
        loop {
            thread::sleep(INTERVAL.min(limit));
            let look = Instant::now();
            let now = snapshot(&self.root);
            let saved = changes(&self.before, &now);
            if !saved.is_empty() {
                let first = self.times.map_or(look, |(first, _)| first);
                self.times = Some((first, look));
                self.saved.extend(saved);
                self.before = now;
            }
            if let Some((first, last)) = self.times
                && (look - last >= self.quiet || look - first >= self.quiet * LONGEST)
            {
                self.times = None;
                return Some(std::mem::take(&mut self.saved));
            }
            if start.elapsed() >= limit {
                return None;
            }
        }
    }
}

fn snapshot(root: &Path) -> Snapshot {
    let mut snapshot = Snapshot::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        // A folder that cannot be read counts as absent.
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let name = entry.file_name();
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                if is_visited(&name) {
                    folders.push(entry.path());
                }
            } else if is_source(&name)
                && let Ok(file) = fs::metadata(entry.path())
            {
                let time = (file.mtime(), file.mtime_nsec());
                snapshot.insert(entry.path(), (file.ino(), file.size(), time));
            }
        }
    }
    snapshot
}

/// The files that are different, new or gone.
fn changes(before: &Snapshot, now: &Snapshot) -> Vec<PathBuf> {
    let is_changed = |path: &&PathBuf| before.get(*path) != now.get(*path);
    let changed = now.keys().filter(is_changed);
    let gone = before.keys().filter(|path| !now.contains_key(*path));
    changed.chain(gone).cloned().collect()
}

/// Whether a folder of this name may have source files of the exercises in it. What runs now
/// does not change when its source does.
fn is_visited(name: &OsStr) -> bool {
    name != "target" && name != env!("CARGO_PKG_NAME") && !is_hidden(name)
}

/// Editors have hidden files of their own beside a source, and some of those end in
/// `.rs`: the lock files of Emacs, the history of VS Code.
fn is_source(name: &OsStr) -> bool {
    let is_code = Path::new(name).extension().is_some_and(|end| end == "rs");
    !is_hidden(name) && (is_code || name == "Cargo.toml")
}

fn is_hidden(name: &OsStr) -> bool {
    name.as_encoded_bytes().starts_with(b".")
}

#[cfg(test)]
mod tests {
    use super::{is_source, is_visited};
    use std::ffi::OsStr;

    #[test]
    fn code_and_manifests_are_sources_and_nothing_else() {
        for name in ["Cargo.toml", "threads.rs", "target.rs"] {
            assert!(is_source(OsStr::new(name)), "{name}");
        }
        for name in [
            "",
            "Cargo.lock",
            "README.md",
            "threads",
            "threads.rs~",
            "threads.rs.orig",
            ".threads.rs.swp",
            ".#threads.rs",
            "#threads.rs#",
            "4913",
        ] {
            assert!(!is_source(OsStr::new(name)), "{name}");
        }
    }

    #[test]
    fn builds_and_hidden_folders_are_not_visited() {
        for name in ["src", "wait-for-me", "solutions"] {
            assert!(is_visited(OsStr::new(name)), "{name}");
        }
        for name in ["target", "checker", ".git", ".history"] {
            assert!(!is_visited(OsStr::new(name)), "{name}");
        }
    }
}
