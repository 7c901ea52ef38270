//! The programs of the exercises and their solutions, each compiled once.

use checker::exercises::EXERCISES;
use checker::handout::Handout;
use checker::{Build, Workspace};
use engine::Run;
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::sync::LazyLock;

/// Files by their names.
pub(crate) type Paths = BTreeMap<String, PathBuf>;

pub(crate) static WORKSPACE: LazyLock<Workspace> = LazyLock::new(Workspace::locate);

/// By `PACKAGE BINARY`. The programs with a TODO are as they are handed out, whatever a student
/// has made of them. Their solutions are the binaries with the end `-solution`.
pub(crate) static PROGRAMS: LazyLock<Paths> = LazyLock::new(|| {
    let folder = WORKSPACE.lab_folder().join("skeletons-source");
    fs::create_dir_all(&folder).expect("a folder below target");
    let (mut programs, mut sources) = (Paths::new(), Paths::new());
    for exercise in EXERCISES {
        let mut binary = exercise.binary.to_owned();
        if let Some(handout) = Handout::of(&WORKSPACE, exercise) {
            binary += "-solution";
            let source = folder.join(exercise.file_name()).with_extension("rs");
            fs::write(&source, handout.render().expect("a skeleton")).expect("a file");
            sources.insert(exercise.file_name(), source);
        }
        let built = built(&Build::package(&WORKSPACE, exercise.package, &[&binary]));
        let name = format!("{} {binary}", exercise.package);
        programs.insert(name, built[&binary].clone());
    }
    let skeletons = built_sources("skeletons", sources);
    for exercise in EXERCISES {
        let skeleton = skeletons.get(&exercise.file_name());
        programs.extend(skeleton.map(|path| (exercise.name(), path.clone())));
    }
    programs
});

/// The programs of a build, which compiles without a warning.
pub(crate) fn built(build: &Build) -> Paths {
    let built = build.run().unwrap_or_else(|error| panic!("{error}"));
    assert!(built.warnings.is_empty(), "{}", built.warnings.concat());
    built.programs
}

/// The programs made from these sources.
pub(crate) fn built_sources(package: &str, sources: Paths) -> Paths {
    let build = Build::sources(&WORKSPACE, package, &sources);
    built(&build.expect("a package below target"))
}

/// The command `PACKAGE BINARY ARGS`.
#[track_caller]
pub(crate) fn command(line: &str) -> Command {
    let mut words = line.splitn(3, ' ');
    let mut name = || words.next().expect("a name");
    let name = format!("{} {}", name(), name());
    let mut command = Command::new(PROGRAMS.get(&name).expect(&name));
    command.args(words.next().into_iter().flat_map(|args| args.split(' ')));
    command
}

/// A run of `PACKAGE BINARY ARGS` under the engine.
#[track_caller]
pub(crate) fn traced(line: &str) -> Run {
    let command = command(line);
    Run::new(command.get_program()).args(command.get_args())
}
