//! `cargo lab quiz`: the questions of the guide.

use super::CommandResult;
use anyhow::bail;
use checker::Workspace;
use checker::quiz::answers::Answers;
use checker::quiz::ask::ask;
use checker::quiz::{Quiz, quizzes};
use std::io::{self, Write};

/// Asks the guide's questions that you have not answered correctly yet
#[derive(clap::Args)]
pub(crate) struct Questions {
    /// Ask only the questions of this chapter, such as safety
    chapter: Option<String>,
    /// Ask all questions, even those that you have answered
    #[arg(long)]
    again: bool,
}

impl Questions {
    pub(crate) fn ask(&self, workspace: &Workspace) -> CommandResult {
        let all = quizzes(workspace)?;
        let chapter = self.chapter.as_ref();
        let is_meant = |quiz: &&Quiz| chapter.is_none_or(|name| *name == quiz.chapter);
        let meant: Vec<&Quiz> = all.iter().filter(is_meant).collect();
        if meant.is_empty() {
            let name = |quiz: &Quiz| format!("\n  {}", quiz.chapter);
            let names: String = all.iter().map(name).collect();
            bail!("there is no such chapter with questions; there are:{names}");
        }
        let mut answers = Answers::load(workspace)?;
        let mut out = io::stdout();
        'asking: for quiz in &meant {
            let count = quiz.questions.len();
            for (question, number) in quiz.questions.iter().zip(1..) {
                if answers.is_right(question) && !self.again {
                    continue;
                }
                writeln!(out, "{}, question {number} of {count}\n", quiz.chapter)?;
                let asked = ask(question, &mut answers)?;
                writeln!(out)?;
                if asked.is_break() {
                    break 'asking;
                }
            }
        }
        for quiz in &meant {
            let (right, all) = answers.score([*quiz]);
            writeln!(out, "{:<24} {:>6}", quiz.chapter, format!("{right}/{all}"))?;
        }
        Ok(true)
    }
}
