//! `cargo lab check` with programs that do what programs should not.

use super::lab::{Lab, SOLVED};
use super::survivors::Mark;
use super::untraced::answer;
use crate::support::{Result, assert_has, run, run_in_terminal};
use checker::terminal::without_colors;
use nix::errno::Errno;
use seccompiler::SeccompAction;
use serde_json::Value;
use std::fs;
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

/// The folders of hostile programs, below that of the checker.
pub(crate) const PROGRAMS: &str = "tests/cargo_lab/programs";
const EXAMPLES: &str = "engine/examples";

/// A program, and the verdict on it. The other program of wait-for-me is the solution. Those that
/// take the longest stand first.
const HOSTILE: [(&str, &str, &str, &str); 15] = [
    (PROGRAMS, "busy_loop", "threads", "timed-out"),
    (EXAMPLES, "deadlock", "threads", "timed-out"),
    (PROGRAMS, "endless_macro", "threads", "does-not-compile"),
    (PROGRAMS, "growing_macro", "threads", "does-not-compile"),
    (PROGRAMS, "endless_errors", "threads", "does-not-compile"),
    (PROGRAMS, "endless_output", "threads", "too-much-output"),
    (EXAMPLES, "endless_output", "threads", "too-much-output"),
    (EXAMPLES, "fork_bomb", "threads", "crashed"),
    (EXAMPLES, "thread_bomb", "threads", "crashed"),
    (EXAMPLES, "orphan", "threads", "no-worker"),
    (EXAMPLES, "orphan", "processes", "left-running"),
    (EXAMPLES, "streams", "threads", "no-worker"),
    (EXAMPLES, "memory", "threads", "no-worker"),
    (EXAMPLES, "huge_file", "threads", "crashed"),
    (EXAMPLES, "raw_bytes", "threads", "no-worker"),
];

/// The memory that a process has used at its peak, once it has ended.
fn peak_kib(child: &mut Child) -> Result<u64> {
    let start = Instant::now();
    let mut peak = 0;
    while child.wait_timeout(Duration::from_millis(5))?.is_none() {
        let status = fs::read_to_string(format!("/proc/{}/status", child.id()))?;
        if let Some((_, rest)) = status.split_once("VmHWM:") {
            peak = rest.split_whitespace().next().ok_or("a number")?.parse()?;
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
        lab.run("check wait-for-me").ended(0);
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
    let report = lab.read("report.json")?;
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
    let programs = Mutex::new(HOSTILE.into_iter());
    let next = || programs.lock().expect("no thread panics").next();
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                let lab = SOLVED.sibling().expect("a copy of the lab");
                while let Some((folder, name, binary, verdict)) = next() {
                    let program = format!("{folder}/{name}.rs");
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
    lab.put(&format!("{PROGRAMS}/opens_its_judge.rs"), "threads")?;
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
    lab.put(&format!("{PROGRAMS}/forged.rs"), "threads")?;
    let piped = lab.run("check wait-for-me").ended(1).stdout;
    assert!(piped.ends_with("\nScore: 33/40\n"), "{piped}");
    assert_has(&piped, &[r"| seen: \x1b[2J\x1b[HScore:"]);
    let mut forged = piped.lines().filter(|line| line.contains("100/100"));
    assert!(forged.all(|line| line.starts_with("      | ")), "{piped}");
    let is_plain = |c: char| c == '\n' || !c.is_control();
    assert!(piped.chars().all(is_plain), "{piped:?}");

    // In a terminal the same, in colours.
    let mut command = lab.command("check wait-for-me");
    let command = command.env("TERM", "xterm").env_remove("NO_COLOR");
    let shown = run_in_terminal(command).stdout.replace("\r\n", "\n");
    assert_has(&shown, &["\x1b[32m"]);
    assert_eq!(without_colors(&shown), piped);
    let report = lab.run("check wait-for-me --format json").json()?;
    assert_eq!(report["score"], 33);
    Ok(())
}
