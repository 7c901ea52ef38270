//! A run without a tracer, of which only the output and the end are seen.

use super::launch::{command, folder, restrict, set_limit};
use super::proc::{Tasks, tasks_of_this_user};
use super::supervised::Supervised;
use super::{End, EngineError, Kind, Observed, Run, TaskRecord};
use nix::sys::resource::Resource;
use std::time::{Duration, Instant};

/// How often it looks at the limits, in milliseconds.
const PERIOD_MS: u8 = 20;

/// A fork bomb can be faster than somebody who looks from time to time, but not
/// without end. These are for what the user does meanwhile. (The limit does not bind
/// root.)
const MORE_TASKS: usize = 1000;

pub(super) fn observe(run: &Run) -> Result<Observed, EngineError> {
    let folder = folder()?;
    let limits = run.limits;
    let most_tasks = tasks_of_this_user() + limits.tasks + MORE_TASKS;
    let prepare = move || {
        restrict(limits)?;
        set_limit(Resource::RLIMIT_NPROC, most_tasks as u64)
    };
    let start = Instant::now();
    let command = command(run, &folder)?;
    let (program, stdout, stderr) = Supervised::start(command, limits.output_bytes, prepare)?;
    let over = loop {
        if program.has_ended_within(PERIOD_MS) {
            break None;
        }
        let Tasks { processes, threads } = program.tasks();
        if stdout.is_full() || stderr.is_full() {
            break Some(End::TooMuchOutput);
        } else if start.elapsed() > limits.time {
            break Some(End::TimedOut);
        } else if processes + threads > limits.tasks + 1 {
            break Some(End::TooManyTasks);
        }
    };
    let ended = program.end()?;

    let full = stdout.is_full() || stderr.is_full();
    let end = match over {
        Some(end) => end,
        None if full => End::TooMuchOutput,
        None => End::Ended(ended.status),
    };
    let left = match end {
        End::Ended(_) => ended.left,
        _ => 0,
    };
    let task = TaskRecord::new(0, Kind::Process, None, Duration::ZERO);
    Ok(Observed {
        end,
        stdout: stdout.finish(),
        stderr: stderr.finish(),
        left_running: (1..=left).collect(),
        ..Observed::new(vec![task; 1 + left])
    })
}
