//! Noticing saves and ending checks; the command lines of `cargo lab watch` and
//! `cargo lab doctor`.
//!
//! No test waits to see that nothing happens. After a change that must not be noticed, it saves
//! another file, and only this save is reported.

use crate::support::{Folder, LIMIT, Result, assert_has, lab, run, wait_until};
use checker::watch::{Group, Saves, repeat};
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::pty::openpty;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::os::fd::AsFd;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;
use wait_timeout::ChildExt;

/// Far longer than between the saves of a burst, also on a busy machine, and
/// between two looks of the poller.
const QUIET: Duration = Duration::from_secs(1);

const THREADS: &str = "package/src/bin/threads.rs";

/// A workspace with one package, below a folder with the name of cargo's.
struct Lab(Folder);

impl Lab {
    /// The lab, and its saves from now on.
    fn new() -> io::Result<(Self, Saves)> {
        let lab = Self(Folder::new()?);
        lab.save("Cargo.toml", "[workspace]")?;
        lab.save(THREADS, "fn main() {}")?;
        let saves = Saves::notice(&lab.path(""), QUIET);
        Ok((lab, saves))
    }

    fn path(&self, file: &str) -> PathBuf {
        self.0.path("target").join(file)
    }

    fn save(&self, file: &str, text: &str) -> io::Result<()> {
        self.0.write(Path::new("target").join(file), text)
    }

    /// The next burst is of these files.
    #[track_caller]
    fn assert_saved(&self, saves: &mut Saves, files: &[&str]) {
        // A look takes 50 ms, so these take far longer than a burst needs to begin.
        let burst = (0..200).find_map(|_| saves.burst()).map(Vec::from_iter);
        let expected = files.iter().map(|file| self.path(file));
        assert_eq!(burst, Some(expected.collect()));
    }
}

#[test]
fn every_way_to_save_is_noticed() -> Result {
    let (lab, mut saves) = Lab::new()?;
    // Of the same length, and within the same second.
    for text in ["fn a() {}", "fn b() {}", "fn c() {}"] {
        lab.save(THREADS, text)?;
        lab.assert_saved(&mut saves, &[THREADS]);
    }
    lab.save("Cargo.toml", "[workspace]\nresolver = \"3\"")?;
    lab.assert_saved(&mut saves, &["Cargo.toml"]);
    // As most editors do.
    let hidden = "package/src/bin/.threads.rs.tmp";
    for text in ["fn d() {}", "fn e() {}"] {
        lab.save(hidden, text)?;
        fs::rename(lab.path(hidden), lab.path(THREADS))?;
        lab.assert_saved(&mut saves, &[THREADS]);
    }
    // As Vim does, with a backup.
    fs::rename(lab.path(THREADS), lab.path("package/src/bin/threads.rs~"))?;
    lab.save(THREADS, "fn f() {}")?;
    lab.assert_saved(&mut saves, &[THREADS]);
    // A burst counts once.
    let files = ["package/Cargo.toml", "package/src/a.rs", "package/src/b.rs"];
    for text in ["first", "the second", "and the third"] {
        for file in files {
            lab.save(file, text)?;
        }
    }
    lab.assert_saved(&mut saves, &files);
    Ok(())
}

#[test]
fn only_sources_are_noticed_also_in_new_folders() -> Result {
    let (lab, mut saves) = Lab::new()?;
    let no_sources = "target/debug/generated.rs package/target/debug/generated.rs \
                      package/src/notes.txt package/src/.#threads.rs Cargo.lock";
    for file in no_sources.split(' ') {
        lab.save(file, "no source")?;
    }
    // A compiler reads.
    fs::read(lab.path(THREADS))?;
    fs::create_dir(lab.path("package/src/new"))?;
    lab.save("package/src/sentinel.rs", "a source")?;
    lab.assert_saved(&mut saves, &["package/src/sentinel.rs"]);
    lab.save("package/src/new/mod.rs", "another one")?;
    lab.assert_saved(&mut saves, &["package/src/new/mod.rs"]);
    // A folder is removed and created again.
    let files = [THREADS, "package/src/new/mod.rs", "package/src/sentinel.rs"];
    fs::remove_dir_all(lab.path("package"))?;
    lab.assert_saved(&mut saves, &files);
    for text in ["fn main() {}", "fn saved() {}"] {
        lab.save(THREADS, text)?;
        lab.assert_saved(&mut saves, &[THREADS]);
    }
    Ok(())
}

