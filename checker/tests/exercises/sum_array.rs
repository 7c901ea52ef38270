//! sum-array: one sum, however it comes about.

use crate::support::programs::program;
use crate::support::running::run_with;
use crate::support::sum_of;

const WITH_WORKERS: [&str; 3] = ["threads", "processes", "reduce"];

#[track_caller]
fn sum(binary: &str, args: &[&str]) -> i64 {
    sum_of(&run_with(program("sum-array", binary), args).succeeded())
}

/// 600,011 is a prime: no number of workers divides it. It takes two blocks of
/// random numbers.
#[test]
fn the_same_sum_from_all_programs() {
    let len = ["--len", "600011"];
    let expected = sum("sequential", &len);
    // Random numbers from 0 to 999 are 499.5 in the mean.
    assert!((299_000_000..300_500_000).contains(&expected), "{expected}");
    for num in ["1", "2", "3", "4", "7", "8", "64", "1024"] {
        for binary in WITH_WORKERS {
            let args = [num, len[0], len[1]];
            assert_eq!(sum(binary, &args), expected, "{binary} {num}");
        }
    }
}

/// The sum that the README shows.
#[test]
fn the_whole_array() {
    let expected = 49_948_015_661;
    assert_eq!(sum("sequential", &[]), expected);
    for binary in WITH_WORKERS {
        assert_eq!(sum(binary, &["4"]), expected, "{binary}");
        assert_eq!(
            sum(binary, &["3", "--pages", "small"]),
            expected,
            "{binary}"
        );
    }
}

/// Rounds repeat the work, and do not change the sum.
#[test]
fn the_same_sum_in_every_round() {
    let args = ["--len", "10007", "--rounds", "100"];
    let expected = sum("sequential", &args[..2]);
    assert_eq!(sum("sequential", &args), expected);
    for binary in WITH_WORKERS {
        assert_eq!(
            sum(binary, &[&["3"], &args[..]].concat()),
            expected,
            "{binary}"
        );
    }
}

#[test]
fn more_workers_than_numbers() {
    for len in ["0", "1", "2", "5"] {
        let expected = sum("sequential", &["--len", len]);
        for binary in WITH_WORKERS {
            assert_eq!(sum(binary, &["8", "--len", len]), expected, "{binary}");
        }
    }
}

#[test]
fn the_sum_of_nothing() {
    assert_eq!(sum("sequential", &["--len", "0"]), 0);
}

#[test]
fn the_seed_decides() {
    let with_seed =
        |binary, num: &[_], seed| sum(binary, &[num, &["--len", "10007", "--seed", seed]].concat());
    let default = sum("sequential", &["--len", "10007"]);
    assert_eq!(with_seed("sequential", &[], "42"), default);
    let other = with_seed("sequential", &[], "43");
    assert_ne!(other, default);
    for binary in WITH_WORKERS {
        assert_eq!(with_seed(binary, &["3"], "43"), other, "{binary}");
    }
}
