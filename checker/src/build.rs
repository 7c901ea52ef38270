//! Compiling programs.
//!
//! Every exercise has a binary `threads` and a binary `processes`. Cargo would
//! put those of two packages into the same place (cargo #6313), so each package
//! is built on its own, into a folder of its own: `target/lab/PACKAGE`. All
//! intermediate work is shared with the student's own builds by
//! `build.build-dir`; nothing is compiled twice.

use crate::workspace::Workspace;
use cargo_metadata::diagnostic::DiagnosticLevel;
use cargo_metadata::{CompilerMessage, Message};
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{env, fs, io};
use toml::{Table, Value};

/// What to build.
#[derive(Clone, Debug)]
pub struct Build {
    /// The name of its folder in `target/lab`.
    name: String,
    /// The package, and the binaries or all of them.
    selection: Vec<String>,
    /// Where cargo looks for the package.
    folder: PathBuf,
    profile: Profile,
    workspace: Workspace,
}

/// How to compile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    /// As `cargo run` does.
    Dev,
    /// As `cargo run --release` does.
    Release,
}

/// What was built.
#[derive(Clone, Debug, Default)]
pub struct Built {
    /// The programs, by the names of their binaries.
    pub programs: BTreeMap<String, PathBuf>,
    /// The compiler's warnings about these programs, as it words them.
    pub warnings: Vec<String>,
}

/// Why there is no program.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// The code is at fault.
    #[error("it does not compile:\n{}", errors.concat())]
    DoesNotCompile {
        /// The compiler's errors, as it words them.
        errors: Vec<String>,
    },
    /// Cargo did not get as far as the code.
    #[error("cargo failed:\n{stderr}")]
    Cargo {
        /// What it said.
        stderr: String,
    },
    /// A file or a program can't be used.
    #[error("cannot {action}")]
    Io {
        /// What was tried.
        action: String,
        /// Why it failed.
        source: io::Error,
    },
}

impl Build {
    /// The programs of a package with these names; of all of its binaries, if
    /// there are none.
    #[must_use]
    pub fn package(workspace: &Workspace, package: &str, binaries: &[&str]) -> Self {
        let mut selection = vec!["--package".into(), package.into()];
        if binaries.is_empty() {
            selection.push("--bins".into());
        }
        for binary in binaries {
            selection.extend(["--bin".into(), (*binary).into()]);
        }
        Self {
            name: package.into(),
            selection,
            folder: workspace.root().into(),
            profile: Profile::Dev,
            workspace: workspace.clone(),
        }
    }

    /// Programs that are not part of the workspace, each from one file, built
    /// as if they were part of an exercise: with the same dependencies, lints
    /// and profiles.
    ///
    /// # Errors
    ///
    /// When the package for them can't be written to `target/lab`.
    pub fn sources(
        workspace: &Workspace,
        name: &str,
        sources: &BTreeMap<String, PathBuf>,
    ) -> Result<Self, BuildError> {
        let folder = workspace.lab_folder().join("packages").join(name);
        let manifest = manifest(workspace, name, sources);
        write(&folder.join("Cargo.toml"), manifest.to_string().as_bytes())?;
        // The same versions of everything as in the workspace. Cargo takes out
        // of Cargo.lock what this package does not need, so a copy tells
        // whether the workspace's has changed.
        let lock = workspace.root().join("Cargo.lock");
        let versions = fs::read(&lock).map_err(cannot("read", &lock))?;
        if write(&folder.join("Cargo.lock.workspace"), &versions)? == Written::New {
            write(&folder.join("Cargo.lock"), &versions)?;
        }
        Ok(Self {
            name: name.into(),
            selection: vec!["--bins".into()],
            folder,
            profile: Profile::Dev,
            workspace: workspace.clone(),
        })
    }

    /// The same with another profile.
    #[must_use]
    pub fn with_profile(self, profile: Profile) -> Self {
        Self { profile, ..self }
    }

