//! A process that runs one function.

use super::{exit_child, fork, set_process_name, waitpid};
use crate::{WaitStatus, report};
use anyhow::{Context, Result, anyhow, ensure};
use nix::unistd::{ForkResult, Pid};
use std::fmt;

/// A handle of a child process that runs one function, like Python's `multiprocessing.Process`:
/// create it, start it, join it.
///
/// ```no_run
/// use common::{Process, print_line};
///
/// let mut process = Process::new("greeter", || print_line("hello from a child"));
/// process.start()?;
/// process.join()?;
/// # Ok::<(), anyhow::Error>(())
/// ```
///
/// Dropping a handle neither ends its process nor waits for it: wait-for-me shows this. The
/// kernel kills the process when the thread that started it ends, see [`fork`]. Dropping
/// [`Children`](super::Children) kills the processes and waits for them.
pub struct Process<'work> {
    name: String,
    work: Option<Box<dyn FnOnce() -> Result<()> + 'work>>,
    child: Option<Pid>,
}

impl<'work> Process<'work> {
    /// Creates a handle for a process that will run `work`. Messages, `ps` and debuggers show
    /// `name`.
    pub fn new(name: impl Into<String>, work: impl FnOnce() -> Result<()> + 'work) -> Self {
        Self {
            name: name.into(),
            work: Some(Box::new(work)),
            child: None,
        }
    }

    /// Starts the process with [`fork`]. It returns at once, and only in the parent.
    ///
    /// The child runs `work` and ends with exit status 0, or with 1 and a message on
    /// standard error if `work` fails.
    ///
    /// # Errors
    ///
    /// The errors of [`fork`]; also when the process was started before.
    pub fn start(&mut self) -> Result<()> {
        let name = &self.name;
        ensure!(self.child.is_none(), "{name} was started before");
        match fork().map_err(|error| anyhow!("cannot start {name}: {error}"))? {
            ForkResult::Child => {
                set_process_name(name);
                let result = self.work.take().map_or(Ok(()), |work| work());
                if let Err(error) = &result {
                    report(format_args!("Error: {error:#}"));
                }
                exit_child(result.is_err().into())
            }
            ForkResult::Parent { child } => self.child = Some(child),
        }
        Ok(())
    }

    /// Waits until the process has ended: [`waitpid`].
    ///
    /// # Errors
    ///
    /// `work` failed or panicked, a signal killed the process, or the process was not started
    /// or was joined before.
    pub fn join(&mut self) -> Result<()> {
        let name = &self.name;
        let child = self
            .child
            .with_context(|| format!("{name} was not started"))?;
        let status = waitpid(child)?;
        ensure!(status == 0, "{name} {}", WaitStatus::from_raw(status));
        Ok(())
    }

    /// Returns the process id, or `None` before the start.
    #[must_use]
    pub fn pid(&self) -> Option<Pid> {
        self.child
    }
}

impl fmt::Debug for Process<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut process = f.debug_struct("Process");
        process
            .field("name", &self.name)
            .field("child", &self.child);
        process.finish_non_exhaustive()
    }
}
