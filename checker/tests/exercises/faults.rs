//! What the machine refuses, and who gets killed.

use crate::support::conditions::{Unprivileged, limit};
use crate::support::injection::run_and_kill_child;
use crate::support::programs::program;
use crate::support::running::{run, run_with, start, start_with};
use crate::support::sum_of;
use nix::sys::resource::Resource;
use nix::sys::signal::{Signal, kill, killpg};
use std::fs::File;
use std::io::{self, pipe};
use std::os::unix::process::ExitStatusExt;
use std::process::Command;
use tempfile::TempDir;

/// Programs that print a result, with arguments that they are soon done with.
const PRINTING: [(&str, &str, &[&str]); 10] = [
    ("sum-array", "threads", &["4", "--len", "1000"]),
    ("sum-array", "processes", &["4", "--len", "1000"]),
    ("sum-array", "sequential", &["--len", "1000"]),
    ("sum-array", "reduce", &["4", "--len", "1000"]),
    ("seg-fault", "processes-solution", &["2", "--len", "1000"]),
    ("memory-corruption", "threads", &["4", "corrupt"]),
    ("memory-corruption", "processes", &["4", "corrupt"]),
    ("wait-for-me", "threads-solution", &[]),
    ("shared-counter", "threads-solution", &["4"]),
    ("shared-counter", "processes-solution", &["4"]),
];

/// Programs that start as many workers as they are asked to, and what they call
/// them.
const WITH_WORKERS: [(&str, &str, &str); 7] = [
    ("sum-array", "threads", "cannot start thread"),
    ("sum-array", "processes", "cannot start process"),
    ("sum-array", "reduce", "cannot start the threads"),
    ("seg-fault", "threads", "cannot start thread"),
    ("seg-fault", "processes-solution", "cannot start process"),
    ("memory-corruption", "threads", "cannot start thread"),
    ("memory-corruption", "processes", "cannot start process"),
];

/// As `| head -0` does it.
#[test]
fn the_output_has_no_reader() -> io::Result<()> {
    for (package, binary, args) in PRINTING {
        let (reader, writer) = pipe()?;
        drop(reader);
        let mut command = Command::new(program(package, binary));
        let finished = start_with(command.args(args), writer).finish();
        finished.failed(1, &["cannot write to standard output", "Broken pipe"]);
    }
    Ok(())
}

#[test]
fn the_output_goes_to_a_full_disk() -> io::Result<()> {
    for (package, binary, args) in PRINTING {
        let full = File::options().write(true).open("/dev/full")?;
        let mut command = Command::new(program(package, binary));
        let finished = start_with(command.args(args), full).finish();
        finished.failed(1, &["cannot write to standard output", "No space left"]);
    }
    Ok(())
}

#[test]
fn a_message_that_cannot_be_printed() -> io::Result<()> {
    let folder = TempDir::new()?;
    let full = File::options().write(true).open("/dev/full")?;
    let mut command = Command::new(program("wait-for-me", "processes-solution"));
    let finished = start_with(command.arg(folder.path().join("file")), full).finish();
    finished.failed(1, &["cannot write to standard output", "No space left"]);
    assert_eq!(std::fs::read_dir(folder.path())?.count(), 0);
    Ok(())
}

#[test]
fn more_memory_than_there_is() {
    // A thousand terabytes, and numbers that overflow when they become bytes.
    for len in [
        "250000000000000",
        "9223372036854775807",
        "18446744073709551615",
    ] {
        for (package, binary, _) in WITH_WORKERS {
            let finished = run_with(program(package, binary), &["2", "--len", len]);
            finished.failed(1, &["no memory for", len, "available"]);
        }
    }
}

/// As with `ulimit -v`: there is memory, but not for this program.
#[test]
fn more_memory_than_the_program_may_have() {
    for (package, binary, _) in WITH_WORKERS {
        let mut command = Command::new(program(package, binary));
        command.args(["2", "--len", "100000000"]);
        let finished = run(limit(&mut command, Resource::RLIMIT_AS, 200_000_000));
        finished.failed(
            1,
            &[
                "cannot get memory for 100000000 numbers",
                "Cannot allocate memory",
            ],
        );
    }
}

/// As with `ulimit -u`: some workers start, the others can't. (Each has so much
/// to do that none has ended when the next ones start.)
#[test]
fn more_workers_than_the_user_may_have() {
    for (package, binary, message) in WITH_WORKERS {
        // Worker 2 of seg-fault would end more than itself.
        let (num, max_tasks) = match package {
            "seg-fault" => ("2", 2),
            _ => ("16", 4),
        };
        let user = Unprivileged::new();
        let mut command = user.command(program(package, binary), Some(max_tasks));
        let finished = run(command.arg(num));
        finished.failed(1, &[message, "Resource temporarily unavailable"]);
    }
    for (binary, message) in [
        ("threads-solution", "cannot start thread"),
        ("processes-solution", "cannot start process"),
    ] {
        let user = Unprivileged::new();
        let mut command = user.command(program("shared-counter", binary), Some(4));
        let finished = run(command.args(["16", "--increments", "1000000"]));
        finished.failed(1, &[message, "Resource temporarily unavailable"]);
    }
}

