//! The memory of a task that is stopped.

use nix::unistd::{Pid, SysconfVar, sysconf};
use std::fs::{self, File};
use std::ops::Range;
use std::os::unix::fs::FileExt;

/// The signs of numbers whose values are known. There may be several copies of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signs {
    /// All of them are positive, in every copy.
    Positive,
    /// All of them are negative, in one copy at least.
    Negative,
    /// Some are positive and some are negative, or only some negative ones are there.
    Mixed,
}

/// In a run of more tasks than these nobody looks for numbers when a thread ends. Each time
/// takes a fraction of a millisecond, and more where more threads have their stacks.
pub const MOST_TASKS: usize = 20;

/// Memory of more bytes than these in one piece is not looked at.
const LARGEST: u64 = 64 << 20;

/// No more bytes than these are read of a piece of shared memory.
const MOST_SHARED: usize = 4096;

/// Negative numbers are taken for some of those that are looked for when so many follow
/// one another.
const RUN: usize = 8;

/// From one number to the next it is no further than so many times four bytes: they may
/// be in structures, or in the messages of a channel.
const FURTHEST: usize = 16;

/// So many bytes are looked at in one go.
const PIECE: usize = 1 << 20;

/// The bytes in the `pagemap` of a process that tell of one page.
const PAGEMAP_ENTRY: usize = size_of::<u64>();

/// The page is in memory, or was and has been swapped.
const IN_USE: u64 = 0b11 << 62;

/// Up to so many bytes from the memory of a task; fewer where it ends.
pub(super) fn read(tid: Pid, address: u64, bytes: usize) -> Vec<u8> {
    let mut buffer = vec![0; bytes];
    let memory = File::open(format!("/proc/{tid}/mem"));
    let read = memory.and_then(|memory| memory.read_at(&mut buffer, address));
    buffer.truncate(read.unwrap_or(0));
    buffer
}

/// Looks for the numbers from 1 to `count`, of any sign, as `i32` or `i64`, in all memory
/// that the task can write to. What is negative there counts more than what is not: who
/// has made a copy of them negative may have left the others as they were.
pub(super) fn signs(tid: Pid, count: usize) -> Option<Signs> {
    let maps = fs::read_to_string(format!("/proc/{tid}/maps")).ok()?;
    let is_small = |range: &Range<u64>| range.end - range.start <= LARGEST;
    let overlap = size_of::<i32>() * count * FURTHEST;
    let pieces = with_permissions(&maps, "rw")
        .into_iter()
        .filter(is_small)
        .flat_map(|range| in_use(tid, range))
        .flat_map(|range| pieces(range, overlap));
    let mut found = None;
    for piece in pieces {
        let length = usize::try_from(piece.end - piece.start).ok()?;
        let in_piece = signs_in(&read(tid, piece.start, length), count);
        found = strongest(found.into_iter().chain(in_piece));
        if found == Some(Signs::Negative) {
            break;
        }
    }
    found
}

fn signs_in(bytes: &[u8], count: usize) -> Option<Signs> {
    let (words, _) = bytes.as_chunks::<{ size_of::<i32>() }>();
    let words: Vec<i32> = words.iter().copied().map(i32::from_ne_bytes).collect();
    let is_negative = |word: i32| word < 0 && word.unsigned_abs() as usize <= count;
    let can_be_first = |word: i32| word == 1 || is_negative(word);
    let starts = words.iter().enumerate();
    let starts = starts.filter(|(_, word)| can_be_first(**word));
    let found = starts.flat_map(|(start, &first)| {
        let words = &words;
        (1..=FURTHEST).filter_map(move |step| {
            let numbers = words[start..].iter().step_by(step).copied();
            let all = match first {
                1 | -1 => signs_of_all(numbers.clone(), count),
                _ => None,
            };
            let some = || (first < 0 && is_run(numbers)).then_some(Signs::Mixed);
            all.or_else(some)
        })
    });
    strongest(found)
}

