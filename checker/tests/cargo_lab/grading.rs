//! What teachers use: the scripts in `grading`, and `cargo lab grade`.

use crate::lab::THREADS;
use crate::support::{Folder, Ran, Result, assert_has, assert_lacks, lab, root, run};
use checker::format::{Format, render};
use checker::judge::Verdict::{self, DidNotWait, Environment, Passed};
use checker::judge::{Check, Report, TaskReport};
use checker::skeleton::skeleton;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::os::unix::fs::symlink;
use std::process::Command;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::{env, fs, io};

const PROCESSES: &str = "wait-for-me/src/bin/processes.rs";
const SEG_FAULT: &str = "sum-array-bugs/seg-fault/src/bin/processes.rs";
const TASKS: [&str; 5] = [
    PROCESSES,
    THREADS,
    SEG_FAULT,
    "shared-counter/src/bin/threads.rs",
    "shared-counter/src/bin/processes.rs",
];

/// A program that does not compile.
const WRONG_TYPE: &str = "fn main() { let number: i32 = \"text\"; }\n";

/// The solution of a task.
fn solution(task: &str) -> io::Result<String> {
    fs::read_to_string(root().join(task.replace("src/bin", "solutions")))
}

/// The folder `/autograder` of Gradescope.
fn autograder() -> io::Result<Folder> {
    let autograder = Folder::new()?;
    fs::create_dir(autograder.path("submission"))?;
    fs::create_dir(autograder.path("source"))?;
    symlink(root().canonicalize()?, autograder.path("source/lab"))?;
    Ok(autograder)
}

/// With a lab of few files, and this shell script in the place of the checker.
fn autograder_with(checker: &str) -> io::Result<Folder> {
    let autograder = autograder()?;
    for file in [THREADS, PROCESSES, SEG_FAULT, "Cargo.toml", "checker/a.rs"] {
        autograder.write(format!("lab/fresh/{file}"), "the teacher's")?;
    }
    autograder.write("lab/sysroot", "/no/compiler")?;
    autograder.write_program("lab/checker", &format!("#!/bin/sh\n{checker}\n"))?;
    Ok(autograder)
}

fn gradescope(autograder: &Folder, script: &str) -> Command {
    let mut command = Command::new(root().join("grading/gradescope").join(script));
    let home = env::home_dir().unwrap_or_default().join(".cargo");
    let cargo_home = env::var_os("CARGO_HOME").unwrap_or(home.into());
    command
        .env("AUTOGRADER", autograder.path(""))
        // All files belong to the user who runs the tests.
        .env("STUDENT_UID", nix::unistd::Uid::current().to_string())
        .env("CARGO_HOME", cargo_home);
    command
}

/// Grades the submission: the results, and what the teacher sees.
fn grade(autograder: &Folder, seconds: &str) -> Result<(Value, Ran)> {
    let mut command = gradescope(autograder, "run_autograder");
    let ran = run(command.env("LAB_SECONDS", seconds)).ended(0);
    let results = autograder.read("results/results.json")?;
    Ok((serde_json::from_str(&results)?, ran))
}

/// Runs a line of a shell in this folder.
fn shell(folder: &Folder, line: &str) -> Ran {
    run(Command::new("sh")
        .args(["-c", line])
        .current_dir(folder.path("")))
}

/// Far more than a grade takes.
const LIMIT: &str = "480";

