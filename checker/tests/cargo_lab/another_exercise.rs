//! An exercise is added to a copy of the lab as CONTRIBUTING shows it.

use super::lab::Lab;
use crate::support::{Result, root, run};
use std::fs;

/// The code of CONTRIBUTING that is for this file.
fn code(file: &str) -> Result<String> {
    let guide = fs::read_to_string(root().join("CONTRIBUTING.md"))?;
    let (_, code) = guide.split_once(&format!("{file}\n")).ok_or(file)?;
    let (code, _) = code.split_once("```").ok_or(file)?;
    Ok(code.into())
}

#[test]
fn an_exercise_is_added() -> Result {
    let lab = Lab::fresh()?;
    lab.share_dependencies(&root().join("target/debug"), "0.0.1")?;
    lab.write("hello/Cargo.toml", code("```toml")?)?;
    for file in ["hello/src/bin/threads.rs", "checker/src/exercises/hello.rs"] {
        lab.write(file, code(&format!("```rust,{file}"))?)?;
    }
    let table = "checker/src/exercises.rs";
    let entry = code(&format!("```rust,{table}"))?;
    let (module, entry) = entry.split_once("\n\n").ok_or("two parts")?;
    for (file, place, added) in [
        (table, "mod memory_corruption;\n", module),
        (table, "pub static EXERCISES: &[Exercise] = &[\n", entry),
        ("Cargo.toml", "    \"common\",\n", "    \"hello\","),
    ] {
        lab.edit(file, place, &format!("{place}{added}\n"))?;
    }
    let ran = run(&mut lab.cargo("lab check hello"));
    ran.ended(0).printed(&["✓ a thread says hello"]);
    Ok(())
}
