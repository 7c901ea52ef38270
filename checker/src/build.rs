//! Compiling programs.
//!
//! Every exercise has a binary `threads` and a binary `processes`. Cargo would put the binaries
//! of two packages into the same place (cargo #6313). So each package is built alone, into its
//! own folder: `target/lab/PACKAGE`. `build.build-dir` shares the intermediate files with the
//! student's own builds, so nothing is compiled twice.
//!
//! [`Limits`] also apply to the compilers, because a macro may expand without end.

use crate::exercises::EXERCISES;
use crate::sources::renew;
use crate::workspace::Workspace;
use engine::{End, Error, Limits, Run};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;
use std::{env, fmt, fs, io};
use toml::{Table, Value};

/// A build of one or more programs.
#[derive(Clone, Debug)]
pub struct Build {
    /// The name of its folder in `target/lab`.
    name: String,
    /// The package, and some or all of its binaries.
    selection: Vec<String>,
    /// The folder where cargo looks for the package.
    folder: PathBuf,
    profile: Profile,
    limits: Limits,
    workspace: Workspace,
    /// The folder for intermediate files. An isolated build can write nowhere else.
    own_folder: Option<PathBuf>,
    is_explored: bool,
}

/// With these options, rustc inserts a call before each load, store and comparison, and at the
/// start of basic blocks. The scheduler's library contains the called functions.
const EXPLORED: [&str; 8] = [
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=3",
    "-Cllvm-args=-sanitizer-coverage-trace-pc",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
    "-Cllvm-args=-sanitizer-coverage-trace-loads",
    "-Cllvm-args=-sanitizer-coverage-trace-stores",
    "-Clink-arg=-Wl,--unresolved-symbols=ignore-all",
    "-Clink-arg=-Wl,-z,now",
];

/// The default CPU time limit for all compilers of a build together. The first build of all
/// exercises with their dependencies takes 30 seconds, so this suffices for a machine that is
/// several times slower.
pub const COMPILE_LIMIT: Duration = Duration::from_secs(240);

/// The limit of the compilers' output: too long to read, and far more than cargo's own
/// messages.
const DIAGNOSTICS_BYTES: usize = 4 << 20;

/// Five times the memory that a compiler needs for any exercise or dependency.
const COMPILER_MEMORY_BYTES: u64 = 2 << 30;

/// Wall-clock limit: a compiler that reads from a pipe may wait for ever and use no CPU time.
const APART_LIMIT: Duration = Duration::from_secs(300);

/// The environment variables that cargo and rustup need.
const NEEDED_VARIABLES: [&str; 8] = [
    "CARGO_HOME",
    "CARGO_NET_OFFLINE",
    "HOME",
    "LANG",
    "LD_LIBRARY_PATH",
    "PATH",
    "RUSTUP_HOME",
    "RUSTUP_TOOLCHAIN",
];

/// Wall-clock limit of cargo, which may wait for a network or for another cargo.
const LIMITS: Limits = Limits {
    time: Duration::from_secs(24 * 60 * 60),
    cpu_time: COMPILE_LIMIT,
    output_bytes: DIAGNOSTICS_BYTES,
    tasks: usize::MAX,
    file_bytes: None,
    folder_bytes: u64::MAX,
    folder_entries: usize::MAX,
    process_bytes: COMPILER_MEMORY_BYTES,
    memory_bytes: u64::MAX,
};

/// The profile of a build.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    /// As `cargo run` does.
    Dev,
    /// As `cargo run --release` does.
    Release,
}

/// The result of a build.
#[derive(Clone, Debug, Default)]
pub struct Built {
    /// The programs, by the names of their binaries.
    pub programs: BTreeMap<String, PathBuf>,
    /// The compiler's warnings about these programs, in its own words.
    pub warnings: Vec<String>,
    /// The CPU time of the compilers.
    pub cpu_time: Duration,
}

/// Why a build produced no program.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// The code does not compile.
    #[error("{failure}:\n{}", errors.concat())]
    DoesNotCompile {
        /// How the compiler failed.
        failure: Failure,
        /// The compiler's errors, in its own words. Without any, cargo's output.
        errors: Vec<String>,
        /// The programs that were built nevertheless.
        built: Built,
    },
    /// Cargo failed before it compiled the code.
    #[error("cargo failed:\n{stderr}")]
    Cargo {
        /// Cargo's message.
        stderr: String,
    },
    /// Cargo can't be run.
    #[error("cannot run cargo")]
    Run(#[from] Error),
    /// A file can't be used.
    #[error("cannot {action}")]
    Io {
        /// The action that failed.
        action: String,
        /// Why it failed.
        source: io::Error,
    },
}

