//! The working folder of a run.

use crate::Error;
use crate::run::OrCannot;
use nix::dir::Dir;
use nix::errno::Errno;
use nix::fcntl::{AT_FDCWD, OFlag, openat, renameat};
use nix::sys::stat::{FchmodatFlags, Mode, fchmodat};
use nix::unistd::{UnlinkatFlags, geteuid, mkdtemp, unlinkat};
use std::env;
use std::ffi::{CStr, CString};
use std::fs::{self, File};
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The prefix of these folders' names.
const PREFIX: &str = "cargo-lab-run-";

/// A folder older than this belongs to no running run.
const AGE: Duration = Duration::from_secs(60 * 60);

/// With less free space than this, a failed write is the machine's fault.
const ROOM_BYTES: usize = 64 << 10;

/// The limit of counted entries.
const MOST_ENTRIES: usize = 2000;

/// The size limit of files that are searched for a text.
const LARGEST_BYTES: u64 = 1 << 20;

/// A new temporary folder. Dropping it removes the folder and its content.
#[derive(Debug)]
pub struct Folder(PathBuf);

impl Folder {
    pub(crate) fn of_a_run() -> Result<Self, Error> {
        Self::new(PREFIX).or_cannot("create a temporary folder")
    }

    /// Creates a folder for this user, whose name begins with this prefix, `mkdtemp(3)`.
    ///
    /// # Errors
    ///
    /// There is no folder for temporary files, or it can't be written to.
    pub fn new(prefix: &str) -> io::Result<Self> {
        let template = env::temp_dir().join(format!("{prefix}XXXXXX"));
        Ok(Self(mkdtemp(&template)?))
    }

    /// Whether the folder has room for a small file. If the program removed the folder, the
    /// machine is not at fault.
    pub(crate) fn has_room(&self) -> Result<(), Error> {
        let write = || -> io::Result<()> {
            let file = self.0.join(PREFIX);
            fs::write(&file, [1; ROOM_BYTES])?;
            fs::remove_file(file)
        };
        match write() {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            result => result.or_cannot("write to a temporary folder"),
        }
    }

    /// Its path.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// The number of entries, and their size in bytes.
    pub(crate) fn usage(&self) -> (usize, u64) {
        let mut bytes = 0;
        let entries = self.walk(|_, metadata| bytes += metadata.blocks() * 512);
        (entries, bytes)
    }

    /// The files that contain this text, each with the position of the text.
    pub(crate) fn files_with(&self, text: &[u8]) -> Vec<(PathBuf, u64)> {
        let mut found = Vec::new();
        self.walk(|path, metadata| {
            if !metadata.is_file() || metadata.len() > LARGEST_BYTES {
                return;
            }
            let content = fs::read(path).unwrap_or_default();
            let place = content.windows(text.len()).position(|part| part == text);
            found.extend(place.map(|place| (path.to_owned(), place as u64)));
        });
        found
    }

    /// Overwrites a text in all files that contain it and can be written to.
    pub(crate) fn replace(&self, text: &[u8], replacement: &[u8]) {
        for (path, place) in self.files_with(text) {
            let file = File::options().write(true).open(path);
            let _ = file.and_then(|file| file.write_all_at(replacement, place));
        }
    }

    /// Visits the content, without following links.
    fn walk(&self, mut visit: impl FnMut(&Path, &fs::Metadata)) -> usize {
        let mut folders = vec![self.0.clone()];
        let mut entries = 0;
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
                entries += 1;
                if entries > MOST_ENTRIES {
                    return entries;
                }
                let Ok(metadata) = entry.metadata() else {
                    continue;
                };
                if metadata.is_dir() {
                    folders.push(entry.path());
                }
                visit(&entry.path(), &metadata);
            }
        }
        entries
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // `remove_leftovers` removes the rest later.
        let _ = remove(&self.0);
    }
}

