//! The answers so far.

use super::{Question, Quiz, load};
use crate::workspace::{Workspace, write};
use anyhow::Result;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// The last answer to each question, by the question's id.
#[derive(Clone, Debug)]
pub struct Answers {
    path: PathBuf,
    answers: BTreeMap<String, String>,
}

impl Answers {
    /// Loads the answers from the lab's folder. Without a file, there are none.
    ///
    /// # Errors
    ///
    /// The file can't be read or parsed.
    pub fn load(workspace: &Workspace) -> Result<Self> {
        let path = workspace.root().join(".lab-answers.toml");
        let answers = load(&path, "answers")?;
        Ok(Self { path, answers })
    }

    /// Saves an answer at once.
    ///
    /// # Errors
    ///
    /// The file can't be written.
    pub fn keep(&mut self, id: &str, answer: &str) -> Result<()> {
        self.answers.insert(id.into(), answer.into());
        write(&self.path, &toml::to_string(&self.answers)?)?;
        Ok(())
    }

    /// The answer to the question with this id.
    #[must_use]
    pub fn to(&self, id: &str) -> Option<&str> {
        self.answers.get(id).map(String::as_str)
    }

    /// Whether a question has a right answer.
    #[must_use]
    pub fn is_right(&self, question: &Question) -> bool {
        self.to(&question.id)
            .is_some_and(|answer| question.is_right(answer))
    }

    /// The number of right answers to these quizzes, and the number of questions.
    #[must_use]
    pub fn score<'a>(&self, quizzes: impl IntoIterator<Item = &'a Quiz>) -> (usize, usize) {
        let questions = quizzes.into_iter().flat_map(|quiz| &quiz.questions);
        questions.fold((0, 0), |(right, all), question| {
            (right + usize::from(self.is_right(question)), all + 1)
        })
    }
}
