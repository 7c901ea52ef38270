//! The children that a program has forked.

use super::wait::end;
use nix::unistd::Pid;
use std::ops::Deref;

/// The process ids of forked children, in the order of their creation.
///
/// When Rust drops it at the end of its scope, it kills the children that still run and
/// waits for them. So a program that fails half-way leaves no child behind.
#[derive(Debug, Default)]
pub struct Children {
    pids: Vec<Pid>,
}

impl Children {
    /// No children yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a child that was just forked.
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
