//! Starting a program under the eyes of this thread.

use super::leftovers::PREFIX;
use super::{EngineError, Limits, Run, filter};
use nix::errno::Errno;
use nix::sys::ptrace::{self, Options};
use nix::sys::resource::{Resource, getrlimit, setrlimit};
use nix::sys::signal::Signal;
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::Pid;
use std::io;
use std::os::unix::process::CommandExt;
use std::path;
use std::process::{Child, Command, Stdio};
use tempfile::TempDir;

/// A program that has not run its first instruction yet.
pub(super) struct Launched {
    pub(super) child: Child,
    pub(super) pid: Pid,
    /// Its working folder, removed when this is dropped.
    pub(super) _folder: TempDir,
}

/// The command that starts a program in an empty folder, with nothing to read.
pub(super) fn command(run: &Run, folder: &TempDir) -> Result<Command, EngineError> {
    // It starts in another folder than this one.
    let program = path::absolute(&run.program).map_err(os("find the program"))?;
    let mut command = Command::new(program);
    command
        .args(&run.args)
        .current_dir(folder.path())
        // Whom it kills with `kill(0, ...)` is its own affair.
        .process_group(0)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    Ok(command)
}

pub(super) fn folder() -> Result<TempDir, EngineError> {
    TempDir::with_prefix(PREFIX).map_err(os("create a temporary folder"))
}

/// Starts a program that stops before its first instruction.
pub(super) fn launch(run: &Run) -> Result<Launched, EngineError> {
    let folder = folder()?;
    let command = command(run, &folder)?;
    let limits = run.limits;
    let filters = filter::filters(run).map_err(os("make filters of system calls"))?;
    let prepare = move || {
        restrict(limits)?;
        filters
            .iter()
            .try_for_each(|filter| seccompiler::apply_filter(filter))
            .map_err(|_| refused())
    };
    let child = start_traced(command, prepare, RUN)?;
    let pid = Pid::from_raw(child.id().cast_signed());
    Ok(Launched {
        child,
        pid,
        _folder: folder,
    })
}

/// What a run stops at, besides births.
const RUN: Options = Options::PTRACE_O_TRACEEXIT
    .union(Options::PTRACE_O_TRACESECCOMP)
    .union(Options::PTRACE_O_TRACESYSGOOD);

/// Nothing else on the way to `exec` fails with this error.
fn refused() -> io::Error {
    Errno::EOPNOTSUPP.into()
}

/// Starts a command, which is prepared between `fork` and `exec` and stops before
/// its first instruction. It is traced by this thread, and so is all that it
/// starts, `ptrace(2)`: nothing of it outlives this thread.
pub(super) fn start_traced(
    mut command: Command,
    prepare: impl Fn() -> io::Result<()> + Send + Sync + 'static,
    options: Options,
) -> Result<Child, EngineError> {
    let prepare = move || {
        // Until it is traced, nothing else would end it with the checker.
        nix::sys::prctl::set_pdeathsig(Signal::SIGKILL)?;
        ptrace::traceme().map_err(|_| refused())?;
        prepare()
    };
    // SAFETY: system calls only, which may be called between fork and exec.
    unsafe { command.pre_exec(prepare) };
    let mut child = command.spawn().map_err(|source| {
        if source.raw_os_error() == Some(libc::EOPNOTSUPP) {
            return EngineError::TracingRefused { source };
        }
        EngineError::Start {
            program: command.get_program().into(),
            source,
        }
    })?;

    // It stops when its exec is through.
    let pid = Pid::from_raw(child.id().cast_signed());
    let flags = Some(WaitPidFlag::__WALL);
    let stopped = loop {
        match waitpid(pid, flags) {
            Err(Errno::EINTR) => {}
            result => break result,
        }
    };
    match stopped {
        Ok(WaitStatus::Stopped(_, Signal::SIGTRAP)) => {}
        other => {
            let source = io::Error::other(format!("{other:?}"));
            return Err(EngineError::TracingRefused { source });
        }
    }
    let all_of_it = Options::PTRACE_O_TRACECLONE
        | Options::PTRACE_O_TRACEFORK
        | Options::PTRACE_O_TRACEVFORK
        | Options::PTRACE_O_TRACEEXEC
        | Options::PTRACE_O_EXITKILL;
    // Linux tells about system calls since version 5.3.
    let is_traced =
        ptrace::setoptions(pid, all_of_it | options).and(ptrace::syscall_info(pid).map(drop));
    if let Err(errno) = is_traced {
        let _ = child.kill();
        let source = errno.into();
        return Err(EngineError::TracingRefused { source });
    }
    Ok(child)
}

/// What each process of the run may use.
pub(super) fn restrict(limits: Limits) -> io::Result<()> {
    set_limit(Resource::RLIMIT_FSIZE, limits.file_bytes)?;
    set_limit(Resource::RLIMIT_AS, limits.memory_bytes)?;
    // No core files from programs that are meant to crash.
    set_limit(Resource::RLIMIT_CORE, 0)
}

/// Sets a limit, or leaves a lower one as it is.
pub(super) fn set_limit(resource: Resource, limit: u64) -> io::Result<()> {
    let (_, hard) = getrlimit(resource)?;
    let limit = hard.min(limit);
    Ok(setrlimit(resource, limit, limit)?)
}

pub(super) fn os(action: &'static str) -> impl Fn(io::Error) -> EngineError {
    move |source| EngineError::Os { action, source }
}
