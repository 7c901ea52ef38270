//! The CPUs and the memory of the machine.

use super::Finding;

/// The free memory that the programs of the lab need, in bytes.
const ENOUGH_MEMORY: u64 = 1 << 30;

pub(super) fn cpus(count: usize) -> Finding {
    if count > 1 {
        return Finding::fine(count.to_string());
    }
    let advice = "Threads and processes take turns on one CPU, so there is no speed-up. Give a \
                  container or virtual machine two CPUs or more.";
    Finding::limited(count.to_string(), advice)
}

/// `limit`, `used` and `stat` are the values of the container, if there is one.
pub(super) fn memory(meminfo: &str, limit: &str, used: &str, stat: &str) -> Finding {
    // Without swapping, in KiB.
    let Some(available) = number(meminfo, "MemAvailable:") else {
        let advice = "The free memory is unknown. The lab needs 1 GB.";
        return Finding::limited("unknown", advice);
    };
    let mut left = available << 10;
    // Without a limit, the file contains `max` or does not exist.
    if let (Some(limit), Some(used)) = (number(limit, ""), number(used, "")) {
        // The kernel can free cached files.
        let cached = number(stat, "inactive_file ").unwrap_or(0);
        left = left.min(limit.saturating_sub(used.saturating_sub(cached)));
    }
    let seen = format!("{} MiB free", left >> 20);
    if left >= ENOUGH_MEMORY {
        return Finding::fine(seen);
    }
    let advice = "Large arrays may not fit, or be slow. Close other programs, or give a \
                  container or virtual machine 1 GB or more.";
    Finding::limited(seen, advice)
}

/// The number after this name, at the beginning of a line.
fn number(text: &str, name: &str) -> Option<u64> {
    let value = text.lines().find_map(|line| line.strip_prefix(name))?;
    value.split_whitespace().next()?.parse().ok()
}

pub(super) fn huge_pages(enabled: &str) -> Finding {
    match enabled.split(['[', ']']).nth(1) {
        Some(chosen @ ("always" | "madvise")) => Finding::fine(chosen),
        Some(chosen) => {
            let advice = "Arrays get small pages only, so times with --pages huge and --pages \
                          small are the same. As root: echo madvise > \
                          /sys/kernel/mm/transparent_hugepage/enabled";
            Finding::limited(chosen, advice)
        }
        None => {
            let advice = "Times with --pages huge and --pages small are the same.";
            Finding::limited("the system has none", advice)
        }
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