#[test]
fn a_single_worker_is_too_many() -> io::Result<()> {
    let user = Unprivileged::new();
    let threads = program("wait-for-me", "threads-solution");
    let finished = run(&mut user.command(threads, Some(1)));
    finished.failed(
        1,
        &[
            "cannot start the thread",
            "Resource temporarily unavailable",
        ],
    );

    let folder = TempDir::new()?;
    let processes = program("wait-for-me", "processes-solution");
    let mut command = user.command(processes, Some(1));
    let finished = run(command.arg(folder.path().join("message.txt")));
    finished.failed(
        1,
        &["cannot start writer", "Resource temporarily unavailable"],
    );
    Ok(())
}

/// A failure to print messages changes nothing else.
#[test]
fn the_messages_go_to_a_full_disk() {
    let run_without_messages = |package, binary, args: &[&str]| {
        let mut command = Command::new("sh");
        command.args(["-c", r#"exec "$@" 2>/dev/full"#, "sh"]);
        run(command.arg(program(package, binary)).args(args))
    };
    for (package, binary, _) in WITH_WORKERS {
        run_without_messages(package, binary, &["none"]).failed(2, &[]);
        run_without_messages(package, binary, &["1", "--len", "250000000000000"]).failed(1, &[]);
    }
    let args = ["4", "--len", "1000"];
    sum_of(&run_without_messages("seg-fault", "processes-solution", &args).succeeded());
}

/// The parent of a program can make it ignore the end of its children.
#[test]
fn sigchld_is_ignored() {
    for package in ["sum-array", "memory-corruption"] {
        let mut command = Command::new("sh");
        command.args(["-c", r#"trap '' CHLD; exec "$@""#, "sh"]);
        command.arg(program(package, "processes"));
        sum_of(&run(command.args(["4", "--len", "1000"])).succeeded());
    }
}

/// A sum without the part of a worker would be wrong: there must be none.
#[test]
fn a_worker_is_killed_from_outside() {
    for (package, victim, signal, message) in [
        (
            "sum-array",
            0,
            Signal::SIGKILL,
            "process 0 was killed by signal 9 (SIGKILL)",
        ),
        (
            "sum-array",
            3,
            Signal::SIGTERM,
            "process 3 was killed by signal 15 (SIGTERM)",
        ),
        (
            "memory-corruption",
            1,
            Signal::SIGKILL,
            "process 1 was killed by signal 9 (SIGKILL)",
        ),
    ] {
        let mut command = Command::new(program(package, "processes"));
        let finished = run_and_kill_child(command.args(["4", "--len", "1000"]), victim, signal);
        finished.failed(1, &[message]);
    }
}

#[test]
fn the_writer_is_killed_from_outside() -> io::Result<()> {
    let folder = TempDir::new()?;
    let mut command = Command::new(program("wait-for-me", "processes-solution"));
    let running = start(command.arg(folder.path().join("message.txt")));
    kill(running.first_child(), Signal::SIGKILL)?;
    running
        .finish()
        .failed(1, &["writer was killed by signal 9 (SIGKILL)"]);
    Ok(())
}

/// Ctrl-C sends SIGINT to all processes of the group. That neither child nor
/// file is left, `finish` and the folder tell.
#[test]
fn ctrl_c_while_the_writer_sleeps() -> io::Result<()> {
    let folder = TempDir::new()?;
    let mut command = Command::new(program("wait-for-me", "processes-solution"));
    let running = start(command.arg(folder.path().join("message.txt")));
    running.first_child();
    killpg(running.pid(), Signal::SIGINT)?;
    let finished = running.finish();
    assert_eq!(finished.status.signal(), Some(libc::SIGINT), "{finished:?}");
    assert!(
        finished.stdout.is_empty() && finished.stderr.is_empty(),
        "{finished:?}"
    );
    assert_eq!(std::fs::read_dir(folder.path())?.count(), 0);
    Ok(())
}

#[test]
fn ctrl_c_while_a_thousand_children_work() {
    let mut command = Command::new(program("memory-corruption", "processes"));
    let running = start(command.arg("1024"));
    running.first_child();
    killpg(running.pid(), Signal::SIGINT).expect("the group");
    let finished = running.finish();
    assert_eq!(finished.status.signal(), Some(libc::SIGINT), "{finished:?}");
    assert!(
        finished.stdout.is_empty() && finished.stderr.is_empty(),
        "{finished:?}"
    );
}

#[test]
fn a_killed_parent_leaves_no_child() -> io::Result<()> {
    for signal in [Signal::SIGTERM, Signal::SIGKILL] {
        let folder = TempDir::new()?;
        let mut command = Command::new(program("wait-for-me", "processes-solution"));
        let running = start(command.arg(folder.path().join("message.txt")));
        running.first_child();
        kill(running.pid(), signal)?;
        let finished = running.finish();
        assert_eq!(
            finished.status.signal(),
            Some(signal as i32),
            "{finished:?}"
        );
        assert_eq!(std::fs::read_dir(folder.path())?.count(), 0);
    }
    Ok(())
}

/// Without the worker that was killed, the counter would be short.
#[test]
fn a_worker_that_adds_is_killed() {
    for args in [&["4"][..], &["4", "--atomic"]] {
        let mut command = Command::new(program("shared-counter", "processes-solution"));
        let finished = run_and_kill_child(command.args(args), 2, Signal::SIGKILL);
        finished.failed(1, &["process 2 was killed by signal 9 (SIGKILL)"]);
    }
}
