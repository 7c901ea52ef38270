//! Starts a program that this thread traces from its first instruction.

use crate::jail;
use crate::run::{Limits, OrCannot, Run};
use crate::{Error, folder::Folder};
use nix::errno::Errno;
use nix::sys::ptrace::{self, Options};
use nix::sys::resource::{Resource, getrlimit, setrlimit};
use nix::sys::signal::{Signal, kill};
use nix::sys::stat::{Mode, umask};
use nix::sys::wait::waitpid;
use nix::unistd::{ForkResult, Pid, chdir, dup2_stderr, dup2_stdin, dup2_stdout, fork, setsid};
use std::collections::BTreeMap;
use std::ffi::{CString, OsStr};
use std::fs::File;
use std::io::{self, PipeReader, Read, Write};
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;
use std::{env, ptr};

/// A traced program.
pub(crate) struct Launched {
    pub(crate) pid: Pid,
    /// The reason why the program could not start: a step and an error number, or nothing.
    failure: PipeReader,
    program: PathBuf,
}

/// The first byte that the child sends.
const READY: u8 = 1;

/// Starts a program. The two pipes receive its standard output and standard error.
pub(crate) fn launch(
    run: &Run,
    folder: Option<&Folder>,
) -> Result<(Launched, PipeReader, PipeReader), Error> {
    let pipe = || io::pipe().or_cannot("create a pipe");
    let ((stdout, stdout_end), (stderr, stderr_end)) = (pipe()?, pipe()?);
    let ((go_end, mut go), (mut failure, failure_end)) = (pipe()?, pipe()?);
    let stdin = File::open("/dev/null").or_cannot("open /dev/null")?;
    let program = run.command.get_program();
    let mut paths = run.paths.clone();
    if let Some(folder) = folder {
        let (read, write) = paths.get_or_insert_default();
        read.push(program.into());
        write.push(folder.path().into());
    }
    let ruleset = paths.map(|(read, write)| jail::ruleset(&read, &write));
    let ruleset = ruleset.transpose().or_cannot("prepare the jail")?.flatten();
    let mut variables: BTreeMap<_, _> = match folder {
        Some(folder) => jail::environment(folder.path()),
        None => env::vars_os().collect(),
    };
    for (name, value) in run.command.get_envs() {
        match value {
            Some(value) => variables.insert(name.into(), value.into()),
            None => variables.remove(name),
        };
    }
    let variables = variables.into_iter().map(|(mut variable, value)| {
        variable.push("=");
        variable.push(value);
        c_string(variable)
    });
    let own_folder = folder.map(Folder::path);
    let working_folder = own_folder.or(run.command.get_current_dir());
    let path = c_string(program)?;
    let args = [program].into_iter().chain(run.command.get_args());
    let args: Vec<CString> = args.map(c_string).collect::<Result<_, _>>()?;
    let variables: Vec<CString> = variables.collect::<Result<_, _>>()?;
    let working_folder = working_folder.map(c_string).transpose()?;
    let (arg_pointers, variable_pointers) = (pointers(&args), pointers(&variables));
    let is_jailed = folder.is_some();
    let filters = match is_jailed {
        true => jail::filters(run).or_cannot("make filters")?,
        false => Vec::new(),
    };
    // This process may have other threads. So until `exec`, the child makes only system calls,
    // with prepared arguments.
    let prepare = || -> Result<(), Errno> {
        // Until the child is traced, only this makes it end with its tracer.
        nix::sys::prctl::set_pdeathsig(Signal::SIGKILL)?;
        // This process may be undumpable, and the child inherits that.
        nix::sys::prctl::set_dumpable(true)?;
        nix::unistd::write(&failure_end, &[READY])?;
        let mut told = [0];
        if nix::unistd::read(&go_end, &mut told)? == 0 {
            return Err(Errno::ECANCELED);
        }
        // In its own session, `kill(0)` reaches only the run.
        setsid()?;
        dup2_stdin(&stdin)?;
        dup2_stdout(&stdout_end)?;
        dup2_stderr(&stderr_end)?;
        close_others_on_exec();
        if let Some(folder) = &working_folder {
            chdir(folder.as_c_str())?;
        }
        restore_signals();
        restrict(run.limits)?;
        if is_jailed {
            umask(Mode::from_bits_truncate(0o022));
            drop_capabilities();
        }
        if let Some(ruleset) = &ruleset {
            nix::sys::prctl::set_no_new_privs()?;
            ruleset.enter()?;
        }
        // A filter sets `no_new_privs` too.
        let mut filters = filters.iter();
        let applied = filters.try_for_each(|filter| seccompiler::apply_filter(filter));
        applied.map_err(|_| Errno::last())
    };
    // SAFETY: see above.
    let pid = match unsafe { fork() }.or_cannot("start a process")? {
        ForkResult::Parent { child } => child,
        ForkResult::Child => {
            let is_prepared = prepare();
            let errno = is_prepared.err().unwrap_or_else(|| {
                let (args, variables) = (arg_pointers.as_ptr(), variable_pointers.as_ptr());
                // SAFETY: the strings live, and the arrays end with a null pointer.
                unsafe { libc::execvpe(path.as_ptr(), args, variables) };
                Errno::last()
            });
            let mut told = [u8::from(is_prepared.is_ok()); 5];
            told[1..].copy_from_slice(&(errno as i32).to_ne_bytes());
            let _ = nix::unistd::write(&failure_end, &told);
            // SAFETY: `_exit` runs no code of the copied process.
            unsafe { libc::_exit(127) }
        }
    };
    let mut options = Options::PTRACE_O_TRACECLONE
        | Options::PTRACE_O_TRACEFORK
        | Options::PTRACE_O_TRACEVFORK
        | Options::PTRACE_O_TRACEEXEC
        | Options::PTRACE_O_TRACESECCOMP
        | Options::PTRACE_O_TRACESYSGOOD
        | Options::PTRACE_O_EXITKILL;
    options.set(Options::PTRACE_O_TRACEEXIT, run.is_observed);
    drop(failure_end);
    // If the byte cannot be read, the child has ended and cannot be traced.
    let _ = failure.read_exact(&mut [0]);
    if let Err(errno) = ptrace::seize(pid, options) {
        let _ = kill(pid, Signal::SIGKILL);
        let _ = waitpid(pid, None);
        let source = errno.into();
        return Err(Error::TracingRefused { source });
    }
    go.write_all(&[1]).or_cannot("start the program")?;
    let program = program.into();
    let launched = Launched {
        pid,
        failure,
        program,
    };
    Ok((launched, stdout, stderr))
}

