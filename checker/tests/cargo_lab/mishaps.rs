//! Files that are gone or cannot be read as code, and other mishaps that are no mistakes.

use super::lab::{Lab, THREADS};
use crate::support::{Result, run};
use std::fs;
use std::io::pipe;

#[test]
fn mishaps_that_are_no_mistakes() -> Result {
    let lab = Lab::fresh()?;
    let check = "check wait-for-me threads";
    let handed_out = lab.read(THREADS)?;
    // A deleted file is a verdict with the way back.
    fs::remove_file(lab.path(THREADS))?;
    let reset = "reset wait-for-me threads";
    let way_back = format!("cargo lab {reset}");
    let shown = ["does-not-compile", THREADS, &way_back];
    lab.run(check).ended(1).printed(&shown);
    // The other files can still be judged.
    let solution = "check wait-for-me threads --solutions";
    lab.run(solution).ended(0).printed(&["passed"]);
    lab.run(reset).ended(0);
    lab.run(check).ended(1).printed(&["not-attempted"]);
    // A byte order mark is no attempt. And a temporary folder need not be there.
    let with_mark = format!("\u{feff}{handed_out}");
    lab.write(THREADS, &with_mark)?;
    let ran = run(lab.command(check).env("TMPDIR", "/no/such/folder"));
    ran.ended(1).printed(&["not-attempted"]);
    // UTF-16 is not the encoding of Rust.
    let units = with_mark.encode_utf16().flat_map(u16::to_le_bytes);
    lab.write(THREADS, units.collect::<Vec<u8>>())?;
    let shown = ["does-not-compile", "encoding UTF-8"];
    lab.run(check).ended(1).printed(&shown);
    // As `cargo lab | head -1` does: a reader that has seen enough gets no error.
    let (_, writer) = pipe()?;
    let mut hint = lab.command("hint wait-for-me threads");
    let output = hint.stdout(writer).output()?;
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    assert!(output.stderr.is_empty(), "{output:?}");
    Ok(())
}