#[test]
fn only_the_files_of_the_tasks_are_graded() -> Result {
    let autograder = autograder_with("echo '{\"score\": 70}'; exit 1")?;
    // The file in the fewest folders counts. Whether a listing begins with "my lab" or "other",
    // it has the deeper file of one task first.
    autograder.write(format!("submission/my lab/{THREADS}"), "the student's")?;
    autograder.write(format!("submission/other/old/{THREADS}"), "older")?;
    autograder.write(format!("submission/other/{SEG_FAULT}"), "the student's too")?;
    autograder.write(format!("submission/my lab/old/{SEG_FAULT}"), "older")?;
    for file in [
        "my lab/Cargo.toml",
        "my lab/checker/a.rs",
        "my lab/.cargo/config.toml",
        "my lab/wait-for-me/build.rs",
        "my lab/wait-for-me/solutions/threads.rs",
        "my lab/wait-for-me/src/bin/threads/main.rs",
        "results.json",
        "results/results.json",
        // A link is no file. The next name passes for that of the link, where names stand one on
        // a line.
        "secret",
        &format!("x\n1 /{PROCESSES}"),
    ] {
        autograder.write(format!("submission/{file}"), "forged")?;
    }
    fs::create_dir_all(autograder.path("submission/wait-for-me/src/bin"))?;
    let link = autograder.path("submission").join(PROCESSES);
    symlink(autograder.path("submission/secret"), link)?;

    let graded = |file: &str| autograder.read(format!("lab/work/{file}"));
    let (results, ran) = grade(&autograder, LIMIT)?;
    assert_eq!(results, json!({"score": 70}));
    assert_eq!(graded(THREADS)?, "the student's");
    assert_eq!(graded(SEG_FAULT)?, "the student's too");
    let missing = [TASKS[0], TASKS[3], TASKS[4]].map(|file| format!("not handed in: {file}\n"));
    assert_eq!(ran.stdout, missing.concat());
    for file in [PROCESSES, "Cargo.toml", "checker/a.rs"] {
        assert_eq!(graded(file)?, "the teacher's", "{file}");
    }
    let files = shell(&autograder, "find lab/work -type f").stdout;
    assert_eq!(files.lines().count(), 5, "{files}");

    // The next submission finds nothing of this one.
    fs::remove_dir_all(autograder.path("submission"))?;
    autograder.write(format!("submission/{PROCESSES}"), "another student's")?;
    grade(&autograder, LIMIT)?;
    assert_eq!(graded(THREADS)?, "the teacher's");
    assert_eq!(graded(PROCESSES)?, "another student's");
    Ok(())
}

#[test]
fn a_submission_that_cannot_be_graded() -> Result {
    let twice = ["one", "two"].map(|folder| format!("{folder}/{THREADS}"));
    for (files, length, words) in [
        (&["threads.rs".into()][..], 1, &TASKS[..]),
        (&twice, 1, &["several files"]),
        (&[THREADS.into()], 1 << 20, &["is too large"]),
    ] {
        // The checker is not asked.
        let autograder = autograder_with("echo '{\"score\": 100}'")?;
        for file in files {
            autograder.write(format!("submission/{file}"), " ".repeat(length))?;
        }
        let (results, _) = grade(&autograder, LIMIT)?;
        assert_eq!(results["score"], 0);
        assert_has(&results.to_string(), words);
        assert_lacks(&results.to_string(), &["is no grade"]);
    }
    Ok(())
}

#[test]
fn a_machine_that_is_at_fault() -> Result {
    for (checker, seconds, reason) in [
        ("echo '{\"score\": 40}'; exit 2", "99", "not be judged"),
        ("exit 0", "99", "there is no report"),
        ("echo '{\"sco'; exit 101", "99", "status 101"),
        ("echo '{\"sco'; kill -9 $$", "99", "killed"),
        ("exec sleep 1000", "1", "more than 1 seconds"),
    ] {
        let autograder = autograder_with(checker)?;
        autograder.write(format!("submission/{THREADS}"), "the student's")?;
        let (results, ran) = grade(&autograder, seconds)?;
        assert_eq!(results["score"], 0, "{checker}");
        assert_has(&results.to_string(), &[reason, "is no grade"]);
        ran.reported(&[reason]);
    }
    Ok(())
}