/// How a compiler fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The code has errors.
    Errors,
    /// The compilers exceeded this CPU time.
    NeverEnds(Duration),
    /// The compilers wrote more than this number of bytes.
    EndlessOutput(usize),
    /// A compiler died, for example because it had too little memory.
    Dies,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Errors => f.write_str("it does not compile"),
            Self::NeverEnds(work) => {
                let seconds = work.as_secs_f64();
                write!(
                    f,
                    "the compiler had not finished after {seconds} seconds of CPU time"
                )
            }
            Self::EndlessOutput(bytes) => {
                write!(f, "the compiler wrote more than {bytes} bytes")
            }
            Self::Dies => f.write_str("the compiler crashed"),
        }
    }
}

/// Cargo's messages, one JSON object per line ([format]).
///
/// [format]: https://doc.rust-lang.org/cargo/reference/external-tools.html#json-messages
#[derive(Deserialize)]
#[serde(tag = "reason", rename_all = "kebab-case")]
enum Message {
    CompilerArtifact {
        target: Target,
        executable: Option<PathBuf>,
    },
    #[serde(rename = "compiler-message")]
    Diagnostic {
        message: Diagnostic,
    },
    BuildFinished,
    #[serde(other)]
    Other,
}

#[derive(Deserialize)]
struct Target {
    name: String,
}

#[derive(Deserialize)]
struct Diagnostic {
    /// "error: internal compiler error" has this level too.
    level: String,
    message: String,
    /// The text as rustc would print it.
    rendered: Option<String>,
}

