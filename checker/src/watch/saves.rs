//! Noticing that source files are saved.

use super::WatchError;
use super::burst::Burst;
use super::poll::Poller;
use super::sources::{Folder, is_change, is_source};
use nix::sys::statfs::statfs;
use notify::{Event, RecommendedWatcher, RecursiveMode, Watcher};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

/// How long nothing is saved before a burst of saves is over.
pub const QUIET: Duration = Duration::from_millis(50);

/// How long nobody looks at the files where the system tells nothing. With the
/// quiet time, a check starts well within 300 ms of a save.
const POLL_INTERVAL: Duration = Duration::from_millis(150);

/// File systems that do not tell of what others do, or nothing at all, by their
/// numbers in `statfs(2)`: 9p (`/mnt` of WSL2), drvfs (of WSL1), NFS, SMB, CIFS,
/// SMB2, FUSE, the shared folders of VirtualBox, Ceph, AFS.
const SILENT: [u32; 10] = [
    0x0102_1997,
    0x5346_4846,
    0x0000_6969,
    0x0000_517b,
    0xff53_4d42,
    0xfe53_4d42,
    0x6573_5546,
    0x786f_4256,
    0x00c3_6400,
    0x5346_414f,
];

/// How saves are noticed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// The system tells of them.
    Events,
    /// All files are looked at, several times a second.
    Polling,
}

impl Method {
    /// What works in all of these folders.
    #[must_use]
    pub fn for_folders(folders: &[Folder]) -> Self {
        if folders.iter().all(|folder| tells_of_saves(&folder.path)) {
            Self::Events
        } else {
            Self::Polling
        }
    }
}

/// Whether the file system of this folder tells of what happens in it. No, when it
/// can't be asked.
#[must_use]
pub fn tells_of_saves(folder: &Path) -> bool {
    // On systems of 32 bits some numbers are negative. Polling is never wrong.
    let number = statfs(folder).map(|found| u32::try_from(found.filesystem_type().0));
    matches!(number, Ok(Ok(number)) if !SILENT.contains(&number))
}

/// The saves of source files, from its birth on.
pub struct Saves {
    saved: Receiver<PathBuf>,
    burst: Burst,
    method: Method,
    _source: Source,
}

/// What notices them, until it is dropped.
enum Source {
    Events(#[expect(dead_code, reason = "it is kept alive")] RecommendedWatcher),
    Polling(#[expect(dead_code, reason = "it is kept alive")] Poller),
}

impl Saves {
    /// Notices saves in these folders of a workspace from now on. It polls where
    /// the system has no watches left.
    ///
    /// # Errors
    ///
    /// When there is no thread for it.
    pub fn notice(
        root: &Path,
        folders: &[Folder],
        method: Method,
        quiet: Duration,
    ) -> Result<Self, WatchError> {
        let (sender, saved) = mpsc::channel();
        let events = match method {
            Method::Events => events(root, folders, sender.clone()).ok(),
            Method::Polling => None,
        };
        let (source, method) = match events {
            Some(watcher) => (Source::Events(watcher), Method::Events),
            None => {
                let poller = Poller::start(root, folders, POLL_INTERVAL, sender)
                    .map_err(WatchError::Notice)?;
                (Source::Polling(poller), Method::Polling)
            }
        };
        Ok(Self {
            saved,
            burst: Burst::new(quiet),
            method,
            _source: source,
        })
    }

    /// How they are noticed.
    #[must_use]
    pub fn method(&self) -> Method {
        self.method
    }

    /// The files of the next burst of saves, if one ends within this time.
    ///
    /// # Errors
    ///
    /// When saves are not noticed any more.
    pub fn next(&mut self, limit: Duration) -> Result<Option<BTreeSet<PathBuf>>, WatchError> {
        let deadline = Instant::now() + limit;
        loop {
            let now = Instant::now();
            let files = self.burst.take(now);
            if files.is_some() || now >= deadline {
                return Ok(files);
            }
            let end = self.burst.end().unwrap_or(deadline).min(deadline);
            match self.saved.recv_timeout(end - now) {
                Ok(file) => self.burst.add(file, Instant::now()),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Err(WatchError::Stopped),
            }
        }
    }
}

/// Lets the system tell of saves.
fn events(
    root: &Path,
    folders: &[Folder],
    saved: Sender<PathBuf>,
) -> notify::Result<RecommendedWatcher> {
    let own_root = root.to_owned();
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<Event>| {
        // An error is about a file that is gone already.
        let Ok(event) = event else { return };
        for path in saved_files(&own_root, event) {
            // It fails only when nobody listens any more.
            let _ = saved.send(path);
        }
    })?;
    for folder in folders {
        let mode = if folder.is_deep {
            RecursiveMode::Recursive
        } else {
            RecursiveMode::NonRecursive
        };
        watcher.watch(&folder.path, mode)?;
    }
    Ok(watcher)
}

/// The source files that something has happened to. The workspace itself, when the
/// system has lost count.
fn saved_files(root: &Path, event: Event) -> Vec<PathBuf> {
    if event.need_rescan() {
        return vec![root.into()];
    }
    let is_source = |path: &PathBuf| is_source(path.strip_prefix(root).unwrap_or(path));
    let mut files = event.paths;
    files.retain(|path| is_change(event.kind) && is_source(path));
    files
}

#[cfg(test)]
mod tests {
    use super::{saved_files, tells_of_saves};
    use notify::event::{Flag, ModifyKind, RenameMode};
    use notify::{Event, EventKind};
    use std::path::{Path, PathBuf};

    /// A workspace below a folder with the name of cargo's.
    const ROOT: &str = "/home/me/target/lab";

    fn path(below: &str) -> PathBuf {
        Path::new(ROOT).join(below)
    }

    #[test]
    fn a_rename_tells_of_both_names() {
        let kind = EventKind::Modify(ModifyKind::Name(RenameMode::Both));
        let event = Event::new(kind)
            .add_path(path("sum-array/src/.tmp123"))
            .add_path(path("sum-array/src/lib.rs"));
        let saved = saved_files(Path::new(ROOT), event);
        assert_eq!(saved, [path("sum-array/src/lib.rs")]);
    }

    #[test]
    fn when_events_were_lost_anything_may_have_been_saved() {
        let event = Event::new(EventKind::Other).set_flag(Flag::Rescan);
        assert_eq!(saved_files(Path::new(ROOT), event), [PathBuf::from(ROOT)]);
    }

    #[test]
    fn a_folder_that_is_not_there_tells_nothing() {
        assert!(!tells_of_saves(Path::new("/no/such/folder")));
    }
}
