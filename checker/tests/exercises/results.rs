//! sum-array and shared-counter: one result, however it comes about.

use crate::running::result;

const WITH_WORKERS: [&str; 3] = ["threads", "processes", "reduce"];

/// All programs of sum-array print the sum of this array, with each of these numbers of workers.
#[track_caller]
fn assert_same_sum(nums: &[&str], array: &str) -> i64 {
    let expected = result(&format!("sum-array sequential{array}"));
    for binary in WITH_WORKERS {
        for num in nums {
            let line = format!("sum-array {binary} {num}{array}");
            assert_eq!(result(&line), expected, "{line}");
        }
    }
    expected
}

/// 600,011 is a prime: no number of workers divides it. It takes two blocks of
/// random numbers.
#[test]
fn the_same_sum_from_all_programs() {
    let nums = ["1", "2", "3", "4", "7", "8", "64", "1024"];
    let sum = assert_same_sum(&nums, " --len 600011");
    // Random numbers from 0 to 999 are 499.5 in the mean.
    assert!((299_000_000..300_500_000).contains(&sum), "{sum}");
    for len in ["1", "2", "5"] {
        assert_same_sum(&["8"], &format!(" --len {len}"));
    }
    assert_eq!(assert_same_sum(&["8"], " --len 0"), 0);
    // The sum that the README shows.
    assert_eq!(assert_same_sum(&["4"], ""), 49_948_015_661);
    assert_eq!(assert_same_sum(&["3"], " --pages small"), 49_948_015_661);
    // Rounds repeat the work, and do not change the sum.
    let sum = assert_same_sum(&["3"], " --len 10007");
    assert_eq!(assert_same_sum(&["3"], " --len 10007 --rounds 100"), sum);
    // The seed decides.
    assert_eq!(assert_same_sum(&["3"], " --len 10007 --seed 42"), sum);
    assert_ne!(assert_same_sum(&["3"], " --len 10007 --seed 43"), sum);
}

/// How much is lost is a matter of luck: with the worst order of steps, 2 is left. A single
/// worker loses nothing.
#[test]
fn the_skeleton_loses_nothing_but_updates() {
    for binary in ["threads", "processes"] {
        let count = |args: &str| result(&format!("shared-counter {binary} {args}"));
        assert_eq!(count("1"), 100_000);
        let counted = count("4");
        assert!((2..=400_000).contains(&counted), "{counted}");
        assert_eq!(count("4 --atomic"), 0);
    }
}
