//! Two processes load, add and store.

use common::{Children, SharedSlice, exit_child, fork, waitpid};
use nix::unistd::ForkResult;
use std::sync::atomic::{AtomicI64, Ordering::Relaxed};

fn main() {
    let cells = SharedSlice::<AtomicI64>::zeroed(1).expect("memory");
    let counter = &cells[0];
    two(|_| {
        for _ in 0..3 {
            counter.store(counter.load(Relaxed) + 1, Relaxed);
        }
    });
    println!("{}", counter.load(Relaxed));
}

fn two(worker: impl Fn(usize)) {
    let mut children = Children::new();
    for i in 0..2 {
        match fork().expect("a process") {
            ForkResult::Child => {
                worker(i);
                exit_child(0)
            }
            ForkResult::Parent { child } => children.push(child),
        }
    }
    for &child in children.iter() {
        assert_eq!(waitpid(child).expect("a child"), 0);
    }
}
