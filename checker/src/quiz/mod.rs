//! The guide's quizzes, in the terminal.
//!
//! The quizzes are the files in `book/quizzes`, which mdbook-quiz also shows in the guide.
//! [`answers`] are saved in the lab's folder. They are not below `target`, because `cargo
//! clean` removes that folder.

pub mod answers;
pub mod ask;
mod question;

pub use question::Question;

use crate::workspace::Workspace;
use serde::Deserialize;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::{fs, io};

/// The questions of a chapter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quiz {
    /// The name of the chapter's page, without `.md`.
    pub chapter: String,
    /// In the order of the page.
    pub questions: Vec<Question>,
}

/// Why quizzes or answers can't be used.
#[derive(Debug, thiserror::Error)]
pub enum QuizError {
    /// A file can't be used.
    #[error("cannot {action} {}", path.display())]
    File {
        /// "read" or "write".
        action: &'static str,
        /// The path of the file.
        path: PathBuf,
        /// The reason.
        source: io::Error,
    },
    /// A file has the wrong format.
    #[error("{} is not a file of {kind}", path.display())]
    Content {
        /// The path of the file.
        path: PathBuf,
        /// "questions" or "answers".
        kind: &'static str,
        /// The mistake in it.
        source: Box<toml::de::Error>,
    },
}

/// Returns all quizzes, in the order of the guide's chapters. Without a guide, there are none.
///
/// # Errors
///
/// One of them can't be read.
pub fn quizzes(workspace: &Workspace) -> Result<Vec<Quiz>, QuizError> {
    let book = workspace.root().join("book");
    let Some(summary) = read(&book.join("src/SUMMARY.md"))? else {
        return Ok(Vec::new());
    };
    let mut quizzes = Vec::new();
    for chapter in chapters(&summary) {
        let path = book.join("quizzes").join(chapter).with_extension("toml");
        if let Some(text) = read(&path)? {
            quizzes.push(Quiz {
                chapter: chapter.into(),
                questions: questions(&path, &text)?,
            });
        }
    }
    Ok(quizzes)
}

/// The names of the pages, without `.md`, in their order.
fn chapters(summary: &str) -> impl Iterator<Item = &str> {
    summary
        .lines()
        .filter_map(|line| line.split_once("](")?.1.strip_suffix(".md)"))
}

fn questions(path: &Path, text: &str) -> Result<Vec<Question>, QuizError> {
    #[derive(Deserialize)]
    struct Questions {
        questions: Vec<Question>,
    }
    let file: Result<Questions, _> = toml::from_str(text);
    file.map(|file| file.questions)
        .map_err(|source| QuizError::Content {
            path: path.into(),
            kind: "questions",
            source: source.into(),
        })
}

/// A file's text; `None` where there is no such file.
fn read(path: &Path) -> Result<Option<String>, QuizError> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(source) => Err(QuizError::File {
            action: "read",
            path: path.into(),
            source,
        }),
    }
}
