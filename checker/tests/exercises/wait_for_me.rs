//! wait-for-me: the effects of a missing wait and of a wait.

use crate::support::conditions::{Unprivileged, ignore_sigxfsz, limit, on_one_cpu};
use crate::support::programs::{mistake, program, skeleton};
use crate::support::running::{Finished, run, run_with, start};
use crate::support::terminal::run_in_terminal;
use nix::sys::resource::Resource;
use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};
use std::{fs, io};
use tempfile::TempDir;

const MESSAGE: &str = "Now you see me, now you don't";

/// The 400 numbers that the program printed.
#[track_caller]
fn numbers(finished: &Finished) -> Vec<i32> {
    let numbers: Result<Vec<i32>, _> = finished
        .stdout()
        .split_whitespace()
        .map(str::parse)
        .collect();
    let numbers = numbers.unwrap_or_else(|error| panic!("{error}: {finished:?}"));
    assert!(numbers.iter().map(|n| n.abs()).eq(1..=400), "{numbers:?}");
    numbers
}

#[test]
fn who_waits_sees_all_numbers_negative() {
    let threads = program("wait-for-me", "threads-solution");
    for _ in 0..100 {
        let finished = run_with(threads, &[]).succeeded();
        assert!(numbers(&finished).iter().all(|&n| n < 0), "{finished:?}");
    }
}

#[test]
fn the_skeleton_negates_nothing() {
    let finished = run_with(skeleton("wait-for-me", "threads"), &[]).succeeded();
    assert!(numbers(&finished).into_iter().eq(1..=400));
}

/// In a hundred runs: how many show both kinds of numbers, and at how many
/// different places the negative ones begin.
#[track_caller]
fn race(run_once: impl Fn(&mut Command) -> Finished) -> (usize, usize) {
    let threads = mistake("wait-for-me", "threads", "spawn-without-join");
    let first_negatives: Vec<_> = (0..100)
        .map(|_| {
            let finished = run_once(&mut Command::new(threads)).succeeded();
            numbers(&finished).iter().position(|&n| n < 0)
        })
        .collect();
    let is_mixed = |first: &&Option<usize>| first.is_some_and(|first| first > 0);
    let mixed = first_negatives.iter().filter(is_mixed).count();
    (
        mixed,
        first_negatives.into_iter().collect::<BTreeSet<_>>().len(),
    )
}

/// On a single CPU the two threads take turns, and luck has less to decide.
fn least_different() -> usize {
    match std::thread::available_parallelism().map_or(1, usize::from) {
        1 => 2,
        _ => 10,
    }
}

#[test]
fn the_race_is_plain_to_see_in_a_pipe() {
    let (mixed, different) = race(run);
    let is_plain = mixed >= 60 && different >= least_different();
    assert!(is_plain, "mixed {mixed}, different {different}");
}

#[test]
fn the_race_is_plain_to_see_in_a_terminal() {
    let (mixed, different) = race(run_in_terminal);
    let is_plain = mixed >= 60 && different >= least_different();
    assert!(is_plain, "mixed {mixed}, different {different}");
}

#[test]
fn the_race_is_plain_to_see_on_one_cpu() {
    let (mixed, different) = race(|command| run(on_one_cpu(command)));
    assert!(
        mixed >= 60 && different >= 2,
        "mixed {mixed}, different {different}"
    );
}

#[test]
fn who_waits_reads_the_message() -> io::Result<()> {
    let folder = TempDir::new()?;
    let file = folder.path().join("message.txt");
    // Twice: the first run must not stand in the way of the second.
    for _ in 0..2 {
        let start = Instant::now();
        let finished = with_file(program("wait-for-me", "processes-solution"), &file).succeeded();
        assert_eq!(finished.stdout(), format!("{MESSAGE}\n"));
        // It waited for a child that took its time.
        assert!(start.elapsed() >= Duration::from_secs(1));
        assert!(!file.exists(), "it removes its own file");
    }
    Ok(())
}

