//! What teachers use: the scripts in `grading`.

use checker::format::{Format, render};
use checker::judge::{Check, Report, TaskReport, Verdict};
use checker::skeleton::skeleton;
use serde_json::Value;
use std::error::Error;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::{env, fs, io};
use tempfile::TempDir;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

const THREADS: &str = "wait-for-me/src/bin/threads.rs";
const PROCESSES: &str = "wait-for-me/src/bin/processes.rs";
const COUNTER_THREADS: &str = "shared-counter/src/bin/threads.rs";
const COUNTER_PROCESSES: &str = "shared-counter/src/bin/processes.rs";
const SEG_FAULT: &str = "sum-array-bugs/seg-fault/src/bin/processes.rs";
const TASKS: [&str; 5] = [
    THREADS,
    PROCESSES,
    SEG_FAULT,
    COUNTER_THREADS,
    COUNTER_PROCESSES,
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The solution of a task.
fn solution(task: &str) -> io::Result<String> {
    fs::read_to_string(root().join(task.replace("src/bin", "solutions")))
}

/// Writes a file, and the folders that it is in.
fn write(path: &Path, text: &str) -> io::Result<()> {
    fs::create_dir_all(path.parent().unwrap_or(path))?;
    fs::write(path, text)
}

fn write_program(path: &Path, text: &str) -> io::Result<()> {
    write(path, text)?;
    fs::set_permissions(path, fs::Permissions::from_mode(0o755))
}

/// The folder `/autograder` of Gradescope.
struct Autograder {
    folder: TempDir,
}

impl Autograder {
    fn new() -> io::Result<Self> {
        let folder = TempDir::new()?;
        let autograder = Self { folder };
        fs::create_dir(autograder.path("submission"))?;
        fs::create_dir(autograder.path("source"))?;
        symlink(root().canonicalize()?, autograder.path("source/lab"))?;
        Ok(autograder)
    }

    /// With a lab of few files, and this shell script in the place of the checker.
    fn with_checker(script: &str) -> io::Result<Self> {
        let autograder = Self::new()?;
        for file in [
            THREADS,
            PROCESSES,
            SEG_FAULT,
            "Cargo.toml",
            "checker/src/main.rs",
        ] {
            write(&autograder.path("lab/fresh").join(file), "the teacher's")?;
        }
        write(&autograder.path("lab/sysroot"), "/no/compiler")?;
        write_program(
            &autograder.path("lab/checker"),
            &format!("#!/bin/sh\n{script}\n"),
        )?;
        Ok(autograder)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn submit(&self, name: &str, text: &str) -> io::Result<()> {
        write(&self.path("submission").join(name), text)
    }

    fn command(&self, script: &str) -> Command {
        let mut command = Command::new(root().join("grading/gradescope").join(script));
        // All files belong to the user who runs the tests.
        let user = nix::unistd::Uid::current().to_string();
        command
            .env("AUTOGRADER", self.folder.path())
            .env("STUDENT_UID", user);
        command
    }

    /// Grades the submission: the results, and what the teacher sees.
    fn grade(&self) -> Result<(Value, Output)> {
        let output = self
            .command("run_autograder")
            .env("LAB_SECONDS", "120")
            .output()?;
        assert!(output.status.success(), "{output:?}");
        let results = fs::read_to_string(self.path("results/results.json"))?;
        Ok((serde_json::from_str(&results)?, output))
    }

    /// The content of a file in the graded copy.
    fn graded(&self, name: &str) -> io::Result<String> {
        fs::read_to_string(self.path("lab/work").join(name))
    }
}

#[test]
fn only_the_files_of_the_tasks_are_graded() -> Result<()> {
    let autograder = Autograder::with_checker("echo '{\"score\": 70}'; exit 1")?;
    autograder.submit(&format!("my lab/{THREADS}"), "the student's")?;
    autograder.submit(&format!("my lab/{SEG_FAULT}"), "the student's too")?;
    // Of several the one that is less deep.
    autograder.submit(&format!("my lab/old/{THREADS}"), "older")?;
    for file in [
        "Cargo.toml",
        "checker/src/main.rs",
        ".cargo/config.toml",
        "wait-for-me/build.rs",
        "wait-for-me/solutions/threads.rs",
        "wait-for-me/src/bin/threads/main.rs",
    ] {
        autograder.submit(&format!("my lab/{file}"), "forged")?;
    }
    autograder.submit("results.json", "{\"score\": 100}")?;
    autograder.submit("results/results.json", "{\"score\": 100}")?;

    let (results, output) = autograder.grade()?;
    assert_eq!(results, serde_json::json!({"score": 70}));
    assert_eq!(autograder.graded(THREADS)?, "the student's");
    assert_eq!(autograder.graded(SEG_FAULT)?, "the student's too");
    let printed = String::from_utf8(output.stdout)?;
    let missing = [PROCESSES, COUNTER_THREADS, COUNTER_PROCESSES];
    let missing = missing.map(|file| format!("not handed in: {file}\n"));
    assert_eq!(printed, missing.concat());
    for file in [PROCESSES, "Cargo.toml", "checker/src/main.rs"] {
        assert_eq!(autograder.graded(file)?, "the teacher's", "{file}");
    }
    let find = Command::new("find")
        .arg(autograder.path("lab/work"))
        .args(["-type", "f"])
        .output()?;
    assert_eq!(String::from_utf8(find.stdout)?.lines().count(), 5);

    // Nothing of it is left for the next one.
    fs::remove_dir_all(autograder.path("submission/my lab"))?;
    autograder.submit(PROCESSES, "another student's")?;
    autograder.grade()?;
    assert_eq!(autograder.graded(THREADS)?, "the teacher's");
    assert_eq!(autograder.graded(PROCESSES)?, "another student's");
    Ok(())
}

#[test]
fn links_are_no_files() -> Result<()> {
    let autograder = Autograder::with_checker("echo '{\"score\": 0}'; exit 1")?;
    autograder.submit("secret", "a solution")?;
    let folder = autograder.path("submission/wait-for-me/src/bin");
    fs::create_dir_all(&folder)?;
    symlink(
        autograder.path("submission/secret"),
        folder.join("threads.rs"),
    )?;
    // A name that passes for that of the link, where names stand one on a line.
    autograder.submit(&format!("x\n1 /{THREADS}"), "no matter what")?;
    autograder.submit(PROCESSES, "the student's")?;
    autograder.grade()?;
    assert_eq!(autograder.graded(THREADS)?, "the teacher's");
    assert_eq!(autograder.graded(PROCESSES)?, "the student's");
    Ok(())
}

#[test]
fn a_submission_that_cannot_be_graded() -> Result<()> {
    // The checker is not asked.
    let autograder = Autograder::with_checker("echo '{\"score\": 100}'")?;
    autograder.submit("threads.rs", "in no folder")?;
    let (results, _) = autograder.grade()?;
    assert_eq!(results["score"], 0);
    let reason = results["output"].as_str().ok_or("a text")?;
    for task in TASKS {
        assert!(reason.contains(task), "{reason}");
    }
    assert!(!reason.contains("is no grade"), "{reason}");

    autograder.submit(&format!("one/{THREADS}"), "which one?")?;
    autograder.submit(&format!("two/{THREADS}"), "which one?")?;
    let (results, _) = autograder.grade()?;
    assert_eq!(results["score"], 0);
    let reason = results["output"].as_str().ok_or("a text")?;
    assert!(reason.contains("several files"), "{reason}");
    Ok(())
}

#[test]
fn a_machine_that_is_at_fault() -> Result<()> {
    for (checker, reason) in [
        ("echo '{\"score\": 40}'; exit 2", "could not be judged"),
        ("exit 0", "there is no report"),
        ("echo '{\"sco'; exit 101", "status 101"),
        ("echo '{\"sco'; kill -9 $$", "killed"),
    ] {
        let autograder = Autograder::with_checker(checker)?;
        autograder.submit(THREADS, "the student's")?;
        let (results, output) = autograder.grade()?;
        assert_eq!(results["score"], 0, "{checker}");
        let text = results["output"].as_str().ok_or("a text")?;
        assert!(
            text.contains(reason) && text.contains("is no grade"),
            "{checker}: {text}"
        );
        assert!(String::from_utf8(output.stderr)?.contains(reason));
    }
    // It never ends.
    let autograder = Autograder::with_checker("exec sleep 1000")?;
    autograder.submit(THREADS, "the student's")?;
    let output = autograder
        .command("run_autograder")
        .env("LAB_SECONDS", "1")
        .output()?;
    assert!(output.status.success(), "{output:?}");
    let results = fs::read_to_string(autograder.path("results/results.json"))?;
    let results: Value = serde_json::from_str(&results)?;
    let text = results["output"].as_str().ok_or("a text")?;
    assert!(text.contains("more than 1 seconds"), "{text}");
    Ok(())
}

#[test]
fn submissions_are_graded_for_real() -> Result<()> {
    let autograder = Autograder::new()?;
    let cargo_home = env::home_dir().ok_or("a home")?.join(".cargo");
    let cargo_home = env::var_os("CARGO_HOME").unwrap_or(cargo_home.into());
    let prepared = autograder
        .command("prepare")
        .arg(env!("CARGO_BIN_EXE_lab"))
        .env("CARGO_HOME", &cargo_home)
        .output()?;
    assert!(prepared.status.success(), "{prepared:?}");
    // A missing file counts as it was handed out, also if it is edited in this copy.
    for task in TASKS {
        let fresh = fs::read_to_string(autograder.path("lab/fresh").join(task))?;
        assert_eq!(fresh, skeleton(&solution(task)?)?, "{task}");
    }
    // No line of a solution is left.
    let secret = ".name(\"negator\".into())";
    assert!(solution(THREADS)?.contains(secret));
    let grep = Command::new("grep")
        .args([
            "--recursive",
            "--files-with-matches",
            "--fixed-strings",
            secret,
        ])
        .arg(autograder.path("lab/fresh"))
        .output()?;
    assert_eq!(grep.status.code(), Some(1), "{grep:?}");

    for task in TASKS {
        autograder.submit(task, &solution(task)?)?;
    }
    let grade = || -> Result<Value> {
        let output = autograder
            .command("run_autograder")
            .env("CARGO_HOME", &cargo_home)
            .output()?;
        assert!(output.status.success(), "{output:?}");
        let results = fs::read_to_string(autograder.path("results/results.json"))?;
        Ok(serde_json::from_str(&results)?)
    };
    let results = grade()?;
    assert_eq!(results["score"], 100, "{results}");

    // One does not compile; one is as it was handed out, as far as can be seen.
    autograder.submit(THREADS, "fn main() { let number: i32 = \"text\"; }\n")?;
    fs::remove_file(autograder.path("submission").join(SEG_FAULT))?;
    let results = grade()?;
    assert_eq!(results["score"], 50, "{results}");
    let results = results.to_string();
    assert!(
        results.contains("mismatched types") && results.contains("not-attempted"),
        "{results}"
    );

    // A program that wants to change its judge's mind.
    let program = "fn main() {\n\
         let judge = std::os::unix::process::parent_id();\n\
         let memory = format!(\"/proc/{judge}/mem\");\n\
         let opened = std::fs::File::options().write(true).open(memory);\n\
         eprintln!(\"opened: {}\", opened.is_ok());\n\
         std::process::exit(1);\n\
         }\n";
    autograder.submit(THREADS, program)?;
    let results = grade()?.to_string();
    assert!(results.contains("opened: false"), "{results}");
    Ok(())
}

#[test]
fn every_script_can_be_read() -> Result<()> {
    for script in ["setup.sh", "make-zip"] {
        let output = Command::new("bash")
            .arg("-n")
            .arg(root().join("grading/gradescope").join(script))
            .output()?;
        assert!(output.status.success(), "{output:?}");
    }
    Ok(())
}

fn git(folder: &Path, args: &[&str]) -> Result<Output> {
    let output = Command::new("git")
        .args(args)
        .current_dir(folder)
        .output()?;
    assert!(output.status.success(), "git {args:?}: {output:?}");
    Ok(output)
}

/// Git for Windows is set to write CR LF by default.
#[test]
fn scripts_have_the_line_ends_of_bash_whatever_git_is_set_to() -> Result<()> {
    let folder = TempDir::new()?;
    for file in [".gitattributes", "grading/gradescope/prepare"] {
        let text = fs::read_to_string(root().join(file))?;
        write(&folder.path().join(file), &text)?;
    }
    git(folder.path(), &["init", "--quiet"])?;
    let crlf = ["-c", "core.autocrlf=true"];
    git(folder.path(), &[crlf[0], crlf[1], "add", "."])?;
    let check_out = [crlf[0], crlf[1], "checkout-index", "--all", "--prefix=out/"];
    git(folder.path(), &check_out)?;
    let script = fs::read_to_string(folder.path().join("out/grading/gradescope/prepare"))?;
    assert!(!script.is_empty() && !script.contains('\r'));
    Ok(())
}

#[test]
fn a_folder_without_git_gives_one_sentence_and_no_zip() -> Result<()> {
    let folder = TempDir::new()?;
    let script = fs::read_to_string(root().join("grading/gradescope/make-zip"))?;
    let path = folder.path().join("grading/gradescope/make-zip");
    write_program(&path, &script)?;
    let zip = folder.path().join("gradescope.zip");
    let output = Command::new(&path)
        .arg(&zip)
        .env("GIT_CEILING_DIRECTORIES", folder.path())
        .output()?;
    assert_eq!(output.status.code(), Some(1));
    let stderr = String::from_utf8(output.stderr)?;
    assert!(stderr.contains("a clone of your own"), "{stderr}");
    assert_eq!(stderr.lines().count(), 1, "{stderr}");
    assert!(!zip.exists());
    Ok(())
}

/// What GitHub's runner takes for a command in the log of a step: the name of the
/// command, its properties and its data.
fn commands(log: &str) -> Vec<(String, String)> {
    let mut commands = Vec::new();
    let mut stopped: Option<String> = None;
    for line in log.lines() {
        let new_form = line.trim_start().strip_prefix("::");
        let new_form = new_form.and_then(|rest| rest.split_once("::"));
        // This one may stand anywhere in a line.
        let old_form = line
            .split_once("##[")
            .and_then(|(_, rest)| rest.split_once(']'));
        let Some((command, data)) = new_form.or(old_form) else {
            continue;
        };
        match &stopped {
            Some(token) if command == token => stopped = None,
            Some(_) => {}
            None if command == "stop-commands" => stopped = Some(data.into()),
            None => commands.push((command.into(), data.into())),
        }
    }
    assert_eq!(stopped, None, "{log}");
    commands
}

/// Runs classroom.sh with a `cargo lab check` that prints all that a student could want
/// to be printed, writes this report and ends with this status: the exit status, the
/// log and the summary.
fn classroom(report: Option<&Report>, status: i32) -> Result<(Option<i32>, String, String)> {
    let folder = TempDir::new()?;
    let write_report = match report {
        Some(report) => {
            let text = render(report, Format::Json, 80)?;
            write(&folder.path().join("report.json"), &text)?;
            format!("cp {}/report.json \"$6\"", folder.path().display())
        }
        None => String::new(),
    };
    let lab = env!("CARGO_BIN_EXE_lab");
    let environment = folder.path().join("environment");
    let summary = folder.path().join("summary.md");
    // Its path can be guessed.
    let cargo = format!(
        "#!/bin/sh\n\
         case $2 in\n\
         check)\n\
             echo '::notice title=Autograding complete::Points 100/100'\n\
             echo 'a line ##[notice title=Autograding complete]Points 100/100' >&2\n\
             env >{environment}\n\
             echo '# Score: 100/100' >>{summary}\n\
             {write_report}\n\
             exit {status} ;;\n\
         *) shift; exec {lab} \"$@\" ;;\n\
         esac\n",
        environment = environment.display(),
        summary = summary.display(),
    );
    write_program(&folder.path().join("bin/cargo"), &cargo)?;
    let path = env::var("PATH")?;
    let output = Command::new(root().join("grading/classroom.sh"))
        .env("PATH", format!("{}/bin:{path}", folder.path().display()))
        .env("GITHUB_STEP_SUMMARY", &summary)
        .env("GITHUB_ENV", folder.path().join("env"))
        .env("RUNNER_TEMP", folder.path())
        .env("ACTIONS_RUNTIME_TOKEN", "a secret")
        .env("TMPDIR", folder.path())
        .output()?;
    let environment = fs::read_to_string(environment)?;
    for hidden in ["GITHUB_", "RUNNER_", "ACTIONS_"] {
        let seen = environment.lines().find(|line| line.starts_with(hidden));
        assert_eq!(seen, None);
    }
    let log = String::from_utf8(output.stdout)?;
    let summary = fs::read_to_string(summary).unwrap_or_default();
    Ok((output.status.code(), log, summary))
}

fn report(verdict: Verdict, score: u32) -> Report {
    let message =
        "it prints ::error::x ##[error]x\n::notice title=Autograding complete::Points 9/9";
    let check = Check {
        name: "the program waits".into(),
        verdict,
        score,
        max_score: 20,
        message: message.into(),
        evidence: vec![format!("{message}\n## Score: 9/9\n</pre># Score: 9/9")],
    };
    Report::new(
        vec![TaskReport::new("wait-for-me", "threads", vec![check])],
        0,
    )
}

#[test]
fn a_run_of_github_actions_shows_the_score() -> Result<()> {
    let (status, log, summary) = classroom(Some(&report(Verdict::Passed, 20)), 0)?;
    assert_eq!(status, Some(0));
    let score = |points: &str| {
        let notice = "notice title=Autograding complete".to_owned();
        (notice, format!("Points {points}"))
    };
    assert_eq!(commands(&log), [score("20/20")], "{log}");
    assert!(log.ends_with("\n✓ wait-for-me threads: the program waits (20/20)\n"));
    assert!(summary.starts_with("## Score: 20/20\n"), "{summary}");

    let (status, log, summary) = classroom(Some(&report(Verdict::DidNotWait, 0)), 1)?;
    assert_eq!(status, Some(1));
    let found = commands(&log);
    assert_eq!(found.len(), 2, "{log}");
    assert_eq!(found[0], score("0/20"));
    assert_eq!(found[1].0, "error title=wait-for-me threads");
    assert!(
        found[1]
            .1
            .starts_with("the program waits (0/20): did-not-wait: it prints")
    );
    let headings = summary.lines().filter(|line| line.starts_with('#'));
    assert_eq!(
        headings.collect::<Vec<_>>(),
        ["## Score: 0/20"],
        "{summary}"
    );
    Ok(())
}

#[test]
fn a_run_of_github_actions_that_cannot_judge() -> Result<()> {
    // Some of it may be judged all the same.
    let (status, log, summary) = classroom(Some(&report(Verdict::Environment, 0)), 2)?;
    assert_eq!(status, Some(2));
    let found = commands(&log);
    let names: Vec<&str> = found.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        names,
        [
            "warning title=Autograding incomplete",
            "warning title=wait-for-me threads",
            "error title=Not judged"
        ]
    );
    assert!(found[2].1.contains("could not be judged"), "{log}");
    assert!(
        summary.contains("**Not judged.** Some programs"),
        "{summary}"
    );

    // The student has broken the lab.
    let (status, log, summary) = classroom(None, 101)?;
    assert_eq!(status, Some(2));
    let found = commands(&log);
    assert_eq!(found.len(), 1, "{log}");
    assert!(found[0].1.contains("cannot be built"), "{log}");
    assert!(summary.contains("cannot be built"), "{summary}");
    Ok(())
}

/// All tests that grade classes use the same slots.
static SLOTS: Mutex<()> = Mutex::new(());

fn slots() -> MutexGuard<'static, ()> {
    SLOTS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Submissions share a slot, one after the other.
#[test]
fn no_submission_finds_the_program_of_another_one() -> Result<()> {
    let _slots = slots();
    let folder = TempDir::new()?;
    let class = folder.path().join("class");
    let output = folder.path().join("grades");
    let grade = || grade_class(&class, &output, &["--jobs", "1"]);
    write(&class.join("1-first").join(THREADS), &solution(THREADS)?)?;
    let (table, _) = grade()?;
    assert!(table.contains("1-first,20,100,"), "{table}");

    // The folder of the build has the same name for all submissions.
    let slot = root().join("target/lab/grade-0");
    let left = |folder: &str| -> io::Result<Vec<PathBuf>> {
        let entries = fs::read_dir(slot.join(folder))?;
        let paths = entries.map(|entry| Ok(entry?.path()));
        let mut paths = paths.collect::<io::Result<Vec<_>>>()?;
        paths.retain(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            name.starts_with("wait") && !name.contains('.')
        });
        Ok(paths)
    };
    let mut programs = left("programs/debug")?;
    programs.extend(left("build/debug/deps")?);
    assert!(programs.len() >= 2, "{programs:?}");
    for (number, program) in programs.iter().enumerate() {
        let thief =
            format!("fn main() {{ print!(\"{{}}\", include_bytes!({program:?}).len()); }}\n");
        write(
            &class.join(format!("2-thief-{number}")).join(THREADS),
            &thief,
        )?;
    }
    let (table, _) = grade()?;
    let thieves: Vec<&str> = table.lines().filter(|row| row.starts_with("2-")).collect();
    assert_eq!(thieves.len(), programs.len());
    for thief in thieves {
        assert!(thief.contains(",0,does-not-compile,"), "{table}");
    }
    Ok(())
}

