//! What a page includes, shows or links to is there. If a file is missing,
//! mdBook leaves a gap and gives no warning.

use crate::text::{Page, all_text, chapters, files, pages, read, readmes};

#[test]
fn included_files_are_there() {
    let programs = files("book/src/programs", "md").into_iter().map(Page::at);
    let mut count = 0;
    for page in pages().into_iter().chain(programs) {
        for include in page.text.split("{{#").skip(1) {
            let (include, _) = include.split_once("}}").expect("an end");
            let (kind, target) = include.split_once(' ').expect("a file");
            let (file, part) = target.split_once(':').unwrap_or((target, ""));
            let included = read(&page.path.with_file_name(file));
            if kind == "include" && !part.is_empty() {
                let start = included.find(&format!("ANCHOR: {part}"));
                let end = included.find(&format!("ANCHOR_END: {part}"));
                assert!(start.is_some() && start < end, "{include} in {page}");
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
        let includes = page.text.contains("{{#include") || page.text.contains("ANCHOR");
        assert!(!includes, "{page}");
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
fn anchors(page: &Page) -> Vec<String> {
    let text = page.without_blocks();
    let headings = text.lines().filter(|line| line.starts_with('#'));
    let headings = headings.map(|line| line.trim_start_matches('#').trim_start());
    headings.map(anchor).collect()
}

#[test]
fn links_lead_somewhere() {
    let mut count = 0;
    for page in readmes().into_iter().chain(pages()) {
        let text = page.without_blocks();
        let inline = text.split("](").skip(1);
        let inline = inline.filter_map(|rest| rest.split_once(')'));
        let referred = text.lines().filter(|line| line.starts_with('['));
        let referred = referred.filter_map(|line| Some(line.split_once("]: ")?.1));
        let targets = inline.map(|(target, _)| target).chain(referred);
        for target in targets.filter(|target| !target.starts_with("https:")) {
            let (file, heading) = target.split_once('#').unwrap_or((target, ""));
            let path = match file {
                "" => page.path.clone(),
                _ => page.path.with_file_name(file),
            };
            assert!(path.exists(), "{target} in {page}");
            let is_there = heading.is_empty() || anchors(&Page::at(path)).contains(&heading.into());
            assert!(is_there, "{target} in {page}");
            count += 1;
        }
    }
    assert!(count > 100, "{count}");
}

/// Each picture of a run stands in the text with the command that draws it.
#[test]
fn pictures_have_their_commands() {
    let text = all_text();
    let mut pictures = files("book/src/pictures", "svg");
    // Those of the benches are there, with their commands.
    pictures.retain(|picture| !picture.is_symlink());
    for picture in pictures {
        let name = picture.file_name().and_then(|name| name.to_str());
        let name = name.expect("a name");
        assert_eq!(text.matches(&format!("](pictures/{name})")).count(), 1);
        let option = format!("--svg book/src/pictures/{name}");
        let command = text.lines().find(|line| line.contains(&option));
        let (_, arguments) = command.expect(name).split_once(" -- ").unwrap_or_default();
        let arguments = arguments.trim_end_matches(['*', '`']);
        let is_this_run = read(&picture).contains(arguments);
        assert!(is_this_run, "{name} is of another run");
    }
}
