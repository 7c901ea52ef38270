//! A run without a tracer, of which only the output and the end are seen.

use super::capture::Capture;
use super::launch::{command, folder, os, restrict, set_limit};
use super::proc::{tasks_below, tasks_of_this_user};
use super::supervisor::{RESULT_BYTES, supervise};
use super::{End, EngineError, Kind, Observed, Run, TaskRecord};
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::resource::Resource;
use std::io::{self, Read};
use std::os::fd::{AsFd, AsRawFd};
use std::os::unix::process::CommandExt;
use std::time::{Duration, Instant};

/// How often it looks at the limits, in milliseconds.
const PERIOD_MS: u8 = 20;

/// A fork bomb can be faster than somebody who looks from time to time, but not
/// without end. These are for what the user does meanwhile. (The limit does not bind
/// root.)
const MORE_TASKS: usize = 1000;

pub(super) fn observe(run: &Run) -> Result<Observed, EngineError> {
    let folder = folder()?;
    let mut command = command(run, &folder)?;
    let (stopped, stop) = io::pipe().map_err(os("create a pipe"))?;
    let (mut result, result_end) = io::pipe().map_err(os("create a pipe"))?;
    let (limits, ends) = (run.limits, [stopped.as_raw_fd(), result_end.as_raw_fd()]);
    let most_tasks = tasks_of_this_user() + limits.tasks + MORE_TASKS;
    let prepare = move || {
        restrict(limits)?;
        set_limit(Resource::RLIMIT_NPROC, most_tasks as u64)?;
        // SAFETY: this is the process that is about to become the program.
        unsafe { supervise(ends[0], ends[1]) }
    };
    // SAFETY: system calls only, which may be called between fork and exec.
    unsafe { command.pre_exec(prepare) };
    let start = Instant::now();
    let mut supervisor = command.spawn().map_err(|source| EngineError::Start {
        program: run.program.clone(),
        source,
    })?;
    drop((stopped, result_end));
    let missing = || os("read its output")(io::ErrorKind::NotFound.into());
    let limit = limits.output_bytes;
    let stdout = Capture::start(supervisor.stdout.take().ok_or_else(missing)?, limit);
    let stderr = Capture::start(supervisor.stderr.take().ok_or_else(missing)?, limit);

    let over = loop {
        let mut ready = [PollFd::new(result.as_fd(), PollFlags::POLLIN)];
        if poll(&mut ready, PollTimeout::from(PERIOD_MS)).is_ok_and(|ready| ready > 0) {
            break None;
        }
        if stdout.is_full() || stderr.is_full() {
            break Some(End::TooMuchOutput);
        } else if start.elapsed() > limits.time {
            break Some(End::TimedOut);
        } else if tasks_below(supervisor.id().cast_signed()) > limits.tasks + 1 {
            break Some(End::TooManyTasks);
        }
    };
    // The supervisor sees that nobody holds it any more.
    drop(stop);
    let mut told = [0; RESULT_BYTES];
    let action = "be told of the end of the program";
    result.read_exact(&mut told).map_err(os(action))?;
    supervisor.wait().map_err(os("wait for the supervisor"))?;

    let (numbers, _) = told.as_chunks::<{ size_of::<i32>() }>();
    let number = |place: usize| numbers.get(place).copied().map_or(0, i32::from_ne_bytes);
    let full = stdout.is_full() || stderr.is_full();
    let end = match over {
        Some(end) => end,
        None if full => End::TooMuchOutput,
        None => End::Ended(number(0)),
    };
    let left = match end {
        End::Ended(_) => usize::try_from(number(1)).unwrap_or(0),
        _ => 0,
    };
    let task = TaskRecord {
        tid: 0,
        kind: Kind::Process,
        creator: None,
        born: Duration::ZERO,
        ended: None,
        minor_faults: None,
    };
    Ok(Observed {
        tasks: vec![task; 1 + left],
        events: Vec::new(),
        end,
        hold: None,
        numbers: Vec::new(),
        shared_memory: Vec::new(),
        stdout: stdout.finish(),
        stderr: stderr.finish(),
        left_running: (1..=left).collect(),
    })
}
