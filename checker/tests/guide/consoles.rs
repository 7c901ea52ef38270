//! A console of the guide shows what its commands print.

use crate::text::{blocks, commands, pages, read, readmes, root, without_blocks};
use checker::exercises::{EXERCISES, Exercise, exercise};
use checker::explore::{Explorer, Plan};
use checker::handout::{Handout, handouts};
use checker::quiz::quizzes;
use checker::{Build, Workspace};
use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Read};
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::{Command, ExitStatus};
use std::sync::LazyLock;
use std::time::Duration;
use tempfile::TempDir;

/// The programs as they are handed out, whatever a student has made of them: by package
/// and binary.
static PROGRAMS: LazyLock<BTreeMap<(String, String), PathBuf>> = LazyLock::new(|| {
    let workspace = Workspace::locate();
    let mut programs = BTreeMap::new();
    let handouts = handouts(&workspace);
    let mut packages: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for exercise in EXERCISES {
        let solution = exercise.task.map_or("", |_| "-solution");
        let binary = format!("{}{solution}", exercise.binary);
        packages.entry(exercise.package).or_default().push(binary);
    }
    for (package, binaries) in packages {
        let binaries: Vec<&str> = binaries.iter().map(String::as_str).collect();
        let built = Build::package(&workspace, package, &binaries).run();
        for (binary, program) in built.expect("programs").programs {
            programs.insert((package.into(), binary), program);
        }
    }
    let folder = TempDir::new().expect("a folder");
    let mut sources = BTreeMap::new();
    for handout in &handouts {
        let name = handout.exercise.file_name();
        let source = folder.path().join(&name).with_extension("rs");
        fs::write(&source, handout.render().expect("a skeleton")).expect("a file");
        sources.insert(name, source);
    }
    let build = Build::sources(&workspace, "guide-skeletons", &sources).expect("a package");
    let built = build.run().expect("skeletons");
    for handout in handouts {
        let name = handout.exercise.file_name();
        let program = built.programs[&name].clone();
        let Exercise {
            package, binary, ..
        } = handout.exercise;
        programs.insert(((*package).into(), (*binary).into()), program);
    }
    programs
});

/// Shows something else on each machine, or is tested elsewhere, or needs what a test
/// does not have.
const NOT_TRIED: [&str; 9] = [
    "cargo lab check ",
    "cargo lab trace ",
    "nproc",
    "python3 ",
    "/usr/bin/time ",
    "target/lost-updates",
    "target/no-lost-updates",
    "gh api ",
    "grading/gradescope/make-zip",
];

/// Times vary, and so does a result that a race condition has spoilt.
fn without_luck(command: &str, output: &str) -> String {
    // The number of a step depends on the compiler.
    let mut vague = vec!["Time spent: ", "Array sum is: -", " --replay "];
    if command.starts_with("cargo run -p shared-counter ") && !command.contains("-solution ") {
        vague.push("Counter is: ");
    }
    let line = |line: &str| {
        for vague in &vague {
            if let Some((before, _)) = line.split_once(vague) {
                return format!("{before}{vague}...\n");
            }
        }
        format!("{line}\n")
    };
    output.lines().map(line).collect()
}

/// The status of a program, and what it prints on a terminal: both streams in their order.
fn printed(mut command: Command) -> io::Result<(ExitStatus, String)> {
    let (mut reader, writer) = io::pipe()?;
    let mut child = command.stdout(writer.try_clone()?).stderr(writer).spawn()?;
    // It holds the write ends of the pipe.
    drop(command);
    let mut text = String::new();
    reader.read_to_string(&mut text)?;
    Ok((child.wait()?, text))
}

/// `cargo run -p PACKAGE --bin BINARY -- ARGUMENTS`, in an empty folder.
fn run(command: &str) -> Option<String> {
    let words: Vec<&str> = command.strip_prefix("cargo run -p ")?.split(' ').collect();
    let [package, "--bin", binary, arguments @ ..] = words.as_slice() else {
        panic!("{command}");
    };
    let program = &PROGRAMS[&((*package).into(), (*binary).into())];
    let arguments = arguments.strip_prefix(&["--"]).unwrap_or(arguments);
    let folder = TempDir::new().expect("a folder");
    let mut command = Command::new(program);
    command.args(arguments).current_dir(&folder);
    let (status, printed) = printed(command).expect("a program");
    // It calls itself by the name of its file.
    let file = program.file_name()?.to_str()?;
    let mut printed = printed.replace(&format!("{file}: "), &format!("{binary}: "));
    if status.signal() == Some(libc::SIGSEGV) {
        // The shell reports it. Cargo does not: the program takes its place.
        printed += "Segmentation fault\n";
    }
    Some(printed)
}