    /// Compiles it.
    ///
    /// # Errors
    ///
    /// [`BuildError::DoesNotCompile`] when the code is at fault.
    pub fn run(&self) -> Result<Built, BuildError> {
        // The cargo that runs this program, if one does.
        let cargo = env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
        let output = Command::new(cargo)
            .args(["build", "--message-format=json"])
            .args(match self.profile {
                Profile::Dev => [].as_slice(),
                Profile::Release => &["--release"],
            })
            .args(&self.selection)
            .arg("--target-dir")
            .arg(self.workspace.lab_folder().join(&self.name))
            .env("CARGO_BUILD_BUILD_DIR", self.workspace.build_folder())
            .current_dir(&self.folder)
            .stdin(Stdio::null())
            .output()
            .map_err(|source| BuildError::Io {
                action: "run cargo".into(),
                source,
            })?;

        let mut built = Built::default();
        let mut errors = Vec::new();
        for message in Message::parse_stream(output.stdout.as_slice()).flatten() {
            match message {
                Message::CompilerArtifact(artifact) => {
                    if let Some(program) = artifact.executable {
                        built.programs.insert(artifact.target.name, program.into());
                    }
                }
                Message::CompilerMessage(CompilerMessage { message, .. }) => {
                    let text = message.rendered.unwrap_or(message.message);
                    match message.level {
                        DiagnosticLevel::Error | DiagnosticLevel::Ice => errors.push(text),
                        DiagnosticLevel::Warning => built.warnings.push(text),
                        _ => {}
                    }
                }
                _ => {}
            }
        }
        if output.status.success() {
            Ok(built)
        } else if errors.is_empty() {
            let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
            Err(BuildError::Cargo { stderr })
        } else {
            Err(BuildError::DoesNotCompile { errors })
        }
    }
}

/// The manifest of a package of its own, outside the workspace, with the
/// workspace's settings.
fn manifest(workspace: &Workspace, name: &str, sources: &BTreeMap<String, PathBuf>) -> Table {
    let mut own_workspace = match workspace.section("workspace") {
        Some(Value::Table(settings)) => settings.clone(),
        _ => Table::new(),
    };
    own_workspace.retain(|key, _| matches!(key, "resolver" | "dependencies" | "lints"));
    if let Some(Value::Table(dependencies)) = own_workspace.get_mut("dependencies") {
        let common = workspace.root().join("common").display().to_string();
        dependencies.insert("common".into(), table([("path", common.into())]));
    }

    let inherited = || table([("workspace", true.into())]);
    let binaries = sources.iter().map(|(name, path)| {
        table([
            ("name", name.as_str().into()),
            ("path", path.display().to_string().into()),
        ])
    });
    let package = [("name", name.into()), ("edition", "2024".into())];
    let dependencies = ["common", "libc", "nix"].map(|name| (name, inherited()));
    let mut manifest = Table::from_iter([
        ("package".into(), table(package)),
        ("bin".into(), Value::Array(binaries.collect())),
        ("dependencies".into(), table(dependencies)),
        ("lints".into(), inherited()),
        ("workspace".into(), own_workspace.into()),
    ]);
    if let Some(profiles) = workspace.section("profile") {
        manifest.insert("profile".into(), profiles.clone());
    }
    manifest
}

fn table<const N: usize>(entries: [(&str, Value); N]) -> Value {
    Value::Table(
        entries
            .map(|(key, value)| (key.into(), value))
            .into_iter()
            .collect(),
    )
}

/// What became of a file.
#[derive(PartialEq, Eq)]
enum Written {
    /// It is new, or holds something else now.
    New,
    /// It was right already, and is left alone: cargo would take it for a new
    /// one.
    Unchanged,
}

/// Writes a file at once (nobody ever reads half of it), and the folders that it
/// is in.
fn write(path: &Path, contents: &[u8]) -> Result<Written, BuildError> {
    if fs::read(path).is_ok_and(|existing| existing == contents) {
        return Ok(Written::Unchanged);
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(cannot("create", folder))?;
    }
    let unfinished = path.with_added_extension(std::process::id().to_string());
    fs::write(&unfinished, contents).map_err(cannot("write", &unfinished))?;
    fs::rename(&unfinished, path).map_err(cannot("write", path))?;
    Ok(Written::New)
}

fn cannot(action: &str, path: &Path) -> impl Fn(io::Error) -> BuildError {
    move |source| BuildError::Io {
        action: format!("{action} {}", path.display()),
        source,
    }
}