/// A program that the jail keeps from its work costs the score, but the teacher sees the verdicts
/// on the other programs.
#[test]
fn a_program_that_cannot_be_judged() -> Result<()> {
    let _slots = slots();
    let folder = TempDir::new()?;
    let class = folder.path().join("class");
    write(&class.join("ann").join(THREADS), &solution(THREADS)?)?;
    let refused = "fn main() {\n    // SAFETY: it uses no memory.\n    \
                   assert!(unsafe { libc::semget(7, 1, libc::IPC_CREAT) } >= 0);\n}\n";
    write(&class.join("ann").join(PROCESSES), refused)?;
    let output = folder.path().join("grades");
    let (table, printed) = grade_class(&class, &output, &[])?;
    assert_eq!(printed.status.code(), Some(1), "{printed:?}");
    assert!(
        table.contains("ann,,100,0,environment,20,passed,"),
        "{table}"
    );
    assert!(table.contains("semget"), "{table}");
    let page = fs::read_to_string(output.with_added_extension("html"))?;
    assert!(page.contains("<b>-</b>") && page.contains("wait-for-me threads"));
    assert!(page.contains("so it cannot be judged\n\n"), "{page}");
    Ok(())
}

/// A submission is tried again if it could not be judged.
#[test]
fn a_machine_that_is_at_fault_gives_no_grade() -> Result<()> {
    let _slots = slots();
    let folder = TempDir::new()?;
    let class = folder.path().join("class");
    write(&class.join("ann").join(THREADS), &solution(THREADS)?)?;
    let output = folder.path().join("grades");
    let broken = folder.path().join("cargo");
    write_program(&broken, "#!/bin/sh\necho 'no disk' >&2\nexit 1\n")?;
    let failed = Command::new(env!("CARGO_BIN_EXE_lab"))
        .arg("grade")
        .arg(&class)
        .arg("--output")
        .arg(&output)
        .env("CARGO", &broken)
        .output()?;
    assert_eq!(failed.status.code(), Some(2), "{failed:?}");
    let (table, _) = grade_class(&class, &output, &[])?;
    assert!(table.contains("ann,20,100,"), "{table}");
    Ok(())
}

