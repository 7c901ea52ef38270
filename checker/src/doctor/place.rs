//! The folder of the lab.

use super::{Finding, read};
use nix::sys::statfs::statfs;
use std::path::Path;

/// Network and shared file systems, by their numbers in `statfs(2)`: 9p (`/mnt` of WSL2),
/// drvfs (of WSL1), NFS, SMB, CIFS, SMB2, FUSE, the shared folders of VirtualBox, Ceph, AFS.
const SHARED: [u32; 10] = [
    0x01021997, 0x53464846, 0x00006969, 0x0000517b, 0xff534d42, 0xfe534d42, 0x65735546, 0x786f4256,
    0x00c36400, 0x5346414f,
];

fn is_local(folder: &Path) -> bool {
    // On 32-bit systems some of these numbers are negative.
    let number = statfs(folder).map(|found| u32::try_from(found.filesystem_type().0));
    !matches!(number, Ok(Ok(number)) if SHARED.contains(&number))
}

pub(super) fn examine(root: &Path) -> Finding {
    // The path may be a link to a place below `/mnt`.
    let real = root.canonicalize();
    let root = real.as_deref().unwrap_or(root);
    place(root, is_local(root), &read("/proc/sys/kernel/osrelease"))
}

/// `kernel` is the kernel's name, which shows whether this is WSL.
fn place(root: &Path, is_local: bool, kernel: &str) -> Finding {
    let kernel = kernel.to_lowercase();
    let is_wsl = kernel.contains("microsoft");
    let shown = root.display();
    if is_wsl && !kernel.contains("wsl2") {
        let advice = "WSL1 has no Linux kernel, and the checks may not work. In PowerShell: wsl \
                      --set-version DISTRIBUTION 2";
        return Finding::limited(format!("{shown}, in WSL1"), advice);
    }
    let place = match is_wsl {
        true => format!("{shown}, in WSL2"),
        false => shown.to_string(),
    };
    if is_local {
        return Finding::fine(place);
    }
    if is_wsl && root.starts_with("/mnt") {
        let advice = "This is a folder of Windows: builds are slow. Clone the lab into your home \
                      folder in Linux.";
        return Finding::limited(place, advice);
    }
    let seen = format!("{place}, on a network or shared file system");
    let advice = "Builds may be slow. A folder on a local disk is faster.";
    Finding::limited(seen, advice)
}

#[cfg(test)]
mod tests {
    use super::place;
    use crate::doctor::State;
    use std::path::Path;

    const LINUX: &str = "6.12.9-amd64";
    const WSL1: &str = "4.4.0-19041-Microsoft";
    const WSL2: &str = "5.15.167.4-microsoft-standard-WSL2";

    #[test]
    fn a_local_folder() {
        let home = Path::new("/home/me/lab");
        assert_eq!(place(home, true, LINUX).state, State::Fine);
        assert_eq!(place(home, true, WSL2).state, State::Fine);
        // A Linux disk may be mounted there.
        assert_eq!(place(Path::new("/mnt/lab"), true, LINUX).state, State::Fine);
    }

    #[test]
    fn a_folder_of_windows() {
        let finding = place(Path::new("/mnt/c/Users/me/lab"), false, WSL2);
        assert_eq!(finding.state, State::Limited);
        assert!(finding.advice.contains("Windows"), "{finding:?}");
    }

    #[test]
    fn a_network_file_system() {
        let finding = place(Path::new("/home/me/lab"), false, LINUX);
        assert_eq!(finding.state, State::Limited);
        assert!(finding.seen.contains("network"), "{finding:?}");
    }

    #[test]
    fn the_first_wsl() {
        let finding = place(Path::new("/home/me/lab"), true, WSL1);
        assert_eq!(finding.state, State::Limited);
        assert!(finding.seen.contains("WSL1"), "{finding:?}");
    }
}
