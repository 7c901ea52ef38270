//! A program and all its descendants, which end together.

use engine::Folder;
use nix::errno::Errno;
use nix::sys::prctl;
use nix::sys::signal::{Signal, killpg};
use nix::sys::wait::{Id, WaitPidFlag, WaitStatus, waitid, waitpid};
use nix::unistd::Pid;
use std::io;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};

/// A program in its own process group. Dropping this kills the whole group and removes its
/// temporary files.
#[derive(Debug)]
pub struct Group {
    child: Child,
    id: Pid,
    _folder: Folder,
}

impl Group {
    /// Starts the program without standard input. From then on, this process adopts orphans, so
    /// that it can reap those of the group.
    ///
    /// # Errors
    ///
    /// The program can't be started.
    pub fn start(mut command: Command) -> io::Result<Self> {
        prctl::set_child_subreaper(true)?;
        let folder = Folder::new("cargo-lab-watch-")?;
        command
            .process_group(0)
            .env("TMPDIR", folder.path())
            .stdin(Stdio::null());
        // Kills the program if this process is killed.
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

    /// Whether the program has ended. Its descendants may still run.
    ///
    /// # Errors
    ///
    /// Another part of this process has waited for the program.
    pub fn has_ended(&self) -> io::Result<bool> {
        // The program stays a zombie, so that no other group can get its number.
        let flags = WaitPidFlag::WEXITED | WaitPidFlag::WNOHANG | WaitPidFlag::WNOWAIT;
        let status = waitid(Id::Pid(self.id), flags)?;
        Ok(status != WaitStatus::StillAlive)
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        let _ = killpg(self.id, Signal::SIGKILL);
        let _ = self.child.wait();
        // Orphans may write temporary files until they have ended.
        let group = Pid::from_raw(-self.id.as_raw());
        while matches!(waitpid(group, None), Ok(_) | Err(Errno::EINTR)) {}
    }
}
