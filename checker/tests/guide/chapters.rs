//! The form of a chapter: a question, the commands, what they print, and only then why.

use crate::text::{blocks, chapters, pages, read, without_blocks};

/// Read in ten minutes, its commands and their output included.
const MOST_WORDS: usize = 1800;

#[test]
fn a_chapter_has_its_commands_first() {
    for page in chapters() {
        let text = read(&page);
        let headings = without_blocks(&text);
        let mut headings = headings.lines().filter(|line| line.starts_with("## "));
        let path = page.display();
        assert_eq!(headings.next(), Some("## Run it"), "{path}");
        assert_eq!(headings.next(), Some("## What you should see"), "{path}");
        let (question, _) = text.split_once("## Run it").expect("a section");
        assert!(question.contains('?'), "{path} asks nothing");
    }
}

/// Outputs in consoles are compared with those of the programs.
#[test]
fn a_chapter_shows_an_output_before_it_explains() {
    for page in chapters() {
        let text = read(&page);
        let (_, after) = text
            .split_once("## What you should see")
            .expect("a section");
        let (seen, _) = after.split_once("\n## ").expect("another section");
        let consoles = blocks(seen, "console");
        let has_output = consoles.iter().any(|console| console.contains("\n"));
        assert!(has_output, "{}", page.display());
    }
}

#[test]
fn a_chapter_takes_ten_minutes() {
    for page in chapters() {
        let text = read(&page);
        let words = text.split_whitespace();
        let words = words.filter(|word| word.contains(char::is_alphanumeric));
        let count = words.count();
        assert!(count <= MOST_WORDS, "{}: {count} words", page.display());
    }
}

#[test]
fn a_chapter_has_a_picture_a_task_and_a_check() {
    for page in chapters() {
        let text = read(&page);
        for part in [".svg)", "## Your task", "$ cargo lab check "] {
            assert!(text.contains(part), "{}: no {part}", page.display());
        }
    }
}

/// mdBook shows the quiz in the page. Other readers need the command.
#[test]
fn a_quiz_stands_beside_its_command() {
    for page in chapters() {
        let text = read(&page);
        let chapter = page.file_stem().and_then(|stem| stem.to_str());
        let command = format!("`cargo lab quiz {}`", chapter.expect("a name"));
        let (_, quiz) = text.split_once("\n## Quiz\n").expect("a quiz");
        assert!(quiz.contains(&command), "{command}");
    }
}

/// Each picture has a text for those who do not see it.
#[test]
fn pictures_have_a_text() {
    for page in pages() {
        for picture in read(&page).split("![").skip(1) {
            let (text, _) = picture.split_once("](").expect("a picture");
            assert!(text.len() > 80, "{}: {text}", page.display());
        }
    }
}
