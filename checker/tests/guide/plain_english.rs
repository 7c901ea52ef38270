//! Words that made the lab's texts hard to read, and may not come back.

use crate::text::{read, readmes, root};
use std::fs;
use std::path::PathBuf;

/// A phrase, and what to write instead.
const PHRASES: &[(&str, &str)] = &[
    // A reader looks in vain for the one who is meant.
    ("whoever", "if a program ..."),
    ("whomever", "the task that ..."),
    ("somebody", "another task, another program"),
    ("someone", "another task, another program"),
    ("nobody", "no task, no program"),
    ("everybody", "all tasks, all readers"),
    // The subject is missing: start with the thing, then say what it does.
    ("what is over is", "a run that exceeds a limit is"),
    ("what is left of it is", "the remaining tasks are"),
    ("so often is", "the number of times that ..."),
    ("so many are", "the number of ..."),
    ("in the eyes of", "for"),
    ("of its own accord", "by itself"),
    ("is its own affair", "say what happens"),
    // A picture or a file shows, it does not tell.
    ("this tells", "this shows"),
    ("tells how many", "shows how many"),
    ("tells which", "shows which"),
    ("tells, and", "shows, and"),
];

/// All texts: pages, questions, and the sources with their comments and messages.
fn texts() -> Vec<PathBuf> {
    // Not the files that students edit, and what they put beside them.
    const FOLDERS: [&str; 11] = [
        "benches",
        "book/quizzes",
        "book/src",
        "checker/engine/src",
        "checker/scheduler/src",
        "checker/src",
        "common/src",
        "grading",
        "shared-counter/solutions",
        "sum-array-bugs/seg-fault/solutions",
        "wait-for-me/solutions",
    ];
    let mut texts = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"]
        .map(PathBuf::from)
        .to_vec();
    texts.extend(readmes());
    for folder in FOLDERS {
        add(&mut texts, PathBuf::from(folder));
    }
    texts
}

fn add(texts: &mut Vec<PathBuf>, path: PathBuf) {
    if let Ok(entries) = fs::read_dir(root().join(&path)) {
        for entry in entries {
            add(texts, path.join(entry.expect("an entry").file_name()));
        }
    } else if path
        .extension()
        .is_some_and(|kind| kind == "md" || kind == "rs" || kind == "toml")
    {
        texts.push(path);
    }
}

#[test]
fn no_riddles() {
    let mut found = Vec::new();
    let texts = texts();
    assert!(texts.len() > 150, "{}", texts.len());
    for path in texts {
        // A phrase may go on in the next line, behind the sign of a comment.
        let words = read(&root().join(&path)).to_lowercase();
        let words = words.split_whitespace();
        let words = words.filter(|word| !matches!(*word, "//" | "///" | "//!"));
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
