//! The glossary: a chapter links a term where it uses it first.

use crate::text::{Page, all_text, chapters};
use std::cmp::Reverse;

/// The terms, as the headings have them.
fn terms() -> Vec<String> {
    let glossary = Page::chapter("glossary").text;
    let headings = glossary.lines().filter_map(|line| line.strip_prefix("## "));
    headings.map(str::to_owned).collect()
}

/// What a reader reads as text: no code, no headings, no texts of pictures. The rest keeps
/// its order.
fn prose(page: &Page) -> String {
    let text = page.without_blocks();
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    let mut prose = lines.collect::<Vec<_>>().join("\n");
    for (start, end) in [("![", ".svg)"), ("{{", "}}"), ("``", "``"), ("`", "`")] {
        let mut parts = prose.split(start);
        let mut kept = parts.next().unwrap_or_default().to_owned();
        // Where a part begins as it ends, every second one stands between two signs.
        while let Some(part) = parts.next() {
            kept += match start == end {
                true => parts.next().expect(end),
                false => part.split_once(end).expect(end).1,
            };
        }
        prose = kept;
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
        !prose[..at].ends_with(is_word) && !ending.unwrap_or(after).starts_with(is_word)
    })
}

#[test]
fn a_term_is_linked_at_its_first_use() {
    let mut terms = terms();
    // A page table is no page.
    terms.sort_by_key(|term| Reverse(term.len()));
    let mut missing = Vec::new();
    for page in chapters() {
        let mut prose = prose(&page);
        for term in &terms {
            let link = format!("](glossary.md#{})", term.replace(' ', "-"));
            if let Some(at) = first_use(&prose, term) {
                let after = prose[at..].split_once(']').map_or("", |(_, after)| after);
                if !prose[..at].ends_with('[') || !after.starts_with(&link[1..]) {
                    let context: String = prose[at..].chars().take(60).collect();
                    missing.push(format!("{page}: {term} in: {context}"));
                }
            }
            prose = prose.replace(&link, "]()").replace(term, "");
        }
    }
    assert!(missing.is_empty(), "no link: {missing:#?}");
}

#[test]
fn terms_are_sorted_and_each_is_used() {
    assert!(terms().is_sorted(), "{:?}", terms());
    let text = all_text();
    for term in terms() {
        let link = format!("](glossary.md#{})", term.replace(' ', "-"));
        assert!(text.contains(&link), "{term}");
    }
}
