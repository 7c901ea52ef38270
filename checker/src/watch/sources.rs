//! What counts as a source file, and as a save of it.

use crate::workspace::{ManifestError, Workspace};
use notify::EventKind;
use notify::event::{AccessKind, AccessMode};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// A folder with source files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folder {
    /// Which one.
    pub path: PathBuf,
    /// Whether the folders in it belong to it.
    pub is_deep: bool,
}

/// The folders of the workspace with the files that a check depends on: its
/// manifest, and all packages but this one. What runs now does not change when
/// its source does.
///
/// # Errors
///
/// When a manifest can't be read.
pub fn folders(workspace: &Workspace) -> Result<Vec<Folder>, ManifestError> {
    let mut folders = vec![Folder {
        path: workspace.root().into(),
        is_deep: false,
    }];
    let packages = workspace.packages()?;
    let others = packages
        .into_iter()
        .filter(|package| package.name != env!("CARGO_PKG_NAME"));
    folders.extend(others.map(|package| Folder {
        path: package.folder,
        is_deep: true,
    }));
    Ok(folders)
}

/// Whether the file with this path, as seen from the workspace, is a source file.
///
/// Editors have hidden files of their own next to a source, and some of those end
/// in `.rs`: the lock files of Emacs, the history of VS Code.
#[must_use]
pub fn is_source(path: &Path) -> bool {
    let is_visited = path.iter().all(is_visited);
    let is_manifest = path.file_name().is_some_and(|name| name == "Cargo.toml");
    let is_code = path.extension().is_some_and(|extension| extension == "rs");
    is_visited && (is_manifest || is_code)
}

/// Whether a folder of this name may have source files in it.
pub(super) fn is_visited(name: &OsStr) -> bool {
    name != "target" && !name.as_encoded_bytes().starts_with(b".")
}

/// Whether something that happened to a source file may have changed it. Compilers
/// open and read sources, and that is none of it.
#[must_use]
pub fn is_change(kind: EventKind) -> bool {
    match kind {
        EventKind::Access(kind) => kind == AccessKind::Close(AccessMode::Write),
        EventKind::Create(_) | EventKind::Modify(_) | EventKind::Remove(_) => true,
        EventKind::Any | EventKind::Other => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{is_change, is_source};
    use notify::EventKind;
    use notify::event::{
        AccessKind, AccessMode, CreateKind, DataChange, ModifyKind, RemoveKind, RenameMode,
    };
    use std::path::Path;

    #[test]
    fn code_and_manifests_are_sources() {
        for path in [
            "Cargo.toml",
            "wait-for-me/src/bin/threads.rs",
            "sum-array-bugs/seg-fault/Cargo.toml",
            "common/src/target.rs",
        ] {
            assert!(is_source(Path::new(path)), "{path}");
        }
    }

    #[test]
    fn nothing_else_is() {
        for path in [
            "",
            "Cargo.lock",
            "README.md",
            "src/bin/threads",
            "src/bin/threads.rs~",
            "src/bin/threads.rs.orig",
            "src/bin/.threads.rs.swp",
            "src/bin/.#threads.rs",
            "src/bin/#threads.rs#",
            "src/bin/4913",
            "target/debug/build/generated.rs",
            "target/lab/packages/mistakes/Cargo.toml",
            "sum-array/target/main.rs",
            ".history/src/bin/threads.rs",
        ] {
            assert!(!is_source(Path::new(path)), "{path}");
        }
    }

    #[test]
    fn reading_is_no_change() {
        for kind in [
            AccessKind::Open(AccessMode::Any),
            AccessKind::Close(AccessMode::Read),
            AccessKind::Read,
        ] {
            assert!(!is_change(EventKind::Access(kind)), "{kind:?}");
        }
    }

    #[test]
    fn writing_and_renaming_is() {
        for kind in [
            EventKind::Access(AccessKind::Close(AccessMode::Write)),
            EventKind::Create(CreateKind::File),
            EventKind::Modify(ModifyKind::Data(DataChange::Any)),
            EventKind::Modify(ModifyKind::Name(RenameMode::To)),
            EventKind::Remove(RemoveKind::File),
        ] {
            assert!(is_change(kind), "{kind:?}");
        }
    }
}
