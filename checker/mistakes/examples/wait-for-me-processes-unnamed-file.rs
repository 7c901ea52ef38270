//! Verdict: passed
//!
//! The child writes to a file without a name, and gives it one when all is written.

use anyhow::{Result, ensure};
use common::{Process, args, print_line};
use std::ffi::CString;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::fd::AsRawFd;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::OpenOptionsExt;
use std::thread;
use std::time::Duration;

fn main() -> Result<()> {
    let mut writer = Process::new("writer", || {
        thread::sleep(Duration::from_secs(1));
        let mut unnamed = OpenOptions::new()
            .write(true)
            .custom_flags(libc::O_TMPFILE)
            .open(".")?;
        unnamed.write_all(b"Now you see me, now you don't")?;
        let source = CString::new(format!("/proc/self/fd/{}", unnamed.as_raw_fd()))?;
        let name = CString::new(args::file_name().as_os_str().as_bytes())?;
        let here = libc::AT_FDCWD;
        // SAFETY: the strings end with a zero.
        let result = unsafe {
            libc::linkat(
                here,
                source.as_ptr(),
                here,
                name.as_ptr(),
                libc::AT_SYMLINK_FOLLOW,
            )
        };
        ensure!(result == 0, "the file gets no name");
        Ok(())
    });
    writer.start()?;
    writer.join()?;
    print_line(fs::read_to_string(args::file_name())?)?;
    Ok(fs::remove_file(args::file_name())?)
}
