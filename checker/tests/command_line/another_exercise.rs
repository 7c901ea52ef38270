//! An exercise is added to a copy of the lab as CONTRIBUTING shows it.

use super::lab::{Lab, original, text};
use std::error::Error;
use std::process::Command;
use std::{env, fs};

/// The code of CONTRIBUTING that is for this file.
fn code(file: &str) -> Result<String, Box<dyn Error>> {
    let guide = fs::read_to_string(original().join("CONTRIBUTING.md"))?;
    let (_, code) = guide.split_once(&format!("{file}\n")).ok_or(file)?;
    let (code, _) = code.split_once("```").ok_or(file)?;
    Ok(code.into())
}

#[test]
fn an_exercise_is_added() -> Result<(), Box<dyn Error>> {
    let lab = Lab::new()?;
    lab.share_dependencies(&original().join("target/debug"), "0.0.1")?;
    fs::create_dir_all(lab.file("hello/src/bin"))?;
    let manifest = code("```toml")?;
    fs::write(lab.file("hello/Cargo.toml"), manifest)?;
    for file in ["hello/src/bin/threads.rs", "checker/src/exercises/hello.rs"] {
        fs::write(lab.file(file), code(&format!("```rust,{file}"))?)?;
    }
    let table = "checker/src/exercises.rs";
    let entry = code(&format!("```rust,{table}"))?;
    let (module, entry) = entry.split_once("\n\n").ok_or("two parts")?;
    let text_of_table = fs::read_to_string(lab.file(table))?;
    let with_module = text_of_table.replacen(
        "mod memory_corruption;",
        &format!("{module}\nmod memory_corruption;"),
        1,
    );
    let start = "pub static EXERCISES: &[Exercise] = &[\n";
    let with_entry = with_module.replacen(start, &format!("{start}{entry}"), 1);
    assert_eq!(
        with_entry.len(),
        text_of_table.len() + module.len() + 1 + entry.len()
    );
    fs::write(lab.file(table), with_entry)?;
    let manifest = fs::read_to_string(lab.file("Cargo.toml"))?;
    let with_member =
        manifest.replacen("    \"common\",\n", "    \"common\",\n    \"hello\",\n", 1);
    fs::write(lab.file("Cargo.toml"), with_member)?;

    let output = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["lab", "check", "hello"])
        .env_remove("CARGO_MANIFEST_DIR")
        // Its programs must not take the place of the original's.
        .env("CARGO_TARGET_DIR", lab.file("programs"))
        .env("CARGO_BUILD_BUILD_DIR", lab.file("target"))
        .current_dir(lab.file(""))
        .output()?;
    let printed = text(&output.stdout) + &text(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{printed}");
    assert!(printed.contains("✓ a thread says hello"), "{printed}");
    Ok(())
}