impl Build {
    /// Builds the programs of a package with these names. Without names, builds all binaries of
    /// the package.
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
            limits: LIMITS,
            workspace: workspace.clone(),
            own_folder: None,
            is_explored: false,
        }
    }

    /// Builds the examples of all packages. They use the same features of dependencies as
    /// `cargo test --workspace`, so nothing is compiled twice.
    #[must_use]
    pub fn examples(workspace: &Workspace, name: &str) -> Self {
        Self {
            selection: vec!["--workspace".into(), "--examples".into()],
            ..Self::package(workspace, name, &[])
        }
    }

    /// Builds one example of a package.
    #[must_use]
    pub fn example(workspace: &Workspace, package: &str, name: &str) -> Self {
        let selection = ["--package", package, "--example", name];
        Self {
            selection: selection.map(Into::into).into(),
            ..Self::package(workspace, package, &[])
        }
    }

    /// Builds programs that are not part of the workspace, each from one file. They have the
    /// dependencies, lints and profiles of an exercise.
    ///
    /// # Errors
    ///
    /// The package for them can't be written to `target/lab`.
    pub fn sources(
        workspace: &Workspace,
        name: &str,
        sources: &BTreeMap<String, PathBuf>,
    ) -> Result<Self, BuildError> {
        let folder = workspace.lab_folder().join("packages").join(name);
        let path = workspace.root().join("Cargo.toml");
        let settings = fs::read_to_string(&path).map_err(cannot("read", &path))?;
        let settings = settings.parse().map_err(io::Error::other);
        let settings: Table = settings.map_err(cannot("understand", &path))?;
        let manifest = manifest(workspace, &settings, name, sources);
        write(&folder.join("Cargo.toml"), manifest.to_string().as_bytes())?;
        // Use the versions of the workspace. Cargo removes unneeded packages from Cargo.lock,
        // so compare the workspace's file with a copy of its last state.
        let lock = workspace.root().join("Cargo.lock");
        let versions = fs::read(&lock).map_err(cannot("read", &lock))?;
        if write(&folder.join("Cargo.lock.workspace"), &versions)? == Written::New {
            write(&folder.join("Cargo.lock"), &versions)?;
        }
        Ok(Self {
            selection: vec!["--bins".into()],
            folder,
            ..Self::package(workspace, name, &[])
        })
    }

    /// Builds only these binaries.
    #[must_use]
    pub fn only(mut self, binaries: &[&str]) -> Self {
        let options = binaries
            .iter()
            .flat_map(|name| ["--bin".into(), (*name).into()]);
        self.selection = options.collect();
        self
    }

    /// Isolates the build of untrusted sources. The build uses only this folder. It can read
    /// only the sources there and the files that compilers need.
    #[must_use]
    pub fn apart(mut self, folder: PathBuf) -> Self {
        self.own_folder = Some(folder);
        // No other cargo uses the folder, and cargo downloads nothing.
        self.limits.time = APART_LIMIT;
        self
    }

    /// The folder of the lab.
    pub(crate) fn root(&self) -> &Path {
        self.workspace.root()
    }

    /// Builds one binary with the scheduler's calls in it. It runs only with the scheduler's
    /// library loaded.
    #[must_use]
    pub(crate) fn explored(self) -> Self {
        Self {
            is_explored: true,
            ..self
        }
    }

    /// Builds this lab's scheduler, a library that is loaded into programs. Returns the path of
    /// the library.
    ///
    /// # Errors
    ///
    /// As [`Build::run`].
    pub(crate) fn scheduler(&self) -> Result<PathBuf, BuildError> {
        let name = "scheduler";
        let build = Self {
            selection: ["--package", name, "--lib"].map(Into::into).into(),
            ..Self::package(&self.workspace, name, &[])
        };
        build.run()?;
        let library = self.workspace.lab_folder().join(name).join("debug");
        Ok(library.join("libscheduler.so"))
    }

    /// Sets the profile.
    #[must_use]
    pub fn with_profile(self, profile: Profile) -> Self {
        Self { profile, ..self }
    }

    /// Sets the CPU time limit of the compilers.
    #[must_use]
    pub fn with_compile_limit(mut self, limit: Duration) -> Self {
        self.limits.cpu_time = limit;
        self
    }

    /// Compiles it.
    ///
    /// # Errors
    ///
    /// [`BuildError::DoesNotCompile`] when the code is at fault.
    pub fn run(&self) -> Result<Built, BuildError> {
        if let Some(exercise) = EXERCISES.iter().find(|one| one.package == self.name) {
            let folder = self.workspace.root().join(exercise.folder);
            let record = self.workspace.lab_folder().join(&self.name).join("sources");
            renew(&folder, &record).map_err(cannot("see what has changed in", &folder))?;
        }
        let mut run = Run::of_command(self.command()).limits(self.limits);
        if let Some(folder) = &self.own_folder {
            let temporary = folder.join("tmp");
            fs::create_dir_all(&temporary).map_err(cannot("create", &temporary))?;
            run = run.within(self.needed(), vec![folder.clone(), self.folder.clone()]);
        }
        let outcome = run.observe()?;
        let mut built = Built {
            cpu_time: outcome.cpu_time,
            ..Built::default()
        };
        let mut errors = Vec::new();
        let mut has_compiled = false;
        let lines = outcome.stdout.split(|byte| *byte == b'\n');
        for message in lines.filter_map(|line| serde_json::from_slice(line).ok()) {
            match message {
                Message::CompilerArtifact { target, executable } => {
                    if let Some(program) = executable {
                        built.programs.insert(target.name, program);
                    }
                }
                Message::Diagnostic { message } => {
                    let list = match message.level.as_str() {
                        "warning" => &mut built.warnings,
                        level if level.starts_with("error") => &mut errors,
                        _ => continue,
                    };
                    list.push(message.rendered.unwrap_or(message.message));
                }
                // Cargo prints no such message for an error that it finds before it compiles.
                Message::BuildFinished => has_compiled = true,
                Message::Other => {}
            }
        }
        let failure = match outcome.end {
            End::TooMuchOutput => Failure::EndlessOutput(self.limits.output_bytes),
            End::Ended(0) => return Ok(built),
            End::Ended(_) if !errors.is_empty() => Failure::Errors,
            End::Ended(_) => Failure::Dies,
            _ => Failure::NeverEnds(self.limits.cpu_time),
        };
        if failure == Failure::Dies {
            let stderr = String::from_utf8_lossy(&outcome.stderr).into_owned();
            if !has_compiled {
                return Err(BuildError::Cargo { stderr });
            }
            errors.push(without_command(&stderr));
        }
        Err(BuildError::DoesNotCompile {
            failure,
            errors,
            built,
        })
    }

    /// The files of this machine that cargo may read. They leave out the rest of the user's
    /// home folder, which may contain passwords.
    fn needed(&self) -> Vec<PathBuf> {
        let home = env::home_dir().unwrap_or_default();
        let of = |variable, name| env::var_os(variable).map_or(home.join(name), PathBuf::from);
        let cargo_home = of("CARGO_HOME", ".cargo");
        let root = self.workspace.root();
        let of_cargo = [
            "bin",
            "registry",
            "git",
            "config.toml",
            "config",
            ".package-cache",
            ".package-cache-mutate",
            ".global-cache",
        ];
        let of_lab = ["Cargo.toml", "Cargo.lock", ".cargo", "common"];
        let of_cargo = of_cargo.iter().map(|name| cargo_home.join(name));
        let of_lab = of_lab.iter().map(|name| root.join(name));
        let rustup = of("RUSTUP_HOME", ".rustup");
        of_cargo.chain(of_lab).chain([rustup]).collect()
    }

    /// The folder of the finished programs.
    fn programs(&self) -> PathBuf {
        let folder = match &self.own_folder {
            Some(folder) => folder.join("programs"),
            None => self.workspace.lab_folder().join(&self.name),
        };
        match self.is_explored {
            true => folder.join("explored"),
            false => folder,
        }
    }

    fn command(&self) -> Command {
        // The cargo that started this program, if there is one.
        let cargo = env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
        let mut command = Command::new(cargo);
        command
            .args([
                if self.is_explored { "rustc" } else { "build" },
                "--message-format=json",
            ])
            .args(match self.profile {
                Profile::Dev => [].as_slice(),
                Profile::Release => &["--release"],
            })
            .args(&self.selection)
            .arg("--target-dir")
            .arg(self.programs())
            .env(
                "CARGO_BUILD_BUILD_DIR",
                match &self.own_folder {
                    Some(folder) => folder.join("build"),
                    None => self.workspace.build_folder(),
                },
            )
            // A warning costs no points, whatever the settings of the machine.
            .env("CARGO_BUILD_WARNINGS", "warn")
            .current_dir(&self.folder);
        if self.is_explored {
            command.arg("--").args(EXPLORED);
        }
        if let Some(folder) = &self.own_folder {
            // A macro can copy an environment variable into a program, and a variable may
            // contain a secret.
            for (name, _) in env::vars_os() {
                if !NEEDED_VARIABLES.iter().any(|needed| name == *needed) {
                    command.env_remove(name);
                }
            }
            command
                .env("TMPDIR", folder.join("tmp"))
                // Backtraces are not shown.
                .env("CARGO_PROFILE_DEV_DEBUG", "0");
        }
        for (variable, between) in [("RUSTFLAGS", " "), ("CARGO_ENCODED_RUSTFLAGS", "\x1f")] {
            if let Some(mut flags) = env::var_os(variable) {
                flags.push(between);
                flags.push("--cap-lints=warn");
                command.env(variable, flags);
            }
        }
        command
    }
}