/// Removes a folder and its content at any depth. The length of a path is limited, so folders
/// are moved up before they are emptied.
fn remove(folder: &Path) -> Result<(), Errno> {
    let top = open(AT_FDCWD, folder)?;
    let mut moved = 0_u64;
    loop {
        let folders = remove_files(&top)?;
        if folders.is_empty() {
            return unlinkat(AT_FDCWD, folder, UnlinkatFlags::RemoveDir);
        }
        for name in folders {
            let inner = open(&top, name.as_c_str())?;
            for inside in remove_files(&inner)? {
                let new_name = format!("{PREFIX}{moved}");
                renameat(&inner, inside.as_c_str(), &top, new_name.as_str())?;
                moved += 1;
            }
            unlinkat(&top, name.as_c_str(), UnlinkatFlags::RemoveDir)?;
        }
    }
}

/// Removes the files of a folder. Returns the names of its folders, which can then be opened.
fn remove_files(parent: &OwnedFd) -> Result<Vec<CString>, Errno> {
    let mut names = Vec::new();
    for entry in Dir::from_fd(open(parent, ".")?)?.iter().flatten() {
        let name = entry.file_name();
        if ![c".", c".."].contains(&name) {
            names.push(name.to_owned());
        }
    }
    let is_file = |name: &CStr| unlinkat(parent, name, UnlinkatFlags::NoRemoveDir).is_ok();
    names.retain(|name| !is_file(name));
    for name in &names {
        // The program may have created a folder without permissions.
        let name = name.as_c_str();
        let _ = fchmodat(parent, name, Mode::S_IRWXU, FchmodatFlags::FollowSymlink);
    }
    Ok(names)
}

fn open(parent: impl AsFd, path: &(impl nix::NixPath + ?Sized)) -> Result<OwnedFd, Errno> {
    let flags = OFlag::O_DIRECTORY | OFlag::O_NOFOLLOW | OFlag::O_CLOEXEC;
    openat(parent, path, flags, Mode::empty())
}

/// Removes the folders of runs whose tracer was killed. A folder must be an hour old.
pub fn remove_leftovers() {
    let entries = fs::read_dir(env::temp_dir());
    for entry in entries.into_iter().flatten().flatten() {
        let is_named = entry.file_name().to_string_lossy().starts_with(PREFIX);
        // The metadata of the link itself, not of its target.
        if is_named
            && let Ok(metadata) = entry.metadata()
            && metadata.is_dir()
            && metadata.uid() == geteuid().as_raw()
            && let Ok(modified) = metadata.modified()
            && modified.elapsed().is_ok_and(|age| age > AGE)
        {
            let _ = remove(&entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Folder, open};
    use nix::fcntl::AT_FDCWD;
    use nix::sys::stat::{Mode, mkdirat};
    use std::fs;
    use std::os::unix::fs::{DirBuilderExt, symlink};

    #[test]
    fn folders_are_removed_however_deep() {
        let folder = Folder::of_a_run().expect("a folder");
        let path = folder.path().to_owned();
        let mut nested = open(AT_FDCWD, &path).expect("the folder");
        for _ in 0..3000 {
            mkdirat(&nested, "d", Mode::S_IRWXU).expect("a folder");
            nested = open(&nested, "d").expect("a folder");
        }
        drop(nested);
        let mut closed = fs::DirBuilder::new();
        closed
            .mode(0o000)
            .create(path.join("closed"))
            .expect("a folder");
        symlink("/usr", path.join("link")).expect("a link");
        drop(folder);
        assert!(!path.exists());
        assert!(fs::exists("/usr").is_ok_and(|exists| exists));
    }

    #[test]
    fn a_text_is_found_and_replaced_under_any_name() {
        let folder = Folder::of_a_run().expect("a folder");
        let deep = folder.path().join("a");
        fs::create_dir(&deep).expect("a folder");
        fs::write(deep.join("b"), "well, hello world").expect("a file");
        assert_eq!(folder.files_with(b"hello").len(), 1);
        folder.replace(b"hello", b"howdy");
        assert_eq!(fs::read(deep.join("b")).expect("it"), b"well, howdy world");
        assert_eq!(folder.usage().0, 2);
    }
}
