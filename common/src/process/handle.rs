//! A process that runs one function.

use super::{fork, run_child, wait, waitpid};
use crate::{Context, Error};
use nix::unistd::{ForkResult, Pid};
use std::fmt;

/// A function that runs in a process of its own, like Python's
/// `multiprocessing.Process`: made, started, joined.
///
/// A process that was started and is dropped without a `join` is killed.
///
/// ```no_run
/// use common::Process;
///
/// let mut process = Process::new("greeter", || {
///     println!("hello from a child");
///     Ok(())
/// });
/// process.start()?;
/// process.join()?;
/// # Ok::<(), common::Error>(())
/// ```
pub struct Process<'work> {
    name: String,
    work: Option<Box<dyn FnOnce() -> Result<(), Error> + 'work>>,
    child: Option<Pid>,
}

impl<'work> Process<'work> {
    /// A process that will run `work`. The name is for messages: "process 2".
    pub fn new(name: impl Into<String>, work: impl FnOnce() -> Result<(), Error> + 'work) -> Self {
        Self {
            name: name.into(),
            work: Some(Box::new(work)),
            child: None,
        }
    }

    /// Starts it: [`fork`], and [`run_child`] in the child. It returns at once,
    /// in the parent only.
    ///
    /// # Errors
    ///
    /// As [`fork`], and [`Error::Other`] when it was started before.
    pub fn start(&mut self) -> Result<(), Error> {
        if self.child.is_some() {
            return Err(Error::Other(format!("{} was started before", self.name)));
        }
        let result = fork().with_context(|| format!("cannot start {}", self.name))?;
        // Both processes have it now, and the child runs it.
        let work = self.work.take();
        match result {
            ForkResult::Child => run_child(|| work.map_or(Ok(()), |work| work())),
            ForkResult::Parent { child } => self.child = Some(child),
        }
        Ok(())
    }

    /// Waits until it has ended.
    ///
    /// # Errors
    ///
    /// [`Error::Worker`] when its work failed or panicked or it was killed,
    /// [`Error::Other`] when it was not started, [`Error::Io`] when it has been
    /// waited for already.
    pub fn join(&mut self) -> Result<(), Error> {
        let Some(child) = self.child else {
            return Err(Error::Other(format!("{} was not started", self.name)));
        };
        let mut status = 0;
        waitpid(child, &mut status).with_context(|| format!("cannot wait for {}", self.name))?;
        if status != 0 {
            return Err(Error::worker(&self.name, status));
        }
        Ok(())
    }

    /// Its process id, once it was started.
    #[must_use]
    pub fn pid(&self) -> Option<Pid> {
        self.child
    }
}

impl Drop for Process<'_> {
    fn drop(&mut self) {
        if let Some(child) = self.child {
            wait::end(child);
        }
    }
}

impl fmt::Debug for Process<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Process")
            .field("name", &self.name)
            .field("pid", &self.pid())
            .finish_non_exhaustive()
    }
}
