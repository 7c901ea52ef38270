//! Noticing saves and ending checks; the command lines of `cargo lab watch` and
//! `cargo lab doctor`.
//!
//! No test waits to see that nothing happens. After a change that must not be noticed, it saves
//! another file, and only this save is reported.

use checker::watch::{Group, Saves, repeat};
use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::pty::openpty;
use nix::sys::signal::{Signal, kill};
use nix::unistd::{Pid, setsid};
use std::error::Error;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read, Write};
use std::os::fd::AsFd;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};
use tempfile::TempDir;
use wait_timeout::ChildExt;

/// Far longer than anything takes here.
const LIMIT: Duration = Duration::from_secs(10);

/// Far longer than between the saves of a burst, also on a busy machine, and
/// between two looks of the poller.
const QUIET: Duration = Duration::from_secs(1);

/// A workspace with one package, below a folder with the name of cargo's.
struct Lab {
    _folder: TempDir,
    root: PathBuf,
}

impl Lab {
    fn new() -> Result<Self, Box<dyn Error>> {
        let folder = TempDir::new()?;
        let root = folder.path().join("target");
        fs::create_dir_all(root.join("package/src/bin"))?;
        fs::create_dir_all(root.join("package/target/debug"))?;
        fs::create_dir_all(root.join("target/debug"))?;
        let lab = Self {
            _folder: folder,
            root,
        };
        lab.save("Cargo.toml", "[workspace]")?;
        lab.save("package/src/bin/threads.rs", "fn main() {}")?;
        Ok(lab)
    }

    fn notice(&self) -> Saves {
        Saves::notice(&self.root, QUIET)
    }

    fn save(&self, file: &str, text: &str) -> std::io::Result<()> {
        fs::write(self.root.join(file), text)
    }

    fn rename(&self, from: &str, to: &str) -> std::io::Result<()> {
        fs::rename(self.root.join(from), self.root.join(to))
    }

    /// The next burst is of these files.
    #[track_caller]
    fn assert_saved(&self, saves: &mut Saves, files: &[&str]) {
        let burst = saves.next(LIMIT);
        let below = |path: &PathBuf| path.strip_prefix(&self.root).ok().map(Path::to_owned);
        let burst: Option<Vec<_>> = burst.map(|files| files.iter().filter_map(below).collect());
        assert_eq!(burst, Some(files.iter().map(PathBuf::from).collect()));
    }
}

#[test]
fn a_save_by_writing() -> Result<(), Box<dyn Error>> {
    let lab = Lab::new()?;
    let mut saves = lab.notice();
    // Of the same length, and within the same second.
    for text in ["fn a() {}", "fn b() {}", "fn c() {}"] {
        lab.save("package/src/bin/threads.rs", text)?;
        lab.assert_saved(&mut saves, &["package/src/bin/threads.rs"]);
    }
    lab.save("Cargo.toml", "[workspace]\nresolver = \"3\"")?;
    lab.assert_saved(&mut saves, &["Cargo.toml"]);
    Ok(())
}

#[test]
fn a_save_by_renaming() -> Result<(), Box<dyn Error>> {
    let lab = Lab::new()?;
    let mut saves = lab.notice();
    let file = "package/src/bin/threads.rs";
    for text in ["fn a() {}", "fn b() {}"] {
        // As most editors do.
        lab.save("package/src/bin/.threads.rs.tmp", text)?;
        lab.rename("package/src/bin/.threads.rs.tmp", file)?;
        lab.assert_saved(&mut saves, &[file]);
    }
    // As Vim does, with a backup.
    lab.rename(file, "package/src/bin/threads.rs~")?;
    lab.save(file, "fn c() {}")?;
    lab.assert_saved(&mut saves, &[file]);
    Ok(())
}

