//! Says whether the lab works on this machine, and what it can show there.
//!
//! Each subject is looked at in two steps: what the system says, and what that
//! means. The second one knows only what it is given, so that it can be tested.

mod machine;
mod place;
mod render;
mod tracing;

pub use render::render;
pub use tracing::refusal;

use crate::workspace::Workspace;

/// What was found out about one subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What was looked at.
    pub subject: &'static str,
    /// How it is.
    pub state: State,
    /// What was seen.
    pub seen: String,
    /// What that means, and what to do about it.
    pub advice: Option<String>,
}

/// How a subject is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// As the lab needs it.
    Fine,
    /// The lab works, but not all of it, or not as fast as it could.
    Limited,
    /// The lab does not work.
    Broken,
}

impl Finding {
    fn fine(subject: &'static str, seen: impl Into<String>) -> Self {
        Self {
            subject,
            state: State::Fine,
            seen: seen.into(),
            advice: None,
        }
    }

    fn limited(subject: &'static str, seen: impl Into<String>, advice: impl Into<String>) -> Self {
        Self {
            subject,
            state: State::Limited,
            seen: seen.into(),
            advice: Some(advice.into()),
        }
    }

    fn broken(subject: &'static str, seen: impl Into<String>, advice: impl Into<String>) -> Self {
        Self {
            state: State::Broken,
            ..Self::limited(subject, seen, advice)
        }
    }
}

/// Looks at everything that the lab depends on. What has compiled this program need not be
/// looked at.
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