/// The test `hostile` proves that a program cannot write to the memory of its judge.
#[test]
fn submissions_are_graded_for_real() -> Result {
    let autograder = autograder()?;
    run(gradescope(&autograder, "prepare").arg(env!("CARGO_BIN_EXE_lab"))).ended(0);
    // A missing file counts as it was handed out, also if it is edited in this copy.
    for task in TASKS {
        let fresh = autograder.read(format!("lab/fresh/{task}"))?;
        assert_eq!(fresh, skeleton(&solution(task)?)?, "{task}");
        autograder.write(format!("submission/{task}"), &solution(task)?)?;
    }
    // No line of a solution is left.
    let secret = ".name(\"negator\".into())";
    assert_has(&solution(THREADS)?, &[secret]);
    let grep = format!("grep --recursive --fixed-strings '{secret}' lab/fresh");
    shell(&autograder, &grep).ended(1);

    let (results, _) = grade(&autograder, LIMIT)?;
    assert_eq!(results["score"], 100, "{results}");

    // One does not compile; one is as it was handed out, as far as can be seen.
    autograder.write(format!("submission/{THREADS}"), WRONG_TYPE)?;
    fs::remove_file(autograder.path("submission").join(SEG_FAULT))?;
    let (results, _) = grade(&autograder, LIMIT)?;
    assert_eq!(results["score"], 50, "{results}");
    assert_has(&results.to_string(), &["mismatched types", "not-attempted"]);
    Ok(())
}

#[test]
fn bash_can_read_every_script_whatever_git_is_set_to() -> Result {
    let prepare = "grading/gradescope/prepare";
    let folder = Folder::new()?;
    for file in [".gitattributes", prepare] {
        folder.write(file, fs::read(root().join(file))?)?;
    }
    // Git for Windows is set to write CR LF by default.
    let script = "git init --quiet && git config core.autocrlf true && git add . && \
                  git checkout-index --all --prefix=out/";
    shell(&folder, script).ended(0);
    let script = folder.read(format!("out/{prepare}"))?;
    assert!(!script.is_empty() && !script.contains('\r'));

    let make_zip = "grading/gradescope/make-zip";
    for script in ["grading/gradescope/setup.sh", make_zip] {
        run(Command::new("bash").arg("-n").arg(root().join(script))).ended(0);
    }
    // A folder without git gives one sentence and no zip.
    let folder = Folder::new()?;
    folder.write_program(make_zip, &fs::read_to_string(root().join(make_zip))?)?;
    let zip = folder.path("gradescope.zip");
    let mut make_zip = Command::new(folder.path(make_zip));
    make_zip.env("GIT_CEILING_DIRECTORIES", folder.path(""));
    let ran = run(make_zip.arg(&zip)).ended(1);
    let ran = ran.reported(&["a clone of your own"]);
    assert_eq!(ran.stderr.lines().count(), 1, "{ran:?}");
    assert!(!zip.exists());
    Ok(())
}

/// What GitHub's runner takes for a command in the log of a step: `NAME PROPERTIES::DATA`.
fn commands(log: &str) -> Vec<String> {
    let mut commands = Vec::new();
    let mut stopped = None;
    for line in log.lines() {
        let new_form = line.trim_start().strip_prefix("::");
        let new_form = new_form.and_then(|rest| rest.split_once("::"));
        // This one may stand anywhere in a line.
        let old_form = || line.split_once("##[")?.1.split_once(']');
        match (new_form.or_else(old_form), stopped) {
            (Some((token, _)), Some(awaited)) if token == awaited => stopped = None,
            (None, _) | (_, Some(_)) => {}
            (Some(("stop-commands", token)), None) => stopped = Some(token),
            (Some((name, data)), None) => commands.push(format!("{name}::{data}")),
        }
    }
    assert_eq!(stopped, None, "{log}");
    commands
}

