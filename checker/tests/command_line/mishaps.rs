//! Files that are gone or cannot be read as code, and other mishaps that are no mistakes.

use super::lab::{Lab, text};
use serde_json::Value;
use std::error::Error;
use std::fs;
use std::io::Read;
use std::process::Stdio;

const THREADS: &str = "wait-for-me/src/bin/threads.rs";

/// The first check on wait-for-me threads.
fn first_check(lab: &Lab) -> Result<Value, Box<dyn Error>> {
    let (report, _) = lab.check()?;
    let tasks = report["tasks"].as_array().ok_or("tasks")?;
    let threads = tasks.iter().find(|task| task["binary"] == "threads");
    Ok(threads.ok_or("threads")?["checks"][0].clone())
}

#[test]
fn a_file_that_was_deleted_is_a_verdict_with_the_way_back() -> Result<(), Box<dyn Error>> {
    let lab = Lab::new()?;
    fs::remove_file(lab.file(THREADS))?;
    let check = first_check(&lab)?;
    assert_eq!(check["verdict"], "does-not-compile");
    assert!(check["message"].to_string().contains(THREADS), "{check}");
    let way_back = "cargo lab reset wait-for-me threads";
    assert!(check["evidence"].to_string().contains(way_back), "{check}");
    assert!(
        lab.run(&["reset", "wait-for-me", "threads"])?
            .status
            .success()
    );
    assert_eq!(first_check(&lab)?["verdict"], "not-attempted");
    Ok(())
}

#[test]
fn a_byte_order_mark_is_no_attempt() -> Result<(), Box<dyn Error>> {
    let lab = Lab::new()?;
    let handed_out = fs::read_to_string(lab.file(THREADS))?;
    fs::write(lab.file(THREADS), format!("\u{feff}{handed_out}"))?;
    assert_eq!(first_check(&lab)?["verdict"], "not-attempted");
    Ok(())
}

#[test]
fn a_file_in_utf_16_is_told_how_to_save_it() -> Result<(), Box<dyn Error>> {
    let lab = Lab::new()?;
    let handed_out = fs::read_to_string(lab.file(THREADS))?;
    let bytes = handed_out.encode_utf16().flat_map(u16::to_le_bytes);
    let text: Vec<u8> = [0xff, 0xfe].into_iter().chain(bytes).collect();
    fs::write(lab.file(THREADS), text)?;
    let check = first_check(&lab)?;
    assert_eq!(check["verdict"], "does-not-compile");
    let advice = "Save it with the encoding UTF-8";
    assert!(check["evidence"].to_string().contains(advice), "{check}");
    Ok(())
}

#[test]
fn a_temporary_folder_that_is_not_there() -> Result<(), Box<dyn Error>> {
    let lab = Lab::new()?;
    let mut command = lab.command(&["check", "wait-for-me", "threads"]);
    let output = command.env("TMPDIR", "/no/such/folder").output()?;
    let stdout = text(&output.stdout);
    assert!(stdout.contains("not-attempted"), "{stdout}");
    Ok(())
}

/// As `cargo lab | head -1` does.
#[test]
fn a_reader_that_has_seen_enough_gets_no_error() -> Result<(), Box<dyn Error>> {
    let lab = Lab::new()?;
    let mut command = lab.command(&["hint", "wait-for-me", "threads"]);
    let command = command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let (reader, writer) = std::io::pipe()?;
    drop(reader);
    let mut child = command.stdout(writer).spawn()?;
    let mut stderr = String::new();
    child
        .stderr
        .take()
        .ok_or("a pipe")?
        .read_to_string(&mut stderr)?;
    assert_eq!(child.wait()?.code(), Some(2));
    assert_eq!(stderr, "");
    Ok(())
}
