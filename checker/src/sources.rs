//! The source files of a folder.

use nix::fcntl::AT_FDCWD;
use nix::sys::stat::{UtimensatFlags, utimensat};
use nix::sys::time::TimeSpec;
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::{fs, io};

/// The manifests and source files in a folder, with a hash of the content of each.
pub(crate) type Sources = BTreeMap<PathBuf, u64>;

/// Reads the folder. Unreadable entries count as absent.
pub(crate) fn sources(root: &Path) -> Sources {
    let mut sources = Sources::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let name = entry.file_name();
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                if is_visited(&name) {
                    folders.push(entry.path());
                }
            } else if is_source(&name)
                && let Ok(content) = fs::read(entry.path())
            {
                let mut hasher = DefaultHasher::new();
                content.hash(&mut hasher);
                sources.insert(entry.path(), hasher.finish());
            }
        }
    }
    sources
}

/// The files that are different, new or gone.
pub(crate) fn changes(before: &Sources, now: &Sources) -> BTreeSet<PathBuf> {
    let all = before.keys().chain(now.keys());
    all.filter(|path| before.get(*path) != now.get(*path))
        .cloned()
        .collect()
}

/// Updates the times of the sources of a folder that changed since the last call.
///
/// Cargo compares times. A file that was moved, unpacked or restored may be older than the last
/// build. Cargo would then keep a program of another source (cargo #7982). `record` stores the
/// state of the last call.
pub(crate) fn renew(folder: &Path, record: &Path) -> io::Result<()> {
    let before = fs::read(record).unwrap_or_default();
    let before: Sources = serde_json::from_slice(&before).unwrap_or_default();
    let now = sources(folder);
    let changed = changes(&before, &now);
    for path in changed.iter().filter(|path| now.contains_key(*path)) {
        let time = TimeSpec::UTIME_NOW;
        utimensat(AT_FDCWD, path, &time, &time, UtimensatFlags::FollowSymlink)?;
    }
    if !changed.is_empty() {
        fs::create_dir_all(record.parent().unwrap_or(record))?;
        fs::write(record, serde_json::to_vec(&now)?)?;
    }
    Ok(())
}

/// Whether a folder with this name may contain sources of the exercises. The checker's own
/// sources are left out, because a change does not affect the running checker.
fn is_visited(name: &OsStr) -> bool {
    name != "target" && name != env!("CARGO_PKG_NAME") && !is_hidden(name)
}

/// Editors put hidden files beside a source, and some end in `.rs`: the lock files of Emacs,
/// the history of VS Code.
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