/// Runs classroom.sh with a `cargo lab check` that prints all that a student could want
/// to be printed, writes this report and ends with this status: what it prints, and the summary.
fn classroom(report: Option<&Report>, status: i32) -> Result<(Ran, String)> {
    let folder = Folder::new()?;
    if let Some(report) = report {
        folder.write("report.json", render(report, Format::Json, 80)?)?;
    }
    // The program can guess the path of the summary.
    let cargo = format!(
        "#!/bin/sh\n\
         case $2 in\n\
         check)\n\
             echo '::notice title=Autograding complete::Points 100/100'\n\
             echo 'a line ##[notice title=Autograding complete]Points 100/100' >&2\n\
             cd {folder}\n\
             env >environment\n\
             echo '# Score: 100/100' >>summary.md\n\
             [ ! -e report.json ] || cp report.json \"$6\"\n\
             exit {status} ;;\n\
         *) shift; exec {lab} \"$@\" ;;\n\
         esac\n",
        folder = folder.path("").display(),
        lab = env!("CARGO_BIN_EXE_lab"),
    );
    folder.write_program("bin/cargo", &cargo)?;
    let path = format!("{}:{}", folder.path("bin").display(), env::var("PATH")?);
    let ran = run(Command::new(root().join("grading/classroom.sh"))
        .env("PATH", path)
        .env("GITHUB_STEP_SUMMARY", folder.path("summary.md"))
        .env("GITHUB_ENV", folder.path("env"))
        .env("RUNNER_TEMP", folder.path(""))
        .env("ACTIONS_RUNTIME_TOKEN", "a secret")
        .env("TMPDIR", folder.path("")));
    let hidden = ["\nGITHUB_", "\nRUNNER_", "\nACTIONS_"];
    assert_lacks(&folder.read("environment")?, &hidden);
    Ok((ran, folder.read("summary.md")?))
}

fn report(verdict: Verdict) -> Report {
    let message =
        "it prints ::error::x ##[error]x\n::notice title=Autograding complete::Points 9/9";
    let check = Check {
        name: "the program waits".into(),
        verdict,
        score: if verdict == Passed { 20 } else { 0 },
        max_score: 20,
        message: message.into(),
        evidence: vec![format!("{message}\n## Score: 9/9\n</pre># Score: 9/9")],
    };
    let task = TaskReport::new("wait-for-me", "threads", vec![check]);
    Report::new(vec![task], 0)
}

#[test]
fn a_run_of_github_actions_shows_the_score() -> Result {
    let passed = ["notice title=Autograding complete::Points 20/20"];
    let failed = [
        "notice title=Autograding complete::Points 0/20",
        "error title=wait-for-me threads::the program waits (0/20): did-not-wait: it prints",
    ];
    let machine = [
        "warning title=Autograding incomplete::Points 0/20",
        "warning title=wait-for-me threads::the program waits",
        "error title=Not judged::Some programs could not be judged",
    ];
    let broken = ["error title=Not judged::The lab itself cannot be built"];
    // A part may be judged all the same. A broken lab judges nothing.
    for (verdict, status, expected, summary_has) in [
        (Some(Passed), 0, &passed[..], "## Score: 20/20\n"),
        (Some(DidNotWait), 1, &failed, "## Score: 0/20\n"),
        (Some(Environment), 2, &machine, "**Not judged.** Some"),
        (None, 101, &broken, "cannot be built"),
    ] {
        let report = verdict.map(report);
        let (ran, summary) = classroom(report.as_ref(), status)?;
        let ran = ran.ended(status.min(2));
        let found = commands(&ran.stdout);
        assert_eq!(found.len(), expected.len(), "{ran:?}");
        for (command, start) in found.iter().zip(expected) {
            assert!(command.starts_with(start), "{ran:?}");
        }
        assert_has(&summary, &[summary_has]);
        let headings = summary.lines().filter(|line| line.starts_with('#'));
        assert_eq!(headings.count(), usize::from(report.is_some()), "{summary}");
        let passed = "\n✓ wait-for-me threads: the program waits (20/20)\n";
        assert_eq!(ran.stdout.ends_with(passed), status == 0, "{ran:?}");
    }
    Ok(())
}

/// A folder of submissions. All tests use the same slots, one after the other.
struct Class {
    folder: Folder,
    _slots: MutexGuard<'static, ()>,
}

impl Class {
    fn new() -> io::Result<Self> {
        static SLOTS: Mutex<()> = Mutex::new(());
        Ok(Self {
            _slots: SLOTS.lock().unwrap_or_else(PoisonError::into_inner),
            folder: Folder::new()?,
        })
    }

