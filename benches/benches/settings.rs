//! What the benches with criterion have in common.

use benches::progress::{has_flag, show_progress};
use criterion::Criterion;
use std::time::Duration;

/// Criterion as the command line wants it. A function takes at most three seconds, and all
/// of them together ten minutes. With `--quick` it takes a second, and all of them a minute.
pub(crate) fn criterion() -> Criterion {
    show_progress(env!("CARGO_CRATE_NAME"));
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
