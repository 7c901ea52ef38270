//! A text that is used twice is written once, and included. mdBook puts nothing, and
//! gives no warning, where there is no such part.

use crate::text::{files, pages, read};

#[test]
fn what_is_included_is_there() {
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
    assert!(count > 20, "{count}");
}

/// Each picture stands in the text with the command that draws it.
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
