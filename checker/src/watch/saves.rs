//! Noticing that source files are saved.

use crate::sources::{Sources, changes, sources};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

/// The time between two looks at the files.
const INTERVAL: Duration = Duration::from_millis(50);

/// A burst of saves that never pauses is over after so many quiet times.
const LONGEST: u32 = 4;

/// Notices that source files are saved.
///
/// It looks at all files again and again, which takes about a millisecond. So it works
/// where the system tells nothing of saves (network and shared folders, WSL2), and in a
/// folder that was removed and created again.
#[derive(Debug)]
pub struct Saves {
    root: PathBuf,
    quiet: Duration,
    before: Sources,
    saved: BTreeSet<PathBuf>,
    /// When the first and the last of these were seen.
    times: Option<(Instant, Instant)>,
}

impl Saves {
    /// Notices saves in this folder from now on. Saves belong to one burst until nothing
    /// has been saved for the quiet time.
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

    /// The files of the next burst of saves, if one ends within this time.
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
