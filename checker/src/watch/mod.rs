//! Checks again whenever a source file is saved.
//!
//! A check is a process of its own, in a process group of its own. So a save ends
//! the check that is under way at once: cargo and the compiler are in the group,
//! and the programs that are traced die with their tracer.

mod group;
mod keys;
mod saves;

pub use group::Group;
pub use keys::{Hit, Key, Keys};
pub use saves::Saves;

use crate::workspace::Workspace;
use nix::sys::signal::{SaFlags, SigAction, SigHandler, SigSet, Signal, sigaction};
use std::env;
use std::ffi::OsString;
use std::io::{self, IsTerminal, Write};
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// How often it looks whether the check has ended, or it should end itself.
const PERIOD: Duration = Duration::from_millis(50);

/// How long nothing is saved before a burst of saves is over.
const QUIET: Duration = Duration::from_millis(50);

/// Whether it should end.
static IS_OVER: AtomicBool = AtomicBool::new(false);

/// Why it does not watch, or not any more.
#[derive(Debug, thiserror::Error)]
pub enum WatchError {
    /// The check can't be run.
    #[error("cannot run the check")]
    Check(#[source] io::Error),
    /// A signal would end it, and not the check.
    #[error("cannot handle signals")]
    Signals(#[source] io::Error),
    /// Standard output or standard error can't be written.
    #[error("cannot write")]
    Write(#[source] io::Error),
}

/// Runs `cargo lab check` with these arguments, now and whenever a source file has
/// been saved, until it gets a signal to end: Ctrl-C, `SIGTERM`, or `SIGHUP`. A
/// check that is under way is ended then, and started anew after a save. At a terminal keys
/// call other commands: [`Keys`].
///
/// # Errors
///
/// When the check can't be started. How a check ends is its own affair.
pub fn watch(
    workspace: &Workspace,
    check_args: &[OsString],
    names: &[OsString],
) -> Result<(), WatchError> {
    // Later the program may have been replaced, and not be found any more.
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

/// Runs a command now and whenever a source file has been saved or a key was hit, until it is
/// over. What is under way is ended then.
///
/// # Errors
///
/// When the command can't be started.
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

/// Makes the signals that would end this process end the check first.
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

/// Where somebody looks at a screen.
fn clear_screen() -> io::Result<()> {
    let is_screen = env::var_os("TERM").is_some_and(|kind| kind != "dumb");
    let mut out = io::stdout();
    if is_screen && out.is_terminal() {
        // All of it, from the upper left corner.
        out.write_all(b"\x1b[2J\x1b[H")?;
        out.flush()?;
    }
    Ok(())
}
