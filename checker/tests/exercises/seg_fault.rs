//! seg-fault: what a segmentation fault does to threads and to processes.

use crate::conditions::after;
use crate::programs::{Paths, WORKSPACE, built, command};
use crate::running::{Ran, result, run, run_line};
use checker::Build;
use nix::sys::signal::Signal;
use std::os::unix::process::ExitStatusExt;
use std::process::Command;
use std::sync::LazyLock;

/// The sum of the array's numbers from `start` to `end`, by the program that
/// has no workers: a shorter array is the beginning of a longer one.
fn sum_between(start: usize, end: usize) -> i64 {
    let sum_up_to = |len| result(&format!("sum-array sequential --len {len}"));
    sum_up_to(end) - sum_up_to(start)
}

/// Runs a program twice: as `cargo run` compiles it, and as `cargo run --release` does.
fn both_builds(binary: &str, args: &str) -> [Ran; 2] {
    static RELEASE: LazyLock<Paths> = LazyLock::new(|| {
        let names = ["threads", "processes-solution"];
        built(&Build::package(&WORKSPACE, "seg-fault", &names).release())
    });
    let mut release = Command::new(&RELEASE[binary]);
    let line = format!("seg-fault {binary} {args}");
    [run_line(&line), run(release.args(args.split(' ')))]
}

#[test]
fn a_fault_ends_all_threads() {
    for args in ["4 --len 100000007", "3 --len 0", "1024 --len 5000"] {
        for finished in both_builds("threads", args) {
            finished.was_killed_by(Signal::SIGSEGV);
        }
    }
    // Also with a core file allowed, there is none.
    let threads = command("seg-fault threads 4 --len 0");
    let finished = run(&mut after("ulimit -c $(ulimit -H -c)", &threads));
    finished.was_killed_by(Signal::SIGSEGV);
    assert!(!finished.status.core_dumped());
}

#[test]
fn a_fault_ends_one_process_and_its_part_is_missing() {
    for (num, len) in [(4, 100_000_000), (3, 1_000_003), (7, 1_000_003)] {
        let missing = sum_between(len * 2 / num, len * 3 / num);
        assert!(missing > 0);
        let rest = sum_between(0, len) - missing;
        let args = format!("{num} --len {len}");
        for finished in both_builds("processes-solution", &args) {
            assert!(finished.status.success(), "{finished:?}");
            let killed = "Process 2 was killed by signal 11 (SIGSEGV)\n";
            assert_eq!(finished.stderr, killed);
            assert_eq!(finished.result(), rest, "{args}");
        }
        // The skeleton says nothing of the faulty process.
        assert_eq!(result(&format!("seg-fault processes {args}")), rest);
    }
    // Two workers have no worker 2.
    let expected = sum_between(0, 10_007);
    for binary in ["threads", "processes-solution"] {
        for args in ["1 --len 10007", "2 --len 10007"] {
            for finished in both_builds(binary, args) {
                assert_eq!(finished.succeeded().result(), expected);
            }
        }
    }
}
