//! Resident memory, on pages of the requested size.

use anyhow::{Result, bail, ensure};
use common::{Array, ArraySpec, Pages, available_bytes};
use nix::unistd::{SysconfVar, sysconf};
use std::fs;

/// A mebibyte, in bytes.
pub const MIB: usize = 1 << 20;

/// An array of `mib` mebibytes, all of them in memory.
///
/// # Errors
///
/// The reason why there is none: less than `needed_mib` mebibytes are
/// available, or the system does not give huge pages.
pub fn resident(mib: usize, pages: Pages, needed_mib: usize) -> Result<Array> {
    let available = available_bytes().unwrap_or(u64::MAX) / MIB as u64;
    ensure!(
        available >= needed_mib as u64,
        "it takes {needed_mib} MiB, and {available} MiB are available"
    );
    let array = Array::random(&ArraySpec {
        len: mib * MIB / size_of::<i32>(),
        pages,
        ..ArraySpec::SUM
    })?;
    let huge = huge_bytes(&array) / MIB;
    match pages {
        // The ends of a mapping need not lie on the border of a huge page.
        Pages::Huge if huge + 4 < mib => {
            bail!("the system gives huge pages for {huge} of {mib} MiB only")
        }
        Pages::Small if huge > 0 => bail!("the system gives huge pages for {huge} MiB unasked"),
        _ => Ok(array),
    }
}

/// How much of an array lies on huge pages, `AnonHugePages` of
/// `proc_pid_smaps(5)`, in bytes.
#[must_use]
pub fn huge_bytes(array: &Array) -> usize {
    let smaps = fs::read_to_string("/proc/self/smaps").unwrap_or_default();
    let address = array.as_ptr().addr();
    // The kernel may have put it together with a neighbour.
    let is_its_memory = |line: &str| {
        let (start, end) = line.split_whitespace().next()?.split_once('-')?;
        let start = usize::from_str_radix(start, 16).ok()?;
        let end = usize::from_str_radix(end, 16).ok()?;
        Some((start..end).contains(&address))
    };
    let lines = smaps.lines();
    let mut lines = lines.skip_while(|line| is_its_memory(line) != Some(true));
    let size = lines.find_map(|line| line.strip_prefix("AnonHugePages:"));
    let kib = size.and_then(|size| size.trim().strip_suffix(" kB")?.parse::<usize>().ok());
    kib.map_or(0, |kib| kib * 1024)
}

/// The size of a page in bytes, unless it is a huge one: 4 KiB on most machines.
#[must_use]
pub fn page() -> usize {
    let size = sysconf(SysconfVar::PAGE_SIZE).ok().flatten();
    let size = size.and_then(|bytes| usize::try_from(bytes).ok());
    size.unwrap_or(4096)
}

/// The size of a huge page in bytes; that of x86-64 where the system does not
/// say.
#[must_use]
pub fn huge_page() -> usize {
    let size = fs::read_to_string("/sys/kernel/mm/transparent_hugepage/hpage_pmd_size");
    let size = size.unwrap_or_default();
    size.trim().parse().unwrap_or(2 * MIB)
}

#[cfg(test)]
mod tests {
    use super::{huge_bytes, resident};
    use common::{Array, ArraySpec, Pages};

    #[test]
    fn more_than_there_is() {
        let error = resident(1, Pages::Small, usize::MAX).expect_err("no machine has that much");
        assert!(error.to_string().contains("MiB are available"), "{error}");
    }

    #[test]
    fn small_pages_are_small() -> anyhow::Result<()> {
        let array = Array::random(&ArraySpec {
            len: 4 << 20,
            pages: Pages::Small,
            ..ArraySpec::SUM
        })?;
        assert_eq!(huge_bytes(&array), 0);
        Ok(())
    }
}