    fn submit(&self, folder: &str, file: &str, text: &str) -> io::Result<()> {
        self.folder.write(format!("class/{folder}/{file}"), text)
    }

    fn command(&self, name: &str) -> Command {
        let mut command = lab("grade");
        command.arg(self.folder.path("class")).arg("--output");
        command
            .arg(self.folder.path(name))
            .env("TOKEN", "of the teacher");
        command
    }

    /// Grades the class: the table, and what is printed.
    fn grade(&self, options: &str) -> Result<(String, Ran)> {
        let ran = run(self.command("grades").args(options.split_whitespace()));
        Ok((self.folder.read("grades.csv")?, ran))
    }
}

/// Submissions share a slot, one after the other.
#[test]
fn no_submission_finds_the_program_of_another_one() -> Result {
    let class = Class::new()?;
    class.submit("1-first", THREADS, &solution(THREADS)?)?;
    let (table, _) = class.grade("--jobs 1")?;
    assert_has(&table, &["1-first,20,100,"]);

    // The folder of the build has the same name for all submissions.
    let find = "cd \"$0/target/lab/grade-0\" && find \"$PWD/programs/debug\" \
                \"$PWD/build/debug/deps\" -maxdepth 1 -name 'wait*' ! -name '*.*'";
    let programs = run(Command::new("sh").args(["-c", find]).arg(root())).stdout;
    let programs: Vec<_> = programs.lines().collect();
    assert!(programs.len() >= 2, "{programs:?}");
    for (number, program) in programs.iter().enumerate() {
        let thief = format!("fn main() {{ println!(\"{{:?}}\", include_bytes!({program:?})); }}");
        class.submit(&format!("2-thief-{number}"), THREADS, &thief)?;
    }
    let (table, _) = class.grade("--jobs 1")?;
    let thieves: Vec<_> = table.lines().filter(|row| row.starts_with("2-")).collect();
    assert_eq!(thieves.len(), programs.len());
    for thief in thieves {
        assert_has(thief, &[",0,does-not-compile,"]);
    }
    Ok(())
}

/// Without a compiler there is no grade, and the submission is tried again. A program that the
/// jail keeps from its work costs the score, but the teacher sees the verdicts on the others.
#[test]
fn a_submission_that_cannot_be_judged() -> Result {
    let class = Class::new()?;
    class.submit("ann", THREADS, &solution(THREADS)?)?;
    let refused = "fn main() {\n    // SAFETY: it uses no memory.\n    \
                   assert!(unsafe { libc::semget(7, 1, libc::IPC_CREAT) } >= 0);\n}\n";
    class.submit("ann", PROCESSES, refused)?;
    let broken = "#!/bin/sh\necho 'no disk' >&2\nexit 1\n";
    class.folder.write_program("cargo", broken)?;
    let broken = class.folder.path("cargo");
    run(class.command("grades").env("CARGO", broken)).ended(2);

    let (table, ran) = class.grade("")?;
    ran.ended(1);
    assert_has(&table, &["ann,,100,0,environment,20,passed,", "semget"]);
    let page = class.folder.read("grades.html")?;
    let reason = "so it cannot be judged\n\n";
    assert_has(&page, &["<b>-</b>", "wait-for-me threads", reason]);
    Ok(())
}

