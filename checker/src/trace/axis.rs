//! The axis of time.

use std::time::Duration;

/// Times at round numbers, from 0 to the length, with their labels in ms.
pub(super) fn ticks(length: Duration, most: u32) -> Vec<(Duration, String)> {
    let step = step(length / most.max(1));
    let decimals = decimals(step);
    let times = (0..).map(|place| step * place);
    let times = times.take_while(|at| *at <= length);
    times.map(|at| (at, in_ms(at, decimals))).collect()
}

/// A time in words, as exact as it makes sense in a run of this length.
pub(super) fn time(at: Duration, length: Duration) -> String {
    let is_short = length < Duration::from_millis(10);
    let decimals = if is_short { 3 } else { 1 };
    format!("{} ms", in_ms(at, decimals))
}

/// The smallest of 1, 2, 5, 10, 20, ... µs that is not less.
fn step(least: Duration) -> Duration {
    let powers = (0..).map(|exponent| Duration::from_micros(10_u64.pow(exponent)));
    let mut steps = powers.flat_map(|power| [1, 2, 5].map(|factor| power * factor));
    steps.find(|step| *step >= least).unwrap_or(least)
}

/// How many are needed to tell times in such steps apart.
fn decimals(step: Duration) -> usize {
    match step.as_micros() {
        1000.. => 0,
        100.. => 1,
        10.. => 2,
        _ => 3,
    }
}

fn in_ms(at: Duration, decimals: usize) -> String {
    format!("{:.decimals$}", at.as_secs_f64() * 1000.0)
}

#[cfg(test)]
mod tests {
    use super::{ticks, time};
    use std::time::Duration;

    #[test]
    fn ticks_are_round_and_few() {
        for (length, expected) in [
            (Duration::from_millis(1003), ["0", "500", "1000"].as_slice()),
            (
                Duration::from_micros(7),
                &["0.000", "0.002", "0.004", "0.006"],
            ),
            (Duration::from_micros(950), &["0.0", "0.5"]),
            (Duration::from_secs(10), &["0", "5000", "10000"]),
        ] {
            let ticks = ticks(length, 4).into_iter();
            let labels: Vec<_> = ticks.map(|(_, label)| label).collect();
            assert_eq!(labels, expected);
        }
    }

    #[test]
    fn a_short_run_is_told_exactly() {
        let at = Duration::from_micros(1234);
        assert_eq!(time(at, Duration::from_millis(2)), "1.234 ms");
        assert_eq!(time(at, Duration::from_millis(20)), "1.2 ms");
    }
}
