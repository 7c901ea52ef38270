//! A process that runs one function.

use super::{Children, fork, run_child, waitpid};
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
    child: Children,
}

impl<'work> Process<'work> {
    /// A process that will run `work`. The name is for messages: "process 2".
    pub fn new(name: impl Into<String>, work: impl FnOnce() -> Result<(), Error> + 'work) -> Self {
        Self {
            name: name.into(),
            work: Some(Box::new(work)),
            child: Children::new(),
        }
    }

    /// Starts it: [`fork`], and [`run_child`] in the child. It returns at once,
    /// in the parent only.
    ///
    /// # Errors
    ///
    /// As [`fork`], and [`Error::Other`] when it was started before.
    pub fn start(&mut self) -> Result<(), Error> {
        let Some(work) = self.work.take() else {
            return Err(Error::Other(format!("{} was started before", self.name)));
        };
        match fork().with_context(|| format!("cannot start {}", self.name))? {
            ForkResult::Child => run_child(work),
            ForkResult::Parent { child } => self.child.push(child),
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
        let Some(child) = self.pid() else {
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
        self.child.first().copied()
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
