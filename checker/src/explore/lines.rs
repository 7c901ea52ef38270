//! Lines of a program's source.

use super::layout::Step;
use engine::source_lines;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The lines of a file that steps belong to.
pub(crate) struct Lines {
    text: Vec<String>,
    of: HashMap<u64, u32>,
    /// Steps in inlined functions of the standard library, which belong to its bookkeeping.
    of_library: HashSet<u64>,
}

impl Lines {
    /// For the steps of this program, as far as they are in this file. Without debug information
    /// there are none.
    pub(crate) fn new(program: &Path, file: &Path, steps: &[Step]) -> Self {
        let calls: BTreeSet<u64> = steps.iter().map(|step| step.pc).collect();
        // A call returns to the instruction after it.
        let stacks: Vec<_> = calls.iter().map(|pc| vec![pc.saturating_sub(1)]).collect();
        let found = source_lines(program, &stacks);
        let is_of_library = |frames: &Vec<(PathBuf, u32)>| {
            let innermost = frames.first().map(|(path, _)| path.to_string_lossy());
            let innermost = innermost.unwrap_or_default();
            innermost.contains("/library/") && !innermost.ends_with("/sync/atomic.rs")
        };
        let of_library = calls.iter().zip(&found);
        let of_library = of_library.filter(|(_, frames)| is_of_library(frames));
        let of_library = of_library.map(|(pc, _)| *pc).collect();
        let of = calls.into_iter().zip(found).filter_map(|(pc, frames)| {
            // The compiler was told a path as it is seen from another folder, perhaps.
            let mut frames = frames.into_iter();
            let (_, line) = frames.find(|(path, _)| file.ends_with(path))?;
            Some((pc, line))
        });
        let text = fs::read_to_string(file).unwrap_or_default();
        Self {
            of: of.collect(),
            of_library,
            text: text.lines().map(Into::into).collect(),
        }
    }

    /// The line of the innermost call of a step that is in the file.
    pub(crate) fn line(&self, step: &Step) -> Option<u32> {
        self.of.get(&step.pc).copied()
    }

    /// Whether a step belongs to the standard library, in a function that was inlined.
    pub(crate) fn is_of_library(&self, step: &Step) -> bool {
        self.of_library.contains(&step.pc)
    }

    /// The text of a line, without indentation.
    pub(crate) fn text(&self, line: u32) -> &str {
        let index = (line as usize).saturating_sub(1);
        self.text.get(index).map_or("", |line| line.trim())
    }
}