/// The signs of the first numbers, if they are those from 1 to `count`.
fn signs_of_all(numbers: impl Iterator<Item = i32> + Clone, count: usize) -> Option<Signs> {
    let numbers = numbers.take(count);
    let as_far = numbers.clone().zip(1..);
    let right = as_far.take_while(|(number, value)| number.unsigned_abs() == *value);
    if right.count() < count {
        return None;
    }
    Some(match numbers.filter(|number| *number < 0).count() {
        0 => Signs::Positive,
        all if all == count => Signs::Negative,
        _ => Signs::Mixed,
    })
}

/// Whether the first numbers are negative, and each is one more than the last, or each
/// is one less.
fn is_run(numbers: impl Iterator<Item = i32> + Clone) -> bool {
    let run = || numbers.clone().take(RUN);
    let goes_by = |step: i32| {
        let mut pairs = run().zip(run().skip(1));
        pairs.all(|(number, next)| next < 0 && next == number.wrapping_add(step))
    };
    (goes_by(1) || goes_by(-1)) && run().count() == RUN
}

/// What counts most of what was found.
fn strongest(found: impl Iterator<Item = Signs>) -> Option<Signs> {
    found.max_by_key(|signs| match signs {
        Signs::Positive => 0,
        Signs::Mixed => 1,
        Signs::Negative => 2,
    })
}

/// What a task has written to or read of some of its memory, `proc_pid_pagemap(5)`. Most of
/// a stack has never been there.
fn in_use(tid: Pid, range: Range<u64>) -> Vec<Range<u64>> {
    let Some(page) = page_size() else {
        return vec![range];
    };
    let pages = (range.end - range.start) / page;
    let mut entries = vec![0; usize::try_from(pages).unwrap_or(0) * PAGEMAP_ENTRY];
    let pagemap = File::open(format!("/proc/{tid}/pagemap"));
    let offset = range.start / page * PAGEMAP_ENTRY as u64;
    if pagemap
        .and_then(|pagemap| pagemap.read_exact_at(&mut entries, offset))
        .is_err()
    {
        return vec![range];
    }
    let (entries, _) = entries.as_chunks::<PAGEMAP_ENTRY>();
    let entries = entries.iter().copied().map(u64::from_ne_bytes);
    pages_in_use(range.start, page, entries)
}

/// The pages whose entries say so, the first of which begins at `start`.
fn pages_in_use(start: u64, page: u64, entries: impl Iterator<Item = u64>) -> Vec<Range<u64>> {
    let pages = entries.zip(0..).filter(|(entry, _)| entry & IN_USE != 0);
    joined(pages.map(|(_, number)| start + number * page..start + (number + 1) * page))
}

fn page_size() -> Option<u64> {
    let page = sysconf(SysconfVar::PAGE_SIZE).ok().flatten()?;
    u64::try_from(page).ok()
}

/// Pieces of at most [`PIECE`] bytes more than `overlap`. Whatever is not longer than
/// the overlap is in one of them as a whole.
fn pieces(range: Range<u64>, overlap: usize) -> impl Iterator<Item = Range<u64>> {
    let overlap = u64::try_from(overlap).unwrap_or(0);
    let starts = (range.start..range.end).step_by(PIECE);
    starts.map(move |start| start..range.end.min(start + PIECE as u64 + overlap))
}

/// The beginning of each piece of memory that the task shares with others and can
/// write to.
pub(super) fn shared(tid: Pid) -> Vec<u8> {
    let maps = fs::read_to_string(format!("/proc/{tid}/maps")).unwrap_or_default();
    let pieces = with_permissions(&maps, "rw-s").into_iter();
    let beginnings = pieces.map(|range| {
        let length = usize::try_from(range.end - range.start).unwrap_or(0);
        read(tid, range.start, length.min(MOST_SHARED))
    });
    beginnings.take(4).flatten().collect()
}

/// The memory with these permissions or more, `proc_pid_maps(5)`. What lies side by
/// side is one: static variables can begin in memory that comes from the program's file, and
/// end in memory that does not.
fn with_permissions(maps: &str, permissions: &str) -> Vec<Range<u64>> {
    joined(maps.lines().filter_map(|line| {
        let (range, rest) = line.split_once(' ')?;
        let (start, end) = range.split_once('-')?;
        let address = |digits| u64::from_str_radix(digits, 16).ok();
        let range = address(start)?..address(end)?;
        rest.starts_with(permissions).then_some(range)
    }))
}

