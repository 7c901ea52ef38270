//! Checks again whenever a source file is saved.
//!
//! A check is a process in its own process group. So a save can end the running check at once.
//! Cargo and the compiler are in the group, and traced programs die with their tracer.

mod group;
mod keys;
mod saves;

pub use group::Group;
pub use keys::{Key, Keys};
pub use saves::Saves;

use crate::terminal::is_screen;
use crate::workspace::Workspace;
use anyhow::{Context, Result};
use nix::sys::signal::{SigHandler, Signal, signal};
use std::ffi::OsString;
use std::io::{self, Write};
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use std::{env, mem};

/// A burst of saves ends after this time without a save.
const QUIET: Duration = Duration::from_millis(50);

/// Whether the watch should end.
static IS_OVER: AtomicBool = AtomicBool::new(false);

/// Runs `cargo lab check` with these arguments, now and after each save of a source file. Ends
/// at a signal: Ctrl-C, `SIGTERM`, or `SIGHUP`. A signal also ends the running check, and a
/// save restarts it. At a terminal, keys start other commands with these names: [`Keys`].
///
/// # Errors
///
/// The check can't be started. The exit status of a check does not matter.
pub fn watch(workspace: &Workspace, check_args: &[OsString], names: &[OsString]) -> Result<()> {
    // Find the program now, because it may be replaced later.
    let program = env::current_exe().context("cannot run the check")?;
    end_at_signals().context("cannot handle signals")?;
    let mut saves = Saves::notice(workspace.root(), QUIET);
    let keys = Keys::read();
    let command = |key: Key| {
        let mut command = Command::new(&program);
        match key {
            Key::Hint => command.arg("hint").args(names),
            Key::Trace => command.arg("trace").args(names),
            Key::Check | Key::Quit => command.arg("check").args(check_args),
        };
        command
    };
    repeat(&mut saves, &IS_OVER, keys.as_ref(), command)
}

/// Runs a command now and after each save or key press, until a signal arrives. The signal ends
/// the running command.
///
/// # Errors
///
/// The command can't be started.
pub fn repeat(
    saves: &mut Saves,
    is_over: &AtomicBool,
    keys: Option<&Keys>,
    command: impl Fn(Key) -> Command,
) -> Result<()> {
    let is_over = || is_over.load(Ordering::Relaxed);
    let mut key = Key::Check;
    while !is_over() && key != Key::Quit {
        clear_screen().context("cannot write")?;
        let started = Group::start(command(mem::replace(&mut key, Key::Check)));
        let mut check = Some(started.context("cannot run the check")?);
        while !is_over() && saves.burst().is_none() {
            if let Some(hit) = keys.and_then(Keys::hit) {
                key = hit;
                break;
            }
            let has_ended = check.as_ref().map(Group::has_ended).transpose();
            if has_ended.context("cannot run the check")? == Some(true) {
                check = None;
                let line = match keys {
                    None => "waiting for a file to be saved; Ctrl-C ends this",
                    Some(_) => "keys: h hint, t trace, c check, q quit",
                };
                writeln!(io::stderr(), "{line}").context("cannot write")?;
            }
        }
    }
    Ok(())
}

/// Makes these signals end the check before this process ends.
fn end_at_signals() -> io::Result<()> {
    extern "C" fn end(_: libc::c_int) {
        IS_OVER.store(true, Ordering::Relaxed);
    }
    for number in [Signal::SIGINT, Signal::SIGTERM, Signal::SIGHUP] {
        // SAFETY: the handler only stores to an atomic variable.
        unsafe { signal(number, SigHandler::Handler(end)) }?;
    }
    Ok(())
}

/// Clears the screen of a terminal.
fn clear_screen() -> io::Result<()> {
    let mut out = io::stdout();
    if is_screen(&out) {
        // Clear the whole screen from the upper left corner.
        out.write_all(b"\x1b[2J\x1b[H")?;
        out.flush()?;
    }
    Ok(())
}
