//! A program and all that it starts, which end together.

use nix::errno::Errno;
use nix::sys::prctl;
use nix::sys::signal::{Signal, killpg};
use nix::sys::wait::{Id, WaitPidFlag, WaitStatus, waitid, waitpid};
use nix::unistd::Pid;
use std::io;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use tempfile::TempDir;

/// A program in a process group of its own. All of the group, and its temporary
/// files, are gone when this is dropped.
#[derive(Debug)]
pub struct Group {
    child: Child,
    id: Pid,
    _folder: TempDir,
}

impl Group {
    /// Starts it, without standard input. From then on this process adopts
    /// orphans, so that it can wait for those of the group.
    ///
    /// # Errors
    ///
    /// When it can't be started.
    pub fn start(mut command: Command) -> io::Result<Self> {
        prctl::set_child_subreaper(true)?;
        let folder = TempDir::with_prefix("lab-watch-")?;
        command
            .process_group(0)
            .env("TMPDIR", folder.path())
            .stdin(Stdio::null());
        // Should this process be killed, nothing else would end it.
        let prepare = || Ok(prctl::set_pdeathsig(Signal::SIGKILL)?);
        // SAFETY: a system call only, which may be called between fork and exec.
        unsafe { command.pre_exec(prepare) };
        let child = command.spawn()?;
        Ok(Self {
            id: Pid::from_raw(child.id().cast_signed()),
            child,
            _folder: folder,
        })
    }

    /// Whether the program has ended. What it started may live on.
    ///
    /// # Errors
    ///
    /// When somebody else has waited for it.
    pub fn has_ended(&self) -> io::Result<bool> {
        // It stays a zombie, so that no other group can get its number.
        let flags = WaitPidFlag::WEXITED | WaitPidFlag::WNOHANG | WaitPidFlag::WNOWAIT;
        let status = waitid(Id::Pid(self.id), flags)?;
        Ok(status != WaitStatus::StillAlive)
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        let _ = killpg(self.id, Signal::SIGKILL);
        let _ = self.child.wait();
        // Orphans. Until they have ended, they may write temporary files.
        let group = Pid::from_raw(-self.id.as_raw());
        while matches!(waitpid(group, None), Ok(_) | Err(Errno::EINTR)) {}
    }
}
