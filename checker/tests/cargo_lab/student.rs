//! From the first look at the tasks to the last point, and wrong command lines.

use super::lab::{Lab, SOLVED, THREADS};
use crate::support::{Result, assert_lacks, lab, run};
use std::fs;
use std::process::Command;

#[test]
fn a_student_works_on_the_tasks() -> Result {
    let lab = SOLVED.sibling()?;
    let check = || lab.run("check wait-for-me");

    // Nothing is done yet.
    let ran = check().ended(1).printed(&["Score: 0/40"]);
    assert_eq!(ran.stdout.matches("not-attempted").count(), 2, "{ran:?}");

    // One is right. The other does not compile, which takes nothing from the first.
    lab.solve("processes")?;
    lab.write(THREADS, "fn main() { let number: i32 = \"text\"; }\n")?;
    let error = "error[E0308]: mismatched types";
    let shown = ["does-not-compile", error, "threads.rs:1:", "Score: 20/40"];
    check().ended(1).printed(&shown);

    // The task that was just finished is shown, not only the next one.
    lab.solve("threads")?;
    let shown = ["wait-for-me threads", "Score: 20/20", "Next: seg-fault"];
    lab.run("check").ended(0).printed(&shown);

    // Back to the beginning, with nothing lost.
    let attempt = "fn main() {}\n";
    lab.write(THREADS, attempt)?;
    let reset = lab.run("reset wait-for-me --bin threads");
    reset.printed(&["threads.rs.kept-1"]);
    assert_eq!(lab.read(format!("{THREADS}.kept-1"))?, attempt);

    // Where does that leave us?
    let next = "then edit wait-for-me/src/bin/threads.rs.";
    lab.run("").ended(0).printed(&["20/100", next]);

    // A task that was begun comes first.
    let begun = "sum-array-bugs/seg-fault/src/bin/processes.rs";
    lab.write(begun, attempt)?;
    let next = format!("Next: go on with {begun}.");
    let hint = "cargo lab hint seg-fault processes";
    lab.run("").printed(&[&next, hint]);

    // All of it is done.
    lab.solve("threads")?;
    check().ended(0).printed(&["Score: 40/40"]);
    Ok(())
}

#[test]
fn wrong_command_lines() {
    let manifest = concat!("show ", env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
    let no_svg = "trace seg-fault threads --svg /no/x.svg";
    let no_folder = "check sum-array --bin sequential --output /no/such/folder/x";
    for (args, message) in [
        ("check no-such-package", "memory-corruption processes"),
        ("check --bin fibers", "there is no program fibers"),
        ("check --format pdf", "gradescope"),
        (no_folder, "/no/such"),
        ("show /no/such/report", "cannot read /no/such/report"),
        (manifest, "is no report"),
        ("hint sum-array", "wait-for-me threads"),
        ("hint seg-fault processes --step 4", "1, 2 and 3"),
        ("hint wait-for-you", "did you mean wait-for-me?"),
        ("trace wait-for-me thread", "mean wait-for-me threads?"),
        ("trace seg-fault processes --fault=7", "--fault"),
        (no_svg, "cannot write /no/x.svg"),
        ("improve", "Usage"),
    ] {
        let ran = run(&mut lab(args)).ended(2).reported(&[message]);
        assert_eq!(ran.stdout, "", "{args}");
    }
    // A program is named with --bin or without.
    for command in ["hint", "trace", "check", "reset"] {
        let long = run(&mut lab(&format!("{command} wait-for-me --bin fibers")));
        let short = run(&mut lab(&format!("{command} wait-for-me fibers")));
        assert_eq!(long, short);
        assert_lacks(&short.stderr, &["Usage"]);
        short.reported(&["fibers"]);
    }
}

/// Without a name the current task is meant, and the next hint.
#[test]
fn the_current_task_needs_no_name() -> Result {
    let lab = SOLVED.sibling()?;
    let assert_starts = |args, folder, start: &str| {
        let ran = run(lab.command(args).current_dir(lab.path(folder))).ended(0);
        assert!(ran.stdout.starts_with(start), "{ran:?}");
    };
    for step in ["1", "2", "3", "3"] {
        let heading = format!("Hint {step} of 3 for wait-for-me processes\n");
        assert_starts("hint", ".", &heading);
    }
    let folder = "sum-array-bugs/seg-fault/src/bin";
    assert_starts("hint", folder, "Hint 1 of 3 for seg-fault processes");
    let threads = "Hint 1 of 3 for wait-for-me threads";
    assert_starts("hint threads", "wait-for-me", threads);
    let current = lab.run("check --current sum-array sequential");
    current.printed(&["sum-array sequential"]);
    // A file that is missing stands in the way of everything.
    fs::remove_file(lab.path(folder).join("processes.rs"))?;
    assert_starts("reset", ".", &format!("{folder}/processes.rs is as it was"));
    // A task that was begun comes first.
    lab.write(THREADS, "fn main( {")?;
    assert_starts("reset", ".", &format!("{THREADS} is as it was"));
    // There are three hints for each task, and their lines fit.
    for handout in lab.handouts() {
        for step in ["1", "2", "3"] {
            let ran = lab.run(&format!("hint {} --step {step}", handout.exercise.name()));
            let ran = ran.ended(0).printed(&["Hint "]);
            let fits = |line: &str| line.chars().count() <= 80;
            assert!(ran.stdout.lines().all(fits), "{ran:?}");
        }
    }
    Ok(())
}

#[test]
fn a_copy_for_students_has_no_solutions_and_all_commands() -> Result {
    let original = Lab::fresh()?;
    original.solve("threads")?;
    original.write("grades.csv", "ann,100\n")?;
    let folder = original.path("students");
    original.run("dev handout students").ended(0);
    // It is never mixed with what is there.
    original.run("dev handout students").ended(2);
    let secret = ".name(\"negator\".into())";
    let grep = ["--recursive", "--fixed-strings", "--quiet", secret];
    for (folder, status) in [("wait-for-me", 0), ("students", 1)] {
        run(Command::new("grep").args(grep).arg(original.path(folder))).ended(status);
    }

    // Files beside the lab do not belong to it, and Cargo.lock stays as it is.
    assert!(!folder.join("grades.csv").exists());
    assert!(folder.join("checker/src/grade.rs").is_file());
    assert!(folder.join("book/src/pictures/speed-up.svg").is_file());
    let tree = "tree --locked --offline --package wait-for-me";
    run(original.cargo(tree).current_dir(&folder)).ended(0);

    let copy = Lab::copy_of(&folder)?;
    copy.share_dependencies(&SOLVED.path("target/debug"), "0.1.1")?;
    let check = || copy.run("check wait-for-me threads");
    check().printed(&["not-attempted"]);
    let solutions = copy.run("check wait-for-me threads --solutions");
    solutions.ended(2).reported(&["has no solutions"]);
    for command in ["hint", "dev check --skeletons", ""] {
        copy.run(command).ended(0);
    }
    copy.replace("threads", original.path(THREADS))?;
    check().printed(&["Score: 20/20"]);
    copy.run("reset wait-for-me threads").ended(0);
    check().printed(&["not-attempted"]);
    Ok(())
}
