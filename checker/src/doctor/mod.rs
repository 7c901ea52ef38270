//! Checks whether the lab works on this machine and which effects it can show there.
//!
//! Each check has two steps: it reads the system's values, and then interprets them. The second
//! step uses only its arguments, so a test can call it.

mod machine;
mod place;
mod render;
mod tracing;

pub use render::render;
pub use tracing::refusal;

use crate::workspace::Workspace;

/// The result of one check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The subject of the check.
    pub subject: &'static str,
    /// The rating.
    pub state: State,
    /// The observation.
    pub seen: String,
    /// Its meaning, and advice. Empty if all is fine.
    pub advice: String,
}

/// The rating of a subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// The lab works fully.
    Fine,
    /// The lab works, but some parts are missing or slow.
    Limited,
    /// The lab does not work.
    Broken,
}

impl Finding {
    fn new(state: State, subject: &'static str, seen: impl Into<String>, advice: &str) -> Self {
        Self {
            subject,
            state,
            seen: seen.into(),
            advice: advice.into(),
        }
    }

    fn fine(subject: &'static str, seen: impl Into<String>) -> Self {
        Self::new(State::Fine, subject, seen, "")
    }

    fn limited(subject: &'static str, seen: impl Into<String>, advice: &str) -> Self {
        Self::new(State::Limited, subject, seen, advice)
    }
}

/// Checks everything that the lab depends on. The compiler is known to work, since it compiled
/// this program.
#[must_use]
pub fn examine(workspace: &Workspace) -> Vec<Finding> {
    vec![
        machine::examine_cpus(),
        machine::examine_memory(),
        tracing::examine(),
        tracing::examine_jail(),
        machine::examine_huge_pages(),
        place::examine(workspace.root()),
    ]
}
