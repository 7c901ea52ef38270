//! Two processes lock a file.

use common::{Children, SharedSlice, exit_child, fork, waitpid};
use nix::unistd::ForkResult;
use std::fs::File;
use std::sync::atomic::{AtomicI64, Ordering::Relaxed};

fn main() {
    let cells = SharedSlice::<AtomicI64>::zeroed(1).expect("memory");
    let counter = &cells[0];
    File::create("lock").expect("a file");
    two(|_| {
        let file = File::open("lock").expect("a file");
        for _ in 0..2 {
            file.lock().expect("a lock");
            counter.store(counter.load(Relaxed) + 1, Relaxed);
            file.unlock().expect("a lock");
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
