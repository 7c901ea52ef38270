//! The programs, each compiled once.

use checker::build::BuildError;
use checker::exercises::select;
use checker::handout::{Handout, handouts};
use checker::mistakes::build_all;
use checker::{Build, Built, Workspace};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

static WORKSPACE: LazyLock<Workspace> = LazyLock::new(Workspace::locate);

static SUM_ARRAY: LazyLock<Built> = LazyLock::new(|| {
    let names = ["threads", "processes", "sequential", "reduce"];
    without_warnings(Build::package(&WORKSPACE, "sum-array", &names).run())
});
static WAIT_FOR_ME: LazyLock<Built> = LazyLock::new(|| {
    let names = ["threads-solution", "processes-solution"];
    without_warnings(Build::package(&WORKSPACE, "wait-for-me", &names).run())
});
static SEG_FAULT: LazyLock<Built> = LazyLock::new(|| without_warnings(seg_fault().run()));
static SEG_FAULT_RELEASE: LazyLock<Built> =
    LazyLock::new(|| without_warnings(seg_fault().release().run()));
static SHARED_COUNTER: LazyLock<Built> = LazyLock::new(|| {
    let names = ["threads-solution", "processes-solution"];
    without_warnings(Build::package(&WORKSPACE, "shared-counter", &names).run())
});
static MEMORY_CORRUPTION: LazyLock<Built> = LazyLock::new(|| {
    let names = ["threads", "processes"];
    without_warnings(Build::package(&WORKSPACE, "memory-corruption", &names).run())
});

fn seg_fault() -> Build {
    Build::package(&WORKSPACE, "seg-fault", &["threads", "processes-solution"])
}

/// A program of the lab, as `cargo run` compiles it.
#[track_caller]
pub(crate) fn program(package: &str, binary: &str) -> &'static Path {
    let built = match package {
        "sum-array" => &SUM_ARRAY,
        "wait-for-me" => &WAIT_FOR_ME,
        "seg-fault" => &SEG_FAULT,
        "memory-corruption" => &MEMORY_CORRUPTION,
        "shared-counter" => &SHARED_COUNTER,
        _ => panic!("there is no package {package}"),
    };
    &built.programs[binary]
}

/// A program of seg-fault, as `cargo run --release` compiles it.
#[track_caller]
pub(crate) fn seg_fault_release(binary: &str) -> &'static Path {
    &SEG_FAULT_RELEASE.programs[binary]
}

/// The source of a program, as it is handed out.
#[track_caller]
pub(crate) fn source(package: &str, binary: &str) -> String {
    let exercise = select(Some(package), Some(binary)).expect("an exercise")[0];
    match Handout::of(&WORKSPACE, exercise) {
        Some(handout) => handout.render().expect("a skeleton"),
        None => {
            let file = format!("{}/src/bin/{binary}.rs", exercise.folder);
            fs::read_to_string(WORKSPACE.root().join(file)).expect("a file")
        }
    }
}

/// The program that students begin with.
#[track_caller]
pub(crate) fn skeleton(package: &str, binary: &str) -> &'static Path {
    static SKELETONS: LazyLock<Built> = LazyLock::new(|| {
        let handouts = handouts(&WORKSPACE);
        let folder = WORKSPACE.lab_folder().join("skeletons-source");
        fs::create_dir_all(&folder).expect("a folder below target");
        let source = |handout: &Handout| {
            let name = handout.exercise.file_name();
            let path = folder.join(format!("{name}.rs"));
            fs::write(&path, handout.render().expect("a skeleton")).expect("a file");
            (name, path)
        };
        build_sources("skeletons", &handouts.iter().map(source).collect())
    });
    &SKELETONS.programs[&format!("{package}-{binary}")]
}

/// The known mistake `PACKAGE-BINARY-NAME`.
#[track_caller]
pub(crate) fn mistake(package: &str, binary: &str, name: &str) -> &'static Path {
    static MISTAKES: LazyLock<Built> =
        LazyLock::new(|| without_warnings(build_all(&WORKSPACE).map(|compiled| compiled.built)));
    &MISTAKES.programs[&format!("{package}-{binary}-{name}")]
}

fn build_sources(name: &str, sources: &BTreeMap<String, PathBuf>) -> Built {
    let build = Build::sources(&WORKSPACE, name, sources).expect("a package below target");
    without_warnings(build.run())
}

/// The built programs, without an error and without a warning.
fn without_warnings(built: Result<Built, BuildError>) -> Built {
    let built = built.unwrap_or_else(|error| panic!("{error}"));
    assert!(built.warnings.is_empty(), "{}", built.warnings.concat());
    built
}
