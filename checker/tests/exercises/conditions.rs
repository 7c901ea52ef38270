//! Conditions under which a program has to cope.

use nix::libc::rlim_t;
use nix::sched::{CloneFlags, CpuSet, sched_getaffinity, sched_setaffinity, unshare};
use nix::sys::resource::{Resource, setrlimit};
use nix::unistd::{Pid, geteuid};
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use tempfile::TempDir;

/// A shell that runs the command after something else, such as a change of a limit.
pub(crate) fn after(preparation: &str, command: &Command) -> Command {
    let mut shell = Command::new("sh");
    shell.args(["-c", &format!("{preparation} && exec \"$@\""), "sh"]);
    shell.arg(command.get_program()).args(command.get_args());
    shell
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

/// A copy of a program, and a folder that it can't write to, for a user who has
/// no privileges and nothing else running.
pub(crate) struct Unprivileged {
    folder: TempDir,
    /// Another user. Without one, this user in a user namespace.
    user: Option<u32>,
}

impl Unprivileged {
    pub(crate) fn new() -> Self {
        let folder = TempDir::new().expect("a folder");
        let user = Self {
            user: unknown_user(),
            folder,
        };
        fs::create_dir(user.read_only_folder()).expect("a folder");
        // Any user must be able to read the program.
        let chmod = |path, mode| fs::set_permissions(path, Permissions::from_mode(mode));
        chmod(user.folder.path(), 0o755).expect("chmod");
        chmod(&user.read_only_folder(), 0o555).expect("chmod");
        user
    }

    pub(crate) fn read_only_folder(&self) -> PathBuf {
        self.folder.path().join("read-only")
    }

    /// A command of this user, with a limit for its tasks (processes and threads):
    /// `RLIMIT_NPROC`, `setrlimit(2)`.
    pub(crate) fn command(&self, of_others: &Command, max_tasks: rlim_t) -> Command {
        let copy = self.folder.path().join("program");
        // Not by this process: its other threads fork, and a file that is open for writing
        // in a child can't be run (ETXTBSY).
        let program = Path::new(of_others.get_program());
        let copied = Command::new("cp").arg(program).arg(&copy).status();
        assert!(copied.expect("cp").success());
        let mut command = Command::new(copy);
        command.args(of_others.get_args());
        let is_other_user = self.user.is_some();
        if let Some(user) = self.user {
            command.uid(user).gid(user);
        }
        let restrict = move || {
            // In its own user namespace root has no privileges outside, and the tasks outside
            // do not count. If that is forbidden, one task is already too many.
            let is_alone = is_other_user || unshare(CloneFlags::CLONE_NEWUSER).is_ok();
            let limit = if is_alone { max_tasks } else { 1 };
            Ok(setrlimit(Resource::RLIMIT_NPROC, limit, limit)?)
        };
        // SAFETY: system calls only, which may be called between fork and exec.
        unsafe { command.pre_exec(restrict) };
        command
    }
}

/// An unused user id, if this process may change its user.
fn unknown_user() -> Option<u32> {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    // In a container root may not be root outside, and have some ids only.
    let map = fs::read_to_string("/proc/self/uid_map").expect("/proc");
    let has_all_ids = map.split_whitespace().eq(["0", "0", "4294967295"]);
    (geteuid().is_root() && has_all_ids).then(|| {
        let own = std::process::id() % 100_000 * 1000;
        1_000_000_000 + own + NEXT.fetch_add(1, Relaxed)
    })
}