/// A shell that runs this script in a folder.
fn shell(folder: PathBuf, script: &str) -> Command {
    let mut shell = Command::new("sh");
    shell.args(["-c", script]).current_dir(folder);
    shell
}

/// Saves without a pause do not keep a check from starting.
#[test]
fn a_burst_without_a_pause_ends_all_the_same() -> Result {
    let (lab, mut saves) = Lab::new()?;
    let script = "while :; do i=$((i + 1)); echo $i >endless.rs; sleep 0.005; done";
    let _group = Group::start(shell(lab.path("package/src"), script))?;
    lab.assert_saved(&mut saves, &["package/src/endless.rs"]);
    Ok(())
}

/// Whether a process runs, and is no zombie.
fn is_alive(pid: &str) -> bool {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let state = stat.rsplit_once(") ").map(|(_, rest)| rest);
    state.is_some_and(|state| !state.starts_with('Z'))
}

/// The lines of a file, when there are as many as that.
#[track_caller]
fn lines(file: &Path, count: usize) -> Vec<String> {
    wait_until(|| {
        let text = fs::read_to_string(file).unwrap_or_default();
        let are_there = text.lines().count() >= count && text.ends_with('\n');
        let lines = text.lines().map(str::to_owned).collect();
        if are_there { Ok(lines) } else { Err(text) }
    })
}

#[test]
fn a_check_ends_with_all_that_it_started() -> Result {
    let folder = Folder::new()?;
    // A child, an orphan, and a temporary file.
    let script = "sleep 600 & child=$!; (sleep 600 >/dev/null & echo $! > orphan); \
                  touch \"$TMPDIR/file\"; \
                  printf '%s\\n' \"$TMPDIR\" $$ $child $(cat orphan) >> told; wait";
    let group = Group::start(shell(folder.path(""), script))?;
    let told = lines(&folder.path("told"), 4);
    let (temporary, pids) = (Path::new(&told[0]), &told[1..]);
    assert!(!group.has_ended()?);
    assert!(pids.iter().all(|pid| is_alive(pid)), "{pids:?}");
    assert!(temporary.join("file").exists());
    drop(group);
    assert!(!pids.iter().any(|pid| is_alive(pid)), "{pids:?}");
    assert!(!temporary.exists());

    // A check may end by itself, or not start.
    let group = Group::start(Command::new("true"))?;
    wait_until(|| match group.has_ended() {
        Ok(true) => Ok(()),
        other => Err(other),
    });
    // Also when asked again.
    assert!(group.has_ended()?);
    assert!(Group::start(Command::new("/no/such/program")).is_err());
    Ok(())
}

/// Ends the checks, also when an assertion fails.
struct End<'a>(&'a AtomicBool);

impl Drop for End<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

#[test]
fn a_save_ends_the_check_and_starts_it_anew() -> Result {
    let (lab, mut saves) = Lab::new()?;
    let pids = lab.path("pids");
    let is_over = AtomicBool::new(false);
    thread::scope(|scope| {
        let checks = scope.spawn(|| {
            let script = "echo $$ >> pids; sleep 600; true";
            let check = |_| shell(lab.path(""), script);
            repeat(&mut saves, &is_over, None, check)
        });
        let end = End(&is_over);
        let first = lines(&pids, 1);
        assert!(is_alive(&first[0]));
        lab.save(THREADS, "fn saved() {}")?;
        let both = lines(&pids, 2);
        assert!(!is_alive(&both[0]) && is_alive(&both[1]));
        drop(end);
        checks.join().map_err(|_| "it panicked")??;
        // One save, one check more.
        assert_eq!(lines(&pids, 2), both);
        assert!(!is_alive(&both[1]));
        Ok(())
    })
}

