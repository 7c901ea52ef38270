//! The memory of a task that is stopped.

use nix::unistd::Pid;
use std::fs::{self, File};
use std::ops::Range;
use std::os::unix::fs::FileExt;

/// The signs of numbers whose values are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signs {
    /// All of them are positive.
    Positive,
    /// All of them are negative.
    Negative,
    /// Some are positive and some are negative.
    Mixed,
}

/// Memory of more bytes than these in one piece is not looked at.
const LARGEST: u64 = 64 << 20;

/// No more bytes than these are read of a piece of shared memory.
const MOST_SHARED: usize = 4096;

/// So many bytes are looked at in one go.
const PIECE: usize = 1 << 20;

/// Up to so many bytes from the memory of a task; fewer where it ends.
pub(super) fn read(tid: Pid, address: u64, bytes: usize) -> Vec<u8> {
    let mut buffer = vec![0; bytes];
    let memory = File::open(format!("/proc/{tid}/mem"));
    let read = memory.and_then(|memory| memory.read_at(&mut buffer, address));
    buffer.truncate(read.unwrap_or(0));
    buffer
}

/// Looks for the numbers from 1 to `count`, of any sign, one after the other as
/// `i32`, in all memory that the task can write to.
pub(super) fn signs(tid: Pid, count: usize) -> Option<Signs> {
    let maps = fs::read_to_string(format!("/proc/{tid}/maps")).ok()?;
    let is_small = |range: &Range<u64>| range.end - range.start <= LARGEST;
    let overlap = size_of::<i32>() * (count - 1);
    let mut pieces = with_permissions(&maps, "rw")
        .into_iter()
        .filter(is_small)
        .flat_map(|range| pieces(range, overlap));
    pieces.find_map(|piece| {
        let length = usize::try_from(piece.end - piece.start).ok()?;
        signs_in(&read(tid, piece.start, length), count)
    })
}

fn signs_in(bytes: &[u8], count: usize) -> Option<Signs> {
    let (numbers, _) = bytes.as_chunks::<{ size_of::<i32>() }>();
    let numbers: Vec<i32> = numbers.iter().copied().map(i32::from_ne_bytes).collect();
    let are_they = |window: &&[i32]| {
        let mut pairs = window.iter().zip(1..);
        pairs.all(|(number, value)| number.unsigned_abs() == value)
    };
    let found = numbers.windows(count).find(are_they)?;
    let negative = found.iter().filter(|&&number| number < 0).count();
    Some(match negative {
        0 => Signs::Positive,
        all if all == count => Signs::Negative,
        _ => Signs::Mixed,
    })
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
    let mut ranges: Vec<Range<u64>> = Vec::new();
    for line in maps.lines() {
        let Some((range, rest)) = line.split_once(' ') else {
            continue;
        };
        let range = range.split_once('-');
        let range = range.map(|(start, end)| [start, end].map(|n| u64::from_str_radix(n, 16)));
        let Some([Ok(start), Ok(end)]) = range else {
            continue;
        };
        match ranges.last_mut() {
            _ if !rest.starts_with(permissions) => {}
            Some(before) if before.end == start => before.end = end,
            _ => ranges.push(start..end),
        }
    }
    ranges
}

#[cfg(test)]
mod tests {
    use super::{PIECE, Signs, pieces, signs_in, with_permissions};

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
        let bytes = |numbers: &[i32]| {
            let bytes = numbers.iter().flat_map(|number| number.to_ne_bytes());
            bytes.collect::<Vec<u8>>()
        };
        assert_eq!(signs_in(&bytes(&[7, 1, 2, 3, 9]), 3), Some(Signs::Positive));
        assert_eq!(signs_in(&bytes(&[-1, -2, -3]), 3), Some(Signs::Negative));
        assert_eq!(signs_in(&bytes(&[1, -1, -2, 3]), 3), Some(Signs::Mixed));
        assert_eq!(signs_in(&bytes(&[1, 2]), 3), None);
    }
}
