//! Detecting saves of source files.

use crate::sources::{Sources, changes, sources};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

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
    saved: BTreeSet<PathBuf>,
    /// The times of the first and the last of these saves.
    times: Option<(Instant, Instant)>,
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
            saved: BTreeSet::new(),
            times: None,
        }
    }

    /// The files of the next burst of saves, if a burst ends within this time.
    pub fn next(&mut self, limit: Duration) -> Option<BTreeSet<PathBuf>> {
        let start = Instant::now();
        loop {
            thread::sleep(INTERVAL.min(limit));
            let look = Instant::now();
            let now = sources(&self.root);
            let saved = changes(&self.before, &now);
            if !saved.is_empty() {
                let first = self.times.map_or(look, |(first, _)| first);
                self.times = Some((first, look));
                self.saved.extend(saved);
                self.before = now;
            }
            if let Some((first, last)) = self.times
                && (look - last >= self.quiet || look - first >= self.quiet * LONGEST)
            {
                self.times = None;
                return Some(std::mem::take(&mut self.saved));
            }
            if start.elapsed() >= limit {
                return None;
            }
        }
    }
}
