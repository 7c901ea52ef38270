//! Words that made the lab's texts hard to read, and may not come back.

use crate::text::{Page, root};
use checker::exercises::EXERCISES;
use std::collections::BTreeSet;
use std::fs;
use std::iter::repeat;
use std::path::{Path, PathBuf};

/// Phrases, and what to write instead.
const PHRASES: &[(&[&str], &str)] = &[
    // Name the thread, process, program or reader.
    (&["whoever"], "if a program ..."),
    (&["whomever"], "the task that ..."),
    (&["whichever"], "the one that ..."),
    (&["somebody", "someone"], "another task, another program"),
    (&["nobody"], "no task, no program"),
    (&["everybody", "everyone"], "all tasks, all readers"),
    (&["anybody"], "any task, any reader"),
    // Start with the thing. Then say what it does.
    (&["so often is"], "the number of times that ..."),
    (&["so many are"], "the number of ..."),
    (&["who may have so many"], "with a limit of ..."),
    (&["in the eyes of"], "for"),
    (&["of its own accord"], "by itself"),
    (&["is its own affair"], "say what happens"),
    // A picture or a file shows. A task tells another task something.
    (&["this tells", "does it tell", "tells, and"], "show"),
    (&["tells about", "tells everything", "tells how"], "shows"),
    (&["tells that", "tells what", "tells where"], "shows"),
    (&["tells which"], "shows"),
];

/// A sentence that starts so and goes on with one of [`VERBS`] has a clause for a subject:
/// "What has no sign is not drawn." Write "A piece without a sign is not drawn."
const CLAUSES: [&str; 2] = ["What", "Who"];
const VERBS: &str = "are can counts earns ends gets is stays";

/// No sentence starts so. Name what is meant.
const STARTS: [&str; 4] = ["Whatever", "Whoever", "So many", "So often"];

/// All texts: pages, questions, scripts, and sources with their comments and messages. Not the
/// files that students edit, which may hold anything.
fn texts() -> Vec<Page> {
    const PLACES: &str = ".ci .devcontainer .github CHANGELOG.md CONTRIBUTING.md Cargo.toml \
                          README.md benches book checker common grading";
    let mut paths: BTreeSet<PathBuf> = PLACES.split(' ').map(PathBuf::from).collect();
    for exercise in EXERCISES {
        let parts = ["Cargo.toml", "README.md", "solutions"];
        paths.extend(parts.map(|part| Path::new(exercise.folder).join(part)));
    }
    let mut texts = Vec::new();
    while let Some(path) = paths.pop_first() {
        // Packages of npm, results of cargo, and a file that mdbook-quiz writes.
        let mut others = "node_modules target book/src/quiz guide/plain_english.rs".split(' ');
        if others.any(|other| path.ends_with(other)) {
            continue;
        }
        if let Ok(entries) = fs::read_dir(root().join(&path)) {
            paths.extend(entries.flatten().map(|entry| path.join(entry.file_name())));
            continue;
        }
        // A file without an extension is a script.
        const KINDS: [&str; 8] = ["", "css", "js", "md", "rs", "sh", "toml", "yml"];
        let kind = path.extension().unwrap_or_default();
        if KINDS.iter().any(|known| kind == *known) && root().join(&path).is_file() {
            texts.push(Page::at(path));
        }
    }
    assert!(texts.len() > 150, "{}", texts.len());
    texts
}

/// Paragraphs, each in one line. Items of a list and rows of a table are paragraphs too. The signs
/// of comments, lists, quotations and strings are left out. In code, only comments count.
fn paragraphs(page: &Page) -> Vec<String> {
    let kind = page.path.extension().unwrap_or_default();
    let is_code = kind != "md" && kind != "toml";
    let text = match kind == "md" {
        true => page.without_blocks(),
        false => page.text.clone(),
    };
    let mut paragraphs = vec![String::new()];
    for line in text.lines().map(str::trim_start) {
        let signs = ["//!", "///", "//", "#", "/**", "/*"];
        let comment = signs.iter().find_map(|sign| line.strip_prefix(sign));
        let others = || line.trim_start_matches(['-', '*', '>', '|', '"', ' ']);
        let words = match comment {
            Some(words) => words.trim_start(),
            None if is_code => "",
            None => others(),
        };
        if words.is_empty() || (!is_code && line.starts_with(['-', '|', '#'])) {
            paragraphs.push(String::new());
        }
        let last = paragraphs.last_mut().expect("a paragraph");
        *last += " ";
        *last += words;
    }
    paragraphs
}

/// Whether a sentence has a start that is a riddle.
fn is_riddle(sentence: &str) -> bool {
    let sentence = sentence.trim_start();
    if sentence.ends_with('?') {
        return false;
    }
    let starts = |start: &str| {
        let rest = sentence.strip_prefix(start);
        rest.is_some_and(|rest| rest.starts_with(' '))
    };
    // The verb of the sentence stands behind the clause, which has a verb itself.
    let part = sentence.split([',', ';', ':']).next().unwrap_or_default();
    let words: Vec<&str> = part.trim_end_matches('.').split_whitespace().collect();
    let inner = words.get(3..words.len().saturating_sub(1));
    let mut inner = inner.unwrap_or_default().iter();
    let has_clause = inner.any(|word| VERBS.split(' ').any(|verb| verb == *word));
    STARTS.iter().any(|start| starts(start))
        || has_clause && CLAUSES.iter().any(|start| starts(start))
}

#[test]
fn a_clause_is_no_subject() {
    for riddle in [
        "What has no sign is not drawn.",
        "Who does not wait gets no points.",
        "Whatever is there counts.",
    ] {
        assert!(is_riddle(riddle), "{riddle}");
    }
    for plain in [
        "What is the smallest number that can be printed?",
        "What each task waits for.",
        "What a task is, if its name is known.",
        "Whatsoever is another word.",
        "The program prints what is left.",
    ] {
        assert!(!is_riddle(plain), "{plain}");
    }
}

#[test]
fn no_sentence_starts_with_a_riddle() {
    let mut found = Vec::new();
    for page in texts() {
        for paragraph in paragraphs(&page) {
            let sentences = paragraph.split_inclusive(&['.', '?', '!', ':'][..]);
            let riddles = sentences.filter(|sentence| is_riddle(sentence));
            found.extend(riddles.map(|riddle| format!("{page}:{riddle}")));
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn no_phrase_comes_back() {
    let mut found = Vec::new();
    for page in texts() {
        // A phrase may go on in the next line, behind the sign of a comment.
        let words = page.text.split_whitespace();
        let words = words.filter(|word| !matches!(*word, "//" | "///" | "//!" | "#"));
        let text = words.collect::<Vec<_>>().join(" ").to_lowercase();
        let phrases = PHRASES.iter();
        for (phrase, instead) in
            phrases.flat_map(|(group, instead)| group.iter().zip(repeat(instead)))
        {
            let is_word = |(place, _): &(usize, &str)| {
                let after = &text[place + phrase.len()..];
                let is_in_word = text[..*place].ends_with(char::is_alphanumeric)
                    || after.starts_with(char::is_alphanumeric);
                !is_in_word
            };
            if let Some((place, _)) = text.match_indices(phrase).find(is_word) {
                let rest: String = text[place..].chars().take(60).collect();
                found.push(format!("{page}: \"{rest}\": write {instead}"));
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}
