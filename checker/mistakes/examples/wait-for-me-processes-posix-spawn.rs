//! Verdict: passed
//! The child is a shell that `posix_spawn` starts. The parent waits for any child with a
//! pid of -1, and there is only this one.

use anyhow::{Context, Result, ensure};
use common::{args, print_line};
use nix::spawn::{PosixSpawnAttr, PosixSpawnFileActions, posix_spawn};
use std::ffi::{CStr, CString};
use std::fs;
use std::os::unix::ffi::OsStrExt;

const SCRIPT: &CStr = c"sleep 0.6; printf %s \"Now you see me, now you don't\" >\"$1\"";

fn main() -> Result<()> {
    let name = args::file_name();
    let path = CString::new(name.as_os_str().as_bytes())?;
    let actions = PosixSpawnFileActions::init()?;
    let attributes = PosixSpawnAttr::init()?;
    let arguments = [c"sh", c"-c", SCRIPT, c"sh", &path];
    let environment = [c"PATH=/usr/bin:/bin"];
    let shell = posix_spawn(c"/bin/sh", &actions, &attributes, &arguments, &environment)
        .context("cannot start a shell")?;

    let mut status = -1;
    // SAFETY: the kernel writes to `status`, which is borrowed for that.
    let ended = unsafe { libc::waitpid(-1, &raw mut status, 0) };
    ensure!(ended == shell.as_raw(), "waitpid returns {ended}");
    ensure!(status == 0, "the shell has the wait status {status}");
    print_line(fs::read_to_string(&name)?)?;
    fs::remove_file(name)?;
    Ok(())
}
