//! The guide's quizzes, in the terminal.
//!
//! The quizzes are the files in `book/quizzes`, which mdbook-quiz also shows in the guide.
//! [`answers`] are saved in the lab's folder. They are not below `target`, because `cargo
//! clean` removes that folder.

pub mod answers;
pub mod ask;
mod question;

pub use question::Question;

use crate::workspace::{Workspace, cannot};
use anyhow::{Context, Result};
use serde::{Deserialize, de::DeserializeOwned};
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

/// The questions of a chapter.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Quiz {
    /// The name of the chapter's page, without `.md`. The file does not contain it.
    #[serde(skip)]
    pub chapter: String,
    /// In the order of the page.
    pub questions: Vec<Question>,
}

/// Returns all quizzes, in the order of the guide's chapters. Without a guide, there are none.
///
/// # Errors
///
/// One of them can't be read.
pub fn quizzes(workspace: &Workspace) -> Result<Vec<Quiz>> {
    let book = workspace.root().join("book");
    let mut quizzes = Vec::new();
    for line in read(&book.join("src/SUMMARY.md"))?.lines() {
        let page = line.split_once("](").map(|(_, page)| page);
        if let Some(chapter) = page.and_then(|page| page.strip_suffix(".md)")) {
            let path = book.join("quizzes").join(chapter).with_extension("toml");
            let mut quiz: Quiz = load(&path, "questions")?;
            quiz.chapter = chapter.into();
            quizzes.push(quiz);
        }
    }
    quizzes.retain(|quiz| !quiz.questions.is_empty());
    Ok(quizzes)
}

/// Reads a TOML file of this kind. A missing file is empty.
fn load<T: DeserializeOwned>(path: &Path, kind: &str) -> Result<T> {
    let text = read(path)?;
    toml::from_str(&text).with_context(|| format!("{} is not a file of {kind}", path.display()))
}

/// Reads a text file. A missing file is empty.
fn read(path: &Path) -> Result<String> {
    match fs::read_to_string(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(String::new()),
        text => text.with_context(|| cannot("read", path)),
    }
}
