//! What the tests share.

pub(crate) mod conditions;
pub(crate) mod injection;
pub(crate) mod programs;
pub(crate) mod running;
pub(crate) mod terminal;

use running::Finished;

/// The two lines of a sum program, taken apart: the sum. Panics if they are
/// anything else.
#[track_caller]
pub(crate) fn sum_of(finished: &Finished) -> i64 {
    let text = finished.stdout();
    let lines: Vec<&str> = text.lines().collect();
    let [sum, time] = lines.as_slice() else {
        panic!("not two lines: {finished:?}");
    };
    let time = time
        .strip_prefix("Time spent: ")
        .and_then(|time| time.strip_suffix(" ms"))
        .unwrap_or_else(|| panic!("no time: {finished:?}"));
    let (whole, decimals) = time.split_once('.').expect("a decimal point");
    assert!(whole.parse::<u64>().is_ok(), "{time}");
    assert!(
        decimals.len() == 3 && decimals.parse::<u16>().is_ok(),
        "{time}"
    );
    let sum = sum.strip_prefix("Array sum is: ");
    sum.and_then(|sum| sum.parse().ok())
        .unwrap_or_else(|| panic!("no sum: {finished:?}"))
}
