//! `cargo lab check` with programs that do what programs should not.

use super::lab::{Lab, text};
use super::survivors::Mark;
use super::terminal::screen;
use super::untraced::refuse;
use nix::errno::Errno;
use serde_json::Value;
use std::collections::VecDeque;
use std::error::Error;
use std::fs;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{LazyLock, Mutex};
use std::thread;
use std::time::{Duration, Instant};
use wait_timeout::ChildExt;

/// A check that takes longer hangs. None takes half of it.
const LIMIT: Duration = Duration::from_secs(120);

/// What the checker itself may use at its peak.
const MEMORY_KIB: u64 = 64 << 10;

/// The number of checks that run at the same time.
const AT_ONCE: usize = 3;

/// Where a program stands, and the verdict on it. The other program of wait-for-me
/// is the solution. Those that take the longest stand first.
const PROGRAMS: [(&str, &str, &str); 16] = [
    (
        "tests/command_line/programs/busy_loop.rs",
        "threads",
        "timed-out",
    ),
    ("engine/examples/deadlock.rs", "threads", "timed-out"),
    (
        "tests/command_line/programs/endless_macro.rs",
        "threads",
        "does-not-compile",
    ),
    (
        "tests/command_line/programs/growing_macro.rs",
        "threads",
        "does-not-compile",
    ),
    (
        "tests/command_line/programs/wrong_type.rs",
        "threads",
        "does-not-compile",
    ),
    (
        "tests/command_line/programs/endless_errors.rs",
        "threads",
        "does-not-compile",
    ),
    (
        "tests/command_line/programs/endless_output.rs",
        "threads",
        "too-much-output",
    ),
    (
        "engine/examples/endless_output.rs",
        "threads",
        "too-much-output",
    ),
    ("engine/examples/fork_bomb.rs", "threads", "crashed"),
    ("engine/examples/thread_bomb.rs", "threads", "crashed"),
    ("engine/examples/orphan.rs", "threads", "no-worker"),
    ("engine/examples/orphan.rs", "processes", "left-running"),
    ("engine/examples/streams.rs", "threads", "no-worker"),
    ("engine/examples/memory.rs", "threads", "no-worker"),
    ("engine/examples/huge_file.rs", "threads", "crashed"),
    ("engine/examples/raw_bytes.rs", "threads", "no-worker"),
];

fn source(program: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(program)
}

/// A copy of the lab in which both programs of wait-for-me are right, and compiled.
pub(super) static SOLVED: LazyLock<Lab> = LazyLock::new(|| {
    let lab = Lab::new().expect("a copy of the lab");
    for binary in ["threads", "processes"] {
        lab.solve(binary).expect("a solution");
    }
    let (report, status) = lab.check().expect("a report");
    assert_eq!(status, Some(0), "{report}");
    lab
});

/// Puts this program in the place of one of the two, and the solution in the place
/// of the other.
pub(super) fn put(lab: &Lab, program: &str, binary: &str) -> std::io::Result<()> {
    for other in ["threads", "processes"].iter().filter(|b| **b != binary) {
        lab.solve(other)?;
    }
    lab.replace(binary, &source(program))
}

/// The memory that a process has used at its peak, once it has ended.
fn peak_kib(child: &mut Child) -> Result<u64, Box<dyn Error>> {
    let start = Instant::now();
    let mut peak = 0;
    while child.wait_timeout(Duration::from_millis(5))?.is_none() {
        let status = fs::read_to_string(format!("/proc/{}/status", child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let number = line.and_then(|line| line.split_whitespace().next());
        if let Some(number) = number {
            peak = number.parse()?;
        }
        assert!(start.elapsed() < LIMIT, "it hangs");
    }
    Ok(peak)
}

/// Checks wait-for-me with this program in the place of one of its two.
fn check(lab: &Lab, program: &str, binary: &str, verdict: &str) -> Result<(), Box<dyn Error>> {
    check_with(lab, program, binary, verdict, |_| {})
}

/// Does so with something that the checker does not know of.
pub(super) fn check_with(
    lab: &Lab,
    program: &str,
    binary: &str,
    verdict: &str,
    prepare: fn(&mut Command),
) -> Result<(), Box<dyn Error>> {
    put(lab, program, binary)?;
    let mark = Mark::new()?;
    let args = ["check", "wait-for-me", "--format", "json", "--output"];
    let mut command = lab.command(&args);
    command.arg(lab.file("report.json"));
    if program.ends_with("endless_macro.rs") {
        // Nothing else is compiled then.
        lab.solve(binary)?;
        assert_eq!(lab.check()?.1, Some(0));
        put(lab, program, binary)?;
        command.args(["--compile-limit", "2"]);
    }
    mark.put_on(&mut command);
    prepare(&mut command);
    let start = Instant::now();
    let mut child = command.stdin(Stdio::null()).spawn()?;
    let peak = peak_kib(&mut child)?;
    let took = start.elapsed();

    assert_eq!(mark.bearers(), [""; 0], "{program}: left running");
    assert_eq!(mark.files(), 0, "{program}: left temporary files");
    assert_eq!(child.wait()?.code(), Some(1), "{program}");
    assert!((1..MEMORY_KIB).contains(&peak), "{program}: {peak} KiB");
    let report: Value = serde_json::from_str(&fs::read_to_string(lab.file("report.json"))?)?;
    println!("{program} {binary}: {verdict}, {took:.2?}, {peak} KiB");
    for task in report["tasks"].as_array().ok_or("tasks")? {
        let checks = task["checks"].as_array().ok_or("checks")?;
        let mut verdicts = checks.iter().map(|check| &check["verdict"]);
        let found = verdicts.find(|verdict| **verdict != "passed");
        let expected = (task["binary"] == binary).then(|| verdict.into());
        assert_eq!(found, expected.as_ref(), "{program}: {task:#}");
        if expected.is_none() {
            assert_eq!(task["score"], 20, "{program}: {task:#}");
        }
    }
    Ok(())
}

#[test]
fn hostile_programs_get_their_verdicts_and_nothing_else() {
    LazyLock::force(&SOLVED);
    let programs = Mutex::new(VecDeque::from(PROGRAMS));
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                let lab = SOLVED.sibling().expect("a copy of the lab");
                loop {
                    let next = programs.lock().expect("no thread panics").pop_front();
                    let Some((program, binary, verdict)) = next else {
                        break;
                    };
                    let checked = check(&lab, program, binary, verdict);
                    checked.unwrap_or_else(|error| panic!("{program}: {error}"));
                }
            });
        }
    });
}

