//! The glossary: a chapter links a term where it uses it first.

use crate::links::anchors;
use crate::text::{chapters, pages, read, root, without_blocks};

/// The terms, as the headings have them.
fn terms() -> Vec<String> {
    let glossary = read(&root().join("book/src/glossary.md"));
    let headings = glossary.lines().filter_map(|line| line.strip_prefix("## "));
    headings.map(str::to_owned).collect()
}

/// What a reader reads as text: no code, no headings, no texts of pictures. The rest keeps
/// its place.
fn prose(text: &str) -> String {
    let mut prose = String::new();
    for line in without_blocks(text).lines() {
        let is_heading = line.starts_with('#');
        prose += if is_heading { "" } else { line };
        prose.push('\n');
    }
    for (start, end) in [("![", ".svg)"), ("{{", "}}"), ("``", "``"), ("`", "`")] {
        let mut kept = String::new();
        let mut rest = prose.as_str();
        while let Some((before, after)) = rest.split_once(start) {
            let (_, after) = after.split_once(end).expect(end);
            kept += before;
            rest = after;
        }
        prose = kept + rest;
    }
    prose.to_lowercase()
}

/// Where the term is used first, as a word of its own or in the plural.
fn first_use(prose: &str, term: &str) -> Option<usize> {
    let is_word = |c: char| c.is_alphanumeric() || c == '-';
    prose.match_indices(term).map(|(at, _)| at).find(|&at| {
        let after = &prose[at + term.len()..];
        let endings = ["ren", "es", "s", "ed"];
        let ending = endings.iter().find_map(|ending| after.strip_prefix(ending));
        let after = ending.unwrap_or(after);
        !prose[..at].ends_with(is_word) && !after.starts_with(is_word)
    })
}

#[test]
fn a_term_is_linked_at_its_first_use() {
    let mut terms = terms();
    // A page table is no page.
    terms.sort_by_key(|term| std::cmp::Reverse(term.len()));
    let mut missing = Vec::new();
    for page in chapters() {
        let mut prose = prose(&read(&page));
        for term in &terms {
            let link = format!("](glossary.md#{})", term.replace(' ', "-"));
            if let Some(at) = first_use(&prose, term) {
                let before = &prose[..at];
                let after = prose[at..].split_once(']').map_or("", |(_, after)| after);
                if !before.ends_with('[') || !after.starts_with(&link[1..]) {
                    let context: String = prose[at..].chars().take(60).collect();
                    missing.push(format!("{}: {term} in: {context}", page.display()));
                }
            }
            prose = prose.replace(&link, "]()").replace(term, "");
        }
    }
    assert!(missing.is_empty(), "no link: {missing:#?}");
}

#[test]
fn each_term_is_used() {
    let all: String = pages().iter().map(|page| read(page)).collect();
    let anchors = anchors(&root().join("book/src/glossary.md"));
    for term in terms() {
        let anchor = term.replace(' ', "-");
        assert!(anchors.contains(&anchor), "{term}");
        assert!(all.contains(&format!("](glossary.md#{anchor})")), "{term}");
    }
}

#[test]
fn terms_are_sorted() {
    assert!(terms().is_sorted(), "{:?}", terms());
}
