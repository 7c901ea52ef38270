//! A part of the programs beside it.

use common::{Children, exit_child, fork, waitpid};
use nix::unistd::ForkResult;

/// Two processes do this.
pub(crate) fn two(worker: impl Fn()) {
    let mut children = Children::new();
    for _ in 0..2 {
        match fork().expect("a process") {
            ForkResult::Child => {
                worker();
                exit_child(0)
            }
            ForkResult::Parent { child } => children.push(child),
        }
    }
    for &child in children.iter() {
        assert_eq!(waitpid(child).expect("a child"), 0);
    }
}