impl Launched {
    /// Returns the reason why the program did not start. Valid after it has started or ended.
    pub(crate) fn failure(&mut self) -> Option<Error> {
        let mut told = [0; 5];
        self.failure.read_exact(&mut told).ok()?;
        let [is_prepared, errno @ ..] = told;
        let source = io::Error::from_raw_os_error(i32::from_ne_bytes(errno));
        let program = self.program.clone();
        Some(match is_prepared {
            1 => Error::Start { program, source },
            _ => Error::os("prepare the program and its jail", source),
        })
    }
}

fn c_string(text: impl AsRef<OsStr>) -> Result<CString, Error> {
    CString::new(text.as_ref().as_bytes()).or_cannot("pass an argument")
}

fn pointers(strings: &[CString]) -> Vec<*const libc::c_char> {
    let pointers = strings.iter().map(|string| string.as_ptr());
    pointers.chain([ptr::null()]).collect()
}

/// The program must not inherit this process's descriptors.
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

/// A program of root loses its capabilities at `exec`, `capabilities(7)`.
fn drop_capabilities() {
    for capability in 0..64 {
        // SAFETY: the call has no pointers. It fails for other users, who have none.
        unsafe { libc::prctl(libc::PR_CAPBSET_DROP, capability, 0, 0, 0) };
    }
}

/// Resets signals as `std::process::Command` does: no signal is blocked, and SIGPIPE ends a
/// program.
fn restore_signals() {
    use nix::sys::signal::{SigHandler, SigSet, SigmaskHow, signal, sigprocmask};
    let _ = sigprocmask(SigmaskHow::SIG_SETMASK, Some(&SigSet::empty()), None);
    for restored in [Signal::SIGPIPE, Signal::SIGCHLD] {
        // SAFETY: no handler is installed.
        let _ = unsafe { signal(restored, SigHandler::SigDfl) };
    }
}

/// Sets the limits of each process of the run.
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
