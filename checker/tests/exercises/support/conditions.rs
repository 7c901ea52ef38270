//! Conditions under which a program has to cope.

use nix::libc::rlim_t;
use nix::sched::{CloneFlags, CpuSet, sched_getaffinity, sched_setaffinity, unshare};
use nix::sys::resource::{Resource, getrlimit, setrlimit};
use nix::sys::signal::{SigHandler, Signal, signal};
use nix::unistd::{Pid, geteuid};
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use tempfile::TempDir;

/// Limits a resource of the program, `setrlimit(2)`.
pub(crate) fn limit(command: &mut Command, resource: Resource, limit: rlim_t) -> &mut Command {
    let set = move || {
        let (_, hard) = getrlimit(resource)?;
        Ok(setrlimit(resource, limit.min(hard), hard)?)
    };
    // SAFETY: system calls only, which may be called between fork and exec.
    unsafe { command.pre_exec(set) }
}

/// Lets writes beyond the largest file size fail, instead of killing.
pub(crate) fn ignore_sigxfsz(command: &mut Command) -> &mut Command {
    let ignore = || {
        // SAFETY: no handler is installed.
        unsafe { signal(Signal::SIGXFSZ, SigHandler::SigIgn) }?;
        Ok(())
    };
    // SAFETY: one system call, which may be called between fork and exec.
    unsafe { command.pre_exec(ignore) }
}

/// Pins the program to one of the CPUs that this process may use.
pub(crate) fn on_one_cpu(command: &mut Command) -> &mut Command {
    let allowed = sched_getaffinity(Pid::from_raw(0)).expect("the CPUs");
    let first = (0..CpuSet::count()).find(|&cpu| allowed.is_set(cpu) == Ok(true));
    let mut one = CpuSet::new();
    one.set(first.expect("a CPU")).expect("a small number");
    let pin = move || Ok(sched_setaffinity(Pid::from_raw(0), &one)?);
    // SAFETY: one system call, which may be called between fork and exec.
    unsafe { command.pre_exec(pin) }
}

/// A copy of a program, and a folder for it to work in, for a user who is not
/// root and may have few tasks only.
pub(crate) struct Unprivileged {
    folder: TempDir,
    user: Option<u32>,
}

impl Unprivileged {
    pub(crate) fn new() -> Self {
        // A limit on tasks counts all those of a user, so each of these users
        // is nobody else.
        static NEXT_USER: AtomicU32 = AtomicU32::new(0);
        let folder = TempDir::new().expect("a folder");
        let user = geteuid().is_root().then(|| {
            let own = std::process::id() % 100_000 * 1000;
            1_000_000_000 + own + NEXT_USER.fetch_add(1, Relaxed)
        });
        // Whoever it is must get at the program.
        fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).expect("chmod");
        Self { folder, user }
    }

    /// The folder, which the user can read and not write.
    pub(crate) fn read_only_folder(&self) -> &Path {
        if self.user.is_none() {
            let read_only = Permissions::from_mode(0o555);
            fs::set_permissions(self.folder.path(), read_only).expect("chmod");
        }
        self.folder.path()
    }

    pub(crate) fn command(&self, program: &Path) -> Command {
        let copy = self.folder.path().join("program");
        fs::copy(program, &copy).expect("a copy");
        let mut command = Command::new(copy);
        if let Some(user) = self.user {
            command.uid(user).gid(user);
        }
        command
    }

    /// Lets the program have a few tasks (processes and threads), its own
    /// included: `RLIMIT_NPROC`, `setrlimit(2)`.
    pub(crate) fn few_tasks<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        let is_somebody_new = self.user.is_some();
        let set = move || {
            // The limit counts all tasks of the user; those of this user are
            // many, and start and end all the time. In a user namespace of its
            // own the program has the count for itself. Where that is
            // forbidden, one task is too many already.
            let counts_from_zero = is_somebody_new || unshare(CloneFlags::CLONE_NEWUSER).is_ok();
            let limit = if counts_from_zero { 4 } else { 1 };
            Ok(setrlimit(Resource::RLIMIT_NPROC, limit, limit)?)
        };
        // SAFETY: system calls only, which may be called between fork and exec.
        unsafe { command.pre_exec(set) }
    }
}