#[test]
fn a_burst_counts_once() -> Result<(), Box<dyn Error>> {
    let lab = Lab::new()?;
    let mut saves = lab.notice();
    let files = ["package/Cargo.toml", "package/src/a.rs", "package/src/b.rs"];
    for text in ["first", "the second", "and the third"] {
        for file in files {
            lab.save(file, text)?;
        }
    }
    lab.assert_saved(&mut saves, &files);
    lab.save("package/src/c.rs", "another one")?;
    lab.assert_saved(&mut saves, &["package/src/c.rs"]);
    Ok(())
}

#[test]
fn what_is_no_source_is_not_noticed() -> Result<(), Box<dyn Error>> {
    let lab = Lab::new()?;
    let mut saves = lab.notice();
    for file in [
        "target/debug/generated.rs",
        "package/target/debug/generated.rs",
        "package/src/notes.txt",
        "package/src/.#threads.rs",
        "Cargo.lock",
    ] {
        lab.save(file, "no source")?;
    }
    // A compiler reads.
    fs::read(lab.root.join("package/src/bin/threads.rs"))?;
    lab.save("package/src/sentinel.rs", "a source")?;
    lab.assert_saved(&mut saves, &["package/src/sentinel.rs"]);
    Ok(())
}

#[test]
fn a_source_in_a_new_folder() -> Result<(), Box<dyn Error>> {
    let lab = Lab::new()?;
    let mut saves = lab.notice();
    fs::create_dir(lab.root.join("package/src/new"))?;
    lab.save("package/src/sentinel.rs", "a source")?;
    lab.assert_saved(&mut saves, &["package/src/sentinel.rs"]);
    lab.save("package/src/new/mod.rs", "another one")?;
    lab.assert_saved(&mut saves, &["package/src/new/mod.rs"]);
    Ok(())
}

#[test]
fn a_folder_that_was_removed_and_created_again() -> Result<(), Box<dyn Error>> {
    let lab = Lab::new()?;
    let mut saves = lab.notice();
    let file = "package/src/bin/threads.rs";
    fs::remove_dir_all(lab.root.join("package"))?;
    lab.assert_saved(&mut saves, &[file]);
    fs::create_dir_all(lab.root.join("package/src/bin"))?;
    lab.save(file, "fn main() {}")?;
    lab.assert_saved(&mut saves, &[file]);
    lab.save(file, "fn saved() {}")?;
    lab.assert_saved(&mut saves, &[file]);
    Ok(())
}

/// Saves without a pause do not keep a check from starting.
#[test]
fn a_burst_without_a_pause_ends_all_the_same() -> Result<(), Box<dyn Error>> {
    let lab = Lab::new()?;
    let mut saves = lab.notice();
    let is_over = AtomicBool::new(false);
    thread::scope(|scope| {
        let end = End(&is_over);
        scope.spawn(|| {
            for number in 0.. {
                if is_over.load(Ordering::Relaxed) {
                    break;
                }
                let _ = lab.save("package/src/endless.rs", &number.to_string());
                thread::sleep(Duration::from_millis(5));
            }
        });
        lab.assert_saved(&mut saves, &["package/src/endless.rs"]);
        drop(end);
    });
    Ok(())
}

/// Whether a process runs, and is no zombie.
fn is_alive(pid: &str) -> bool {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let state = stat.rsplit_once(") ").map(|(_, rest)| rest);
    state.is_some_and(|state| !state.starts_with('Z'))
}