/// Ranges in the order of their addresses, those that lie side by side as one.
fn joined(ranges: impl Iterator<Item = Range<u64>>) -> Vec<Range<u64>> {
    let mut joined: Vec<Range<u64>> = Vec::new();
    for range in ranges {
        match joined.last_mut() {
            Some(before) if before.end == range.start => before.end = range.end,
            _ => joined.push(range),
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::{PIECE, Signs, pages_in_use, pieces, signs_in, with_permissions};

    fn bytes(numbers: &[i32]) -> Vec<u8> {
        let bytes = numbers.iter().flat_map(|number| number.to_ne_bytes());
        bytes.collect()
    }

    #[test]
    fn only_pages_in_use_are_looked_at() {
        let (present, swapped, soft_dirty) = (1 << 63, 1 << 62, 1 << 55);
        let entries = [0, present, swapped, soft_dirty, present];
        assert_eq!(
            pages_in_use(0x5000, 0x1000, entries.into_iter()),
            [0x6000..0x8000, 0x9000..0xa000]
        );
    }

    #[test]
    fn neighbours_are_one() {
        let maps = "\
00001000-00002000 r-xp 00000000 fe:00 1 /bin/x
00002000-00003000 rw-p 00001000 fe:00 1 /bin/x
00003000-00005000 rw-p 00000000 00:00 0
00006000-00007000 rw-s 00000000 00:00 0
00007000-00008000 ---p 00000000 00:00 0
00008000-00009000 rw-p 00000000 00:00 0 [stack]
";
        assert_eq!(
            with_permissions(maps, "rw"),
            [0x2000..0x5000, 0x6000..0x7000, 0x8000..0x9000]
        );
    }

    #[test]
    fn what_lies_across_two_pieces_is_found() {
        let (piece, overlap) = (PIECE as u64, 4);
        let both = pieces(100..100 + piece + 1, overlap);
        assert_eq!(
            both.collect::<Vec<_>>(),
            [100..100 + piece + 1, 100 + piece..100 + piece + 1]
        );
        assert_eq!(pieces(5..5, overlap).count(), 0);
    }

    #[test]
    fn numbers_are_found_among_others() {
        assert_eq!(signs_in(&bytes(&[7, 1, 2, 3, 9]), 3), Some(Signs::Positive));
        assert_eq!(signs_in(&bytes(&[-1, -2, -3]), 3), Some(Signs::Negative));
        assert_eq!(signs_in(&bytes(&[1, -1, -2, 3]), 3), Some(Signs::Mixed));
        assert_eq!(signs_in(&bytes(&[1, 2]), 3), None);
    }

    #[test]
    fn a_negative_copy_counts_more_than_a_positive_one() {
        let both = [1, 2, 3, 0, -1, -2, -3, 0, 1, 2, 3];
        assert_eq!(signs_in(&bytes(&both), 3), Some(Signs::Negative));
        assert_eq!(
            signs_in(&bytes(&[1, 2, 3, 1, -2, 3]), 3),
            Some(Signs::Mixed)
        );
    }

    #[test]
    fn numbers_of_64_bits_and_those_in_messages_are_found() {
        let wide = |numbers: &mut dyn Iterator<Item = i64>| {
            let bytes = numbers.flat_map(i64::to_ne_bytes);
            signs_in(&bytes.collect::<Vec<u8>>(), 20)
        };
        assert_eq!(wide(&mut (1..=20)), Some(Signs::Positive));
        assert_eq!(wide(&mut (1..=20).map(|n| -n)), Some(Signs::Negative));
        // Some of them, from the last one backwards.
        assert_eq!(wide(&mut (9..17).rev().map(|n| -n)), Some(Signs::Mixed));
        assert_eq!(wide(&mut (9..16).map(|n| -n)), None);
    }
}
