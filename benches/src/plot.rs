//! The pictures of what was measured, and the same as a table.

mod axis;
mod chart;
mod colours;
mod copy_on_write;
mod memory;
mod paper;
mod speed_up;
mod switch;
mod table;

use crate::machine::Machine;
use crate::results::Results;
use anyhow::Result;

pub use table::table;

/// A picture, ready to be written to a file.
#[derive(Clone, Debug)]
pub struct Picture {
    /// The name of the file, without `.svg`.
    pub name: &'static str,
    /// The picture, an SVG that needs nothing else and follows the reader's
    /// preference for light or dark. Nothing where the results are missing.
    pub svg: Option<String>,
    /// The bench that measures what it shows.
    pub bench: &'static str,
}

/// All pictures.
///
/// # Errors
///
/// When one can't be drawn.
pub fn pictures(results: &Results, machine: &Machine) -> Result<Vec<Picture>> {
    let caption = format!("{machine}. Medians; error bars: 95 % confidence interval.");
    let picture = |name, bench, svg| Picture { name, svg, bench };
    Ok(vec![
        picture(
            "thread-and-fork",
            "spawn_cost",
            memory::draw(results, &caption)?,
        ),
        picture(
            "speed-up",
            "sum_scaling",
            speed_up::draw(results, &caption)?,
        ),
        picture(
            "copy-on-write",
            "copy_on_write",
            copy_on_write::draw(results, &caption)?,
        ),
        picture("switch", "switch_cost", switch::draw(results, &caption)?),
    ])
}
