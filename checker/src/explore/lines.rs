//! Lines of a program's source.

use super::session::Step;
use engine::source_lines;
use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::path::Path;

/// The lines of a file that steps belong to.
pub(crate) struct Lines {
    text: Vec<String>,
    of: HashMap<u64, u32>,
}

impl Lines {
    /// For the steps of this program, as far as they are in this file. Without debug information
    /// there are none.
    pub(crate) fn new(program: &Path, file: &Path, steps: &[Step]) -> Self {
        let calls: BTreeSet<u64> = steps.iter().map(|step| step.pc).collect();
        // A call returns to the instruction after it.
        let stacks: Vec<_> = calls.iter().map(|pc| vec![pc.saturating_sub(1)]).collect();
        let found = source_lines(program, &stacks);
        let of = calls.into_iter().zip(found).filter_map(|(pc, frames)| {
            // The compiler was told a path as it is seen from another folder, perhaps.
            let mut frames = frames.into_iter();
            let (_, line) = frames.find(|(path, _)| file.ends_with(path) || path == file)?;
            Some((pc, line))
        });
        let text = fs::read_to_string(file).unwrap_or_default();
        Self {
            of: of.collect(),
            text: text.lines().map(Into::into).collect(),
        }
    }

    /// Of the calls that a step is in, the line of the innermost that is in the file.
    pub(crate) fn line(&self, step: &Step) -> Option<u32> {
        self.of.get(&step.pc).copied()
    }

    /// The text of a line, without indentation.
    pub(crate) fn text(&self, line: u32) -> &str {
        let index = (line as usize).saturating_sub(1);
        self.text.get(index).map_or("", |line| line.trim())
    }
}
