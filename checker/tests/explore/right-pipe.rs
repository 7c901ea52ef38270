//! Two processes pass on a byte: who has it may add.

use common::{Children, SharedSlice, exit_child, fork, waitpid};
use nix::unistd::ForkResult;
use std::io::{Read, Write, pipe};
use std::sync::atomic::{AtomicI64, Ordering::Relaxed};

fn main() {
    let cells = SharedSlice::<AtomicI64>::zeroed(1).expect("memory");
    let counter = &cells[0];
    let (reader, writer) = pipe().expect("a pipe");
    (&writer).write_all(b"x").expect("room");
    two(|_| {
        for _ in 0..2 {
            let mut byte = [0];
            (&reader).read_exact(&mut byte).expect("a byte");
            counter.store(counter.load(Relaxed) + 1, Relaxed);
            (&writer).write_all(&byte).expect("room");
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
