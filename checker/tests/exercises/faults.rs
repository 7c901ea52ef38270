//! What the machine refuses, and who gets killed.

use crate::conditions::{Unprivileged, after};
use crate::programs::command;
use crate::running::{run, run_and_kill_child, run_line, start, start_with};
use nix::sys::signal::Signal::{SIGINT, SIGKILL, SIGTERM};
use nix::sys::signal::{kill, killpg};
use std::fs::{self, File};
use std::io::{self, pipe};
use std::os::fd::OwnedFd;
use tempfile::TempDir;

/// Programs that print a result, with arguments that they are soon done with.
const PRINTING: [&str; 11] = [
    "sum-array threads 4 --len 1000",
    "sum-array processes 4 --len 1000",
    "sum-array sequential --len 1000",
    "sum-array reduce 4 --len 1000",
    "seg-fault processes-solution 2 --len 1000",
    "memory-corruption threads 4 corrupt",
    "memory-corruption processes 4 corrupt",
    "wait-for-me threads-solution",
    "wait-for-me processes-solution message.txt",
    "shared-counter threads-solution 4",
    "shared-counter processes-solution 4",
];

/// Programs that start as many workers as they are asked to, and what they call
/// them.
const WITH_WORKERS: [(&str, &str); 7] = [
    ("sum-array threads", "cannot start thread"),
    ("sum-array processes", "cannot start process"),
    ("sum-array reduce", "cannot start the threads"),
    ("seg-fault threads", "cannot start thread"),
    ("seg-fault processes-solution", "cannot start process"),
    ("memory-corruption threads", "cannot start thread"),
    ("memory-corruption processes", "cannot start process"),
];

/// The pipe has no reader, as with `| head -0`, or the disk is full.
#[test]
fn the_output_goes_nowhere() -> io::Result<()> {
    for line in PRINTING {
        let (_, closed) = pipe()?;
        let full = File::options().write(true).open("/dev/full")?;
        let stdouts: [OwnedFd; 2] = [closed.into(), full.into()];
        for (stdout, problem) in stdouts.into_iter().zip(["Broken pipe", "No space left"]) {
            let folder = TempDir::new()?;
            let finished = start_with(command(line).current_dir(&folder), stdout).finish();
            finished.failed(1, &["cannot write to standard output", problem]);
            assert_eq!(fs::read_dir(&folder)?.count(), 0, "{line}");
        }
    }
    Ok(())
}

/// A thousand terabytes, and numbers that overflow when they become bytes. Or there is memory, but
/// not for this program, as with `ulimit -v`.
#[test]
fn more_memory_than_there_is() {
    for (program, _) in WITH_WORKERS {
        for len in [250_000_000_000_000, u64::MAX / 2, u64::MAX] {
            let finished = run_line(&format!("{program} 2 --len {len}"));
            finished.failed(1, &["no memory for", &len.to_string(), "available"]);
        }
        let line = format!("{program} 2 --len 100000000");
        let finished = run(&mut after("ulimit -v 200000", &command(&line)));
        let problem = "cannot get memory for 100000000 numbers";
        finished.failed(1, &[problem, "Cannot allocate memory"]);
    }
}

/// As with `ulimit -u`: some workers start, the others can't. (Each has so much
/// to do that none has ended when the next ones start.)
#[test]
fn more_workers_than_the_user_may_have() {
    let more = [
        ("shared-counter threads-solution", "cannot start thread"),
        ("shared-counter processes-solution", "cannot start process"),
        ("wait-for-me threads-solution", "cannot start the thread"),
        ("wait-for-me processes-solution", "cannot start writer"),
    ];
    for (program, message) in WITH_WORKERS.into_iter().chain(more) {
        let (args, max_tasks) = match program.split_once(' ') {
            // Worker 2 of seg-fault would end more than itself.
            Some(("seg-fault", _)) => (" 2", 2),
            Some(("shared-counter", _)) => (" 16 --increments 1000000", 4),
            // A single worker is too many.
            Some(("wait-for-me", "threads-solution")) => ("", 1),
            Some(("wait-for-me", _)) => (" message.txt", 1),
            _ => (" 16", 4),
        };
        let user = Unprivileged::new();
        let finished = run(&mut user.command(&command(&format!("{program}{args}")), max_tasks));
        finished.failed(1, &[message, "Resource temporarily unavailable"]);
    }
}

/// A failure to print messages changes nothing else.
#[test]
fn the_messages_go_to_a_full_disk() {
    let run_without_messages = |line: &str| run(&mut after("exec 2>/dev/full", &command(line)));
    for (program, _) in WITH_WORKERS {
        run_without_messages(&format!("{program} none")).failed(2, &[]);
        run_without_messages(&format!("{program} 1 --len 250000000000000")).failed(1, &[]);
    }
    let line = "seg-fault processes-solution 4 --len 1000";
    run_without_messages(line).succeeded().result();
}

/// The parent of a program can make it ignore the end of its children.
#[test]
fn sigchld_is_ignored() {
    for package in ["sum-array", "memory-corruption"] {
        let processes = command(&format!("{package} processes 4 --len 1000"));
        let finished = run(&mut after("trap '' CHLD", &processes));
        finished.succeeded().result();
    }
}

/// A sum without the part of a worker would be wrong, and a counter would be short.
#[test]
fn a_worker_is_killed_from_outside() {
    for (line, victim, signal) in [
        ("sum-array processes 4 --len 1000", 0, SIGKILL),
        ("sum-array processes 4 --len 1000", 3, SIGTERM),
        ("memory-corruption processes 4 --len 1000", 1, SIGKILL),
        ("shared-counter processes-solution 4", 2, SIGKILL),
        ("shared-counter processes-solution 4 --atomic", 2, SIGKILL),
    ] {
        let finished = run_and_kill_child(line, victim, signal);
        let end = format!("was killed by signal {} ({signal})", signal as i32);
        finished.failed(1, &[&format!("process {victim} {end}")]);
    }
}

/// While the writer sleeps, it is killed, or its parent is, or Ctrl-C sends SIGINT to all
/// processes of the group. Neither a child nor the file is left.
#[test]
fn the_writer_or_its_parent_is_killed() -> io::Result<()> {
    let folder = TempDir::new()?;
    let mut writer = command("wait-for-me processes-solution message.txt");
    writer.current_dir(&folder);
    let running = start(&mut writer);
    kill(running.first_child(), SIGKILL)?;
    let killed = "writer was killed by signal 9 (SIGKILL)";
    running.finish().failed(1, &[killed]);

    for signal in [SIGINT, SIGTERM, SIGKILL] {
        let running = start(&mut writer);
        running.first_child();
        match signal {
            SIGINT => killpg(running.pid(), signal)?,
            _ => kill(running.pid(), signal)?,
        }
        running.finish().was_killed_by(signal);
        assert_eq!(fs::read_dir(&folder)?.count(), 0);
    }
    // The same with a thousand children, which work.
    let running = start(&mut command("memory-corruption processes 1024"));
    running.first_child();
    killpg(running.pid(), SIGINT)?;
    running.finish().was_killed_by(SIGINT);
    Ok(())
}
