//! A console of the guide shows what its commands print.

use crate::programs::{WORKSPACE, command};
use crate::support::assert_has;
use crate::text::{Page, pages, read, readmes, root};
use checker::Build;
use checker::exercises::exercise;
use checker::explore::{Explorer, Plan};
use checker::handout::Handout;
use checker::quiz::quizzes;
use std::collections::BTreeMap;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::Command;
use std::time::Duration;
use std::{fs, io};
use tempfile::TempDir;

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

/// The commands of a console, each with what it prints.
fn commands(block: &str) -> Vec<(String, String)> {
    // A long command goes on in the next line.
    let block = block.replace("\\\n", "\\");
    let (_, commands) = block.split_once("$ ").expect("a command");
    let commands = commands.split("\n$ ").map(|command| {
        let (command, output) = command.split_once('\n').unwrap_or((command, ""));
        (command.into(), output.into())
    });
    commands.collect()
}

/// Times vary, and so does a result that a race condition has spoilt.
fn without_luck(command: &str, output: &str) -> Vec<String> {
    // The number of a step depends on the compiler.
    let mut vague = vec!["Time spent: ", "Array sum is: -", " --replay "];
    if command.starts_with("cargo run -p shared-counter ") && !command.contains("-solution ") {
        vague.push("Counter is: ");
    }
    let line = |line: &str| {
        let known = vague.iter().find(|vague| line.contains(**vague));
        let end = known.and_then(|known| Some(line.find(known)? + known.len()));
        line[..end.unwrap_or(line.len())].to_owned()
    };
    output.lines().map(line).collect()
}

/// `cargo run -p PACKAGE --bin BINARY -- ARGUMENTS`, in an empty folder: what it prints on a
/// terminal, both streams in their order.
fn run(line: &str) -> Option<String> {
    let line = line.strip_prefix("cargo run -p ")?;
    let line = line.replacen("--bin ", "", 1).replacen("-- ", "", 1);
    let folder = TempDir::new().ok()?;
    let mut command = command(&line);
    let file = Path::new(command.get_program()).file_name()?;
    let file = file.to_str()?.to_owned();
    let (reader, writer) = io::pipe().ok()?;
    command.stdout(writer.try_clone().ok()?).stderr(writer);
    let mut child = command.current_dir(&folder).spawn().ok()?;
    // It holds the write ends of the pipe.
    drop(command);
    // It calls itself by the name of its file.
    let binary = line.split(' ').nth(1)?;
    let printed = io::read_to_string(reader).ok()?;
    let mut printed = printed.replace(&format!("{file}: "), &format!("{binary}: "));
    if child.wait().ok()?.signal() == Some(libc::SIGSEGV) {
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
    let handout = Handout::of(&WORKSPACE, exercise(package, binary)?)?;
    let folder = TempDir::new().ok()?;
    let source = folder.path().join(binary).with_extension("rs");
    fs::write(&source, handout.render().ok()?).ok()?;
    let sources = BTreeMap::from([(binary.into(), source.clone())]);
    let build = Build::sources(&WORKSPACE, "guide-explore", &sources).ok()?;
    let plan = Plan {
        preemptions: 2,
        schedules: 300,
        random: 0,
        seed: 1,
        time: Duration::MAX,
    };
    let explorer = Explorer::new(&build, names, source).ok()?;
    let explorer = explorer.with_args(args.split(' '));
    Some(explorer.explore(&plan, |_| ()).ok()?.text(80))
}

/// A line of a shell.
fn shell(command: &str) -> Option<String> {
    let is_shell = command.starts_with("sh -c ") || command.starts_with("bash -c ");
    let output = is_shell.then(|| Command::new("bash").args(["-c", command]).output());
    String::from_utf8(output?.ok()?.stdout).ok()
}

/// The first lines are those of all tasks; the points come with the checks.
fn at_the_start(command: &str, shown: &str) -> Option<String> {
    let quizzes = (command == "cargo lab").then(|| quizzes(&WORKSPACE).ok())??;
    let questions: usize = quizzes.iter().map(|quiz| quiz.questions.len()).sum();
    let line = shown.lines().find(|line| line.starts_with("questions "))?;
    let is_right = line.contains(&format!(" 0/{questions} "));
    is_right.then(|| shown.into())
}

#[test]
fn consoles_show_what_is_printed() {
    let mut texts = pages();
    texts.extend(["README.md", "grading/README.md"].map(Page::at));
    texts.extend(readmes());
    let consoles = texts.iter().flat_map(|page| page.blocks("console"));
    let mut count = 0;
    for (command, shown) in consoles.flat_map(|block| commands(&block)) {
        if shown.is_empty() || NOT_TRIED.iter().any(|start| command.starts_with(start)) {
            continue;
        }
        let printed = at_the_start(&command, &shown)
            .or_else(|| run(&command))
            .or_else(|| explore(&command))
            .or_else(|| shell(&command));
        let printed = printed.unwrap_or_else(|| panic!("no test runs {command}"));
        let [shown, printed] = [shown, printed].map(|text| without_luck(&command, &text));
        assert_eq!(shown, printed, "{command}");
        count += 1;
    }
    assert!(count > 10, "{count}");
}

const SUM: &str = "Array sum is: ";

/// The sums that a chapter shows, in order.
fn sums(chapter: &str) -> Vec<i64> {
    let consoles = Page::chapter(chapter).blocks("console").join("\n");
    let sums = consoles.lines().filter_map(|line| line.strip_prefix(SUM));
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
    let missing_from = format!("The right sum is {right}, so {missing} are missing.");
    let difference = format!("The difference is {missing},");
    let text = Page::chapter("safety").without_blocks();
    assert_has(&text, &[&missing_from, &difference]);
    let quiz = read(&root().join("book/quizzes/memory.toml"));
    let right = format!("- {}, the right sum,", sums("memory")[0]);
    assert_has(&quiz, &[&right]);
}

/// Without shared memory the parent gets no results.
#[test]
fn results_that_are_not_shared() {
    let original = read(&root().join("sum-array-bugs/memory-corruption/src/bin/processes.rs"));
    let shared = "let results = SharedSlice::<AtomicI64>::zeroed(args.num)?;";
    let lines = Page::chapter("memory").blocks("rust,ignore");
    let [before, after] = lines.as_slice() else {
        panic!("{lines:?}");
    };
    assert_eq!(before, shared);
    assert_has(&original, &[shared]);
    let folder = TempDir::new().expect("a folder");
    let source = folder.path().join("not-shared.rs");
    fs::write(&source, original.replace(shared, after)).expect("a file");
    let sources = BTreeMap::from([("not-shared".into(), source)]);
    let build = Build::sources(&WORKSPACE, "guide-not-shared", &sources).expect("a package");
    let built = build.run().expect("a program");
    assert_has(&built.warnings.concat(), &["SharedSlice"]);
    let ran = crate::support::run(Command::new(&built.programs["not-shared"]).arg("4"));
    assert!(ran.stdout.starts_with("Array sum is: 0\n"), "{ran:?}");
}
