//! Verdict: passed
//!
//! A shell writes the message. `system` of the C library waits for it.

use anyhow::{Result, ensure};
use common::{args, print_line};
use std::ffi::CString;
use std::fs;

const MESSAGE: &str = "Now you see me, now you don't";

fn main() -> Result<()> {
    let file = args::file_name();
    let command = CString::new(format!("sleep 1; echo \"{MESSAGE}\" > {}", file.display()))?;
    // SAFETY: the string ends with a zero.
    let status = unsafe { libc::system(command.as_ptr()) };
    ensure!(status == 0, "the shell failed");
    print_line(fs::read_to_string(&file)?)?;
    Ok(fs::remove_file(file)?)
}
