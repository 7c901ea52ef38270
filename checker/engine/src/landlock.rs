//! The three system calls of Landlock, `landlock(7)`.

use nix::errno::Errno;
use std::fs::OpenOptions;
use std::io;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

const EXECUTE: u64 = 1 << 0;
const WRITE_FILE: u64 = 1 << 1;
const READ_FILE: u64 = 1 << 2;
const READ_DIR: u64 = 1 << 3;
const TRUNCATE: u64 = 1 << 14;
const IOCTL_DEV: u64 = 1 << 15;

/// What a program may do with the files that it reads.
pub(crate) const READ: u64 = EXECUTE | READ_FILE | READ_DIR;
/// What a program may do with a device.
pub(crate) const DEVICE: u64 = READ_FILE | WRITE_FILE | IOCTL_DEV;
/// Everything that Landlock can restrict.
pub(crate) const ALL: u64 = u64::MAX;

/// The rights that apply to a file. The others are for folders only.
const OF_FILES: u64 = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEV;

/// The rights that versions 1 to 5 know: the first 13, and one or none more by each version.
const RIGHTS: [u32; 5] = [13, 14, 15, 15, 16];

/// `struct landlock_ruleset_attr`. A kernel that does not know the last fields takes them, as
/// long as they are 0.
#[repr(C)]
struct RulesetAttr {
    handled_access_fs: u64,
    handled_access_net: u64,
    scoped: u64,
}

/// `struct landlock_path_beneath_attr`.
#[repr(C, packed)]
struct PathBeneathAttr {
    allowed_access: u64,
    parent_fd: i32,
}

/// Returns the version of Landlock, or a number below 1 if the kernel has none.
pub(crate) fn version() -> i64 {
    const LANDLOCK_CREATE_RULESET_VERSION: u32 = 1;
    let none = std::ptr::null::<RulesetAttr>();
    let flags = LANDLOCK_CREATE_RULESET_VERSION;
    // SAFETY: with this flag, the call has no other argument and returns a version.
    unsafe { libc::syscall(libc::SYS_landlock_create_ruleset, none, 0, flags) }
}

/// A set of rules. The kernel refuses all access that no rule allows.
pub(crate) struct Ruleset {
    fd: OwnedFd,
    handled: u64,
}

impl Ruleset {
    /// Makes a set without rules. `None` if the kernel has no Landlock.
    pub(crate) fn new() -> io::Result<Option<Self>> {
        let version = version();
        let Ok(index) = usize::try_from(version - 1) else {
            return Ok(None);
        };
        let rights = RIGHTS[index.min(RIGHTS.len() - 1)];
        let attr = RulesetAttr {
            handled_access_fs: (1 << rights) - 1,
            handled_access_net: 0,
            // Abstract sockets, and signals.
            scoped: if version >= 6 { 0b11 } else { 0 },
        };
        let size = size_of_val(&attr);
        // SAFETY: the kernel reads this many bytes of the struct.
        let fd =
            unsafe { libc::syscall(libc::SYS_landlock_create_ruleset, &raw const attr, size, 0) };
        let fd = i32::try_from(Errno::result(fd)?).map_err(io::Error::other)?;
        // SAFETY: the call returned a new descriptor, which nothing else owns.
        let fd = unsafe { OwnedFd::from_raw_fd(fd) };
        let handled = attr.handled_access_fs;
        Ok(Some(Self { fd, handled }))
    }

    /// Allows this access to a file, or to a folder and everything in it. A path that does not
    /// exist needs no rule.
    pub(crate) fn allow(&self, path: &Path, access: u64) -> io::Result<()> {
        const LANDLOCK_RULE_PATH_BENEATH: u32 = 1;
        let by_path = OpenOptions::new()
            .read(true)
            .custom_flags(libc::O_PATH)
            .open(path);
        let Ok(file) = by_path else { return Ok(()) };
        let known = match path.is_dir() {
            true => self.handled,
            false => self.handled & OF_FILES,
        };
        let rule = PathBeneathAttr {
            allowed_access: access & known,
            parent_fd: file.as_raw_fd(),
        };
        // SAFETY: the kernel reads the struct that belongs to this kind of rule.
        let result = unsafe {
            libc::syscall(
                libc::SYS_landlock_add_rule,
                self.fd.as_raw_fd(),
                LANDLOCK_RULE_PATH_BENEATH,
                &raw const rule,
                0,
            )
        };
        Errno::result(result)?;
        Ok(())
    }

    /// Restricts this process by the rules. Makes one system call and nothing else.
    pub(crate) fn enter(&self) -> Result<(), Errno> {
        let fd = self.fd.as_raw_fd();
        // SAFETY: the call uses no memory of this process.
        let result = unsafe { libc::syscall(libc::SYS_landlock_restrict_self, fd, 0) };
        Errno::result(result).map(drop)
    }
}
