//! The sections of a program or a library, `elf(5)`.

use std::fs::File;
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::Path;

/// The size of the file header, and of each section header.
const HEADER: usize = 64;

/// The type of an object that can be loaded at any address.
const ET_DYN: u64 = 3;

/// Larger sections are not read.
const LARGEST_BYTES: u64 = 256 << 20;

/// The header of a 64-bit file with this byte order.
pub(crate) struct Elf {
    file: File,
    header: Vec<u8>,
    /// The section headers.
    sections: Vec<u8>,
    names: Vec<u8>,
}

impl Elf {
    pub(crate) fn open(path: &Path) -> Option<Self> {
        // A program may have replaced one of its files by a pipe.
        let mut options = File::options();
        let options = options.read(true).custom_flags(libc::O_NONBLOCK);
        let file = options.open(path).ok()?;
        let header = read(&file, 0, HEADER as u64)?;
        if !header.starts_with(b"\x7fELF\x02") {
            return None;
        }
        let [table, count, names] =
            [(0x28, 8), (0x3c, 2), (0x3e, 2)].map(|(at, bytes)| number(&header, at, bytes));
        let sections = read(&file, table, count * HEADER as u64)?;
        let mut elf = Self {
            file,
            header,
            sections,
            names: Vec::new(),
        };
        let names = elf.sections.chunks(HEADER).nth(names.try_into().ok()?)?;
        elf.names = elf.contents(names)?;
        Some(elf)
    }

    /// Whether the file was linked for address 0, so that its load address must be added.
    pub(crate) fn is_moved(&self) -> bool {
        number(&self.header, 0x10, 2) == ET_DYN
    }

    /// The address of a section, and its contents.
    pub(crate) fn section(&self, name: &str) -> Option<(u64, Vec<u8>)> {
        let has_name = |section: &&[u8]| {
            let start = usize::try_from(number(section, 0, 4)).ok();
            let rest = start.and_then(|start| self.names.get(start..));
            rest.and_then(|rest| rest.strip_prefix(name.as_bytes()))
                .is_some_and(|rest| rest.first() == Some(&0))
        };
        let section = self.sections.chunks(HEADER).find(has_name)?;
        Some((number(section, 0x10, 8), self.contents(section)?))
    }

    fn contents(&self, section: &[u8]) -> Option<Vec<u8>> {
        let [start, bytes] = [0x18, 0x20].map(|at| number(section, at, 8));
        read(&self.file, start, bytes)
    }
}

fn read(file: &File, start: u64, bytes: u64) -> Option<Vec<u8>> {
    if bytes > LARGEST_BYTES.min(file.metadata().ok()?.len()) {
        return None;
    }
    let mut buffer = vec![0; usize::try_from(bytes).ok()?];
    file.read_exact_at(&mut buffer, start).ok()?;
    Some(buffer)
}

/// A number of up to 8 bytes, least significant first; 0 where the header is too short.
fn number(header: &[u8], at: usize, bytes: usize) -> u64 {
    let bytes = header.get(at..at + bytes).unwrap_or_default();
    let digits = bytes.iter().rev();
    digits.fold(0, |number, byte| number << 8 | u64::from(*byte))
}
