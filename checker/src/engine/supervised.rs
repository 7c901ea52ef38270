//! A command under a supervisor, and what the supervisor tells of it.

use super::capture::Capture;
use super::launch::os;
use super::supervisor::{RESULT_BYTES, supervise};
use super::{EngineError, proc};
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use std::io::{self, PipeReader, PipeWriter, Read};
use std::os::fd::{AsFd, AsRawFd};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Child, Command};

/// A command that is not traced, of which nothing outlives this process all the same.
pub(super) struct Supervised {
    supervisor: Child,
    /// The command is ended when this is closed.
    stop: PipeWriter,
    result: PipeReader,
}

/// How a command ended.
pub(super) struct Ended {
    /// Its wait status, `waitpid(2)`.
    pub(super) status: i32,
    /// How many processes were still there. They have been ended.
    pub(super) left: usize,
}

impl Supervised {
    /// Starts a command, whose output is captured up to a limit in bytes. It is prepared
    /// between `fork` and `exec`.
    pub(super) fn start(
        mut command: Command,
        limit: usize,
        prepare: impl Fn() -> io::Result<()> + Send + Sync + 'static,
    ) -> Result<(Self, Capture, Capture), EngineError> {
        let (stopped, stop) = io::pipe().map_err(os("create a pipe"))?;
        let (result, result_end) = io::pipe().map_err(os("create a pipe"))?;
        let ends = [stopped.as_raw_fd(), result_end.as_raw_fd()];
        let prepare = move || {
            prepare()?;
            // SAFETY: this is the process that is about to become the program.
            unsafe { supervise(ends[0], ends[1]) }
        };
        // SAFETY: system calls only, which may be called between fork and exec.
        unsafe { command.pre_exec(prepare) };
        let program = command.get_program().into();
        let start = |source| EngineError::Start { program, source };
        let mut supervisor = command.spawn().map_err(start)?;
        let (stdout, stderr) = Capture::of(&mut supervisor, limit)?;
        let supervised = Self {
            supervisor,
            stop,
            result,
        };
        Ok((supervised, stdout, stderr))
    }

    /// Waits for the end, up to so many milliseconds. Whether it has come.
    pub(super) fn has_ended_within(&self, milliseconds: u8) -> bool {
        let mut ready = [PollFd::new(self.result.as_fd(), PollFlags::POLLIN)];
        poll(&mut ready, PollTimeout::from(milliseconds)).is_ok_and(|ready| ready > 0)
    }

    /// How many processes of it there are now, and threads besides.
    pub(super) fn tasks(&self) -> proc::Tasks {
        proc::tasks_below(self.supervisor.id().cast_signed())
    }

    /// Ends what there is of it.
    pub(super) fn end(mut self) -> Result<Ended, EngineError> {
        // The supervisor sees that nobody holds it any more.
        drop(self.stop);
        let mut told = [0; RESULT_BYTES];
        let is_told = self.result.read_exact(&mut told).is_ok();
        let status = self.supervisor.wait();
        let status = status.map_err(os("wait for the supervisor"))?;
        if !is_told {
            // The program has killed it, and has been killed for that.
            return Ok(Ended {
                status: status.into_raw(),
                left: 0,
            });
        }
        let (numbers, _) = told.as_chunks::<{ size_of::<i32>() }>();
        let number = |place: usize| numbers.get(place).copied().map_or(0, i32::from_ne_bytes);
        Ok(Ended {
            status: number(0),
            left: usize::try_from(number(1)).unwrap_or(0),
        })
    }
}
