//! What all criterion benches have in common.

use criterion::Criterion;
use std::time::Duration;

/// Criterion as the command line wants it, with the time that a bench takes:
/// under four seconds, and all of them together a few minutes.
pub(crate) fn criterion() -> Criterion {
    Criterion::default()
        // The pictures of the lab are those of `plot`.
        .without_plots()
        .sample_size(40)
        .nresamples(20_000)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_millis(2500))
        .configure_from_args()
}

/// Says that a part of a bench is left out, and why.
#[allow(dead_code, reason = "each bench is a program of its own")]
pub(crate) fn skip(what: &str, why: impl std::fmt::Display) {
    eprintln!("{what}: left out, {why}");
}
