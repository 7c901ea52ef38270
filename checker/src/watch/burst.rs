//! Several saves at once, which count once.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// A burst that never pauses is over after so many quiet times.
const LONGEST: u32 = 4;

/// Files that were saved one soon after the other.
#[derive(Debug)]
pub struct Burst {
    quiet: Duration,
    files: BTreeSet<PathBuf>,
    /// When the first and the last one were saved.
    times: Option<(Instant, Instant)>,
}

impl Burst {
    /// None yet. It will be over when nothing has been saved for a quiet time, and
    /// after four of them in any case.
    #[must_use]
    pub fn new(quiet: Duration) -> Self {
        Self {
            quiet,
            files: BTreeSet::new(),
            times: None,
        }
    }

    /// A file has been saved.
    pub fn add(&mut self, file: PathBuf, now: Instant) {
        self.files.insert(file);
        let first = self.times.map_or(now, |(first, _)| first);
        self.times = Some((first, now));
    }

    /// When it will be over, if nothing else is saved.
    #[must_use]
    pub fn end(&self) -> Option<Instant> {
        let (first, last) = self.times?;
        Some((last + self.quiet).min(first + self.quiet * LONGEST))
    }

    /// The files of a burst that is over. The next one is a new burst.
    pub fn take(&mut self, now: Instant) -> Option<BTreeSet<PathBuf>> {
        self.end().filter(|&end| end <= now)?;
        self.times = None;
        Some(std::mem::take(&mut self.files))
    }
}

#[cfg(test)]
mod tests {
    use super::Burst;
    use std::path::PathBuf;
    use std::time::{Duration, Instant};

    const QUIET: Duration = Duration::from_millis(50);

    fn files(names: &[&str]) -> Option<std::collections::BTreeSet<PathBuf>> {
        Some(names.iter().map(PathBuf::from).collect())
    }

    #[test]
    fn nothing_saved() {
        let mut burst = Burst::new(QUIET);
        assert_eq!(burst.end(), None);
        assert_eq!(burst.take(Instant::now()), None);
    }

    #[test]
    fn saves_soon_after_each_other_count_once() {
        let start = Instant::now();
        let at = |ms| start + Duration::from_millis(ms);
        let mut burst = Burst::new(QUIET);
        burst.add("a.rs".into(), at(0));
        burst.add("b.rs".into(), at(40));
        burst.add("a.rs".into(), at(60));
        assert_eq!(burst.end(), Some(at(110)));
        assert_eq!(burst.take(at(109)), None);
        assert_eq!(burst.take(at(110)), files(&["a.rs", "b.rs"]));
        assert_eq!(burst.take(at(500)), None);
    }

    #[test]
    fn a_later_save_is_a_new_burst() {
        let start = Instant::now();
        let mut burst = Burst::new(QUIET);
        burst.add("a.rs".into(), start);
        assert_eq!(burst.take(start + QUIET), files(&["a.rs"]));
        burst.add("b.rs".into(), start + 2 * QUIET);
        assert_eq!(burst.take(start + 3 * QUIET), files(&["b.rs"]));
    }

    #[test]
    fn a_burst_without_a_pause_ends_all_the_same() {
        let start = Instant::now();
        let mut burst = Burst::new(QUIET);
        for ms in (0..=200).step_by(10) {
            burst.add("a.rs".into(), start + Duration::from_millis(ms));
        }
        assert_eq!(burst.end(), Some(start + Duration::from_millis(200)));
    }
}