#[test]
fn a_check_ends_with_all_that_it_started() -> Result<(), Box<dyn Error>> {
    let folder = TempDir::new()?;
    let pids = folder.path().join("pids");
    let mut command = Command::new("sh");
    // A child, an orphan, and a temporary file, told of all at once.
    let script = "sleep 600 & child=$!; (sleep 600 >/dev/null & echo $! > orphan); \
                  touch \"$TMPDIR/file\"; \
                  echo $$ $child $(cat orphan) \"$TMPDIR\" > pids.new; mv pids.new pids; wait";
    command.args(["-c", script]).current_dir(folder.path());
    let group = Group::start(command)?;
    while !pids.exists() {
        assert!(!group.has_ended()?);
        thread::sleep(Duration::from_millis(5));
    }
    let text = fs::read_to_string(&pids)?;
    let (pids, temporary) = text.trim().rsplit_once(' ').ok_or("a line")?;
    let pids: Vec<_> = pids.split(' ').collect();
    assert_eq!(pids.len(), 3, "{text}");
    assert!(pids.iter().all(|pid| is_alive(pid)), "{text}");
    assert!(Path::new(temporary).join("file").exists());
    drop(group);
    for pid in pids {
        assert!(!is_alive(pid), "{pid}");
    }
    assert!(!Path::new(temporary).exists());
    Ok(())
}

/// The processes that have started so far, when there are as many as that.
#[track_caller]
fn started(file: &Path, count: usize) -> Vec<String> {
    let start = Instant::now();
    loop {
        assert!(start.elapsed() < LIMIT);
        let text = fs::read_to_string(file).unwrap_or_default();
        if text.lines().count() >= count && text.ends_with('\n') {
            return text.lines().map(str::to_owned).collect();
        }
        thread::sleep(Duration::from_millis(5));
    }
}

/// Ends the checks, also when an assertion fails.
struct End<'a>(&'a AtomicBool);

impl Drop for End<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

#[test]
fn a_save_ends_the_check_and_starts_it_anew() -> Result<(), Box<dyn Error>> {
    let lab = Lab::new()?;
    let pids = lab.root.join("pids");
    let is_over = AtomicBool::new(false);
    let mut saves = lab.notice();
    thread::scope(|scope| {
        let checks = scope.spawn(|| {
            repeat(&mut saves, &is_over, None, |_| {
                let mut check = Command::new("sh");
                let script = "echo $$ >> pids; sleep 600; true";
                check.args(["-c", script]).current_dir(&lab.root);
                check
            })
        });
        let end = End(&is_over);
        let first = started(&pids, 1);
        assert!(is_alive(&first[0]));
        lab.save("package/src/bin/threads.rs", "fn saved() {}")?;
        let both = started(&pids, 2);
        assert!(!is_alive(&both[0]));
        assert!(is_alive(&both[1]));
        drop(end);
        checks.join().map_err(|_| "it panicked")??;
        // One save, one check more.
        assert_eq!(started(&pids, 2), both);
        assert!(!is_alive(&both[1]));
        Ok::<_, Box<dyn Error>>(())
    })?;
    Ok(())
}

#[test]
fn a_check_that_ends_by_itself() -> Result<(), Box<dyn Error>> {
    let group = Group::start(Command::new("true"))?;
    while !group.has_ended()? {
        thread::sleep(Duration::from_millis(5));
    }
    // Also when asked again.
    assert!(group.has_ended()?);
    Ok(())
}

#[test]
fn a_check_that_cannot_start() {
    assert!(Group::start(Command::new("/no/such/program")).is_err());
}

/// `cargo lab watch` with a check that has little to do.
struct Watch(Child);

