//! memory-corruption: who sees what a stray worker writes.

use crate::support::conditions::on_one_cpu;
use crate::support::programs::program;
use crate::support::running::{run, run_with};
use crate::support::sum_of;
use std::process::Command;

const NUMS: [&str; 4] = ["1", "2", "4", "8"];

/// 10,000,000 numbers from 1 to 100, with the default seed.
const RIGHT: i64 = 505_013_557;

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

/// How often depends on when the corrupting thread gets a CPU: nearly always, unless the
/// machine has much else to do.
#[track_caller]
fn assert_often_negative(num: &str, mut sum: impl FnMut() -> i64) {
    let negative = (0..100).filter(|_| sum() < 0).take(10).count();
    assert_eq!(negative, 10, "{num} threads, in 100 runs");
}

#[test]
fn corrupted_threads_print_a_negative_sum() {
    for num in NUMS {
        assert_often_negative(num, || sum("threads", &[num, "corrupt"]));
    }
}

#[test]
fn corrupted_threads_on_one_cpu_too() {
    for num in NUMS {
        assert_often_negative(num, || {
            let mut command = Command::new(program("memory-corruption", "threads"));
            sum_of(&run(on_one_cpu(command.args([num, "corrupt"]))).succeeded())
        });
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
