//! What a page includes, shows or links to is there. If a file is missing,
//! mdBook leaves a gap and gives no warning.

use crate::text::{chapters, files, pages, read, readmes, without_blocks};
use std::path::Path;

#[test]
fn included_files_are_there() {
    let mut count = 0;
    for page in pages().into_iter().chain(files("book/src/programs", "md")) {
        let text = read(&page);
        for include in text.split("{{#").skip(1) {
            let (include, _) = include.split_once("}}").expect("an end");
            let (kind, target) = include.split_once(' ').expect("a file");
            let (file, part) = target.split_once(':').unwrap_or((target, ""));
            let included = read(&page.parent().expect("a folder").join(file));
            if kind == "include" && !part.is_empty() {
                let part_starts = included.find(&format!("ANCHOR: {part}"));
                let part_ends = included.find(&format!("ANCHOR_END: {part}"));
                assert!(part_starts < part_ends, "{include} in {}", page.display());
                assert!(part_starts.is_some(), "{include} in {}", page.display());
            }
            count += 1;
        }
    }
    assert!(count > 15, "{count}");
}

/// A code host shows a chapter without mdBook, which would fill in the included text.
#[test]
fn chapters_include_no_text() {
    for page in chapters().into_iter().chain(readmes()) {
        let text = read(&page);
        assert!(!text.contains("{{#include"), "{}", page.display());
        assert!(!text.contains("ANCHOR"), "{}", page.display());
    }
}

/// The name of a heading in a link.
fn anchor(heading: &str) -> String {
    if let Some((_, id)) = heading.split_once("{#") {
        return id.trim_end_matches('}').into();
    }
    let is_kept = |c: &char| c.is_alphanumeric() || " -_".contains(*c);
    let kept: String = heading.chars().filter(is_kept).collect();
    kept.to_lowercase().replace(' ', "-")
}

/// The headings of a page, as links name them.
pub(crate) fn anchors(page: &Path) -> Vec<String> {
    let text = without_blocks(&read(page));
    let headings = text.lines().filter(|line| line.starts_with('#'));
    headings
        .map(|line| anchor(line.trim_start_matches('#').trim_start()))
        .collect()
}

#[test]
fn links_lead_somewhere() {
    let mut count = 0;
    for page in chapters().into_iter().chain(readmes()).chain(pages()) {
        let text = without_blocks(&read(&page));
        let inline = text
            .split("](")
            .skip(1)
            .filter_map(|rest| rest.split_once(')'));
        let inline = inline.map(|(target, _)| target);
        let referred = text.lines().filter(|line| line.starts_with('['));
        let referred = referred.filter_map(|line| line.split_once("]: "));
        for target in inline.chain(referred.map(|(_, target)| target)) {
            if target.starts_with("https:") {
                continue;
            }
            let (file, heading) = target.split_once('#').unwrap_or((target, ""));
            let path = match file {
                "" => page.clone(),
                _ => page.parent().expect("a folder").join(file),
            };
            assert!(path.exists(), "{target} in {}", page.display());
            let is_there = heading.is_empty() || anchors(&path).iter().any(|at| at == heading);
            assert!(is_there, "{target} in {}", page.display());
            count += 1;
        }
    }
    assert!(count > 100, "{count}");
}

/// Each picture of a run stands in the text with the command that draws it.
#[test]
fn pictures_have_their_commands() {
    let text: String = pages().iter().map(|page| read(page)).collect();
    for picture in files("book/src/pictures", "svg") {
        // Those of the benches are there, with their commands.
        if picture.is_symlink() {
            continue;
        }
        let name = picture.file_name().and_then(|name| name.to_str());
        let name = name.expect("a name");
        assert_eq!(text.matches(&format!("](pictures/{name})")).count(), 1);
        let option = format!("--svg book/src/pictures/{name}");
        let command = text.lines().find(|line| line.contains(&option));
        let command = command.unwrap_or_else(|| panic!("no command draws {name}"));
        let (_, arguments) = command.split_once(" -- ").unwrap_or((command, ""));
        let title = read(&picture);
        let arguments = arguments.trim_end_matches(['*', '`']);
        assert!(title.contains(arguments), "{name} is of another run");
    }
}
