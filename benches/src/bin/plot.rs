//! Draws what the benches have measured, prints it as tables, and puts all of it into a page.
//!
//! ```console
//! $ cargo bench -p benches
//! $ cargo run -p benches --bin plot
//! ```

use anyhow::{Context, Result, anyhow, ensure};
use benches::chart::draw;
use benches::figures::{Figure, GUIDE};
use benches::machine;
use benches::page::page;
use benches::results::{criterion_folder, read, target_folder};
use benches::table::{Table, tables};
use common::{args, print_line, report};
use std::collections::BTreeSet;
use std::fs;

fn main() -> Result<()> {
    args::none();
    // An error in one line, with its causes.
    draw_all().map_err(|error| anyhow!("{error:#}"))
}

fn draw_all() -> Result<()> {
    let results = read(&criterion_folder()?)?;
    let machine = machine::caption();
    let caption = format!("{machine}. Medians; error bars: 95 % confidence interval.");
    let folder = target_folder()?.join("plots");
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let write = |name: &str, text: &str| -> Result<()> {
        let path = folder.join(name);
        fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
        report(format_args!("wrote {}", path.display()));
        Ok(())
    };

    let (mut pictures, mut unmeasured) = (Vec::new(), Vec::new());
    let has_picture = |figure: &&Figure| !figure.values.is_empty();
    for figure in GUIDE.figures.iter().filter(has_picture) {
        match draw(figure, &results, &caption) {
            Some(svg) => {
                write(&format!("{}.svg", figure.name), &svg)?;
                pictures.push((figure, svg));
            }
            None => unmeasured.push(figure),
        }
    }
    write("index.html", &page(&results, &pictures, &unmeasured))?;
    let tables: Vec<_> = tables(&results).iter().map(Table::markdown).collect();
    let tables = tables.join("\n");
    print_line(format_args!("{machine}\n\n{}", tables.trim_end()))?;
    let unmeasured: BTreeSet<_> = unmeasured.iter().map(|figure| &figure.bench).collect();
    let drawn: BTreeSet<_> = pictures.iter().map(|(figure, _)| &figure.bench).collect();
    // Parts of a bench may be left out.
    let missing = unmeasured.difference(&drawn);
    let missing = missing.map(|bench| format!("\n  cargo bench -p benches --bench {bench}"));
    let missing: String = missing.collect();
    ensure!(
        missing.is_empty(),
        "some results are missing. Measure them with{missing}"
    );
    Ok(())
}
