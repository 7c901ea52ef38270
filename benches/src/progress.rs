//! What the benches say about themselves, and what their command lines say.

use crate::figures::FIGURES;
use std::collections::BTreeSet;
use std::env;
use std::fmt::Display;

/// Shows which bench of how many this is. Each bench has a figure, and cargo runs them in the
/// order of their names.
pub fn show_progress(bench: &str) {
    let benches: BTreeSet<_> = FIGURES.iter().map(|figure| figure.bench).collect();
    if let Some(place) = benches.iter().position(|other| *other == bench) {
        eprintln!("{bench}: bench {} of {}", place + 1, benches.len());
    }
}

/// Says that a part of a bench is left out, and why.
pub fn left_out(what: impl Display, why: impl Display) {
    eprintln!("{what}: left out, {why}");
}

/// Whether the command line has this flag.
#[must_use]
pub fn has_flag(flag: &str) -> bool {
    env::args().any(|argument| argument == flag)
}
