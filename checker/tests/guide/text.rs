//! The guide's text.

pub(crate) use crate::support::root;
use checker::exercises::EXERCISES;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

/// A file of the lab.
#[track_caller]
pub(crate) fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The files in a folder that have this extension, in order.
pub(crate) fn files(folder: &str, extension: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(root().join(folder)).expect("a folder");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let mut files: Vec<PathBuf> = paths.collect();
    files.retain(|path| path.extension().is_some_and(|found| found == extension));
    files.sort();
    assert!(!files.is_empty(), "{folder}");
    files
}

/// A file of Markdown.
pub(crate) struct Page {
    pub(crate) path: PathBuf,
    pub(crate) text: String,
}

impl fmt::Display for Page {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.path.display().fmt(f)
    }
}

impl Page {
    #[track_caller]
    pub(crate) fn at(path: impl AsRef<Path>) -> Self {
        let path = root().join(path);
        let text = read(&path);
        Self { path, text }
    }

    /// A chapter of the guide.
    #[track_caller]
    pub(crate) fn chapter(name: &str) -> Self {
        Self::at(format!("book/src/{name}.md"))
    }

    /// The name of the chapter.
    pub(crate) fn name(&self) -> &str {
        let stem = self.path.file_stem().and_then(|stem| stem.to_str());
        stem.expect("a name")
    }

    /// The text without its code blocks, whose lines are empty.
    pub(crate) fn without_blocks(&self) -> String {
        self.parts().0
    }

    /// What its code blocks of one language hold.
    pub(crate) fn blocks(&self, language: &str) -> Vec<String> {
        let blocks = self.parts().1.into_iter();
        let meant = blocks.filter(|(found, _)| *found == language);
        meant.map(|(_, block)| block).collect()
    }

    fn parts(&self) -> (String, Vec<(&str, String)>) {
        let (mut prose, mut blocks) = (String::new(), Vec::new());
        let mut lines = self.text.lines();
        while let Some(line) = lines.next() {
            if let Some(language) = line.trim_start().strip_prefix("```") {
                let indentation = line.len() - language.len() - 3;
                let inside = lines.by_ref().take_while(|line| line.trim() != "```");
                let inside = inside.map(|line| line.get(indentation..).unwrap_or_default());
                let inside: Vec<&str> = inside.collect();
                prose += &"\n".repeat(inside.len() + 1);
                blocks.push((language, inside.join("\n")));
            } else {
                prose += line;
            }
            prose.push('\n');
        }
        (prose, blocks)
    }
}

/// All pages of the guide.
pub(crate) fn pages() -> Vec<Page> {
    files("book/src", "md").into_iter().map(Page::at).collect()
}

/// The text of all pages.
pub(crate) fn all_text() -> String {
    pages().into_iter().map(|page| page.text).collect()
}

/// What the code blocks of one language on all pages hold.
pub(crate) fn all_blocks(language: &str) -> Vec<String> {
    let blocks = pages().into_iter().map(|page| page.blocks(language));
    blocks.flatten().collect()
}

/// The chapters that have an exercise.
pub(crate) fn chapters() -> Vec<Page> {
    let mut names: Vec<_> = EXERCISES.iter().map(|exercise| exercise.chapter).collect();
    names.dedup();
    names.into_iter().map(Page::chapter).collect()
}

/// The READMEs of the exercises.
pub(crate) fn readmes() -> Vec<Page> {
    let mut folders: Vec<_> = EXERCISES.iter().map(|exercise| exercise.folder).collect();
    folders.dedup();
    let readme = |folder| Page::at(format!("{folder}/README.md"));
    folders.into_iter().map(readme).collect()
}
