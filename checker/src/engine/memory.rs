//! The memory of a task that is stopped.

use nix::unistd::Pid;
use std::fs::{self, File};
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

/// A part of the memory that is larger than this is not looked at.
const LARGEST_MAPPING: u64 = 64 << 20;

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
    let writable = maps.lines().filter_map(|line| {
        // proc_pid_maps(5): 7f00-7f80 rw-p ...
        let (range, rest) = line.split_once(' ')?;
        let (start, end) = range.split_once('-')?;
        let number = |text| u64::from_str_radix(text, 16).ok();
        let (start, end) = (number(start)?, number(end)?);
        let is_small = end.checked_sub(start)? <= LARGEST_MAPPING;
        (rest.starts_with("rw") && is_small).then_some((start, end))
    });
    for (start, end) in writable {
        let bytes = read(tid, start, usize::try_from(end - start).ok()?);
        let (numbers, _) = bytes.as_chunks::<4>();
        let numbers: Vec<i32> = numbers.iter().copied().map(i32::from_ne_bytes).collect();
        let are_they = |window: &&[i32]| {
            window
                .iter()
                .zip(1..)
                .all(|(number, value)| number.unsigned_abs() == value)
        };
        if let Some(found) = numbers.windows(count).find(are_they) {
            let negative = found.iter().filter(|&&number| number < 0).count();
            return Some(match negative {
                0 => Signs::Positive,
                all if all == count => Signs::Negative,
                _ => Signs::Mixed,
            });
        }
    }
    None
}
