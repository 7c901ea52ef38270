//! memory-corruption: who sees what a stray worker writes.

use crate::support::conditions::on_one_cpu;
use crate::support::programs::program;
use crate::support::running::{run, run_with};
use crate::support::sum_of;
use std::process::Command;

const NUMS: [&str; 4] = ["1", "2", "4", "8"];

/// 10,000,000 numbers from 1 to 100, with the default seed.
const RIGHT: i64 = 505_126_203;

fn sum(binary: &str, args: &[&str]) -> i64 {
    sum_of(&run_with(program("memory-corruption", binary), args).succeeded())
}

#[test]
fn without_corruption_both_sums_are_right() {
    for num in ["1", "2", "3", "4", "8", "1024"] {
        assert_eq!(sum("threads", &[num]), RIGHT, "{num} threads");
        assert_eq!(sum("processes", &[num]), RIGHT, "{num} processes");
    }
}

#[test]
fn corrupted_threads_print_a_negative_sum() {
    for num in NUMS {
        let sums: Vec<_> = (0..20).map(|_| sum("threads", &[num, "corrupt"])).collect();
        let negative = sums.iter().filter(|&&sum| sum < 0).count();
        assert!(negative >= 18, "{num} threads: {sums:?}");
    }
}

#[test]
fn corrupted_threads_on_one_cpu_too() {
    for num in NUMS {
        let sum_on_one_cpu = || {
            let mut command = Command::new(program("memory-corruption", "threads"));
            sum_of(&run(on_one_cpu(command.args([num, "corrupt"]))).succeeded())
        };
        let sums: Vec<_> = (0..20).map(|_| sum_on_one_cpu()).collect();
        let negative = sums.iter().filter(|&&sum| sum < 0).count();
        assert!(negative >= 18, "{num} threads: {sums:?}");
    }
}

#[test]
fn corrupted_processes_print_the_right_sum() {
    for num in NUMS {
        for _ in 0..20 {
            assert_eq!(
                sum("processes", &[num, "corrupt"]),
                RIGHT,
                "{num} processes"
            );
        }
    }
}

#[test]
fn any_second_argument_corrupts() {
    for argument in ["0", "no", ""] {
        let is_spoilt = |_| sum("threads", &["4", argument]) < RIGHT;
        assert!((0..20).any(is_spoilt), "'{argument}'");
    }
}
