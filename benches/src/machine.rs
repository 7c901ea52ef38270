//! Where the benches run.

use common::available_bytes;
use std::env::consts::ARCH;
use std::fs;
use std::thread::available_parallelism;

/// This machine in the words of a caption: its processor, how many CPUs a program may use, and
/// the version of its kernel.
#[must_use]
pub fn caption() -> String {
    let cpuinfo = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    in_words(&cpuinfo, cpus(), &kernel)
}

/// What a bench may have left out because this machine does not have it.
#[must_use]
pub fn lacks() -> Vec<String> {
    let mut lacks = Vec::new();
    if cpus() == 1 {
        lacks.push("A second CPU: no program can be faster with more workers.".into());
    }
    let setting = fs::read_to_string("/sys/kernel/mm/transparent_hugepage/enabled");
    if setting.map_or(true, |setting| setting.contains("[never]")) {
        lacks.push("Huge pages: the kernel gives small ones only.".into());
    }
    let mib = available_bytes().unwrap_or(u64::MAX) >> 20;
    if mib < 1024 {
        lacks.push(format!("1024 MiB of free memory: {mib} MiB are available."));
    }
    lacks
}

/// How many CPUs a program may use.
#[must_use]
pub fn cpus() -> usize {
    available_parallelism().map_or(1, usize::from)
}

fn in_words(cpuinfo: &str, cpus: usize, kernel: &str) -> String {
    // Not every architecture names its processor there.
    let processor = cpuinfo.lines().find_map(|line| {
        let (key, name) = line.split_once(':')?;
        (key.trim() == "model name").then_some(name.trim())
    });
    let processor = processor.unwrap_or(ARCH);
    let s = if cpus == 1 { "" } else { "s" };
    // The distribution's own name follows the number.
    let kernel = kernel.split(['-', '+', '\n']).next().unwrap_or("");
    format!("{processor}, {cpus} CPU{s}, Linux {kernel}")
}

#[cfg(test)]
mod tests {
    use super::{cpus, in_words};
    use std::env::consts::ARCH;

    #[test]
    fn captions() {
        let cpuinfo = "processor\t: 0\nmodel\t\t: 17\nmodel name\t: Some CPU @ 3 GHz\n";
        assert_eq!(
            in_words(cpuinfo, 1, "6.1.0-42-generic\n"),
            "Some CPU @ 3 GHz, 1 CPU, Linux 6.1.0"
        );
        let cpuinfo = "processor\t: 0\nBogoMIPS\t: 50.00\n";
        assert_eq!(
            in_words(cpuinfo, 8, "6.1.0\n"),
            format!("{ARCH}, 8 CPUs, Linux 6.1.0")
        );
        assert!(cpus() > 0);
    }
}
