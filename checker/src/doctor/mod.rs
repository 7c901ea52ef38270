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
use std::{fs, thread};

/// The result of one check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
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
    fn new(state: State, seen: impl Into<String>, advice: &str) -> Self {
        Self {
            state,
            seen: seen.into(),
            advice: advice.into(),
        }
    }

    fn fine(seen: impl Into<String>) -> Self {
        Self::new(State::Fine, seen, "")
    }

    fn limited(seen: impl Into<String>, advice: &str) -> Self {
        Self::new(State::Limited, seen, advice)
    }
}

/// Checks everything that the lab depends on: the subject of each check, and its result. The
/// compiler is known to work, since it compiled this program.
#[must_use]
pub fn examine(workspace: &Workspace) -> Vec<(&'static str, Finding)> {
    // Count the CPUs that this process may use: a container may have fewer than the machine.
    let cpus = thread::available_parallelism().map_or(1, Into::into);
    let memory = machine::memory(
        &read("/proc/meminfo"),
        &read("/sys/fs/cgroup/memory.max"),
        &read("/sys/fs/cgroup/memory.current"),
        &read("/sys/fs/cgroup/memory.stat"),
    );
    let huge_pages = read("/sys/kernel/mm/transparent_hugepage/enabled");
    vec![
        ("CPUs", machine::cpus(cpus)),
        ("memory", memory),
        ("tracing", tracing::examine()),
        ("jail", tracing::examine_jail()),
        ("huge pages", machine::huge_pages(&huge_pages)),
        ("folder", place::examine(workspace.root())),
    ]
}

/// The content of a system file, or an empty text if the file does not exist.
fn read(path: &str) -> String {
    let text = fs::read_to_string(path).unwrap_or_default();
    text.trim_end().to_owned()
}
