//! What all benches have in common.

use benches::programs::has_flag;
use criterion::Criterion;
use std::time::Duration;

/// All benches, in the order in which cargo runs them.
const BENCHES: &[&str] = &[
    "copy_on_write",
    "counter_cost",
    "peers",
    "spawn_cost",
    "sum_scaling",
    "switch_cost",
    "whole_programs",
];

/// Shows which bench of how many this is.
pub(crate) fn show_progress() {
    let name = env!("CARGO_CRATE_NAME");
    if let Some(place) = BENCHES.iter().position(|bench| *bench == name) {
        eprintln!("{name}: bench {} of {}", place + 1, BENCHES.len());
    }
}

/// Criterion as the command line wants it. A function takes at most three seconds, and all
/// of them together ten minutes. With `--quick` it takes a second, and all of them a minute.
#[allow(dead_code, reason = "each bench is a program of its own")]
pub(crate) fn criterion() -> Criterion {
    show_progress();
    let measurement_ms = if has_flag("--quick") { 1000 } else { 2500 };
    Criterion::default()
        // The pictures of the lab are those of `plot`.
        .without_plots()
        .sample_size(40)
        .nresamples(20_000)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_millis(measurement_ms))
        .configure_from_args()
}

/// Says that a part of a bench is left out, and why.
#[allow(dead_code, reason = "each bench is a program of its own")]
pub(crate) fn skip(what: &str, why: impl std::fmt::Display) {
    eprintln!("{what}: left out, {why}");
}
