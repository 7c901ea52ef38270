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
    result_of("Array sum is: ", finished)
}

/// The same of shared-counter: the counter.
#[track_caller]
pub(crate) fn counter_of(finished: &Finished) -> i64 {
    result_of("Counter is: ", finished)
}

#[track_caller]
fn result_of(name: &str, finished: &Finished) -> i64 {
    let text = finished.stdout();
    let lines: Vec<&str> = text.lines().collect();
    let [result, time] = lines.as_slice() else {
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
    let result = result.strip_prefix(name);
    result
        .and_then(|result| result.parse().ok())
        .unwrap_or_else(|| panic!("no result: {finished:?}"))
}