#[test]
fn who_does_not_wait_finds_no_file() -> io::Result<()> {
    let folder = TempDir::new()?;
    let file = folder.path().join("message.txt");
    let mut command = Command::new(skeleton("wait-for-me", "processes"));
    let running = start(command.arg(&file)).leaving_a_child();
    running.finish().failed(1, &["message.txt", "No such file"]);
    assert_eq!(fs::read_dir(folder.path())?.count(), 0);
    Ok(())
}

#[test]
fn a_file_of_another_program_stays_as_it_is() -> io::Result<()> {
    let folder = TempDir::new()?;
    let file = folder.path().join("theirs.txt");
    // Also a file that happens to hold the same text.
    for text in ["theirs", "", MESSAGE] {
        fs::write(&file, text)?;
        for processes in [
            program("wait-for-me", "processes-solution"),
            skeleton("wait-for-me", "processes"),
        ] {
            with_file(processes, &file).failed(1, &["theirs.txt", "exists already"]);
            assert_eq!(fs::read_to_string(&file)?, text);
        }
    }
    Ok(())
}

#[test]
fn neither_links_nor_folders_are_files() -> io::Result<()> {
    let folder = TempDir::new()?;
    let link = folder.path().join("link");
    let target = folder.path().join("target");
    symlink(&target, &link)?;
    let processes = program("wait-for-me", "processes-solution");
    with_file(processes, &link).failed(1, &["link", "exists already"]);
    assert!(link.is_symlink() && !target.exists());
    with_file(processes, folder.path()).failed(1, &["exists already"]);
    Ok(())
}

#[test]
fn a_file_that_appears_meanwhile_stays_as_it_is() -> io::Result<()> {
    let folder = TempDir::new()?;
    let file = folder.path().join("theirs.txt");
    let mut command = Command::new(program("wait-for-me", "processes-solution"));
    let running = start(command.arg(&file));
    // The child is there, and sleeps for a second.
    running.first_child();
    fs::write(&file, "theirs")?;
    running.finish().failed(1, &["theirs.txt", "File exists"]);
    assert_eq!(fs::read_to_string(&file)?, "theirs");
    Ok(())
}

#[test]
fn a_folder_that_is_not_there() -> io::Result<()> {
    let folder = TempDir::new()?;
    let file = folder.path().join("nowhere/message.txt");
    let processes = program("wait-for-me", "processes-solution");
    with_file(processes, &file).failed(1, &["nowhere/message.txt", "No such file"]);
    Ok(())
}

#[test]
fn a_folder_that_cannot_be_written_to() {
    let user = Unprivileged::new();
    let mut command = user.command(program("wait-for-me", "processes-solution"), None);
    let file = user.read_only_folder().join("message.txt");
    run(command.arg(&file)).failed(1, &["message.txt", "Permission denied"]);
    assert!(!file.exists());
}

/// As on a full disk, the file is there, but no byte can be written to it.
#[test]
fn no_half_written_file_is_left() -> io::Result<()> {
    let folder = TempDir::new()?;
    let file = folder.path().join("message.txt");
    let mut command = Command::new(program("wait-for-me", "processes-solution"));
    ignore_sigxfsz(limit(&mut command, Resource::RLIMIT_FSIZE, 0));
    run(command.arg(&file)).failed(1, &["cannot write to", "message.txt", "writer exited"]);
    assert!(!file.exists());
    Ok(())
}

#[test]
fn a_file_name_need_not_be_utf8() -> io::Result<()> {
    let folder = TempDir::new()?;
    let file = folder.path().join(OsStr::from_bytes(b"\xff\xfe"));
    let finished = with_file(program("wait-for-me", "processes-solution"), &file).succeeded();
    assert_eq!(finished.stdout(), format!("{MESSAGE}\n"));
    Ok(())
}

#[track_caller]
fn with_file(program: &Path, file: &Path) -> Finished {
    run(Command::new(program).arg(file))
}
