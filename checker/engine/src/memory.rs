//! Finds the words of memory that a task changed, and their new values.

use crate::proc::{Mapping, mappings, page_bytes, read_memory, write_memory};
use nix::unistd::Pid;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs::File;
use std::ops::Range;
use std::os::unix::fs::FileExt;

/// The largest writable memory that is compared.
const LARGEST_BYTES: u64 = 64 << 20;

/// The size of a page's entry in the `pagemap` of a process, `proc_pid_pagemap(5)`.
const PAGEMAP_ENTRY: usize = size_of::<u64>();

/// The page is in memory or in swap space.
const IN_USE: u64 = 0b11 << 62;

/// Bytes to find among those that a worker changed, and their replacement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    /// The bytes to find.
    pub bytes: Vec<u8>,
    /// The address of the bytes is a multiple of this.
    pub alignment: u64,
    /// Bytes of the same length, written before another task continues. If empty, nothing is
    /// written.
    pub replacement: Vec<u8>,
}

/// The patterns of a run, by their bytes. A run looks for thousands of them at each write of a
/// worker.
#[derive(Debug, Default)]
pub(crate) struct Patterns {
    by_length: BTreeMap<usize, HashMap<Vec<u8>, (usize, Pattern)>>,
    /// Whether a pattern has a replacement.
    pub(crate) replace: bool,
}

/// The writable memory of a process at one moment, without the stack of a task.
pub(crate) struct Snapshot {
    pages: Vec<Piece>,
    stack: Range<u64>,
}

struct Piece {
    start: u64,
    bytes: Vec<u8>,
}

/// What a task changed between two moments.
#[derive(Default)]
pub(crate) struct Changes {
    /// The changed pages, and the offsets of the bytes that changed.
    pages: Vec<(Piece, Vec<usize>)>,
    /// The number of changed bytes without those of pointers.
    pub(crate) bytes: u64,
}

impl Patterns {
    pub(crate) fn new(patterns: Vec<Pattern>) -> Self {
        let mut new = Self::default();
        for (place, pattern) in patterns.into_iter().enumerate() {
            new.replace |= !pattern.replacement.is_empty();
            let same_length = new.by_length.entry(pattern.bytes.len()).or_default();
            same_length.insert(pattern.bytes.clone(), (place, pattern));
        }
        new
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.by_length.is_empty()
    }
}

impl Snapshot {
    /// Takes a snapshot of the process of a stopped task. Returns `None` if its memory cannot
    /// be read or is too large.
    pub(crate) fn new(tid: Pid, stack: Range<u64>) -> Option<Self> {
        let memory = File::open(format!("/proc/{tid}/mem")).ok()?;
        let mut pages = Vec::new();
        for range in in_use(tid, &stack)? {
            let mut bytes = vec![0; usize::try_from(range.end - range.start).ok()?];
            if memory.read_exact_at(&mut bytes, range.start).is_ok() {
                let start = range.start;
                pages.push(Piece { start, bytes });
            }
        }
        Some(Self { pages, stack })
    }

    /// Returns the changes since this snapshot, and a new snapshot. Unused memory counts as
    /// zeros.
    pub(crate) fn changes(&self, tid: Pid) -> Option<(Changes, Self)> {
        let now = Self::new(tid, self.stack.clone())?;
        let mut changes = Changes::default();
        let size = usize::try_from(page_bytes()).ok()?;
        let before: HashMap<u64, &[u8]> = self
            .pages
            .iter()
            .flat_map(|piece| piece.by_page(size))
            .collect();
        let zeros = vec![0; size];
        let mapped = now.pages.iter().map(Piece::range);
        let mapped: Vec<Range<u64>> = mapped.chain([self.stack.clone()]).collect();
        for piece in &now.pages {
            for (start, page) in piece.by_page(size) {
                let old = before.get(&start).copied().unwrap_or(&zeros);
                if old != page {
                    changes.compare(start, old, page, &mapped);
                }
            }
        }
        Some((changes, now))
    }
}

impl Piece {
    fn range(&self) -> Range<u64> {
        self.start..self.start + self.bytes.len() as u64
    }

    /// All places where `length` bytes contain a byte at one of these offsets.
    fn near(&self, offsets: &[usize], length: usize) -> impl Iterator<Item = (u64, &[u8])> {
        let runs = offsets.chunk_by(|byte, next| byte + 1 == *next);
        runs.flat_map(move |run| {
            let first = (run[0] + 1).saturating_sub(length);
            let places = first..run[0] + run.len();
            let windows = places.zip(self.bytes[first..].windows(length));
            windows.map(|(offset, window)| (self.start + offset as u64, window))
        })
    }

    fn by_page(&self, size: usize) -> impl Iterator<Item = (u64, &[u8])> {
        let starts = (self.start..).step_by(size);
        starts.zip(self.bytes.chunks(size))
    }
}

impl Changes {
    fn compare(&mut self, start: u64, old: &[u8], new: &[u8], mapped: &[Range<u64>]) {
        const WORD: usize = size_of::<u64>();
        let (old, _) = old.as_chunks::<WORD>();
        let (new_words, _) = new.as_chunks::<WORD>();
        let mut changed = Vec::new();
        for (number, (old, word)) in old.iter().zip(new_words).enumerate() {
            if old == word {
                continue;
            }
            let offsets = (0..WORD).filter(|byte| old[*byte] != word[*byte]);
            let before = changed.len();
            changed.extend(offsets.map(|byte| number * WORD + byte));
            let value = u64::from_ne_bytes(*word);
            if !mapped.iter().any(|range| range.contains(&value)) {
                self.bytes += (changed.len() - before) as u64;
            }
        }
        let bytes = new.to_vec();
        self.pages.push((Piece { start, bytes }, changed));
    }

