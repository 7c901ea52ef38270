//! The machine code of the program.

use std::slice;

const PAGE: u64 = 4096;

/// The limit of bytes that are read.
const MOST_OF_A_BLOCK: u64 = 96;

/// The number of bytes to the atomic read-modify-write that seems to follow `pc` before the next
/// call. This decides only which schedules are tried first, and what is shown, so it need not be
/// exact.
pub(crate) fn bytes_to_atomic(pc: u64) -> Option<usize> {
    // Beyond the page there may be no memory.
    let length = MOST_OF_A_BLOCK.min(PAGE - pc % PAGE);
    // SAFETY: the program executes this code next, so the page can be read.
    let code = unsafe { slice::from_raw_parts(pc as *const u8, length as usize) };
    place_of_atomic(code)
}

#[cfg(target_arch = "x86_64")]
fn place_of_atomic(code: &[u8]) -> Option<usize> {
    for (place, bytes) in code.windows(5).enumerate() {
        match bytes {
            // `call` of a near function, or by a table
            [0xe8, .., 0x00 | 0xff] | [0xff, 0x15, ..] => return None,
            // `lock` before a prefix, or before `xadd`, `cmpxchg`, `add`, `or`, `and`, `sub`,
            // `xor`, `inc` or `dec`
            [0xf0, 0x40..=0x4f | 0x66, ..]
            | [0xf0, 0x01 | 0x09 | 0x0f | 0x21 | 0x29 | 0x31, ..]
            | [0xf0, 0x80..=0x83 | 0xfe | 0xff, ..] => return Some(place),
            // `xchg` with memory
            [0x86 | 0x87, mode, ..] if *mode < 0xc0 => return Some(place),
            _ => {}
        }
    }
    None
}

#[cfg(target_arch = "aarch64")]
fn place_of_atomic(code: &[u8]) -> Option<usize> {
    for (place, word) in code.chunks_exact(4).enumerate() {
        let word = u32::from_le_bytes([word[0], word[1], word[2], word[3]]);
        let is_call = word >> 26 == 0x25 || word & 0xffff_fc1f == 0xd63f_0000;
        // `ldxr`, `stxr` and `cas`
        let is_exclusive = word & 0x3f00_0000 == 0x0800_0000;
        // `ldadd` and its relatives, `swp`
        let is_add = word & 0x3f20_0c00 == 0x3820_0000;
        if is_call || is_exclusive || is_add {
            return (!is_call).then_some(4 * place);
        }
    }
    None
}