impl Watch {
    fn start() -> std::io::Result<Self> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_lab"));
        command.args(["watch", "wait-for-me"]).stdin(Stdio::null());
        let command = command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command.spawn().map(Self)
    }

    /// Whether it says within the limit that it waits for a save. The check's own
    /// words come first, whatever they are.
    fn waits(&mut self) -> Result<bool, Box<dyn Error>> {
        let stderr = self.0.stderr.take().ok_or("standard error")?;
        let (sender, receiver) = mpsc::channel();
        thread::spawn(move || {
            let mut lines = BufReader::new(stderr).lines().map_while(Result::ok);
            let is_it = |line: String| line.starts_with("waiting for a file to be saved");
            let _ = sender.send(lines.any(is_it));
        });
        Ok(receiver.recv_timeout(LIMIT)?)
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn a_signal_ends_the_watch() -> Result<(), Box<dyn Error>> {
    for signal in [Signal::SIGINT, Signal::SIGTERM] {
        let mut watch = Watch::start()?;
        assert!(watch.waits()?);
        kill(Pid::from_raw(watch.0.id().cast_signed()), signal)?;
        let status = watch.0.wait_timeout(LIMIT)?;
        assert!(status.is_some_and(|status| status.success()), "{status:?}");
        let mut out = Vec::new();
        let mut stdout = watch.0.stdout.take().ok_or("standard output")?;
        stdout.read_to_end(&mut out)?;
        assert!(!out.contains(&b'\x1b'), "{out:?}");
    }
    Ok(())
}

/// Reads what appears at a terminal until this does.
fn read_until(terminal: &mut File, expected: &str) -> Result<String, Box<dyn Error>> {
    let mut seen = Vec::new();
    let mut buffer = [0; 4096];
    while !String::from_utf8_lossy(&seen).contains(expected) {
        let mut fds = [PollFd::new(terminal.as_fd(), PollFlags::POLLIN)];
        let limit = PollTimeout::try_from(LIMIT)?;
        let seen_so_far = String::from_utf8_lossy(&seen);
        assert_eq!(poll(&mut fds, limit)?, 1, "no {expected}: {seen_so_far}");
        let read = terminal.read(&mut buffer)?;
        seen.extend_from_slice(&buffer[..read]);
    }
    Ok(String::from_utf8_lossy(&seen).into_owned())
}

#[test]
fn keys_call_other_commands() -> Result<(), Box<dyn Error>> {
    let lab = Lab::new()?;
    let terminal = openpty(None, None)?;
    let mut command = Command::new(env!("CARGO_BIN_EXE_lab"));
    command
        .arg("watch")
        .args(["wait-for-me", "threads"])
        .env("CARGO_MANIFEST_DIR", lab.root.join("checker"))
        .env("TERM", "xterm")
        .stdin(terminal.slave.try_clone()?)
        .stdout(terminal.slave.try_clone()?)
        .stderr(terminal.slave);
    let own_terminal = || {
        setsid()?;
        // SAFETY: the call uses no memory; standard input is the terminal.
        Errno::result(unsafe { libc::ioctl(0, libc::TIOCSCTTY, 0) })?;
        Ok(())
    };
    // SAFETY: system calls only, which may be called between fork and exec.
    unsafe { command.pre_exec(own_terminal) };
    let mut watch = command.spawn()?;
    drop(command);
    let mut screen = File::from(terminal.master);
    read_until(&mut screen, "keys: h hint, t trace, c check, q quit")?;
    screen.write_all(b"h")?;
    read_until(&mut screen, "Hint 1 of 3 for wait-for-me threads")?;
    read_until(&mut screen, "q quit")?;
    screen.write_all(b"h")?;
    read_until(&mut screen, "Hint 2 of 3 for wait-for-me threads")?;
    read_until(&mut screen, "q quit")?;
    // There is no such package in this lab, and cargo says which one it was asked for.
    screen.write_all(b"t")?;
    read_until(&mut screen, "wait-for-me")?;
    screen.write_all(b"q")?;
    let status = watch.wait_timeout(LIMIT)?;
    assert!(status.is_some_and(|status| status.success()), "{status:?}");
    Ok(())
}

#[test]
fn the_doctor_finds_what_runs_these_tests() -> Result<(), Box<dyn Error>> {
    let output = Command::new(env!("CARGO_BIN_EXE_lab"))
        .arg("doctor")
        .output()?;
    let text = String::from_utf8(output.stdout)?;
    assert!(output.status.success(), "{text}");
    assert!(text.contains("✓ tracing"), "{text}");
    assert!(!text.contains('\x1b'), "{text:?}");
    Ok(())
}