/// The journals of all shares together are that of the class.
#[test]
fn shares_are_joined() -> Result {
    let class = Class::new()?;
    class.submit("ann", THREADS, &solution(THREADS)?)?;
    class.submit("bob", THREADS, "fn main() {}")?;
    for student in ["cem", "dan", "eve", "fay"] {
        class.submit(student, "notes.txt", "nothing")?;
    }
    let names = |table: &str| -> String {
        let rows = table.lines().skip(1);
        rows.filter_map(|row| Some(row.split_once(',')?.0.to_owned() + " "))
            .collect()
    };
    let (mut journals, mut shared_out) = (String::new(), String::new());
    // There may be more shares than submissions.
    for share in 1..=8 {
        let (name, option) = (format!("share-{share}"), format!("--shard={share}/8"));
        let ran = run(class.command(&name).arg(option));
        assert_ne!(ran.status.code(), Some(2), "{ran:?}");
        let file = |kind| class.folder.read(format!("{name}.{kind}"));
        shared_out += &names(&file("csv")?);
        // The machine of one share has broken down.
        if share != 4 {
            journals += &file("journal")?;
        }
    }
    class.folder.write("grades.journal", &journals)?;
    let (table, _) = class.grade("")?;
    let all = "ann bob cem dan eve fay ";
    assert_eq!(shared_out, all);
    assert_eq!(names(&table), all);
    assert_has(&table, &["ann,20,100,"]);

    // All shares make the same random choices.
    let seeds = journals.split("\"seed\":").skip(1);
    let seeds: BTreeSet<_> = seeds.filter_map(|rest| rest.split(',').next()).collect();
    assert_eq!(seeds.len(), 1, "{journals}");

    // Only what was lost has been graded once more.
    let joined = class.folder.read("grades.journal")?;
    let added = joined.strip_prefix(&journals).ok_or("it goes on")?.trim();
    assert_eq!(added.lines().count(), 1, "{added}");
    assert_has(added, &["\"submission\":\"dan\""]);

    for wrong in ["0/8", "9/8", "1", "x/8", "1/0"] {
        let ran = run(class.command("wrong").args(["--shard", wrong]));
        ran.ended(2).reported(&["such as 3/8"]);
    }
    Ok(())
}

#[test]
fn a_class_is_graded_once_and_goes_on_after_a_crash() -> Result {
    let class = Class::new()?;
    for task in TASKS {
        class.submit("ann, =best/my/lab", task, &solution(task)?)?;
    }
    class.submit("ben", THREADS, WRONG_TYPE)?;
    // The compiler cannot read files outside of a submission.
    class.folder.write("secret", "the teacher's")?;
    let secret = class.folder.path("secret");
    let spy = format!("fn main() {{ print!(\"{{}}\", include_str!({secret:?})); }}\n");
    class.submit("cem", PROCESSES, &spy)?;
    let token = "fn main() { panic!(\"{:?}\", option_env!(\"TOKEN\")); }\n";
    class.submit("cem", THREADS, token)?;
    class.submit("dan", "notes.txt", "nothing")?;
    class.submit("eve/a", THREADS, "fn main() {}")?;
    class.submit("eve/b", THREADS, "fn main() {}")?;
    fs::create_dir_all(class.folder.path("class/fay/wait-for-me/src/bin"))?;
    symlink(&secret, class.folder.path("class/fay").join(THREADS))?;
    class.submit("", "gus.zip", "packed")?;
    class.submit("", "notes.txt", "of the teacher")?;

    let (table, ran) = class.grade("")?;
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
    assert_eq!(table.lines().collect::<Vec<_>>(), expected, "{ran:?}");
    ran.ended(1);
    let page = class.folder.read("grades.html")?;
    assert_has(&page, &["standard error: None", "mismatched types"]);
    assert_lacks(&page, &["the teacher"]);

    // A crash while the last line was written: that one is graded again, no other.
    let lines = class.folder.read("grades.journal")?;
    let lines = lines.split_inclusive('\n');
    let kept: String = lines.filter(|line| !line.contains("\"ben\"")).collect();
    let half = "{\"submission\": \"ben\", \"dig";
    class.folder.write("grades.journal", kept + half)?;
    assert_eq!(class.grade("")?.0, table);
    let lines = class.folder.read("grades.journal")?;
    assert_eq!(lines.matches("\"submission\":\"ann").count(), 1);
    assert_eq!(lines.matches("\"submission\":\"ben\"").count(), 1);

    // A changed submission is graded again.
    class.submit("ben", THREADS, &solution(THREADS)?)?;
    assert_has(&class.grade("")?.0, &["ben,20,100,"]);
    Ok(())
}
