//! `cargo lab explore` on small programs: wrong ones fail in a schedule, right ones in none.

use checker::explore::{Explored, Explorer, Order, Plan};
use checker::{Build, Workspace};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

const PLAN: Plan = Plan {
    preemptions: 2,
    schedules: 300,
    random: 64,
    seed: 1,
    time: Duration::MAX,
};

/// The programs beside this file whose names begin so, by their names.
fn programs(prefix: &str) -> BTreeMap<String, PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/explore");
    let entries = fs::read_dir(folder).expect("the folder of this test");
    let files = entries.map(|entry| entry.expect("an entry").path());
    let named = files.map(|path| {
        let name = path.file_stem().expect("a name").to_string_lossy();
        (name.into_owned(), path)
    });
    named.filter(|(name, _)| name.starts_with(prefix)).collect()
}

/// Calls a function for each of these.
fn for_each(prefix: &str, look: impl Fn(&str, &Explorer)) {
    let programs = programs(prefix);
    assert!(!programs.is_empty());
    let package = format!("explore-{prefix}");
    let workspace = Workspace::locate();
    let build = Build::sources(&workspace, &package, &programs).expect("a package");
    for (binary, source) in programs {
        let build = build.clone().only(&[&binary]);
        let explorer = Explorer::new(&build, &format!("test {binary}"), source);
        look(&binary, &explorer.expect("it compiles"));
    }
}

fn explore(explorer: &Explorer) -> Explored {
    let explored = explorer.explore(&PLAN, |_| ());
    explored.expect("it can be explored")
}

#[test]
fn wrong_programs_fail() {
    for_each("wrong", |name, explorer| {
        let explored = explore(explorer);
        let text = explored.text(80);
        assert!(!explored.is_right(), "{name}: {text}");
        let sign = match name {
            "wrong-two-locks"
            | "wrong-lost-wake-up"
            | "wrong-lost-wake-up-after-a-sleep"
            | "wrong-sleeps-outside" => "every task waits for another one",
            "wrong-panics" => "ended with exit status 101",
            _ => "prints something else",
        };
        assert!(text.replace('\n', " ").contains(sign), "{name}: {text}");
    });
}

#[test]
fn right_programs_do_not_fail() {
    for_each("right", |name, explorer| {
        let explored = explore(explorer);
        assert!(explored.is_right(), "{name}: {}", explored.text(80));
    });
}

#[test]
fn a_token_repeats_its_schedule() {
    for_each("wrong-lost-update", |name, explorer| {
        let text = explore(explorer).text(80);
        let (_, token) = text.split_once("--replay ").expect("a token");
        let token: Order = token.trim().parse().expect("a token");
        let again = || explorer.replay(&token).expect("it runs");
        let first = again().text(80);
        let (_, columns) = first.split_once('\n').expect("two lines");
        assert!(text.contains(columns.trim()), "{name}: {text}\n{first}");
        for _ in 0..20 {
            assert_eq!(first, again().text(80), "{name}");
        }
    });
}

#[test]
fn the_lines_and_values_of_a_lost_update_are_shown() {
    for_each("wrong-lost-update", |name, explorer| {
        let text = explore(explorer).text(80);
        let source = fs::read_to_string(&programs(name)[name]).expect("the source");
        let number_of = |part: &str| {
            let line = source.lines().position(|line| line.contains(part));
            line.expect("such a line") + 1
        };
        let load = number_of(if name.ends_with("processes") {
            "counter.store"
        } else {
            ".load(Relaxed);"
        });
        // Both read the same value, before either writes.
        let reads = format!("{load} reads 0");
        assert_eq!(text.matches(&reads).count(), 2, "{name}: {text}");
        assert!(text.contains(" writes 1\n"), "{name}: {text}");
        for narrow in explore(explorer).text(40).lines() {
            assert!(
                narrow.chars().count() <= 40 || narrow.contains("cargo lab"),
                "{narrow}"
            );
        }
    });
}

#[test]
fn the_picture_says_everything_in_words() {
    for_each("wrong-lost-update", |name, explorer| {
        let explored = explore(explorer);
        let picture = explored.svg().expect("a schedule that fails");
        let document = roxmltree::Document::parse(&picture).expect("XML");
        let mut nodes = document.descendants();
        let description = nodes.find(|node| node.has_tag_name("desc"));
        let description = description.and_then(|node| node.text()).unwrap_or_default();
        assert_eq!(
            description.matches(" reads 0").count(),
            2,
            "{name}: {description}"
        );
        assert!(description.contains(" writes 1"), "{name}: {description}");
    });
    for_each("right-mutex", |_, explorer| {
        assert_eq!(explore(explorer).svg(), None)
    });
}

#[test]
fn the_rounds_of_a_spinning_task_are_one_row() {
    for_each("wrong-published-too-early", |name, explorer| {
        let text = explore(explorer).text(80);
        let rounds: Vec<_> = text
            .lines()
            .filter(|line| line.contains("reads a = 0"))
            .collect();
        assert_eq!(rounds.len(), 1, "{name}: {text}");
        assert!(rounds[0].ends_with(" times"), "{name}: {text}");
    });
}

#[test]
fn each_task_of_a_deadlock_has_a_row_in_which_it_waits() {
    for_each("wrong-two-locks", |name, explorer| {
        let text = explore(explorer).text(80);
        assert_eq!(text.matches("13 waits\n").count(), 2, "{name}: {text}");
        assert_eq!(text.matches("19 waits\n").count(), 1, "{name}: {text}");
    });
}

#[test]
fn a_task_that_sleeps_in_an_unknown_call_waits_and_does_not_end() {
    for_each("wrong-sleeps-outside", |name, explorer| {
        let text = explore(explorer).text(80);
        assert_eq!(text.matches(" waits\n").count(), 2, "{name}: {text}");
        assert!(!text.contains("ends\n"), "{name}: {text}");
    });
}
