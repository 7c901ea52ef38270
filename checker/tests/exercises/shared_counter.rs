//! shared-counter: one counter, and no update lost.

use crate::support::counter_of;
use crate::support::programs::{program, skeleton};
use crate::support::running::run_with;
use std::path::Path;

#[track_caller]
fn counter(program: &Path, args: &[&str]) -> i64 {
    counter_of(&run_with(program, args).succeeded())
}

#[test]
fn every_update_is_counted() {
    for binary in ["threads-solution", "processes-solution"] {
        let program = program("shared-counter", binary);
        for way in [&[][..], &["--atomic"]] {
            let count = |args: &[&str]| counter(program, &[args, way].concat());
            assert_eq!(count(&["1"]), 100_000);
            assert_eq!(count(&["4"]), 400_000);
            assert_eq!(count(&["1024", "--increments", "100"]), 102_400);
            assert_eq!(count(&["4", "--increments", "0"]), 0);
        }
    }
}

/// How much is lost is a matter of luck: with the worst order of steps, 2 is left. A single
/// worker loses nothing.
#[test]
fn the_skeleton_loses_nothing_but_updates() {
    for binary in ["threads", "processes"] {
        let skeleton = skeleton("shared-counter", binary);
        assert_eq!(counter(skeleton, &["1"]), 100_000);
        let counted = counter(skeleton, &["4"]);
        assert!((2..=400_000).contains(&counted), "{counted}");
        assert_eq!(counter(skeleton, &["4", "--atomic"]), 0);
    }
}
