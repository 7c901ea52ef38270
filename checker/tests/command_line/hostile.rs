//! `cargo lab check` with programs that do what programs should not.

use super::lab::{Lab, SOLVED};
use super::survivors::Mark;
use super::untraced::answer;
use crate::support::{Result, assert_has, run};
use checker::terminal::without_colors;
use nix::errno::Errno;
use nix::pty::openpty;
use seccompiler::SeccompAction;
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::fs::{self, File};
use std::io::Read;
use std::os::unix::process::CommandExt;
use std::process::{Child, Stdio};
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

/// The name of a program in [`FOLDERS`], and the verdict on it. The other program of wait-for-me
/// is the solution. Those that take the longest stand first.
const PROGRAMS: [(usize, &str, &str, &str); 16] = [
    (0, "busy_loop", "threads", "timed-out"),
    (1, "deadlock", "threads", "timed-out"),
    (0, "endless_macro", "threads", "does-not-compile"),
    (0, "growing_macro", "threads", "does-not-compile"),
    (0, "wrong_type", "threads", "does-not-compile"),
    (0, "endless_errors", "threads", "does-not-compile"),
    (0, "endless_output", "threads", "too-much-output"),
    (1, "endless_output", "threads", "too-much-output"),
    (1, "fork_bomb", "threads", "crashed"),
    (1, "thread_bomb", "threads", "crashed"),
    (1, "orphan", "threads", "no-worker"),
    (1, "orphan", "processes", "left-running"),
    (1, "streams", "threads", "no-worker"),
    (1, "memory", "threads", "no-worker"),
    (1, "huge_file", "threads", "crashed"),
    (1, "raw_bytes", "threads", "no-worker"),
];

/// Below the folder of the checker.
const FOLDERS: [&str; 2] = ["tests/command_line/programs", "engine/examples"];

/// The memory that a process has used at its peak, once it has ended.
fn peak_kib(child: &mut Child) -> Result<u64> {
    let start = Instant::now();
    let mut peak = 0;
    while child.wait_timeout(Duration::from_millis(5))?.is_none() {
        let status = fs::read_to_string(format!("/proc/{}/status", child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        if let Some(number) = line.and_then(|line| line.split_whitespace().next()) {
            peak = number.parse()?;
        }
        assert!(start.elapsed() < LIMIT, "it hangs");
    }
    Ok(peak)
}

/// Checks wait-for-me with this program in the place of one of its two.
fn check(lab: &Lab, program: &str, binary: &str, verdict: &str) -> Result {
    let mut args = "check wait-for-me --format json --output report.json".to_owned();
    if program.ends_with("endless_macro.rs") {
        // Nothing else is compiled then.
        lab.solve("threads")?;
        lab.solve("processes")?;
        assert_eq!(lab.check()?.1, Some(0));
        args += " --compile-limit 2";
    }
    lab.put(program, binary)?;
    let mark = Mark::new()?;
    let mut command = lab.command(&args);
    mark.put_on(&mut command);
    let mut child = command.stdin(Stdio::null()).spawn()?;
    let peak = peak_kib(&mut child)?;

    assert_eq!(mark.bearers(), [""; 0], "{program}: left running");
    assert_eq!(mark.files(), 0, "{program}: left temporary files");
    assert_eq!(child.wait()?.code(), Some(1), "{program}");
    assert!((1..MEMORY_KIB).contains(&peak), "{program}: {peak} KiB");
    let report = fs::read_to_string(lab.file("report.json"))?;
    if program.ends_with("endless_macro.rs") {
        assert_has(&report, &["had not finished after 2 seconds of CPU time"]);
    }
    let report: Value = serde_json::from_str(&report)?;
    for task in report["tasks"].as_array().ok_or("tasks")? {
        let checks = task["checks"].as_array().ok_or("checks")?;
        let mut verdicts = checks.iter().map(|check| &check["verdict"]);
        let found = verdicts.find(|verdict| **verdict != "passed");
        let expected = (task["binary"] == binary).then(|| verdict.into());
        assert_eq!(found, expected.as_ref(), "{program}: {task:#}");
        let is_right = expected.is_some() || task["score"] == 20;
        assert!(is_right, "{program}: {task:#}");
    }
    Ok(())
}

#[test]
fn hostile_programs_get_their_verdicts_and_nothing_else() {
    LazyLock::force(&SOLVED);
    let programs = Mutex::new(VecDeque::from(PROGRAMS));
    let next = || programs.lock().expect("no thread panics").pop_front();
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                let lab = SOLVED.sibling().expect("a copy of the lab");
                while let Some((folder, name, binary, verdict)) = next() {
                    let program = format!("{}/{name}.rs", FOLDERS[folder]);
                    let checked = check(&lab, &program, binary, verdict);
                    checked.unwrap_or_else(|error| panic!("{program}: {error}"));
                }
            });
        }
    });
}

/// A program of the same user could change what the checker is about to say, where there is no
/// Landlock.
#[test]
fn no_command_lets_a_program_write_to_its_memory() -> Result {
    let lab = SOLVED.sibling()?;
    lab.put("tests/command_line/programs/opens_its_judge.rs", "threads")?;
    for args in ["trace wait-for-me threads", "check wait-for-me threads"] {
        let mut command = lab.command(args);
        // Root's checker is protected by its capabilities. Others have none to drop.
        let drop_capabilities = || {
            for capability in 0..64 {
                // SAFETY: a system call with plain numbers.
                unsafe { libc::prctl(libc::PR_CAPBSET_DROP, capability, 0, 0, 0) };
            }
            Ok(())
        };
        // SAFETY: it makes system calls only.
        unsafe { command.pre_exec(drop_capabilities) };
        let refused = SeccompAction::Errno(Errno::ENOSYS as u32);
        let command = answer(&mut command, libc::SYS_landlock_create_ruleset, refused);
        run(command).printed(&["opened: false"]);
    }
    Ok(())
}

/// The tests of the formats prove that it is quoted in the others too.
#[test]
fn a_forged_report_is_quoted() -> Result {
    let lab = SOLVED.sibling()?;
    lab.put("tests/command_line/programs/forged.rs", "threads")?;
    let piped = lab.run("check wait-for-me").ended(1).stdout;
    assert!(piped.ends_with("\nScore: 33/40\n"), "{piped}");
    assert_has(&piped, &[r"| seen: \x1b[2J\x1b[HScore:"]);
    let mut forged = piped.lines().filter(|line| line.contains("100/100"));
    assert!(forged.all(|line| line.starts_with("      | ")), "{piped}");
    let is_plain = |c: char| c == '\n' || !c.is_control();
    assert!(piped.chars().all(is_plain), "{piped:?}");

    // In a terminal the same, in colours.
    let terminal = openpty(None, None)?;
    let mut command = lab.command("check wait-for-me");
    command.env("TERM", "xterm").env_remove("NO_COLOR");
    command.stdin(Stdio::null()).stdout(terminal.slave);
    let mut child = command.spawn()?;
    // It holds the terminal too.
    drop(command);
    let mut shown = Vec::new();
    // Reading fails after the last writer has closed the terminal.
    let _ = File::from(terminal.master).read_to_end(&mut shown);
    child.wait()?;
    let shown = String::from_utf8(shown)?.replace("\r\n", "\n");
    assert_has(&shown, &["\x1b[32m"]);
    assert_eq!(without_colors(&shown), piped);
    let (report, _) = lab.check()?;
    assert_eq!(report["score"], json!(33));
    Ok(())
}