    /// Finds the patterns and writes their replacements. Returns the indices of the patterns
    /// found.
    pub(crate) fn apply(&self, tid: Pid, patterns: &Patterns) -> BTreeSet<usize> {
        let mut found = BTreeSet::new();
        for (page, changed) in &self.pages {
            for (&length, same_length) in &patterns.by_length {
                for (address, window) in page.near(changed, length) {
                    let Some((place, pattern)) = same_length.get(window) else {
                        continue;
                    };
                    if address.is_multiple_of(pattern.alignment) {
                        found.insert(*place);
                        if !pattern.replacement.is_empty() {
                            write_memory(tid, address, &pattern.replacement);
                        }
                    }
                }
            }
        }
        found
    }
}

/// The stack of a new task: from the lowest address of its mapping to its stack pointer.
pub(crate) fn stack_of(tid: Pid, stack_pointer: u64) -> Range<u64> {
    let mut ranges = mappings(tid).into_iter().map(|mapping| mapping.range);
    let mapping = ranges.find(|range| range.contains(&stack_pointer));
    let page = page_bytes();
    // The memory above belongs to the C library: a page and a half per thread.
    let end = (stack_pointer / page + 3) * page;
    mapping.map_or(0..0, |mapping| mapping.start..mapping.end.min(end))
}

/// The writable pages that a process has used, without a stack.
fn in_use(tid: Pid, stack: &Range<u64>) -> Option<Vec<Range<u64>>> {
    let pagemap = File::open(format!("/proc/{tid}/pagemap")).ok()?;
    let page = page_bytes();
    let mut used: Vec<Range<u64>> = Vec::new();
    let mut bytes = 0;
    let mappings = mappings(tid).into_iter();
    for Mapping { range, .. } in mappings.filter(|mapping| mapping.permissions.starts_with("rw-")) {
        let pages = usize::try_from((range.end - range.start) / page).ok()?;
        let mut entries = vec![0; pages * PAGEMAP_ENTRY];
        let offset = range.start / page * PAGEMAP_ENTRY as u64;
        // Some of the kernel's mappings have no entries.
        let _ = pagemap.read_exact_at(&mut entries, offset);
        let (entries, _) = entries.as_chunks::<PAGEMAP_ENTRY>();
        let starts = (0..).map(|number| range.start + number * page);
        for (entry, start) in entries.iter().zip(starts) {
            if u64::from_ne_bytes(*entry) & IN_USE == 0 || stack.contains(&start) {
                continue;
            }
            bytes += page;
            if bytes > LARGEST_BYTES {
                return None;
            }
            match used.last_mut() {
                Some(last) if last.end == start => last.end += page,
                _ => used.push(start..start + page),
            }
        }
    }
    Some(used)
}

/// The beginning of each shared mapping of a process.
pub(crate) fn shared(tid: Pid) -> Vec<u8> {
    const PIECES: usize = 4;
    const BYTES: u64 = 4096;
    let mappings = mappings(tid).into_iter();
    let shared = mappings.filter(|mapping| mapping.permissions == "rw-s");
    let beginnings = shared.take(PIECES).map(|Mapping { range, .. }| {
        let length = usize::try_from((range.end - range.start).min(BYTES)).unwrap_or(0);
        read_memory(tid, range.start, length)
    });
    beginnings.flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::{Changes, Pattern, Patterns};
    use nix::unistd::getpid;
    use std::ops::Range;

    fn changes(old: &[u8], new: &[u8]) -> Changes {
        let mut changes = Changes::default();
        let mapped = vec![Range {
            start: 0x7000,
            end: 0x8000,
        }];
        changes.compare(0x1000, old, new, &mapped);
        changes
    }

    fn pattern(bytes: &[u8], alignment: u64) -> Pattern {
        Pattern {
            bytes: bytes.into(),
            alignment,
            replacement: Vec::new(),
        }
    }

    #[test]
    fn changed_bytes_are_counted_and_pointers_are_not() {
        let old = [0; 256];
        let mut new = old;
        new[16..20].copy_from_slice(&[1, 2, 3, 4]);
        new[128..136].copy_from_slice(&0x7010_u64.to_ne_bytes());
        assert_eq!(changes(&old, &new).bytes, 4);
        assert_eq!(changes(&new, &new).bytes, 0);
    }

    #[test]
    fn patterns_are_found_near_a_change_and_aligned() {
        let old = [7; 256];
        let mut new = old;
        new[100..104].copy_from_slice(&(-237_i32).to_ne_bytes());
        new[201..205].copy_from_slice(b"-237");
        let changes = changes(&old, &new);
        let number = pattern(&(-237_i32).to_ne_bytes(), 4);
        let text = pattern(b"-237", 1);
        let absent = pattern(b"-238", 1);
        let shifted = pattern(&new[101..105], 4);
        let patterns = Patterns::new(vec![number, text, absent, shifted]);
        let found = changes.apply(getpid(), &patterns);
        assert_eq!(found.into_iter().collect::<Vec<_>>(), [0, 1]);
    }
}
