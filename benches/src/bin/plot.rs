//! Draws what the benches have measured, and prints it as a table.
//!
//! ```console
//! $ cargo bench -p benches
//! $ cargo run -p benches --bin plot
//! ```

use anyhow::{Context, Result, anyhow, ensure};
use benches::machine::Machine;
use benches::plot::{pictures, table};
use benches::results::{Results, criterion_folder, target_folder};
use common::{args, print_line, report};
use std::fs;

fn main() -> Result<()> {
    args::none();
    // An error in one line, with its causes.
    draw_all().map_err(|error| anyhow!("{error:#}"))
}

fn draw_all() -> Result<()> {
    let results = Results::read(&criterion_folder()?)?;
    let machine = Machine::this();

    let folder = target_folder()?.join("plots");
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let mut missing = Vec::new();
    for picture in pictures(&results, &machine)? {
        let path = folder.join(picture.name).with_extension("svg");
        if let Some(svg) = picture.svg {
            fs::write(&path, svg).with_context(|| format!("cannot write {}", path.display()))?;
            report(format_args!("wrote {}", path.display()));
        } else {
            missing.push(format!("cargo bench -p benches --bench {}", picture.bench));
        }
    }
    print_line(table(&results, &machine).trim_end())?;
    ensure!(
        missing.is_empty(),
        "some results are missing. Measure them with\n  {}",
        missing.join("\n  ")
    );
    Ok(())
}
