//! Where the exercises are.

use std::path::{self, Path, PathBuf};
use std::{env, fs, io};
use toml::{Table, Value};

/// The Cargo workspace of the lab.
#[derive(Clone, Debug)]
pub struct Workspace {
    root: PathBuf,
    manifest: Table,
}

/// A member of the workspace.
#[derive(Clone, Debug)]
pub struct Package {
    /// Its name, as `cargo run -p` takes it.
    pub name: String,
    /// Its folder.
    pub folder: PathBuf,
}

/// Why a manifest can't be used.
#[derive(Debug, thiserror::Error)]
pub enum ManifestError {
    /// It can't be read.
    #[error("cannot read {}", path.display())]
    Read {
        /// Which one.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// It is not TOML.
    #[error("{} is not a manifest", path.display())]
    Parse {
        /// Which one.
        path: PathBuf,
        /// Where it is wrong.
        source: Box<toml::de::Error>,
    },
    /// Something is not in it.
    #[error("{} has no {key}", path.display())]
    Missing {
        /// Which one.
        path: PathBuf,
        /// What is not in it.
        key: &'static str,
    },
}

impl Workspace {
    /// The workspace that this package is a member of.
    ///
    /// # Errors
    ///
    /// When its manifest can't be read.
    pub fn locate() -> Result<Self, ManifestError> {
        // Cargo tells where the package is now: it may have been moved since
        // it was compiled.
        let package = env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from);
        Self::open(package.parent().unwrap_or(&package))
    }

    /// The workspace in this folder.
    ///
    /// # Errors
    ///
    /// When its manifest can't be read.
    pub fn open(root: &Path) -> Result<Self, ManifestError> {
        Ok(Self {
            root: root.into(),
            manifest: read_manifest(root)?,
        })
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

    /// The part of its manifest with this key, such as `profile`.
    #[must_use]
    pub fn section(&self, key: &str) -> Option<&Value> {
        self.manifest.get(key)
    }

    /// All members, in the order of the manifest.
    ///
    /// # Errors
    ///
    /// When a manifest can't be read or has no name.
    pub fn packages(&self) -> Result<Vec<Package>, ManifestError> {
        let members = self
            .section("workspace")
            .and_then(|workspace| workspace.get("members")?.as_array())
            .ok_or_else(|| missing(&self.root, "workspace.members"))?;
        let folders = members.iter().filter_map(Value::as_str);
        folders
            .map(|folder| package(self.root.join(folder)))
            .collect()
    }

    /// The member with this name, if there is one.
    ///
    /// # Errors
    ///
    /// As [`Workspace::packages`].
    pub fn package(&self, name: &str) -> Result<Option<Package>, ManifestError> {
        let mut packages = self.packages()?.into_iter();
        Ok(packages.find(|package| package.name == name))
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

fn package(folder: PathBuf) -> Result<Package, ManifestError> {
    let manifest = read_manifest(&folder)?;
    let name = manifest
        .get("package")
        .and_then(|package| package.get("name")?.as_str())
        .ok_or_else(|| missing(&folder, "package.name"))?
        .to_owned();
    Ok(Package { name, folder })
}

fn read_manifest(folder: &Path) -> Result<Table, ManifestError> {
    let path = folder.join("Cargo.toml");
    match fs::read_to_string(&path) {
        Ok(text) => text.parse().map_err(|source| ManifestError::Parse {
            path,
            source: Box::new(source),
        }),
        Err(source) => Err(ManifestError::Read { path, source }),
    }
}

fn missing(folder: &Path, key: &'static str) -> ManifestError {
    ManifestError::Missing {
        path: folder.join("Cargo.toml"),
        key,
    }
}
