//! Where the lab is.

use std::env;
use std::path::{self, Path, PathBuf};

/// The Cargo workspace of the lab.
#[derive(Clone, Debug)]
pub struct Workspace {
    root: PathBuf,
}

impl Workspace {
    /// The workspace that this package is a member of.
    #[must_use]
    pub fn locate() -> Self {
        // Cargo tells where the package is now: it may have been moved since
        // it was compiled.
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

    /// A path as it is seen from its folder, to be shown; another one as it is.
    #[must_use]
    pub fn relative<'a>(&self, path: &'a Path) -> path::Display<'a> {
        path.strip_prefix(&self.root).unwrap_or(path).display()
    }

    /// The folder for everything that the lab builds, below cargo's own.
    #[must_use]
    pub fn lab_folder(&self) -> PathBuf {
        self.build_folder().join("lab")
    }

    /// The folder of all intermediate work, shared with the student's builds.
    #[must_use]
    pub fn build_folder(&self) -> PathBuf {
        self.root.join("target")
    }
}
