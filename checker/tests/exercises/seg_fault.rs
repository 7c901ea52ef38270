//! seg-fault: what a segmentation fault does to threads and to processes.

use crate::support::conditions::limit;
use crate::support::injection::run_and_kill_child;
use crate::support::programs::{program, seg_fault_release, skeleton};
use crate::support::running::{Finished, run, run_with};
use crate::support::sum_of;
use nix::sys::resource::Resource;
use nix::sys::signal::Signal;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::Command;

/// The sum of the array's numbers from `start` to `end`, by the program that
/// has no workers: a shorter array is the beginning of a longer one.
fn sum_between(start: usize, end: usize) -> i64 {
    let sum_up_to = |len: usize| {
        let args = ["--len", &len.to_string()];
        sum_of(&run_with(program("sum-array", "sequential"), &args).succeeded())
    };
    sum_up_to(end) - sum_up_to(start)
}

fn both_builds(binary: &str) -> [&'static Path; 2] {
    [program("seg-fault", binary), seg_fault_release(binary)]
}

#[track_caller]
fn assert_segmentation_fault(finished: &Finished) {
    assert_eq!(
        finished.status.signal(),
        Some(libc::SIGSEGV),
        "{finished:?}"
    );
    assert!(
        finished.stdout.is_empty() && finished.stderr.is_empty(),
        "{finished:?}"
    );
}

#[test]
fn a_fault_ends_all_threads() {
    for threads in both_builds("threads") {
        for args in [
            ["4", "--len", "100000007"],
            ["3", "--len", "0"],
            ["1024", "--len", "5000"],
        ] {
            assert_segmentation_fault(&run_with(threads, &args));
        }
    }
}

#[test]
fn a_fault_ends_one_process_and_its_part_is_missing() {
    for processes in both_builds("processes-solution") {
        for (num, len) in [(4, 100_000_000), (3, 1_000_003), (7, 1_000_003)] {
            let args = [&*num.to_string(), "--len", &len.to_string()];
            let finished = run_with(processes, &args);
            assert!(finished.status.success(), "{finished:?}");
            let missing = sum_between(len * 2 / num, len * 3 / num);
            assert!(missing > 0);
            assert_eq!(
                sum_of(&finished),
                sum_between(0, len) - missing,
                "{num} of {len}"
            );
        }
    }
}

#[test]
fn two_workers_have_no_worker_2() {
    let expected = sum_between(0, 10_007);
    for binary in ["threads", "processes-solution"] {
        for program in both_builds(binary) {
            for num in ["1", "2"] {
                let finished = run_with(program, &[num, "--len", "10007"]).succeeded();
                assert_eq!(sum_of(&finished), expected);
            }
        }
    }
}

#[test]
fn the_solution_reports_the_faulty_process() {
    for processes in both_builds("processes-solution") {
        let finished = run_with(processes, &["4", "--len", "10007"]);
        assert_eq!(
            finished.stderr(),
            "Process 2 was killed by signal 11 (SIGSEGV)\n"
        );
    }
}

/// Not a text that is always the same.
#[test]
fn the_solution_reports_each_process_that_was_killed() {
    let processes = program("seg-fault", "processes-solution");
    let mut command = Command::new(processes);
    let finished = run_and_kill_child(command.args(["2", "--len", "10007"]), 1, Signal::SIGTERM);
    assert_eq!(
        finished.stderr(),
        "Process 1 was killed by signal 15 (SIGTERM)\n"
    );
    assert_eq!(sum_of(&finished), sum_between(0, 10_007 / 2));
}

#[test]
fn the_skeleton_says_nothing_of_the_faulty_process() {
    let finished = run_with(skeleton("seg-fault", "processes"), &["4", "--len", "10007"]);
    let missing = sum_between(10_007 * 2 / 4, 10_007 * 3 / 4);
    assert_eq!(
        sum_of(&finished.succeeded()),
        sum_between(0, 10_007) - missing
    );
}

#[test]
fn no_core_file() {
    for threads in both_builds("threads") {
        let mut command = Command::new(threads);
        command.args(["4", "--len", "0"]);
        let finished = run(limit(
            &mut command,
            Resource::RLIMIT_CORE,
            libc::RLIM_INFINITY,
        ));
        assert_segmentation_fault(&finished);
        assert!(!finished.status.core_dumped());
    }
}
