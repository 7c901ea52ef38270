//! The progress of the benches, and the flags of their command lines.

use crate::figures::GUIDE;
use std::collections::BTreeSet;
use std::env;

/// Shows which bench of how many this is. Each bench has a figure, and cargo runs them in the
/// order of their names.
pub fn show_progress(bench: &str) {
    let benches: BTreeSet<_> = GUIDE.figures.iter().map(|figure| &figure.bench).collect();
    if let Some(place) = benches.iter().position(|other| *other == bench) {
        eprintln!("{bench}: bench {} of {}", place + 1, benches.len());
    }
}

/// Whether the command line has this flag.
#[must_use]
pub fn has_flag(flag: &str) -> bool {
    env::args().any(|argument| argument == flag)
}
