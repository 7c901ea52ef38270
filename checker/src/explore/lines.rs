//! Lines of a program's source.

use super::layout::Step;
use engine::source_lines;
use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::path::Path;

/// The lines of a file that steps belong to.
pub(crate) struct Lines {
    text: String,
    /// For each step: the line of its innermost call that is in the file, and whether it is in an
    /// inlined function of the standard library, and belongs to its bookkeeping.
    places: HashMap<u64, (Option<u32>, bool)>,
}

impl Lines {
    /// For the steps of this program, as far as they are in this file. Without debug information
    /// there are none.
    pub(crate) fn new(program: &Path, file: &Path, steps: &[Step]) -> Self {
        let calls: BTreeSet<u64> = steps.iter().map(|step| step.pc).collect();
        // A call returns to the instruction after it.
        let stacks: Vec<_> = calls.iter().map(|pc| vec![pc.saturating_sub(1)]).collect();
        let places = source_lines(program, &stacks).into_iter().map(|frames| {
            let innermost = frames.first().map(|(path, _)| path.to_string_lossy());
            let innermost = innermost.unwrap_or_default();
            // The compiler was told a path as it is seen from another folder, perhaps.
            let in_file = frames.iter().find(|(path, _)| file.ends_with(path));
            let is_of_library =
                innermost.contains("/library/") && !innermost.ends_with("/sync/atomic.rs");
            (in_file.map(|(_, line)| *line), is_of_library)
        });
        Self {
            text: fs::read_to_string(file).unwrap_or_default(),
            places: calls.into_iter().zip(places).collect(),
        }
    }

    /// The line of the innermost call of a step that is in the file.
    pub(crate) fn line(&self, step: &Step) -> Option<u32> {
        self.places.get(&step.pc)?.0
    }

    /// Whether a step belongs to the standard library, in a function that was inlined.
    pub(crate) fn is_of_library(&self, step: &Step) -> bool {
        self.places.get(&step.pc).is_some_and(|place| place.1)
    }

    /// The text of a line, without indentation.
    pub(crate) fn text(&self, line: u32) -> &str {
        let index = (line as usize).saturating_sub(1);
        self.text.lines().nth(index).map_or("", str::trim)
    }
}
