//! Checks again whenever a source file is saved.
//!
//! A check is a process in its own process group. So a save can end the running check at once.
//! Cargo and the compiler are in the group, and traced programs die with their tracer.

mod group;
mod keys;
mod saves;

pub use group::Group;
pub use keys::{Hit, Key, Keys};
pub use saves::Saves;

use crate::terminal::is_screen;
use crate::workspace::Workspace;
use nix::sys::signal::{SaFlags, SigAction, SigHandler, SigSet, Signal, sigaction};
use std::env;
use std::ffi::OsString;
use std::io::{self, Write};
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// The time between two looks at the check and at the signals.
const PERIOD: Duration = Duration::from_millis(50);

/// A burst of saves ends after this time without a save.
const QUIET: Duration = Duration::from_millis(50);

/// Whether the watch should end.
static IS_OVER: AtomicBool = AtomicBool::new(false);

/// Why watching failed.
#[derive(Debug, thiserror::Error)]
pub enum WatchError {
    /// The check can't be run.
    #[error("cannot run the check")]
    Check(#[source] io::Error),
    /// Without a handler, a signal would end this process but not the check.
    #[error("cannot handle signals")]
    Signals(#[source] io::Error),
    /// Standard output or standard error fails.
    #[error("cannot write")]
    Write(#[source] io::Error),
}

/// Runs `cargo lab check` with these arguments, now and after each save of a source file. Ends
/// at a signal: Ctrl-C, `SIGTERM`, or `SIGHUP`. A signal also ends the running check, and a
/// save restarts it. At a terminal, keys start other commands: [`Keys`].
///
/// # Errors
///
/// The check can't be started. The exit status of a check does not matter.
pub fn watch(
    workspace: &Workspace,
    check_args: &[OsString],
    names: &[OsString],
) -> Result<(), WatchError> {
    // Find the program now, because it may be replaced later.
    let program = env::current_exe().map_err(WatchError::Check)?;
    end_at_signals().map_err(WatchError::Signals)?;
    let mut saves = Saves::notice(workspace.root(), QUIET);
    let keys = Keys::read();
    let command = |key: Option<Key>| {
        let mut command = Command::new(&program);
        match key {
            None => command.arg("check").args(check_args),
            Some(Key::Hint) => command.arg("hint").args(names),
            Some(Key::Trace) => command.arg("trace").args(names),
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
    command: impl Fn(Option<Key>) -> Command,
) -> Result<(), WatchError> {
    let is_over = || is_over.load(Ordering::Relaxed);
    let mut key = None;
    while !is_over() {
        clear_screen().map_err(WatchError::Write)?;
        let mut check = Some(Group::start(command(key.take())).map_err(WatchError::Check)?);
        while !is_over() && saves.next(PERIOD).is_none() {
            match keys.and_then(Keys::hit) {
                Some(Hit::Quit) => return Ok(()),
                Some(Hit::Again) => break,
                Some(Hit::Key(hit)) => {
                    key = Some(hit);
                    break;
                }
                None => {}
            }
            let has_ended = check.as_ref().map(Group::has_ended).transpose();
            if has_ended.map_err(WatchError::Check)? == Some(true) {
                check = None;
                let line = match keys {
                    None => "waiting for a file to be saved; Ctrl-C ends this",
                    Some(_) => "keys: h hint, t trace, c check, q quit",
                };
                writeln!(io::stderr(), "{line}").map_err(WatchError::Write)?;
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
    let action = SigAction::new(
        SigHandler::Handler(end),
        SaFlags::SA_RESTART,
        SigSet::empty(),
    );
    for signal in [Signal::SIGINT, Signal::SIGTERM, Signal::SIGHUP] {
        // SAFETY: the handler only stores to an atomic variable.
        unsafe { sigaction(signal, &action) }?;
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
