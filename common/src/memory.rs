//! How much memory is available.

use std::fs;
use std::path::Path;

/// Returns the number of bytes that this program can allocate without swapping.
///
/// It is the smaller of two limits: the memory available on the system, and the memory left in
/// the program's control groups. A container may have such a limit. Returns `None` if the system
/// shows neither.
#[must_use]
pub fn available_bytes() -> Option<u64> {
    let system = fs::read_to_string("/proc/meminfo").ok();
    let system = system.and_then(|meminfo| available_to_the_system(&meminfo));
    let groups = fs::read_to_string("/proc/self/cgroup").unwrap_or_default();
    let group = left_of_the_limits(Path::new("/sys/fs/cgroup"), &groups);
    system.into_iter().chain(group).min()
}

/// `MemAvailable`, `proc_meminfo(5)`.
fn available_to_the_system(meminfo: &str) -> Option<u64> {
    let line = meminfo
        .lines()
        .find_map(|line| line.strip_prefix("MemAvailable:"))?;
    let kib: u64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    kib.checked_mul(1024)
}

/// Returns how much memory the limits of a control group and its ancestors leave: the smallest
/// rest, `cgroups(7)` version 2. Returns `None` without a limit.
fn left_of_the_limits(mount: &Path, groups: &str) -> Option<u64> {
    let group = groups.lines().find_map(|line| line.strip_prefix("0::/"))?;
    let folder = mount.join(group);
    let folders = folder
        .ancestors()
        .take_while(|above| above.starts_with(mount));
    folders.filter_map(left_of_the_limit).min()
}

fn left_of_the_limit(group: &Path) -> Option<u64> {
    let read = |file| fs::read_to_string(group.join(file)).ok();
    let limit: u64 = read("memory.max")?.trim().parse().ok()?;
    let used: u64 = read("memory.current")?.trim().parse().ok()?;
    // Cached files count as used, but the kernel drops them when memory is short.
    let stat = read("memory.stat")?;
    let files: u64 = ["inactive_file ", "active_file "]
        .iter()
        .filter_map(|key| stat.lines().find_map(|line| line.strip_prefix(key)))
        .filter_map(|bytes| bytes.parse::<u64>().ok())
        .sum();
    Some(limit.saturating_sub(used.saturating_sub(files)))
}

#[cfg(test)]
mod tests {
    use super::{available_bytes, available_to_the_system, left_of_the_limits};
    use std::{fs, io};
    use tempfile::TempDir;

    #[test]
    fn meminfo_counts_in_kibibytes() {
        let meminfo = "MemTotal:       100 kB\nMemAvailable:    64 kB\n";
        assert_eq!(available_to_the_system(meminfo), Some(65536));
        assert_eq!(available_to_the_system("MemTotal: 100 kB\n"), None);
        assert_eq!(available_to_the_system("MemAvailable: much\n"), None);
    }

    #[test]
    fn this_system_shows_it() {
        assert!(available_bytes().is_some_and(|bytes| bytes > 0));
    }

    #[test]
    fn the_tightest_control_group_counts() -> io::Result<()> {
        let mount = TempDir::new()?;
        let group = |name: &str, limit: &str, used: &str, stat: &str| {
            let folder = mount.path().join(name);
            fs::create_dir_all(&folder)?;
            fs::write(folder.join("memory.max"), limit)?;
            fs::write(folder.join("memory.current"), used)?;
            fs::write(folder.join("memory.stat"), stat)
        };
        group("", "max\n", "5000\n", "")?;
        group(
            "outer",
            "1000\n",
            "900\n",
            "anon 600\ninactive_file 200\nactive_file 100\n",
        )?;
        group("outer/inner", "2000\n", "300\n", "inactive_file 0\n")?;
        let left = |groups| left_of_the_limits(mount.path(), groups);
        assert_eq!(left("0::/outer/inner\n"), Some(400));
        assert_eq!(left("1:cpu:/\n0::/outer\n"), Some(400));
        assert_eq!(left("0::/\n"), None);
        assert_eq!(left("0::/elsewhere\n"), None);
        assert_eq!(left(""), None);
        Ok(())
    }
}
