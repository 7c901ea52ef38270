//! Starting a program that this thread traces from its first instruction on.

use crate::jail;
use crate::run::{Limits, Program};
use crate::{Error, folder::Folder};
use nix::errno::Errno;
use nix::sys::ptrace::{self, Options};
use nix::sys::resource::{Resource, getrlimit, setrlimit};
use nix::sys::signal::{Signal, kill};
use nix::sys::stat::{Mode, umask};
use nix::sys::wait::waitpid;
use nix::unistd::{ForkResult, Pid, chdir, dup2_stderr, dup2_stdin, dup2_stdout, fork, setsid};
use seccompiler::BpfProgram;
use std::convert::Infallible;
use std::ffi::{CString, OsStr, OsString};
use std::fs::File;
use std::io::{self, PipeReader, PipeWriter, Read, Write};
use std::os::fd::{AsRawFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;
use std::{env, ptr};

/// A program that is traced and waits to begin.
pub(crate) struct Launched {
    pub(crate) pid: Pid,
    go: PipeWriter,
    /// Why it could not become the program: a number and a place, or nothing.
    failure: PipeReader,
    program: PathBuf,
}

/// All that the child needs between `fork` and `exec`, where it must not allocate.
struct Prepared {
    path: CString,
    args: Vec<CString>,
    variables: Vec<CString>,
    folder: CString,
    stdin: OwnedFd,
    stdout: PipeWriter,
    stderr: PipeWriter,
    limits: Limits,
    ruleset: Option<OwnedFd>,
    filters: Vec<BpfProgram>,
    go: PipeReader,
    failure: PipeWriter,
}

/// A step on the way to the program.
#[derive(Clone, Copy)]
enum Step {
    Prepare = 1,
    Jail,
    Execute,
}

/// Starts a program, which waits until [`Launched::begin`]. What it writes to standard
/// output and to standard error comes out of the two pipes.
pub(crate) fn launch(
    program: &Program,
    limits: Limits,
    folder: Option<&Folder>,
    filters: Vec<BpfProgram>,
) -> Result<(Launched, PipeReader, PipeReader), Error> {
    let pipe = || io::pipe().map_err(|error| Error::os("create a pipe", error));
    let ((stdout, stdout_end), (stderr, stderr_end)) = (pipe()?, pipe()?);
    let ((go_end, go), (failure, failure_end)) = (pipe()?, pipe()?);
    let stdin = File::open("/dev/null").map_err(|error| Error::os("open /dev/null", error))?;
    let path = program.path();
    let (variables, working_folder, ruleset) = match folder {
        Some(folder) => (
            jail::environment(folder.path()),
            folder.path().to_owned(),
            jail::ruleset(&path, folder.path())
                .map_err(|error| Error::os("prepare the jail", error))?,
        ),
        None => (program.variables(), program.working_folder()?, None),
    };
    let variables = variables.into_iter().map(|(name, value)| {
        let mut variable: OsString = name;
        variable.push("=");
        variable.push(value);
        c_string(&variable)
    });
    let prepared = Prepared {
        path: c_string(path.as_os_str())?,
        args: program.args().map(c_string).collect::<Result<_, _>>()?,
        variables: variables.collect::<Result<_, _>>()?,
        folder: c_string(working_folder.as_os_str())?,
        stdin: stdin.into(),
        stdout: stdout_end,
        stderr: stderr_end,
        limits,
        ruleset,
        filters,
        go: go_end,
        failure: failure_end,
    };
    let pid = start(prepared, folder.is_some())?;
    let options = Options::PTRACE_O_TRACECLONE
        | Options::PTRACE_O_TRACEFORK
        | Options::PTRACE_O_TRACEVFORK
        | Options::PTRACE_O_TRACEEXEC
        | Options::PTRACE_O_TRACEEXIT
        | Options::PTRACE_O_TRACESECCOMP
        | Options::PTRACE_O_TRACESYSGOOD
        | Options::PTRACE_O_EXITKILL;
    if let Err(errno) = ptrace::seize(pid, options) {
        let _ = kill(pid, Signal::SIGKILL);
        let _ = waitpid(pid, None);
        let source = errno.into();
        return Err(Error::TracingRefused { source });
    }
    let launched = Launched {
        pid,
        go,
        failure,
        program: path,
    };
    Ok((launched, stdout, stderr))
}

impl Launched {
    /// Lets the program begin.
    pub(crate) fn begin(&mut self) -> Result<(), Error> {
        let go = self.go.write_all(&[1]);
        go.map_err(|error| Error::os("start the program", error))
    }

    /// Why it did not become the program, once it has, or has ended.
    pub(crate) fn failure(&mut self) -> Option<Error> {
        let mut told = [0; 5];
        self.failure.read_exact(&mut told).ok()?;
        let [step, errno @ ..] = told;
        let source = io::Error::from_raw_os_error(i32::from_ne_bytes(errno));
        Some(match step {
            step if step == Step::Execute as u8 => Error::Start {
                program: self.program.clone(),
                source,
            },
            step if step == Step::Jail as u8 => Error::os("enter the jail", source),
            _ => Error::os("prepare the program", source),
        })
    }
}

fn c_string(text: impl AsRef<OsStr>) -> Result<CString, Error> {
    let bytes = text.as_ref().as_bytes();
    CString::new(bytes).map_err(|error| Error::os("pass an argument", io::Error::from(error)))
}

/// Forks, and makes the child become the program once it is told to.
fn start(prepared: Prepared, is_jailed: bool) -> Result<Pid, Error> {
    let pointers = |strings: &[CString]| -> Vec<*const libc::c_char> {
        let pointers = strings.iter().map(|string| string.as_ptr());
        pointers.chain([ptr::null()]).collect()
    };
    let (args, variables) = (pointers(&prepared.args), pointers(&prepared.variables));
    // SAFETY: this process may have other threads, so until `exec` the child only makes
    // system calls, with what was prepared.
    match unsafe { fork() } {
        Ok(ForkResult::Parent { child }) => Ok(child),
        Ok(ForkResult::Child) => {
            let Err((step, errno)) = become_program(&prepared, is_jailed, &args, &variables);
            let mut told = [step as u8; 5];
            told[1..].copy_from_slice(&(errno as i32).to_ne_bytes());
            let _ = nix::unistd::write(&prepared.failure, &told);
            // SAFETY: it ends without running anything of the process that it copies.
            unsafe { libc::_exit(127) }
        }
        Err(errno) => Err(Error::os("start a process", errno)),
    }
}

fn become_program(
    prepared: &Prepared,
    is_jailed: bool,
    args: &[*const libc::c_char],
    variables: &[*const libc::c_char],
) -> Result<Infallible, (Step, Errno)> {
    let errno = |error: io::Error| error.raw_os_error().map_or(Errno::EINVAL, Errno::from_raw);
    let prepare = || -> Result<(), Errno> {
        // Until it is traced, nothing else would end it with its tracer.
        nix::sys::prctl::set_pdeathsig(Signal::SIGKILL)?;
        let mut told = [0];
        if nix::unistd::read(&prepared.go, &mut told)? == 0 {
            return Err(Errno::ECANCELED);
        }
        // A session of its own: `kill(0)` reaches the run and nothing else.
        setsid()?;
        dup2_stdin(&prepared.stdin)?;
        dup2_stdout(&prepared.stdout)?;
        dup2_stderr(&prepared.stderr)?;
        close_others_on_exec();
        chdir(prepared.folder.as_c_str())?;
        restore_signals();
        restrict(prepared.limits)?;
        if is_jailed {
            umask(Mode::from_bits_truncate(0o022));
            drop_capabilities();
        }
        Ok(())
    };
    let jail = || -> io::Result<()> {
        if is_jailed {
            nix::sys::prctl::set_no_new_privs()?;
        }
        if let Some(ruleset) = &prepared.ruleset {
            jail::enter(ruleset.as_raw_fd())?;
        }
        for filter in &prepared.filters {
            seccompiler::apply_filter(filter)
                .map_err(|_| io::Error::from_raw_os_error(Errno::last_raw()))?;
        }
        Ok(())
    };
    prepare().map_err(|errno| (Step::Prepare, errno))?;
    jail().map_err(|error| (Step::Jail, errno(error)))?;
    // SAFETY: the strings and the arrays of pointers live, and end with a null pointer.
    unsafe { libc::execve(prepared.path.as_ptr(), args.as_ptr(), variables.as_ptr()) };
    Err((Step::Execute, Errno::last()))
}

/// Descriptors that this process has inherited are not for the program.
fn close_others_on_exec() {
    // SAFETY: no descriptor is closed before `exec`.
    let result = unsafe {
        libc::syscall(
            libc::SYS_close_range,
            3,
            u32::MAX,
            libc::CLOSE_RANGE_CLOEXEC,
        )
    };
    if result != 0 {
        // Linux before 5.11.
        for fd in 3..4096 {
            // SAFETY: as above; a number that is not open changes nothing.
            unsafe { libc::fcntl(fd, libc::F_SETFD, libc::FD_CLOEXEC) };
        }
    }
}

/// A program of root has no capabilities after `exec`, `capabilities(7)`.
fn drop_capabilities() {
    for capability in 0..64 {
        // SAFETY: the call has no pointers. It fails for other users, who have none.
        unsafe { libc::prctl(libc::PR_CAPBSET_DROP, capability, 0, 0, 0) };
    }
}

/// As `std::process::Command` does: no signal is blocked, and SIGPIPE ends a program.
fn restore_signals() {
    use nix::sys::signal::{SigHandler, SigSet, SigmaskHow, signal, sigprocmask};
    let _ = sigprocmask(SigmaskHow::SIG_SETMASK, Some(&SigSet::empty()), None);
    for restored in [Signal::SIGPIPE, Signal::SIGCHLD] {
        // SAFETY: no handler is installed.
        let _ = unsafe { signal(restored, SigHandler::SigDfl) };
    }
}

/// What each process of the run may use.
fn restrict(limits: Limits) -> Result<(), Errno> {
    let set = |resource, limit: u64| {
        let (_, hard) = getrlimit(resource)?;
        let limit = hard.min(limit);
        setrlimit(resource, limit, limit)
    };
    if let Some(bytes) = limits.file_bytes {
        set(Resource::RLIMIT_FSIZE, bytes)?;
    }
    set(Resource::RLIMIT_DATA, limits.process_bytes)?;
    // No core files from programs that are meant to crash.
    set(Resource::RLIMIT_CORE, 0)
}

/// The file that a shell would execute.
pub(crate) fn find(program: &OsStr) -> PathBuf {
    let path = PathBuf::from(program);
    if path.components().count() > 1 {
        return std::path::absolute(&path).unwrap_or(path);
    }
    let folders = env::var_os("PATH").unwrap_or_default();
    let mut found = env::split_paths(&folders).map(|folder| folder.join(&path));
    found.find(|file| file.is_file()).unwrap_or(path)
}
