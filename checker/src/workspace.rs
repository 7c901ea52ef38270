//! The folder of the lab.

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