/// Returns cargo's message about a compiler that died, without the command line. The command
/// line has twenty lines of options, none of them set by the student.
fn without_command(stderr: &str) -> String {
    let Some((before, command)) = stderr.split_once("process didn't exit successfully: `") else {
        return stderr.into();
    };
    let (_, after) = command.rsplit_once('`').unwrap_or_default();
    format!("{before}process didn't exit successfully: rustc ...{after}")
}

/// Returns the manifest of a package outside the workspace, with the workspace's settings.
fn manifest(
    workspace: &Workspace,
    settings: &Table,
    name: &str,
    sources: &BTreeMap<String, PathBuf>,
) -> Table {
    let mut own_workspace = match settings.get("workspace") {
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
    let dependencies = ["anyhow", "common", "libc", "nix"].map(|name| (name, inherited()));
    let mut manifest = Table::from_iter([
        ("package".into(), table(package)),
        ("bin".into(), Value::Array(binaries.collect())),
        ("dependencies".into(), table(dependencies)),
        ("lints".into(), inherited()),
        ("workspace".into(), own_workspace.into()),
    ]);
    if let Some(profiles) = settings.get("profile") {
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

/// The result of writing a file.
#[derive(PartialEq, Eq)]
enum Written {
    /// The file is new, or its content has changed.
    New,
    /// The file already had this content and was not written. After a write, cargo would
    /// rebuild it.
    Unchanged,
}

/// Writes a file and creates its folders. The write is atomic: a reader never sees half of the
/// file.
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