/// A program of the same user could change what the checker is about to say, where there is no
/// Landlock.
#[test]
fn no_command_lets_a_program_write_to_its_memory() -> Result<(), Box<dyn Error>> {
    let lab = SOLVED.sibling()?;
    put(
        &lab,
        "tests/command_line/programs/opens_its_judge.rs",
        "threads",
    )?;
    for command in ["trace", "check"] {
        let mut lab = lab.command(&[command, "wait-for-me", "threads"]);
        // Root's checker is protected by its capabilities. Others have none to drop.
        let drop_capabilities = || {
            for capability in 0..64 {
                // SAFETY: a system call with plain numbers.
                unsafe { libc::prctl(libc::PR_CAPBSET_DROP, capability, 0, 0, 0) };
            }
            Ok(())
        };
        // SAFETY: it makes system calls only.
        unsafe { lab.pre_exec(drop_capabilities) };
        let output = refuse(&mut lab, libc::SYS_landlock_create_ruleset, Errno::ENOSYS).output()?;
        let shown = text(&output.stdout);
        assert!(shown.contains("opened: false"), "{command}: {output:?}");
    }
    Ok(())
}

#[test]
fn a_forged_report_is_quoted() -> Result<(), Box<dyn Error>> {
    let lab = SOLVED.sibling()?;
    put(&lab, "tests/command_line/programs/forged.rs", "threads")?;

    let output = lab.run(&["check", "wait-for-me"])?;
    assert_eq!(output.status.code(), Some(1));
    let piped = text(&output.stdout);
    assert!(piped.ends_with("\nScore: 33/40\n"), "{piped}");
    assert!(piped.contains(r"| seen: \x1b[2J\x1b[HScore:"), "{piped}");
    let mut forged = piped.lines().filter(|line| line.contains("100/100"));
    assert!(forged.all(|line| line.starts_with("      | ")), "{piped}");
    let is_plain = |c: char| c == '\n' || !c.is_control();
    assert!(piped.chars().all(is_plain), "{piped:?}");

    // In a terminal the same, in colours.
    let bytes = screen(lab.command(&["check", "wait-for-me"]), 80)?;
    let shown = String::from_utf8(bytes)?.replace("\r\n", "\n");
    assert!(shown.contains("\x1b[32m"), "{shown:?}");
    let mut plain = String::new();
    for (number, part) in shown.split("\x1b[").enumerate() {
        let part = match number {
            0 => part,
            _ => {
                let (color, rest) = part.split_once('m').ok_or("an escape without an end")?;
                assert!(color.bytes().all(|byte| byte.is_ascii_digit()), "{shown:?}");
                rest
            }
        };
        plain.push_str(part);
    }
    assert_eq!(plain, piped);

    // Where others read it: the points are the lab's, the rest is text.
    for (format, score) in [("json", "/score"), ("gradescope", "/score")] {
        let output = lab.run(&["check", "wait-for-me", "--format", format])?;
        let report: Value = serde_json::from_slice(&output.stdout)?;
        assert_eq!(report.pointer(score), Some(&33.into()), "{report}");
    }
    let output = lab.run(&["check", "wait-for-me", "--format", "junit"])?;
    let junit = String::from_utf8(output.stdout)?;
    let junit = roxmltree::Document::parse(&junit)?;
    let count = |name| {
        junit
            .descendants()
            .filter(|node| node.has_tag_name(name))
            .count()
    };
    assert_eq!((count("testcase"), count("failure")), (6, 1));
    Ok(())
}
