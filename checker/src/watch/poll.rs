//! Noticing saves by looking at all files again and again, where the system tells
//! nothing.
//!
//! `notify` has a watcher for that too. It keeps whole seconds (notify #981), so
//! of two saves in one second it misses the second, and it looks into every file
//! below `target`.

use super::sources::{Folder, is_source, is_visited};
use std::collections::BTreeMap;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::time::Duration;
use std::{fs, io, thread};

/// What is different when a file has been saved, in place or by a rename.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stamp {
    inode: u64,
    size: u64,
    seconds: i64,
    nanoseconds: i64,
}

type Snapshot = BTreeMap<PathBuf, Stamp>;

/// Stops to look when it is dropped.
pub(super) struct Poller {
    _stop: Sender<()>,
}

impl Poller {
    /// Looks now, and tells of each file that is different, new or gone later.
    pub(super) fn start(
        root: &Path,
        folders: &[Folder],
        interval: Duration,
        saved: Sender<PathBuf>,
    ) -> io::Result<Self> {
        let (stop, stopped) = mpsc::channel();
        let root = root.to_owned();
        let folders = folders.to_vec();
        let mut before = snapshot(&root, &folders);
        let look = move || {
            while stopped.recv_timeout(interval) == Err(RecvTimeoutError::Timeout) {
                let now = snapshot(&root, &folders);
                for path in changes(&before, &now) {
                    if saved.send(path).is_err() {
                        return;
                    }
                }
                before = now;
            }
        };
        thread::Builder::new().spawn(look)?;
        Ok(Self { _stop: stop })
    }
}

fn snapshot(root: &Path, folders: &[Folder]) -> Snapshot {
    let mut snapshot = Snapshot::new();
    for folder in folders {
        look_into(root, &folder.path, folder.is_deep, &mut snapshot);
    }
    snapshot
}

/// What can't be read, is not there: somebody may be renaming it just now.
fn look_into(root: &Path, folder: &Path, is_deep: bool, snapshot: &mut Snapshot) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        let path = entry.path();
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            if is_deep && is_visited(&entry.file_name()) {
                look_into(root, &path, is_deep, snapshot);
            }
        } else if is_source(path.strip_prefix(root).unwrap_or(&path))
            && let Ok(metadata) = fs::metadata(&path)
        {
            let stamp = Stamp {
                inode: metadata.ino(),
                size: metadata.size(),
                seconds: metadata.mtime(),
                nanoseconds: metadata.mtime_nsec(),
            };
            snapshot.insert(path, stamp);
        }
    }
}

fn changes(before: &Snapshot, now: &Snapshot) -> Vec<PathBuf> {
    let changed = now
        .iter()
        .filter(|&(path, stamp)| before.get(path) != Some(stamp));
    let gone = before.iter().filter(|&(path, _)| !now.contains_key(path));
    changed.chain(gone).map(|(path, _)| path.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::{Snapshot, Stamp, changes};
    use std::path::PathBuf;

    const STAMP: Stamp = Stamp {
        inode: 1,
        size: 100,
        seconds: 5,
        nanoseconds: 7,
    };

    fn snapshot<const N: usize>(files: [(&str, Stamp); N]) -> Snapshot {
        files
            .map(|(path, stamp)| (PathBuf::from(path), stamp))
            .into()
    }

    #[test]
    fn the_same_files() {
        let files = snapshot([("a.rs", STAMP), ("b.rs", STAMP)]);
        assert_eq!(changes(&files, &files), Vec::<PathBuf>::new());
    }

    #[test]
    fn different_new_and_gone() {
        let later = Stamp {
            nanoseconds: 8,
            ..STAMP
        };
        // A file from a backup: older than what was there.
        let other = Stamp {
            inode: 2,
            seconds: 1,
            ..STAMP
        };
        let before = snapshot([
            ("gone.rs", STAMP),
            ("same.rs", STAMP),
            ("saved.rs", STAMP),
            ("renamed.rs", STAMP),
        ]);
        let now = snapshot([
            ("new.rs", STAMP),
            ("same.rs", STAMP),
            ("saved.rs", later),
            ("renamed.rs", other),
        ]);
        let expected = ["new.rs", "renamed.rs", "saved.rs", "gone.rs"].map(PathBuf::from);
        assert_eq!(changes(&before, &now), expected);
    }
}