/// Grades a folder of submissions; the table, and what was printed.
fn grade_class(class: &Path, output: &Path, options: &[&str]) -> Result<(String, Output)> {
    let printed = Command::new(env!("CARGO_BIN_EXE_lab"))
        .arg("grade")
        .arg(class)
        .arg("--output")
        .arg(output)
        .args(options)
        .env("TOKEN", "of the teacher")
        .output()?;
    let table = fs::read_to_string(output.with_added_extension("csv"))?;
    Ok((table, printed))
}

/// The journals of all shares together are that of the class.
#[test]
fn shares_are_joined() -> Result<()> {
    let _slots = slots();
    let folder = TempDir::new()?;
    let class = folder.path().join("class");
    write(&class.join("ann").join(THREADS), &solution(THREADS)?)?;
    write(&class.join("bob").join(THREADS), "fn main() {}")?;
    for student in ["cem", "dan", "eve", "fay"] {
        write(&class.join(student).join("notes.txt"), "nothing")?;
    }
    let names = |table: &str| -> Vec<String> {
        let cells = table.lines().skip(1).map(|row| row.split(',').next());
        cells.flatten().map(String::from).collect()
    };
    let mut journals = String::new();
    let mut shared_out = Vec::new();
    // There may be more shares than submissions.
    for share in 1..=8 {
        let output = folder.path().join(format!("share-{share}"));
        let shard = format!("{share}/8");
        let (table, printed) = grade_class(&class, &output, &["--shard", &shard])?;
        assert_ne!(printed.status.code(), Some(2), "{printed:?}");
        shared_out.extend(names(&table));
        // The machine of one share has broken down.
        if share != 4 {
            journals += &fs::read_to_string(output.with_added_extension("journal"))?;
        }
    }
    let output = folder.path().join("grades");
    let journal = output.with_added_extension("journal");
    fs::write(&journal, &journals)?;
    let (table, _) = grade_class(&class, &output, &[])?;
    let all = ["ann", "bob", "cem", "dan", "eve", "fay"];
    assert_eq!(shared_out, all);
    assert_eq!(names(&table), all);
    assert!(table.contains("ann,20,100,"), "{table}");

    // Only what was lost has been graded once more.
    let joined = fs::read_to_string(&journal)?;
    let added = joined.strip_prefix(&journals).ok_or("it goes on")?.trim();
    assert_eq!(added.lines().count(), 1, "{added}");
    assert!(added.contains("\"submission\":\"dan\""), "{added}");

    for wrong in ["0/8", "9/8", "1", "x/8", "1/0"] {
        let printed = Command::new(env!("CARGO_BIN_EXE_lab"))
            .args(["grade", "--shard", wrong])
            .arg(&class)
            .output()?;
        assert_eq!(printed.status.code(), Some(2), "{printed:?}");
        let stderr = String::from_utf8(printed.stderr)?;
        assert!(stderr.contains("such as 3/8"), "{stderr}");
    }
    Ok(())
}

