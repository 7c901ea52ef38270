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
use crate::workspace::{Workspace, cannot, read, write};
use anyhow::{Context, Result, bail};
use engine::{End, Limits, Run};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;
use std::{env, fmt};
use toml::Table;

/// A build of one or more programs.
#[derive(Clone, Debug)]
pub struct Build {
    /// The name of its folder in `target/lab`.
    name: String,
    /// The options that select the programs.
    selection: Vec<String>,
    /// The options before the name of one program.
    one: Vec<String>,
    /// The folder where cargo looks for the package.
    folder: PathBuf,
    /// The folder of the finished programs.
    programs: PathBuf,
    /// The only folder that an isolated build can write to.
    own_folder: Option<PathBuf>,
    limits: Limits,
    pub(crate) workspace: Workspace,
    /// Of rustc.
    options: &'static [&'static str],
    is_release: bool,
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

/// The scheduler follows the frames to a line of the program.
const KEEP_FRAMES: &str = "-Cforce-frame-pointers=yes";

/// The default CPU time limit for all compilers of a build together. The first build of all
/// exercises with their dependencies takes 30 seconds, so this suffices for a machine that is
/// several times slower.
pub const COMPILE_LIMIT: Duration = Duration::from_secs(240);

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

/// The limits of cargo and its compilers.
const LIMITS: Limits = Limits {
    // Cargo may wait for a network or for another cargo.
    time: Duration::from_secs(24 * 60 * 60),
    cpu_time: COMPILE_LIMIT,
    // Too long to read, and far more than cargo's own messages.
    output_bytes: 4 << 20,
    tasks: usize::MAX,
    file_bytes: None,
    folder_bytes: u64::MAX,
    folder_entries: usize::MAX,
    // Five times the memory that a compiler needs for any exercise or dependency.
    process_bytes: 2 << 30,
    memory_bytes: u64::MAX,
};

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

/// The error of a build whose code is at fault.
#[derive(Debug)]
pub struct DoesNotCompile {
    /// How the compiler failed.
    pub failure: String,
    /// The compiler's errors, in its own words. Without any, cargo's output.
    pub errors: Vec<String>,
    /// The programs that were built nevertheless.
    pub built: Built,
}

impl fmt::Display for DoesNotCompile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:\n{}", self.failure, self.errors.concat())
    }
}

impl std::error::Error for DoesNotCompile {}

impl Build {
    fn new(workspace: &Workspace, name: &str, all: &[&str], one: &[&str]) -> Self {
        let words = |words: &[&str]| words.iter().map(|word| (*word).into()).collect();
        Self {
            name: name.into(),
            selection: words(all),
            one: words(one),
            folder: workspace.root().into(),
            programs: workspace.lab_folder().join(name),
            own_folder: None,
            limits: LIMITS,
            workspace: workspace.clone(),
            options: &[],
            is_release: false,
        }
    }

    /// Builds the programs of a package with these names. Without names, builds all binaries of
    /// the package.
    #[must_use]
    pub fn package(workspace: &Workspace, package: &str, binaries: &[&str]) -> Self {
        let all = ["--package", package, "--bins"];
        let one = ["--package", package, "--bin"];
        Self::new(workspace, package, &all, &one).only(binaries)
    }

    /// Builds the examples of all packages. They use the same features of dependencies as
    /// `cargo test --workspace`, so nothing is compiled twice. [`Build::only`] selects examples
    /// of this package.
    #[must_use]
    pub fn examples(workspace: &Workspace, package: &str) -> Self {
        let one = ["--package", package, "--example"];
        Self::new(workspace, package, &["--workspace", "--examples"], &one)
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
    ) -> Result<Self> {
        let folder = workspace.lab_folder().join("packages").join(name);
        let manifest = manifest(workspace.root(), name, sources)?.to_string();
        write(&folder.join("Cargo.toml"), &manifest)?;
        // Use the versions of the workspace. Cargo removes unneeded packages from Cargo.lock,
        // so compare the workspace's file with a copy of its last state.
        let versions = read(&workspace.root().join("Cargo.lock"))?;
        if write(&folder.join("Cargo.lock.workspace"), &versions)? {
            write(&folder.join("Cargo.lock"), &versions)?;
        }
        Ok(Self {
            folder,
            ..Self::new(workspace, name, &["--bins"], &["--bin"])
        })
    }

    /// Builds only the programs with these names. Without names, the selection stays.
    #[must_use]
    pub fn only(mut self, names: &[&str]) -> Self {
        if !names.is_empty() {
            let options = |name: &&str| [self.one.as_slice(), &[(*name).into()]].concat();
            self.selection = names.iter().flat_map(options).collect();
        }
        self
    }

    /// Isolates the build of untrusted sources. The build uses only this folder. It can read
    /// only the sources there and the files that compilers need. There must be a folder `tmp` in
    /// it for temporary files.
    #[must_use]
    pub fn apart(mut self, folder: PathBuf) -> Self {
        self.programs = folder.join("programs");
        self.own_folder = Some(folder);
        // No other cargo uses the folder, and cargo downloads nothing.
        self.limits.time = APART_LIMIT;
        self
    }

    /// Builds one binary with the scheduler's calls in it. It runs only with the scheduler's
    /// library loaded.
    #[must_use]
    pub(crate) fn explored(mut self) -> Self {
        self.options = &EXPLORED;
        self.programs.push("explored");
        self
    }

