//! memory-corruption: who sees what a stray worker writes.

use crate::conditions::on_one_cpu;
use crate::programs::command;
use crate::running::{result, run};

/// 10,000,000 numbers from 1 to 100, with the default seed.
const RIGHT: i64 = 505_013_557;

#[test]
fn without_corruption_both_sums_are_right() {
    for num in ["1", "2", "3", "4", "8", "1024"] {
        for binary in ["threads", "processes"] {
            let line = format!("memory-corruption {binary} {num}");
            assert_eq!(result(&line), RIGHT, "{line}");
        }
    }
}

/// How often depends on when the corrupting thread gets a CPU: nearly always, unless the
/// machine has much else to do.
#[test]
fn corrupted_threads_print_a_negative_sum() {
    for num in ["1", "2", "4", "8"] {
        let line = format!("memory-corruption threads {num} corrupt");
        let on_one_cpu = || run(on_one_cpu(&mut command(&line))).succeeded().result();
        let on_all_cpus = || result(&line);
        for sum in [&on_one_cpu as &dyn Fn() -> i64, &on_all_cpus] {
            let negative = (0..100).filter(|_| sum() < 0).take(10).count();
            assert_eq!(negative, 10, "{num} threads, in 100 runs");
        }
    }
}
