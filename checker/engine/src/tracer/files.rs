//! The files that a task creates.

use super::Tracer;
use crate::call::{SystemCall, int};
use crate::folder::Folder;
use crate::proc::read_memory;
use crate::registers::{fail_call, set_argument};
use crate::stopped::Stopped;
use nix::errno::Errno;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// The files in memory that a run may create, `memfd_create(2)`. Each has the size limit of a
/// file. Memory that is not mapped counts to no other limit.
const MOST_MEMORY_FILES: usize = 8;

/// The beginning of a path that is read from a program.
const MOST_OF_A_PATH: usize = 256;

/// libc keeps shared memory and semaphores with names here, `shm_overview(7)`.
const SHARED_MEMORY: &[u8] = b"/dev/shm/";

impl Tracer<'_> {
    /// An unobserved program may run many times, each time in another child of its first process.
    pub(super) fn limit_memory_files(&mut self, stopped: &Stopped) {
        let index = self.alive[&stopped.tid()].index;
        let lineage = &self.observed.tasks[index].lineage;
        let run = lineage.first().copied().filter(|_| !self.run.is_observed);
        let count = self.memory_files.entry(run).or_default();
        *count += 1;
        if *count > MOST_MEMORY_FILES {
            fail_call(stopped, Errno::EMFILE);
            self.observed.refused.insert("memfd_create".into());
        }
    }

    /// A task opens, links or removes a file. Returns whether the call is one of these.
    ///
    /// A file in `/dev/shm` outlives the program, and other programs use the same names. So the
    /// file is in the folder of the run instead: the call gets the rest of its path, which is
    /// relative to the current folder.
    pub(super) fn uses_file(&mut self, stopped: &Stopped, call: SystemCall) -> bool {
        let paths: &[usize] = match call.number {
            libc::SYS_openat | libc::SYS_unlinkat => &[1],
            libc::SYS_linkat => &[1, 3],
            #[cfg(target_arch = "x86_64")]
            libc::SYS_link => &[0, 1],
            #[cfg(target_arch = "x86_64")]
            libc::SYS_unlink => &[0],
            _ => return false,
        };
        for &place in paths {
            let address = call.args[place];
            let path = read_memory(stopped.tid(), address, MOST_OF_A_PATH);
            if path.starts_with(SHARED_MEMORY) {
                set_argument(stopped, place, address + SHARED_MEMORY.len() as u64);
            } else if call.number == libc::SYS_openat {
                self.note_file(stopped, &path, int(call.args[2]));
            }
        }
        true
    }

    /// A task opens a file. Records its call stack if the file is in the folder of the run, where
    /// a program starts, and the path of a new file that it may not create.
    fn note_file(&mut self, stopped: &Stopped, path: &[u8], flags: i32) {
        if path.first().is_some_and(|first| *first != b'/') {
            self.note_early_stack(stopped, false);
        }
        let path = path.split(|byte| *byte == 0).next().unwrap_or_default();
        let path = Path::new(OsStr::from_bytes(path));
        let creates = flags & libc::O_CREAT != 0;
        let folder = self.folder.as_ref().map(Folder::path);
        let writable = self.run.paths.iter().flat_map(|(_, writable)| writable);
        let mut allowed = writable.map(PathBuf::as_path).chain(folder);
        let is_outside = path.is_absolute() && !allowed.any(|place| path.starts_with(place));
        if creates && is_outside && !path.starts_with("/dev") {
            self.observed.refused.insert(path.display().to_string());
        }
    }
}
