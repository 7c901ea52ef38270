//! The folder of the lab.

use anyhow::{Context, Result};
use std::path::{self, Path, PathBuf};
use std::{env, fs, io};

/// The Cargo workspace of the lab.
#[derive(Clone, Debug)]
pub struct Workspace {
    root: PathBuf,
}

impl Workspace {
    /// The workspace that this package is a member of.
    #[must_use]
    pub fn locate() -> Self {
        // Cargo passes the current folder of the package, which may have been moved since the
        // compilation.
        let package = env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from);
        Self::open(package.parent().unwrap_or(&package))
    }

    /// The workspace in this folder.
    #[must_use]
    pub fn open(root: &Path) -> Self {
        Self { root: root.into() }
    }

    /// Its folder.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// A path relative to the folder of the lab, to be shown. A path outside stays unchanged.
    #[must_use]
    pub fn relative<'a>(&self, path: &'a Path) -> path::Display<'a> {
        path.strip_prefix(&self.root).unwrap_or(path).display()
    }

    /// The folder of all finished builds, below cargo's target folder.
    #[must_use]
    pub fn lab_folder(&self) -> PathBuf {
        self.build_folder().join("lab")
    }

    /// The folder of all intermediate files, shared with the student's builds.
    #[must_use]
    pub fn build_folder(&self) -> PathBuf {
        self.root.join("target")
    }
}

/// The paths in a folder, sorted.
pub(crate) fn entries(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder)?.map(|entry| Ok(entry?.path()));
    let mut entries: Vec<_> = entries.collect::<io::Result<_>>()?;
    entries.sort();
    Ok(entries)
}

/// The text of a file.
pub(crate) fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| cannot("read", path))
}

/// Writes a file and creates its folders. The write is atomic: a reader never sees half of the
/// file. A file that already has this content is not written, because cargo would rebuild it.
/// Returns whether it was written.
pub(crate) fn write(path: &Path, contents: &str) -> Result<bool> {
    if fs::read(path).is_ok_and(|existing| existing == contents.as_bytes()) {
        return Ok(false);
    }
    let unfinished = path.with_added_extension(std::process::id().to_string());
    fs::create_dir_all(path.parent().unwrap_or(path))
        .and_then(|()| fs::write(&unfinished, contents))
        .and_then(|()| fs::rename(&unfinished, path))
        .with_context(|| cannot("write", path))?;
    Ok(true)
}

/// The words for an error with a file.
pub(crate) fn cannot(action: &str, path: &Path) -> String {
    format!("cannot {action} {}", path.display())
}
