//! Where the benches run.

use common::available_bytes;
use std::fmt;
use std::fs;
use std::thread::available_parallelism;

/// A machine in the words of a caption.
#[derive(Clone, Debug)]
pub struct Machine {
    /// The name of its processor.
    pub processor: String,
    /// How many CPUs a program may use.
    pub cpus: usize,
    /// The version of the kernel.
    pub kernel: String,
}

impl Machine {
    /// The one that this program runs on.
    #[must_use]
    pub fn this() -> Self {
        let cpuinfo = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
        Self {
            processor: processor(&cpuinfo).unwrap_or(std::env::consts::ARCH).into(),
            cpus: available_parallelism().map_or(1, usize::from),
            // The distribution's own name follows the number.
            kernel: kernel.split(['-', '+', '\n']).next().unwrap_or("").into(),
        }
    }
}

impl Machine {
    /// What a bench may have left out because this machine does not have it.
    #[must_use]
    pub fn lacks(&self) -> Vec<String> {
        let mut lacks = Vec::new();
        if self.cpus == 1 {
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
}

impl fmt::Display for Machine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let s = if self.cpus == 1 { "" } else { "s" };
        write!(
            f,
            "{}, {} CPU{s}, Linux {}",
            self.processor, self.cpus, self.kernel
        )
    }
}

/// The first name of a processor in `/proc/cpuinfo`. Not every architecture
/// has one there.
fn processor(cpuinfo: &str) -> Option<&str> {
    cpuinfo.lines().find_map(|line| {
        let (key, name) = line.split_once(':')?;
        (key.trim() == "model name").then_some(name.trim())
    })
}

#[cfg(test)]
mod tests {
    use super::{Machine, processor};

    #[test]
    fn a_name_if_there_is_one() {
        let cpuinfo = "processor\t: 0\nmodel\t\t: 17\nmodel name\t: Some CPU @ 3 GHz\n";
        assert_eq!(processor(cpuinfo), Some("Some CPU @ 3 GHz"));
        assert_eq!(processor("processor\t: 0\nBogoMIPS\t: 50.00\n"), None);
    }

    #[test]
    fn in_words() {
        let mut machine = Machine {
            processor: "Some CPU".into(),
            cpus: 1,
            kernel: "6.1.0".into(),
        };
        assert_eq!(machine.to_string(), "Some CPU, 1 CPU, Linux 6.1.0");
        machine.cpus = 8;
        assert_eq!(machine.to_string(), "Some CPU, 8 CPUs, Linux 6.1.0");
        assert!(Machine::this().cpus > 0);
    }
}
