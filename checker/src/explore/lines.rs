//! Lines of a program's source.

use addr2line::Loader;
use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Where the instructions of a program come from.
pub(crate) struct Lines {
    loader: Option<Loader>,
    /// Only lines of this file count.
    file: PathBuf,
    text: Vec<String>,
    known: HashMap<u64, Option<u32>>,
}

impl Lines {
    /// Of this program, as far as they are in this file. Without debug information there are none.
    pub(crate) fn new(program: &Path, file: &Path) -> Self {
        let text = fs::read_to_string(file).unwrap_or_default();
        Self {
            loader: Loader::new(program).ok(),
            file: file.into(),
            text: text.lines().map(Into::into).collect(),
            known: HashMap::new(),
        }
    }

    /// The line of the call that returns to this address: in the file, the innermost one that was
    /// inlined.
    pub(crate) fn line(&mut self, return_address: u64) -> Option<u32> {
        if let Some(line) = self.known.get(&return_address) {
            return *line;
        }
        let line = self.look_up(return_address.checked_sub(1)?);
        self.known.insert(return_address, line);
        line
    }

    fn look_up(&self, address: u64) -> Option<u32> {
        let mut frames = self.loader.as_ref()?.find_frames(address).ok()?;
        while let Ok(Some(frame)) = frames.next() {
            let Some(location) = frame.location else {
                continue;
            };
            // The compiler was told a path that may be seen from another folder.
            if location
                .file
                .is_some_and(|file| self.file.ends_with(file) || Path::new(file) == self.file)
            {
                return location.line;
            }
        }
        None
    }

    /// The text of a line, without indentation.
    pub(crate) fn text(&self, line: u32) -> &str {
        let index = (line as usize).saturating_sub(1);
        self.text.get(index).map_or("", |line| line.trim())
    }
}
