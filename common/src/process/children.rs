//! The children that a program has forked.

use super::wait::end;
use nix::unistd::Pid;
use std::ops::Deref;

/// The process ids of forked children, in the order of their creation.
///
/// Dropping it kills the children that still run and waits for them. So a program that fails
/// half-way leaves no child running.
#[derive(Debug, Default)]
pub struct Children {
    pids: Vec<Pid>,
}

impl Children {
    /// Creates an empty list.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a child that was just created by `fork`.
    pub fn push(&mut self, child: Pid) {
        self.pids.push(child);
    }
}

impl Deref for Children {
    type Target = [Pid];

    fn deref(&self) -> &[Pid] {
        &self.pids
    }
}

impl Drop for Children {
    fn drop(&mut self) {
        self.pids.iter().copied().for_each(end);
    }
}
