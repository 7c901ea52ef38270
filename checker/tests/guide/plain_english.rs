//! Words that made the lab's texts hard to read, and may not come back.

use crate::text::{read, root, without_blocks};
use checker::exercises::EXERCISES;
use std::fs;
use std::path::{Path, PathBuf};

/// A phrase, and what to write instead.
const PHRASES: &[(&str, &str)] = &[
    // Name the thread, process, program or reader.
    ("whoever", "if a program ..."),
    ("whomever", "the task that ..."),
    ("whichever", "the one that ..."),
    ("somebody", "another task, another program"),
    ("someone", "another task, another program"),
    ("nobody", "no task, no program"),
    ("everybody", "all tasks, all readers"),
    ("everyone", "all tasks, all readers"),
    ("anybody", "any task, any reader"),
    // Start with the thing. Then say what it does.
    ("so often is", "the number of times that ..."),
    ("so many are", "the number of ..."),
    ("who may have so many", "with a limit of ..."),
    ("in the eyes of", "for"),
    ("of its own accord", "by itself"),
    ("is its own affair", "say what happens"),
    // A picture or a file shows. A task tells another task something.
    ("this tells", "this shows"),
    ("tells about", "shows"),
    ("tells everything", "shows everything"),
    ("tells how", "shows how"),
    ("tells that", "shows that"),
    ("tells what", "shows what"),
    ("tells where", "shows where"),
    ("tells which", "shows which"),
    ("tells, and", "shows, and"),
    ("does it tell", "does it show"),
];

/// A sentence that starts so and goes on with one of [`VERBS`] has a clause for a subject:
/// "What has no sign is not drawn." Write "A piece without a sign is not drawn."
const CLAUSES: [&str; 2] = ["What", "Who"];
const VERBS: [&str; 8] = [
    "are", "can", "counts", "earns", "ends", "gets", "is", "stays",
];

/// No sentence starts so. Name what is meant.
const STARTS: [&str; 4] = ["Whatever", "Whoever", "So many", "So often"];

/// All texts: pages, questions, scripts, and sources with their comments and messages. Not the
/// files that students edit, which may hold anything.
fn texts() -> Vec<PathBuf> {
    const PLACES: [&str; 12] = [
        ".ci",
        ".devcontainer",
        ".github",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "Cargo.toml",
        "README.md",
        "benches",
        "book",
        "checker",
        "common",
        "grading",
    ];
    let mut texts = Vec::new();
    for place in PLACES {
        add(&mut texts, PathBuf::from(place));
    }
    for exercise in EXERCISES {
        let folder = Path::new(exercise.folder);
        for part in ["Cargo.toml", "README.md", "solutions"] {
            add(&mut texts, folder.join(part));
        }
    }
    texts.sort();
    texts.dedup();
    texts.retain(|path| !path.ends_with("guide/plain_english.rs"));
    texts
}

/// The texts in a folder, or this file if it is a text.
fn add(texts: &mut Vec<PathBuf>, path: PathBuf) {
    // Packages of npm, results of cargo, and a file that mdbook-quiz writes.
    const OTHERS: [&str; 3] = ["node_modules", "target", "book/src/quiz"];
    const KINDS: [&str; 7] = ["css", "js", "md", "rs", "sh", "toml", "yml"];
    let full = root().join(&path);
    if full.is_dir() && !OTHERS.iter().any(|other| path.ends_with(other)) {
        for entry in fs::read_dir(full).expect("a folder") {
            add(texts, path.join(entry.expect("an entry").file_name()));
        }
    } else if full.is_file() {
        // A file without an extension is a script.
        let kind = path.extension();
        if kind.is_none_or(|kind| KINDS.iter().any(|known| kind == *known)) {
            texts.push(path);
        }
    }
}

/// A line without the sign of a comment, a list, a quotation or a string. In code, `None` for a
/// line that is no comment.
fn words_of_line(line: &str, is_code: bool) -> Option<&str> {
    const COMMENTS: [&str; 6] = ["//!", "///", "//", "#", "/**", "/*"];
    let line = line.trim_start();
    let comment = COMMENTS.iter().find_map(|sign| line.strip_prefix(sign));
    match comment {
        Some(text) => Some(text.trim_start()),
        None if is_code => None,
        None => Some(line.trim_start_matches(['-', '*', '>', '|', '"', ' '])),
    }
}

/// Paragraphs, each in one line. Items of a list and rows of a table are paragraphs too.
fn paragraphs(path: &Path, text: &str) -> Vec<String> {
    let is_code = path
        .extension()
        .is_none_or(|kind| kind != "md" && kind != "toml");
    let mut paragraphs = vec![String::new()];
    for line in text.lines() {
        let starts = line.trim_start().starts_with(['-', '|', '#']) && !is_code;
        match words_of_line(line, is_code) {
            Some(words) if !words.is_empty() && !starts => {
                let last = paragraphs.last_mut().expect("a paragraph");
                *last += " ";
                *last += words;
            }
            words => paragraphs.push(words.unwrap_or_default().into()),
        }
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
    let has_clause = inner
        .unwrap_or_default()
        .iter()
        .any(|word| VERBS.contains(word));
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
    for path in texts() {
        let text = read(&root().join(&path));
        let text = match path.extension() {
            Some(kind) if kind == "md" => without_blocks(&text),
            _ => text,
        };
        for paragraph in paragraphs(&path, &text) {
            let sentences = paragraph.split_inclusive(&['.', '?', '!', ':'][..]);
            let riddles = sentences.filter(|sentence| is_riddle(sentence));
            found.extend(riddles.map(|riddle| format!("{}:{riddle}", path.display())));
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn no_phrase_comes_back() {
    let mut found = Vec::new();
    let texts = texts();
    assert!(texts.len() > 150, "{}", texts.len());
    for path in texts {
        // A phrase may go on in the next line, behind the sign of a comment.
        let words = read(&root().join(&path)).to_lowercase();
        let words = words.split_whitespace();
        let words = words.filter(|word| !matches!(*word, "//" | "///" | "//!" | "#"));
        let text = format!(" {} ", words.collect::<Vec<_>>().join(" "));
        for (phrase, instead) in PHRASES {
            let mut places = text.match_indices(phrase);
            let is_word = |(place, _): (usize, &str)| {
                let mut around = text[..place].chars().rev().take(1);
                let mut after = text[place + phrase.len()..].chars().take(1);
                !around.any(char::is_alphanumeric) && !after.any(char::is_alphanumeric)
            };
            if let Some((place, _)) = places.find(|found| is_word(*found)) {
                let rest: String = text[place..].chars().take(60).collect();
                found.push(format!("{}: \"{rest}\": write {instead}", path.display()));
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}