/// `cargo lab explore PACKAGE BINARY -- ARGUMENTS`, of the program as it is handed out.
fn explore(command: &str) -> Option<String> {
    let words = command.strip_prefix("cargo lab explore ")?;
    let (names, args) = words.split_once(" -- ")?;
    let (package, binary) = names.split_once(' ')?;
    let workspace = Workspace::locate();
    let handout = Handout::of(&workspace, exercise(package, binary)?)?;
    let folder = TempDir::new().expect("a folder");
    let source = folder.path().join(binary).with_extension("rs");
    fs::write(&source, handout.render().expect("a skeleton")).expect("a file");
    let sources = BTreeMap::from([(binary.into(), source.clone())]);
    let build = Build::sources(&workspace, "guide-explore", &sources).expect("a package");
    let name = format!("{package} {binary}");
    let plan = Plan {
        preemptions: 2,
        schedules: 300,
        random: 0,
        seed: 1,
        time: Duration::MAX,
    };
    let explorer = Explorer::new(&build, &name, source).expect("it compiles");
    let explorer = explorer.with_args(args.split(' '));
    let explored = explorer.explore(&plan, |_| ()).expect("it can be explored");
    Some(explored.text(80))
}

/// A line of a shell.
fn shell(command: &str) -> Option<String> {
    let is_shell = command.starts_with("sh -c ") || command.starts_with("bash -c ");
    let output = Command::new("bash").args(["-c", command]).output();
    is_shell.then(|| {
        let output = output.expect("a shell");
        String::from_utf8_lossy(&output.stdout).into_owned()
    })
}

#[test]
fn consoles_show_what_is_printed() {
    let mut texts = pages();
    texts.extend(["README.md", "grading/README.md"].map(|name| root().join(name)));
    texts.extend(readmes());
    let consoles = texts.iter().flat_map(|path| blocks(&read(path), "console"));
    let mut count = 0;
    for (command, shown) in consoles.flat_map(|block| commands(&block)) {
        if shown.is_empty() || NOT_TRIED.iter().any(|start| command.starts_with(start)) {
            continue;
        }
        let printed = match command.as_str() {
            "cargo lab" => at_the_start(&shown),
            _ => run(&command)
                .or_else(|| explore(&command))
                .or_else(|| shell(&command)),
        };
        let printed = printed.unwrap_or_else(|| panic!("no test runs {command}"));
        let [shown, printed] = [shown, printed].map(|text| without_luck(&command, &text));
        assert_eq!(shown, printed, "{command}");
        count += 1;
    }
    assert!(count > 10, "{count}");
}

/// The sums that a chapter shows, in order.
fn sums(chapter: &str) -> Vec<i64> {
    let page = read(&root().join(format!("book/src/{chapter}.md")));
    let consoles = blocks(&page, "console").join("\n");
    let sums = consoles
        .lines()
        .filter_map(|line| line.strip_prefix("Array sum is: "));
    sums.map(|sum| sum.parse().expect("a number")).collect()
}

/// Texts name sums that consoles show.
#[test]
fn sums_in_a_text_are_those_of_the_consoles() {
    let shown = sums("safety");
    let [right, wrong, three_quarters, half, with_report] = shown.as_slice() else {
        panic!("{shown:?}");
    };
    let missing = three_quarters - half;
    assert_eq!((right - wrong, wrong), (missing, with_report));
    let text = without_blocks(&read(&root().join("book/src/safety.md")));
    assert!(text.contains(&format!(
        "The right sum is {right}, so {missing} are missing."
    )));
    assert!(text.contains(&format!("The difference is {missing},")));

    let quiz = read(&root().join("book/quizzes/memory.toml"));
    let right = sums("memory")[0];
    assert!(quiz.contains(&format!("- {right}, the right sum,")));
}

/// The first lines are those of all tasks; the points come with the checks.
fn at_the_start(shown: &str) -> Option<String> {
    let workspace = Workspace::locate();
    let questions: usize = quizzes(&workspace)
        .ok()?
        .iter()
        .map(|q| q.questions.len())
        .sum();
    let is_right =
        |line: &str| line.starts_with("questions ") && line.contains(&format!(" 0/{questions} "));
    assert!(shown.lines().any(is_right), "{shown}");
    Some(shown.into())
}

/// Without shared memory the parent gets no results.
#[test]
fn results_that_are_not_shared() {
    let original = read(&root().join("sum-array-bugs/memory-corruption/src/bin/processes.rs"));
    let shared = "let results = SharedSlice::<AtomicI64>::zeroed(args.num)?;";
    let chapter = read(&root().join("book/src/memory.md"));
    let lines = blocks(&chapter, "rust,ignore");
    let [before, after] = lines.as_slice() else {
        panic!("{lines:?}");
    };
    assert_eq!(before, shared);
    assert!(original.contains(shared));
    let edited = original.replace(shared, after);
    let folder = TempDir::new().expect("a folder");
    let source = folder.path().join("not-shared.rs");
    fs::write(&source, edited).expect("a file");
    let workspace = Workspace::locate();
    let sources = BTreeMap::from([("not-shared".into(), source)]);
    let build = Build::sources(&workspace, "guide-not-shared", &sources).expect("a package");
    let built = build.run().expect("a program");
    assert!(built.warnings.concat().contains("SharedSlice"));
    let mut command = Command::new(&built.programs["not-shared"]);
    command.arg("4");
    let (_, printed) = printed(command).expect("a program");
    assert!(printed.starts_with("Array sum is: 0\n"), "{printed}");
}
