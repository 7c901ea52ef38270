//! Files that are gone or cannot be read as code, and other mishaps that are no mistakes.

use super::lab::Lab;
use crate::support::{Result, run};
use std::fs;

const THREADS: &str = "wait-for-me/src/bin/threads.rs";

#[test]
fn a_file_that_cannot_be_read_as_code() -> Result {
    let lab = Lab::new()?;
    let check = "check wait-for-me threads";
    let file = lab.file(THREADS);
    let handed_out = fs::read_to_string(&file)?;
    // A deleted file is a verdict with the way back.
    fs::remove_file(&file)?;
    let reset = "reset wait-for-me threads";
    let way_back = format!("cargo lab {reset}");
    let shown = ["does-not-compile", THREADS, &way_back];
    lab.run(check).ended(1).printed(&shown);
    // The other files can still be judged.
    let solution = "check wait-for-me threads --solutions";
    lab.run(solution).ended(0).printed(&["passed"]);
    lab.run(reset).ended(0);
    lab.run(check).ended(1).printed(&["not-attempted"]);
    // A byte order mark is no attempt.
    fs::write(&file, format!("\u{feff}{handed_out}"))?;
    lab.run(check).ended(1).printed(&["not-attempted"]);
    // A temporary folder need not be there.
    let ran = run(lab.command(check).env("TMPDIR", "/no/such/folder"));
    ran.ended(1).printed(&["not-attempted"]);
    // UTF-16 is not the encoding of Rust.
    let units = format!("\u{feff}{handed_out}");
    let bytes: Vec<u8> = units.encode_utf16().flat_map(u16::to_le_bytes).collect();
    fs::write(&file, bytes)?;
    let shown = ["does-not-compile", "encoding UTF-8"];
    lab.run(check).ended(1).printed(&shown);
    Ok(())
}

/// As `cargo lab | head -1` does.
#[test]
fn a_reader_that_has_seen_enough_gets_no_error() -> Result {
    let (_, writer) = std::io::pipe()?;
    let lab = Lab::new()?;
    let mut command = lab.command("hint wait-for-me threads");
    let output = command.stdout(writer).stderr(std::process::Stdio::piped());
    let output = output.spawn()?.wait_with_output()?;
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    assert!(output.stderr.is_empty(), "{output:?}");
    Ok(())
}