/// `cargo lab watch`, which is killed when a test ends.
struct Watch(Child);

impl Drop for Watch {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Watch {
    #[track_caller]
    fn assert_ends_well(&mut self) {
        let status = self.0.wait_timeout(LIMIT).expect("a child");
        assert!(status.is_some_and(|status| status.success()), "{status:?}");
    }
}

/// What a command prints until this appears.
#[track_caller]
fn read_until(stream: &mut (impl Read + AsFd), expected: &str) -> String {
    let mut seen = String::new();
    let mut buffer = [0; 4096];
    while !seen.contains(expected) {
        let mut fds = [PollFd::new(stream.as_fd(), PollFlags::POLLIN)];
        let limit = PollTimeout::try_from(LIMIT).expect("a limit");
        assert_eq!(poll(&mut fds, limit), Ok(1), "no {expected}: {seen}");
        let read = stream.read(&mut buffer).expect("it can be read");
        assert!(read > 0, "no {expected}: {seen}");
        seen += &String::from_utf8_lossy(&buffer[..read]);
    }
    seen
}

#[test]
fn a_signal_ends_the_watch() -> Result {
    for signal in [Signal::SIGINT, Signal::SIGTERM] {
        // The check has little to do.
        let mut command = lab("watch wait-for-me");
        let command = command.stdin(Stdio::null()).stdout(Stdio::piped());
        let mut watch = Watch(command.stderr(Stdio::piped()).spawn()?);
        let mut stderr = watch.0.stderr.take().ok_or("standard error")?;
        read_until(&mut stderr, "waiting for a file to be saved");
        kill(Pid::from_raw(watch.0.id().cast_signed()), signal)?;
        watch.assert_ends_well();
        let mut stdout = watch.0.stdout.take().ok_or("standard output")?;
        let printed = io::read_to_string(&mut stdout)?;
        assert!(!printed.contains('\x1b'), "{printed:?}");
    }
    Ok(())
}

#[test]
fn keys_call_other_commands() -> Result {
    let (folder, _) = Lab::new()?;
    let terminal = openpty(None, None)?;
    let mut command = Command::new("setsid");
    command
        .args(["--ctty", env!("CARGO_BIN_EXE_lab"), "watch"])
        .args(["wait-for-me", "threads"])
        .env("CARGO_MANIFEST_DIR", folder.path("checker"))
        .env("TERM", "xterm")
        .stdin(terminal.slave.try_clone()?)
        .stdout(terminal.slave.try_clone()?)
        .stderr(terminal.slave);
    let mut watch = Watch(command.spawn()?);
    drop(command);
    let mut screen = File::from(terminal.master);
    read_until(&mut screen, "keys: h hint, t trace, c check, q quit");
    for hint in ["Hint 1 of 3", "Hint 2 of 3"] {
        screen.write_all(b"h")?;
        let shown = read_until(&mut screen, "q quit");
        assert_has(&shown, &[hint, "wait-for-me threads"]);
    }
    // There is no such package in this lab, and cargo says which one it was asked for.
    screen.write_all(b"t")?;
    read_until(&mut screen, "wait-for-me");
    screen.write_all(b"q")?;
    watch.assert_ends_well();
    Ok(())
}

#[test]
fn the_doctor_finds_what_runs_these_tests() {
    let ran = run(&mut lab("doctor")).ended(0).printed(&["✓ tracing"]);
    assert!(!ran.stdout.contains('\x1b'), "{ran:?}");
}
