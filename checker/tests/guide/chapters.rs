//! The form of a chapter: a question, the commands, what they print, and only then why.

use crate::text::{chapters, pages};

/// Read in ten minutes, its commands and their output included.
const MOST_WORDS: usize = 1800;

#[test]
fn a_chapter_takes_ten_minutes_and_has_its_commands_first() {
    for page in chapters() {
        let prose = page.without_blocks();
        let mut headings = prose.lines().filter(|line| line.starts_with("## "));
        assert_eq!(headings.next(), Some("## Run it"), "{page}");
        assert_eq!(headings.next(), Some("## What you should see"), "{page}");
        let (question, _) = page.text.split_once("## Run it").expect("a section");
        assert!(question.contains('?'), "{page} asks nothing");
        // An output stands before the explanation. It is compared with that of the program.
        let after = page.text.split("## What you should see").nth(1);
        let seen = after.and_then(|text| text.split("\n## ").next());
        let mut consoles = seen.expect("a section").split("```console\n").skip(1);
        let has_output =
            consoles.any(|block| !block.lines().nth(1).unwrap_or("`").starts_with('`'));
        assert!(has_output, "{page}");

        let words = page.text.split_whitespace();
        let words = words.filter(|word| word.contains(char::is_alphanumeric));
        let count = words.count();
        assert!(count <= MOST_WORDS, "{page}: {count} words");
        for part in [".svg)", "## Your task", "$ cargo lab check "] {
            assert!(page.text.contains(part), "{page}: no {part}");
        }
        // mdBook shows the quiz in the page. Other readers need the command.
        let (_, quiz) = page.text.split_once("\n## Quiz\n").expect("a quiz");
        let command = format!("`cargo lab quiz {}`", page.name());
        assert!(quiz.contains(&command), "{command}");
    }
}

/// Each picture has a text for those who do not see it.
#[test]
fn pictures_have_a_text() {
    for page in pages() {
        for picture in page.text.split("![").skip(1) {
            let (text, _) = picture.split_once("](").expect("a picture");
            assert!(text.len() > 80, "{page}: {text}");
        }
    }
}
