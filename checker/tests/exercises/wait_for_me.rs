//! wait-for-me: the effects of a missing wait and of a wait.

use crate::conditions::{Unprivileged, after, on_one_cpu};
use crate::programs::{WORKSPACE, built_sources, command};
use crate::running::{Ran, run, start};
use crate::support::run_in_terminal;
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};
use std::{fs, io, thread};
use tempfile::TempDir;

const MESSAGE: &str = "Now you see me, now you don't\n";

/// The 400 numbers that the program printed.
#[track_caller]
fn numbers(finished: &Ran) -> Vec<i32> {
    let numbers = finished.stdout.split_whitespace().map(str::parse);
    let numbers: Result<Vec<i32>, _> = numbers.collect();
    let numbers = numbers.unwrap_or_else(|error| panic!("{error}: {finished:?}"));
    assert!(numbers.iter().map(|n| n.abs()).eq(1..=400), "{numbers:?}");
    numbers
}

/// In a hundred runs, many show both kinds of numbers, and the negative ones begin at different
/// places.
#[test]
fn the_race_is_plain_to_see() {
    let source = "checker/mistakes/examples/wait-for-me-threads-spawn-without-join.rs";
    let sources = BTreeMap::from([("race".into(), WORKSPACE.root().join(source))]);
    let race = &built_sources("race", sources)["race"];
    // On a single CPU the two threads take turns, and luck has less to decide.
    let least = match thread::available_parallelism().map_or(1, usize::from) {
        1 => 2,
        _ => 10,
    };
    let pinned: fn(&mut Command) -> Ran = |command| run(on_one_cpu(command));
    for (place, run_once, least) in [
        ("in a pipe", run as fn(&mut Command) -> Ran, least),
        ("in a terminal", run_in_terminal, least),
        ("on one CPU", pinned, 2),
    ] {
        let first_negative = |_| {
            let finished = run_once(&mut Command::new(race)).succeeded();
            numbers(&finished).iter().position(|&n| n < 0)
        };
        let first_negatives: Vec<_> = (0..100).map(first_negative).collect();
        let is_mixed = |first: &&Option<usize>| first.is_some_and(|first| first > 0);
        let mixed = first_negatives.iter().filter(is_mixed).count();
        let different = first_negatives.iter().collect::<BTreeSet<_>>().len();
        let is_plain = mixed >= 60 && different >= least;
        assert!(is_plain, "{place}: mixed {mixed}, different {different}");
    }
}

/// The skeleton or the solution, with this file.
fn processes(binary: &str, file: &Path) -> Command {
    let mut command = Command::new(command(&format!("wait-for-me {binary}")).get_program());
    command.arg(file);
    command
}

const SOLUTION: &str = "processes-solution";

#[test]
fn who_waits_reads_the_message_and_who_does_not_finds_no_file() -> io::Result<()> {
    let folder = TempDir::new()?;
    // Twice: the first run must not stand in the way of the second. And a name need not be UTF-8.
    for name in [&b"message.txt"[..], b"message.txt", b"\xff\xfe"] {
        let file = folder.path().join(OsStr::from_bytes(name));
        let start = Instant::now();
        let finished = run(&mut processes(SOLUTION, &file)).succeeded();
        assert_eq!(finished.stdout, MESSAGE);
        // It waited for a child that took its time.
        assert!(start.elapsed() >= Duration::from_secs(1));
        assert!(!file.exists(), "it removes its own file");
    }
    // Who does not wait finds no file.
    let file = folder.path().join("message.txt");
    let running = start(&mut processes("processes", &file));
    running
        .finish_with_a_child()
        .failed(1, &["message.txt", "No such file"]);
    assert_eq!(fs::read_dir(folder.path())?.count(), 0);
    Ok(())
}

#[test]
fn what_another_program_has_made_stays_as_it_is() -> io::Result<()> {
    let folder = TempDir::new()?;
    let file = folder.path().join("theirs.txt");
    // The child is there, and sleeps for a second.
    let running = start(&mut processes(SOLUTION, &file));
    running.first_child();
    fs::write(&file, "theirs")?;
    running.finish().failed(1, &["theirs.txt", "File exists"]);
    assert_eq!(fs::read_to_string(&file)?, "theirs");
    // Also a file that happens to hold the same text.
    for text in ["theirs", "", MESSAGE.trim_end()] {
        fs::write(&file, text)?;
        for binary in [SOLUTION, "processes"] {
            let finished = run(&mut processes(binary, &file));
            finished.failed(1, &["theirs.txt", "exists already"]);
            assert_eq!(fs::read_to_string(&file)?, text);
        }
    }
    // Neither links nor folders are files.
    let [link, target] = ["link", "target"].map(|name| folder.path().join(name));
    symlink(&target, &link)?;
    for file in [&link, folder.path()] {
        run(&mut processes(SOLUTION, file)).failed(1, &["exists already"]);
    }
    assert!(link.is_symlink() && !target.exists());
    Ok(())
}

#[test]
fn a_file_that_cannot_be_written() -> io::Result<()> {
    let folder = TempDir::new()?;
    let nowhere = processes(SOLUTION, &folder.path().join("nowhere/message.txt"));
    let user = Unprivileged::new();
    let forbidden = user.read_only_folder().join("message.txt");
    let for_user = user.command(&processes(SOLUTION, &forbidden), 100);
    // As on a full disk, the file is there, but no byte can be written to it.
    let file = folder.path().join("message.txt");
    let full = after("trap '' XFSZ && ulimit -f 0", &processes(SOLUTION, &file));
    for (mut command, words) in [
        (nowhere, ["nowhere/message.txt", "No such file", ""]),
        (for_user, ["message.txt", "Permission denied", ""]),
        (full, ["cannot write to", "message.txt", "writer exited"]),
    ] {
        run(&mut command).failed(1, &words);
    }
    assert!(!forbidden.exists() && !file.exists());
    Ok(())
}