    /// Builds this lab's scheduler, a library that is loaded into programs. Returns the path of
    /// the library.
    ///
    /// # Errors
    ///
    /// As [`Build::run`].
    pub(crate) fn scheduler(&self) -> Result<PathBuf> {
        let name = "scheduler";
        let options = ["--package", name, "--lib"];
        let build = Self {
            options: &[KEEP_FRAMES],
            ..Self::new(&self.workspace, name, &options, &[])
        };
        build.run()?;
        Ok(build.programs.join("debug/libscheduler.so"))
    }

    /// Builds with optimisation, as `cargo run --release` does.
    #[must_use]
    pub fn release(mut self) -> Self {
        self.is_release = true;
        self
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
    /// [`DoesNotCompile`] when the code is at fault. Another error when cargo failed before it
    /// compiled the code, or a file can't be used.
    pub fn run(&self) -> Result<Built> {
        if let Some(exercise) = EXERCISES.iter().find(|one| one.package == self.name) {
            let folder = self.workspace.root().join(exercise.folder);
            let record = self.workspace.lab_folder().join(&self.name).join("sources");
            renew(&folder, &record).with_context(|| cannot("see what has changed in", &folder))?;
        }
        let mut run = Run::of_command(self.command()).limits(self.limits);
        if let Some(folder) = &self.own_folder {
            run = run.within(self.needed(), vec![folder.clone(), self.folder.clone()]);
        }
        let outcome = run.observe().context("cannot run cargo")?;
        let mut built = Built {
            cpu_time: outcome.cpu_time,
            ..Built::default()
        };
        let mut errors = Vec::new();
        let mut has_compiled = false;
        // Cargo's messages, one JSON object per line:
        // https://doc.rust-lang.org/cargo/reference/external-tools.html#json-messages
        let lines = outcome.stdout.split(|byte| *byte == b'\n');
        for message in lines.filter_map(|line| serde_json::from_slice::<Value>(line).ok()) {
            let text = |place| message.pointer(place).and_then(Value::as_str);
            // The text as rustc would print it.
            let rendered = text("/message/rendered").or(text("/message/message"));
            let rendered = || rendered.unwrap_or_default().to_owned();
            match (text("/reason"), text("/message/level")) {
                (Some("compiler-artifact"), _) => {
                    if let (Some(name), Some(program)) = (text("/target/name"), text("/executable"))
                    {
                        built.programs.insert(name.into(), program.into());
                    }
                }
                (Some("compiler-message"), Some("warning")) => built.warnings.push(rendered()),
                // "error: internal compiler error" is a level too.
                (Some("compiler-message"), Some(level)) if level.starts_with("error") => {
                    errors.push(rendered());
                }
                // Cargo prints no such message for an error that it finds before it compiles.
                (Some("build-finished"), _) => has_compiled = true,
                _ => {}
            }
        }
        let failure = match outcome.end {
            End::Ended(0) => return Ok(built),
            End::Ended(_) if !errors.is_empty() => "it does not compile".into(),
            End::Ended(_) => {
                let stderr = String::from_utf8_lossy(&outcome.stderr);
                if !has_compiled {
                    bail!("cargo failed:\n{stderr}");
                }
                errors.push(without_command(&stderr));
                "the compiler crashed".into()
            }
            End::TooMuchOutput => {
                let bytes = self.limits.output_bytes;
                format!("the compiler wrote more than {bytes} bytes")
            }
            _ => {
                let seconds = self.limits.cpu_time.as_secs_f64();
                format!("the compiler had not finished after {seconds} seconds of CPU time")
            }
        };
        bail!(DoesNotCompile {
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

    fn command(&self) -> Command {
        // The cargo that started this program, if there is one.
        let cargo = env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
        let (name, separator) = match self.options {
            [] => ("build", None),
            _ => ("rustc", Some("--")),
        };
        let mut command = Command::new(cargo);
        command
            .args([name, "--message-format=json", "--target-dir"])
            .arg(&self.programs)
            .args(self.is_release.then_some("--release"))
            .args(&self.selection)
            .args(separator)
            .args(self.options)
            .env("CARGO_BUILD_BUILD_DIR", self.workspace.build_folder())
            // A warning costs no points, whatever the settings of the machine.
            .env("CARGO_BUILD_WARNINGS", "warn")
            .current_dir(&self.folder);
        if let Some(folder) = &self.own_folder {
            // A macro can copy an environment variable into a program, and a variable may
            // contain a secret.
            for (name, _) in env::vars_os() {
                if !NEEDED_VARIABLES.iter().any(|needed| name == *needed) {
                    command.env_remove(name);
                }
            }
            command
                .env("CARGO_BUILD_BUILD_DIR", folder.join("build"))
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
fn manifest(root: &Path, name: &str, sources: &BTreeMap<String, PathBuf>) -> Result<Table> {
    let path = root.join("Cargo.toml");
    let manifest = read(&path)?.parse::<Table>();
    let mut manifest = manifest.with_context(|| cannot("understand", &path))?;
    let workspace = manifest.get_mut("workspace");
    if let Some(settings) = workspace.and_then(toml::Value::as_table_mut) {
        settings.retain(|key, _| matches!(key, "resolver" | "dependencies" | "lints"));
    }
    let inherited = json!({ "workspace": true });
    let binaries = sources.iter();
    let binaries = binaries.map(|(name, path)| json!({ "name": name, "path": path }));
    manifest.extend(Table::try_from(json!({
        "package": { "name": name, "edition": "2024" },
        "bin": binaries.collect::<Vec<_>>(),
        "dependencies": {
            "anyhow": inherited,
            "common": { "path": root.join("common") },
            "libc": inherited,
            "nix": inherited,
        },
        "lints": inherited,
    }))?);
    Ok(manifest)
}
