//! A question of any type.

use serde::Deserialize;

/// A question with one right answer.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "InFile")]
pub struct Question {
    /// The id, which stays the same when the question is reworded.
    pub id: String,
    /// The question, as Markdown.
    pub prompt: String,
    /// The choices, as Markdown. A question without choices needs a written answer.
    pub choices: Vec<String>,
    /// The right answer.
    pub answer: String,
    /// Other ways to write it.
    pub alternatives: Vec<String>,
    /// Why the answer is right and each wrong answer is wrong, as Markdown.
    pub explanation: String,
}

/// The part of mdbook-quiz's format that the lab uses. A question needs one right answer, an
/// id, a position among the choices and an explanation.
#[derive(Deserialize)]
struct InFile {
    id: String,
    prompt: Prompt,
    answer: Answer,
    context: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Prompt {
    prompt: String,
    #[serde(default)]
    distractors: Vec<String>,
    answer_index: Option<usize>,
}

#[derive(Deserialize)]
struct Answer {
    answer: String,
    #[serde(default)]
    alternatives: Vec<String>,
}

impl TryFrom<InFile> for Question {
    type Error = &'static str;

    fn try_from(question: InFile) -> Result<Self, Self::Error> {
        let (prompt, answer) = (question.prompt, question.answer);
        let mut choices = prompt.distractors;
        match prompt.answer_index {
            Some(place) => choices.insert(place.min(choices.len()), answer.answer.clone()),
            None if choices.is_empty() => {}
            None => return Err("the answer has no place among the choices"),
        }
        Ok(Self {
            id: question.id,
            prompt: prompt.prompt,
            choices,
            answer: answer.answer,
            alternatives: answer.alternatives,
            explanation: question.context,
        })
    }
}

impl Question {
    /// Interprets the typed text: the number of a choice, or any text if there are no choices.
    /// Returns `None` for invalid input.
    #[must_use]
    pub fn meant(&self, typed: &str) -> Option<String> {
        let typed = typed.trim();
        if self.choices.is_empty() {
            return (!typed.is_empty()).then(|| typed.into());
        }
        let number: usize = typed.parse().ok()?;
        self.choices.get(number.checked_sub(1)?).cloned()
    }

    /// Whether an answer is right. The comparison ignores case.
    #[must_use]
    pub fn is_right(&self, answer: &str) -> bool {
        let mut right = self.alternatives.iter().chain([&self.answer]);
        right.any(|right| right.to_lowercase() == answer.to_lowercase())
    }
}

#[cfg(test)]
mod tests {
    use super::Question;

    fn question(text: &str) -> Option<Question> {
        let text = text.replace("[[questions]]", "");
        toml::from_str(&text).ok()
    }

    const CHOICE: &str = r#"
        [[questions]]
        id = "capital"
        type = "MultipleChoice"
        prompt.prompt = "Which one?"
        prompt.distractors = ["A", "C"]
        prompt.answerIndex = 1
        answer.answer = "B"
        context = "Because."
    "#;

    const WORD: &str = r#"
        [[questions]]
        id = "word"
        type = "ShortAnswer"
        prompt.prompt = "How many?"
        answer.answer = "0x0B"
        answer.alternatives = ["11"]
        context = "Because."
    "#;

    #[test]
    fn a_choice_is_made_by_its_number() {
        let question = question(CHOICE).expect("a question");
        assert_eq!(question.choices, ["A", "B", "C"]);
        assert_eq!(question.meant(" 2\n").as_deref(), Some("B"));
        for nothing in ["0", "4", "-1", "B", ""] {
            assert_eq!(question.meant(nothing), None, "{nothing}");
        }
        assert!(question.is_right("B") && !question.is_right("A"));
    }

    #[test]
    fn an_answer_may_be_written_in_several_ways() {
        let question = question(WORD).expect("a question");
        assert_eq!(question.meant(" 11\n").as_deref(), Some("11"));
        assert_eq!(question.meant("  \n"), None);
        for right in ["11", "0x0b", "0x0B"] {
            assert!(question.is_right(right), "{right}");
        }
        assert!(!question.is_right("12"));
    }

    /// Answers need an id to be saved, a position for a fixed order, and an explanation for the
    /// student.
    #[test]
    fn what_a_question_needs() {
        for (toml, line) in [
            (CHOICE, "id ="),
            (CHOICE, "prompt.answerIndex"),
            (CHOICE, "context"),
            (WORD, "id ="),
            (WORD, "context"),
        ] {
            let is_kept = |text: &&str| !text.trim_start().starts_with(line);
            let without: Vec<&str> = toml.lines().filter(is_kept).collect();
            assert_eq!(question(&without.join("\n")), None, "{line}");
        }
        let several = CHOICE.replace("\"B\"", "[\"B\", \"D\"]");
        assert_eq!(question(&several), None);
    }
}
