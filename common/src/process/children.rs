//! The children that a program has forked.

use super::wait;
use nix::unistd::Pid;
use std::ops::Deref;

/// The process ids of forked children, in the order of their birth.
///
/// Children that have not been waited for when it is dropped, because the
/// program gives up early, are killed and waited for.
#[derive(Debug, Default)]
pub struct Children {
    pids: Vec<Pid>,
}

impl Children {
    /// No children.
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
        for &child in &self.pids {
            wait::end(child);
        }
    }
}