#[test]
fn a_class_is_graded_once_and_goes_on_after_a_crash() -> Result<()> {
    let _slots = slots();
    let folder = TempDir::new()?;
    let class = folder.path().join("class");
    let submit =
        |student: &str, file: &str, text: &str| write(&class.join(student).join(file), text);
    for task in TASKS {
        submit("ann, =best", &format!("my/lab/{task}"), &solution(task)?)?;
    }
    submit(
        "ben",
        THREADS,
        "fn main() { let number: i32 = \"text\"; }\n",
    )?;
    // The compiler cannot read files outside of a submission.
    let secret = folder.path().join("secret");
    fs::write(&secret, "the teacher's")?;
    let spy = format!("fn main() {{ print!(\"{{}}\", include_str!({secret:?})); }}\n");
    submit("cem", PROCESSES, &spy)?;
    let token = "fn main() { panic!(\"{:?}\", option_env!(\"TOKEN\")); }\n";
    submit("cem", THREADS, token)?;
    submit("dan", "notes.txt", "nothing")?;
    submit("eve", &format!("a/{THREADS}"), "fn main() {}")?;
    submit("eve", &format!("b/{THREADS}"), "fn main() {}")?;
    fs::create_dir_all(class.join("fay/wait-for-me/src/bin"))?;
    symlink(&secret, class.join("fay").join(THREADS))?;
    fs::write(class.join("gus.zip"), "packed")?;
    fs::write(class.join("notes.txt"), "of the teacher")?;

    let output = folder.path().join("grades");
    let (table, printed) = grade_class(&class, &output, &[])?;
    let rows: Vec<&str> = table.lines().collect();
    let expected = [
        "submission,score,max_score,wait-for-me processes,wait-for-me processes verdict,\
         wait-for-me threads,wait-for-me threads verdict,seg-fault processes,\
         seg-fault processes verdict,shared-counter threads,shared-counter threads verdict,\
         shared-counter processes,shared-counter processes verdict,problem",
        "\"ann, =best\",100,100,20,passed,20,passed,30,passed,15,passed,15,passed,",
        "ben,0,100,0,not-attempted,0,does-not-compile,0,not-attempted,0,not-attempted,0,\
         not-attempted,",
        "cem,0,100,0,does-not-compile,0,crashed,0,not-attempted,0,not-attempted,0,\
         not-attempted,",
        "dan,,,,,,,,,,,,,none of the files of the tasks is in it",
        "eve,,,,,,,,,,,,,there are 2 files wait-for-me/src/bin/threads.rs",
        "fay,,,,,,,,,,,,,none of the files of the tasks is in it",
        "gus.zip,,,,,,,,,,,,,it is packed: unpack it into a folder",
    ];
    assert_eq!(rows, expected, "{printed:?}");
    assert_eq!(printed.status.code(), Some(1), "{printed:?}");
    let page = fs::read_to_string(output.with_added_extension("html"))?;
    assert!(page.contains("standard error: None"), "{page}");
    assert!(page.contains("mismatched types") && !page.contains("the teacher"));

    // A crash while the last line was written: that one is graded again, no other.
    let journal = output.with_added_extension("journal");
    let lines = fs::read_to_string(&journal)?;
    let kept: Vec<&str> = lines
        .lines()
        .filter(|line| !line.contains("\"ben\""))
        .collect();
    fs::write(
        &journal,
        kept.join("\n") + "\n{\"submission\": \"ben\", \"dig",
    )?;
    let (again, _) = grade_class(&class, &output, &[])?;
    assert_eq!(again, table);
    let lines = fs::read_to_string(&journal)?;
    assert_eq!(lines.matches("\"submission\":\"ann").count(), 1);
    assert_eq!(lines.matches("\"submission\":\"ben\"").count(), 1);

    // A changed submission is graded again.
    submit("ben", THREADS, &solution(THREADS)?)?;
    let (table, _) = grade_class(&class, &output, &[])?;
    assert!(table.contains("ben,20,100,"), "{table}");
    Ok(())
}
