//! The CPUs and the memory of the machine.

use super::Finding;
use std::{fs, thread};

/// The free memory that the programs of the lab need, in bytes.
const ENOUGH_MEMORY: u64 = 1 << 30;

pub(super) fn examine_cpus() -> Finding {
    // Count the CPUs that this process may use: a container may have fewer than the machine.
    cpus(thread::available_parallelism().map_or(1, Into::into))
}

pub(super) fn examine_memory() -> Finding {
    memory(
        &read("/proc/meminfo"),
        &read("/sys/fs/cgroup/memory.max"),
        &read("/sys/fs/cgroup/memory.current"),
        &read("/sys/fs/cgroup/memory.stat"),
    )
}

pub(super) fn examine_huge_pages() -> Finding {
    huge_pages(&read("/sys/kernel/mm/transparent_hugepage/enabled"))
}

/// The content of a system file, or an empty text if the file does not exist.
pub(super) fn read(path: &str) -> String {
    let text = fs::read_to_string(path).unwrap_or_default();
    text.trim_end().to_owned()
}

fn cpus(count: usize) -> Finding {
    let subject = "CPUs";
    if count > 1 {
        return Finding::fine(subject, count.to_string());
    }
    let advice = "Threads and processes take turns on one CPU, so there is no speed-up. Give a \
                  container or virtual machine two CPUs or more.";
    Finding::limited(subject, count.to_string(), advice)
}

/// `limit`, `used` and `stat` are the values of the container, if there is one.
fn memory(meminfo: &str, limit: &str, used: &str, stat: &str) -> Finding {
    let subject = "memory";
    let Some(available) = available(meminfo) else {
        let advice = "The free memory is unknown. The lab needs 1 GB.";
        return Finding::limited(subject, "unknown", advice);
    };
    let left = match (limit.parse::<u64>(), used.parse::<u64>()) {
        (Ok(limit), Ok(used)) => {
            let used = used.saturating_sub(cached(stat));
            available.min(limit.saturating_sub(used))
        }
        // The file contains `max` or does not exist.
        _ => available,
    };
    let seen = format!("{} MiB free", left >> 20);
    if left >= ENOUGH_MEMORY {
        return Finding::fine(subject, seen);
    }
    let advice = "Large arrays may not fit, or be slow. Close other programs, or give a \
                  container or virtual machine 1 GB or more.";
    Finding::limited(subject, seen, advice)
}

/// The memory available without swapping, in bytes.
fn available(meminfo: &str) -> Option<u64> {
    let mut lines = meminfo.lines();
    let value = lines.find_map(|line| line.strip_prefix("MemAvailable:"))?;
    let kib: u64 = value.trim().strip_suffix(" kB")?.parse().ok()?;
    kib.checked_mul(1024)
}

/// The memory of a container's cached files that the kernel can free, in bytes.
fn cached(stat: &str) -> u64 {
    let mut lines = stat.lines();
    let value = lines.find_map(|line| line.strip_prefix("inactive_file "));
    value.and_then(|value| value.parse().ok()).unwrap_or(0)
}

fn huge_pages(enabled: &str) -> Finding {
    let subject = "huge pages";
    let start = enabled.split_once('[').map(|(_, rest)| rest);
    let chosen = start.and_then(|rest| Some(rest.split_once(']')?.0));
    match chosen {
        Some(chosen @ ("always" | "madvise")) => Finding::fine(subject, chosen),
        Some(chosen) => Finding::limited(
            subject,
            chosen,
            "Arrays get small pages only, so times with --pages huge and --pages small are the \
             same. As root: echo madvise > /sys/kernel/mm/transparent_hugepage/enabled",
        ),
        None => Finding::limited(
            subject,
            "the system has none",
            "Times with --pages huge and --pages small are the same.",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::{cpus, huge_pages, memory};
    use crate::doctor::State;

    const MEMINFO: &str = "MemTotal:       8000000 kB\nMemFree:          10000 kB\n\
                           MemAvailable:    4194304 kB\nBuffers:             10 kB\n";

    #[test]
    fn one_cpu_shows_no_speed_up() {
        assert_eq!(cpus(1).state, State::Limited);
        assert_eq!(cpus(2).state, State::Fine);
    }

    #[test]
    fn memory_of_the_machine() {
        let memory = |meminfo| memory(meminfo, "", "", "");
        let finding = memory(MEMINFO);
        assert_eq!(finding.state, State::Fine);
        assert_eq!(finding.seen, "4096 MiB free");
        assert_eq!(
            memory("MemAvailable:     512000 kB\n").state,
            State::Limited
        );
        assert_eq!(memory("").state, State::Limited);
    }

    #[test]
    fn memory_of_a_container() {
        let memory = |limit, used, stat| memory(MEMINFO, limit, used, stat);
        let finding = memory("536870912", "268435456", "anon 5\n");
        assert_eq!(finding.state, State::Limited);
        assert_eq!(finding.seen, "256 MiB free");
        let stat = "anon 5\ninactive_file 134217728\n";
        assert_eq!(memory("536870912", "268435456", stat).seen, "384 MiB free");
        assert_eq!(memory("max", "268435456", stat).seen, "4096 MiB free");
        assert_eq!(memory("1000", "2000", "").seen, "0 MiB free");
    }

    #[test]
    fn huge_pages_on_request_are_enough() {
        assert_eq!(huge_pages("always [madvise] never").state, State::Fine);
        assert_eq!(huge_pages("[always] madvise never").state, State::Fine);
        assert_eq!(huge_pages("always madvise [never]").state, State::Limited);
        assert_eq!(huge_pages("").state, State::Limited);
    }
}
