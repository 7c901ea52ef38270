//! The skeletons compile without a warning; what they do is tested with their
//! exercises.

use crate::support::programs::{mistake, skeleton};

#[test]
fn skeletons_and_mistakes_compile_without_a_warning() {
    // Each of these panics where the compiler says anything.
    for (package, binary) in [
        ("wait-for-me", "threads"),
        ("wait-for-me", "processes"),
        ("seg-fault", "processes"),
    ] {
        assert!(skeleton(package, binary).is_file());
    }
    assert!(mistake("wait-for-me", "threads", "spawn-without-join").is_file());
}
