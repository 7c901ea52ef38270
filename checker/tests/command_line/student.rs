//! From the first look at the tasks to the last point, and wrong command lines.

use super::hostile::SOLVED;
use super::lab::{Lab, text};
use std::error::Error;
use std::process::Command;
use std::{env, fs};

#[test]
fn a_student_works_on_the_tasks() -> Result<(), Box<dyn Error>> {
    let lab = SOLVED.sibling()?;
    let threads = lab.file("wait-for-me/src/bin/threads.rs");
    let processes = lab.file("wait-for-me/src/bin/processes.rs");

    // Nothing is done yet.
    let (report, status) = lab.check()?;
    assert_eq!(status, Some(1));
    assert_eq!(
        (&report["score"], &report["max_score"]),
        (&0.into(), &40.into())
    );
    for task in report["tasks"].as_array().ok_or("tasks")? {
        assert_eq!(task["checks"][0]["verdict"], "not-attempted", "{task}");
    }

    // One is right. The other does not compile, which takes nothing from the first.
    fs::copy(lab.file("wait-for-me/solutions/processes.rs"), &processes)?;
    fs::write(&threads, "fn main() { let number: i32 = \"text\"; }\n")?;
    let (report, status) = lab.check()?;
    assert_eq!(status, Some(1));
    let [passing, failing] = [&report["tasks"][0], &report["tasks"][1]];
    assert_eq!(
        (&passing["status"], &passing["score"]),
        (&"passed".into(), &20.into())
    );
    assert_eq!(
        (&failing["status"], &failing["score"]),
        (&"failed".into(), &0.into())
    );
    assert_eq!(failing["checks"][0]["verdict"], "does-not-compile");
    let evidence = failing["checks"][0]["evidence"].to_string();
    assert!(evidence.contains("mismatched types"), "{evidence}");

    // The task that was just finished is shown, not only the next one.
    fs::copy(lab.file("wait-for-me/solutions/threads.rs"), &threads)?;
    let output = lab.run(&["check"])?;
    let report = text(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{report}");
    assert!(report.contains("wait-for-me threads"), "{report}");
    assert!(report.contains("Score: 20/20"), "{report}");
    assert!(report.contains("Next: seg-fault processes"), "{report}");

    // A program that prints a score of its own gets none for that.
    let forged = "//! A forged report.\nfn main() { println!(\"\\nScore: 100/100\\n✓\"); }\n";
    fs::write(&threads, forged)?;
    let output = lab.run(&["check", "wait-for-me", "--bin", "threads"])?;
    assert_eq!(output.status.code(), Some(1));
    let report = text(&output.stdout);
    let scores: Vec<_> = report
        .lines()
        .filter(|line| line.starts_with("Score"))
        .collect();
    assert_eq!(scores, ["Score: 0/20"], "{report}");
    assert!(report.contains("no-worker"), "{report}");

    // Back to the beginning, with nothing lost.
    let output = lab.run(&["reset", "wait-for-me", "--bin", "threads"])?;
    assert!(
        text(&output.stdout).contains("threads.rs.kept-1"),
        "{output:?}"
    );
    assert_eq!(
        fs::read_to_string(threads.with_added_extension("kept-1"))?,
        forged
    );

    // Where does that leave us?
    let output = lab.run(&[])?;
    let standing = text(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{standing}");
    assert!(standing.contains("20/100"), "{standing}");
    let next = "then edit wait-for-me/src/bin/threads.rs.";
    assert!(standing.contains(next), "{standing}");

    // A task that was begun comes first.
    let begun = "sum-array-bugs/seg-fault/src/bin/processes.rs";
    fs::write(lab.file(begun), forged)?;
    let standing = text(&lab.run(&[])?.stdout);
    let next = format!("Next: go on with {begun}.");
    assert!(standing.contains(&next), "{standing}");
    let hint = "cargo lab hint seg-fault processes";
    assert!(standing.contains(hint), "{standing}");

    // All of it is done.
    fs::copy(lab.file("wait-for-me/solutions/threads.rs"), &threads)?;
    let (report, status) = lab.check()?;
    assert_eq!((&report["score"], status), (&40.into(), Some(0)));
    Ok(())
}

#[test]
fn wrong_command_lines() -> Result<(), Box<dyn Error>> {
    let run = |args: &[&str]| Command::new(env!("CARGO_BIN_EXE_lab")).args(args).output();
    let fails = |args: &[&str], message: &str| -> Result<(), Box<dyn Error>> {
        let output = run(args)?;
        let stderr = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{args:?}: {output:?}");
        assert!(
            output.stdout.is_empty() && stderr.contains(message),
            "{args:?}: {stderr}"
        );
        Ok(())
    };
    fails(&["check", "no-such-package"], "memory-corruption processes")?;
    fails(&["check", "--bin", "fibers"], "there is no program fibers")?;
    fails(&["check", "--format", "pdf"], "gradescope")?;
    fails(
        &[
            "check",
            "sum-array",
            "--bin",
            "sequential",
            "--output",
            "/no/such/folder/x",
        ],
        "/no/such",
    )?;
    fails(&["show", "/no/such/report"], "cannot read /no/such/report")?;
    fails(
        &["show", concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml")],
        "is no report",
    )?;
    fails(&["hint", "sum-array"], "wait-for-me threads")?;
    fails(
        &["hint", "seg-fault", "processes", "--step", "4"],
        "1, 2 and 3",
    )?;
    fails(&["hint", "wait-for-you"], "did you mean wait-for-me?")?;
    fails(
        &["trace", "wait-for-me", "thread"],
        "did you mean wait-for-me threads?",
    )?;
    fails(&["improve"], "Usage")?;
    Ok(())
}

#[test]
fn a_program_is_named_with_bin_or_without() -> Result<(), Box<dyn Error>> {
    let run = |args: &[&str]| Command::new(env!("CARGO_BIN_EXE_lab")).args(args).output();
    for (command, package, binary) in [
        ("hint", "wait-for-me", "fibers"),
        ("trace", "wait-for-me", "fibers"),
        ("check", "wait-for-me", "fibers"),
        ("reset", "wait-for-me", "fibers"),
    ] {
        let long = run(&[command, package, "--bin", binary])?;
        let short = run(&[command, package, binary])?;
        assert_eq!(long, short);
        let said = text(&long.stdout) + &text(&long.stderr);
        assert!(!said.contains("Usage") && !said.is_empty(), "{said}");
    }
    Ok(())
}

/// Without a name the current task is meant, and the next hint.
#[test]
fn the_current_task_needs_no_name() -> Result<(), Box<dyn Error>> {
    let lab = SOLVED.sibling()?;
    let first_lines = |args: &[&str], folder: &str| -> Result<String, Box<dyn Error>> {
        let output = lab.command(args).current_dir(lab.file(folder)).output()?;
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        Ok(text(&output.stdout))
    };
    for step in ["1", "2", "3", "3"] {
        let hint = first_lines(&["hint"], ".")?;
        let heading = format!("Hint {step} of 3 for wait-for-me processes\n");
        assert!(hint.starts_with(&heading), "{hint}");
    }
    let hint = first_lines(&["hint"], "sum-array-bugs/seg-fault/src/bin")?;
    assert!(
        hint.starts_with("Hint 1 of 3 for seg-fault processes"),
        "{hint}"
    );
    let hint = first_lines(&["hint", "threads"], "wait-for-me")?;
    assert!(
        hint.starts_with("Hint 1 of 3 for wait-for-me threads"),
        "{hint}"
    );
    let nothing = lab
        .command(&["check", "--current", "sum-array", "sequential"])
        .output()?;
    assert!(
        text(&nothing.stdout).contains("sum-array sequential"),
        "{nothing:?}"
    );
    // A file that is missing stands in the way of everything.
    fs::remove_file(lab.file("sum-array-bugs/seg-fault/src/bin/processes.rs"))?;
    let reset = first_lines(&["reset"], ".")?;
    assert!(
        reset.contains("seg-fault/src/bin/processes.rs is as it was"),
        "{reset}"
    );
    // A task that was begun comes first.
    fs::write(lab.file("wait-for-me/src/bin/threads.rs"), "fn main( {")?;
    let reset = first_lines(&["reset"], ".")?;
    assert!(
        reset.starts_with("wait-for-me/src/bin/threads.rs is as it was"),
        "{reset}"
    );
    Ok(())
}

#[test]
fn a_copy_for_students_has_no_solutions_and_all_commands() -> Result<(), Box<dyn Error>> {
    let original = Lab::new()?;
    let solution = fs::read_to_string(original.file("wait-for-me/solutions/threads.rs"))?;
    fs::write(original.file("wait-for-me/src/bin/threads.rs"), &solution)?;
    fs::write(original.file("grades.csv"), "ann,100\n")?;
    let folder = original.file("students");
    let hand_out = || original.run(&["dev", "handout", "students"]);
    assert!(hand_out()?.status.success());
    // It is never mixed with what is there.
    assert_eq!(hand_out()?.status.code(), Some(2));
    let secret = ".name(\"negator\".into())";
    assert!(solution.contains(secret));
    let grep = ["--recursive", "--fixed-strings", secret];
    let grep = Command::new("grep").args(grep).arg(&folder).output()?;
    assert_eq!(grep.status.code(), Some(1), "{grep:?}");

    // Files beside the lab do not belong to it, and Cargo.lock stays as it is.
    assert!(!folder.join("grades.csv").exists());
    assert!(folder.join("checker/src/grade.rs").is_file());
    assert!(folder.join("book/src/pictures/speed-up.svg").is_file());
    let tree = ["tree", "--locked", "--offline", "--package", "wait-for-me"];
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let tree = Command::new(cargo)
        .args(tree)
        .current_dir(&folder)
        .output()?;
    assert!(tree.status.success(), "{tree:?}");

    let copy = Lab::copy_of(&folder)?;
    copy.share_dependencies(&SOLVED.file("target/debug"), "0.1.1")?;
    let check = ["check", "wait-for-me", "threads"];
    let output = copy.run(&check)?;
    assert!(text(&output.stdout).contains("not-attempted"), "{output:?}");
    let output = copy.run(&[&check[..], &["--solutions"]].concat())?;
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    assert!(
        text(&output.stderr).contains("has no solutions"),
        "{output:?}"
    );
    for command in [&["hint"][..], &["dev", "check", "--skeletons"], &[]] {
        let output = copy.run(command)?;
        assert_eq!(output.status.code(), Some(0), "{command:?}: {output:?}");
    }
    fs::write(copy.file("wait-for-me/src/bin/threads.rs"), &solution)?;
    let output = copy.run(&check)?;
    assert!(text(&output.stdout).contains("Score: 20/20"), "{output:?}");
    assert!(
        copy.run(&["reset", "wait-for-me", "threads"])?
            .status
            .success()
    );
    let output = copy.run(&check)?;
    assert!(text(&output.stdout).contains("not-attempted"), "{output:?}");
    Ok(())
}

#[test]
fn three_hints_for_each_task() -> Result<(), Box<dyn Error>> {
    for (package, binary) in [
        ("wait-for-me", "threads"),
        ("wait-for-me", "processes"),
        ("seg-fault", "processes"),
    ] {
        for step in ["1", "2", "3"] {
            let output = Command::new(env!("CARGO_BIN_EXE_lab"))
                .args(["hint", package, "--bin", binary, "--step", step])
                .output()?;
            let hint = text(&output.stdout);
            assert!(
                output.status.success() && hint.starts_with("Hint "),
                "{output:?}"
            );
            assert!(
                hint.lines().all(|line| line.chars().count() <= 80),
                "{hint}"
            );
        }
    }
    Ok(())
}
