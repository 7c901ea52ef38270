//! How much memory there is.

use std::fs;

/// The memory in bytes that a program can use without swapping:
/// `MemAvailable` of `proc_meminfo(5)`. `None` where the system does not say.
pub(crate) fn available_bytes() -> Option<u64> {
    parse_available(&fs::read_to_string("/proc/meminfo").ok()?)
}

fn parse_available(meminfo: &str) -> Option<u64> {
    let line = meminfo
        .lines()
        .find_map(|line| line.strip_prefix("MemAvailable:"))?;
    let kib: u64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    kib.checked_mul(1024)
}

#[cfg(test)]
mod tests {
    use super::{available_bytes, parse_available};

    #[test]
    fn reads_kibibytes() {
        let meminfo = "MemTotal:       100 kB\nMemAvailable:    64 kB\n";
        assert_eq!(parse_available(meminfo), Some(65536));
        assert_eq!(parse_available("MemTotal: 100 kB\n"), None);
        assert_eq!(parse_available("MemAvailable: much\n"), None);
    }

    #[test]
    fn this_system_says() {
        assert!(available_bytes().is_some_and(|bytes| bytes > 0));
    }
}
