//! Detecting saves of source files.

use crate::sources::{Sources, changes, sources};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

/// The time between two looks at the files.
const INTERVAL: Duration = Duration::from_millis(50);

/// The number of quiet times after which a burst of saves ends, even without a pause.
const LONGEST: u32 = 4;

/// Detects saves of source files.
///
/// It reads all files repeatedly, which takes about a millisecond. So it also works without
/// file notifications (network and shared folders, WSL2), and in a folder that was removed and
/// created again.
#[derive(Debug)]
pub struct Saves {
    root: PathBuf,
    quiet: Duration,
    before: Sources,
}

impl Saves {
    /// Detects saves in this folder from now on. A burst of saves ends after a quiet time
    /// without a save.
    #[must_use]
    pub fn notice(root: &Path, quiet: Duration) -> Self {
        Self {
            root: root.into(),
            quiet,
            before: sources(root),
        }
    }

    /// The files of a burst of saves, if one has begun since the last look. Between two looks
    /// some time passes.
    pub fn burst(&mut self) -> Option<BTreeSet<PathBuf>> {
        thread::sleep(INTERVAL);
        let mut saved = self.look();
        if saved.is_empty() {
            return None;
        }
        for _ in 0..LONGEST {
            thread::sleep(self.quiet);
            let more = self.look();
            if more.is_empty() {
                break;
            }
            saved.extend(more);
        }
        Some(saved)
    }

    /// The files saved since the last look.
    fn look(&mut self) -> BTreeSet<PathBuf> {
        let now = sources(&self.root);
        let saved = changes(&self.before, &now);
        self.before = now;
        saved
    }
}
