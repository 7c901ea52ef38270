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

const OTHER: &str = "prints something else";
const DEADLOCK: &str = "every task waits for another one";

/// Texts in the report on a wrong program, and how often they are there.
const REPORTS: [(&str, &str, usize); 21] = [
    // Both tasks read the same value, before either writes.
    ("wrong-lost-update", OTHER, 1),
    ("wrong-lost-update", " 13 reads 0 ", 2),
    ("wrong-lost-update", " 14 writes 1 ", 2),
    ("wrong-lost-update-of-processes", OTHER, 1),
    ("wrong-lost-update-of-processes", " 14 reads 0 ", 2),
    ("wrong-lost-update-of-processes", " 14 writes 1 ", 2),
    ("wrong-lost-wake-up-after-a-sleep", DEADLOCK, 1),
    ("wrong-panics", "ended with exit status 101", 1),
    // The rounds of a spinning task are one row.
    ("wrong-published-too-early", OTHER, 1),
    ("wrong-published-too-early", " reads a = 0", 1),
    ("wrong-published-too-early", " reads a = 0, 2002x ", 1),
    ("wrong-sleep", OTHER, 1),
    ("wrong-spurious-wake-up", OTHER, 1),
    (
        "wrong-spurious-wake-up",
        "no task is preempted, a task is woken spuriously",
        1,
    ),
    ("wrong-spurious-wake-up", " 15 is woken spuriously", 1),
    // A task that sleeps in an unknown call waits, and does not end.
    ("wrong-sleeps-outside", DEADLOCK, 1),
    ("wrong-sleeps-outside", " waits  ", 2),
    ("wrong-sleeps-outside", " ends ", 0),
    // Each task of a deadlock has a row in which it waits.
    ("wrong-two-locks", DEADLOCK, 1),
    ("wrong-two-locks", " 15 waits ", 2),
    ("wrong-two-locks", " 12 waits ", 1),
];

#[test]
fn wrong_programs_fail() {
    for_each("wrong", |name, explorer| {
        let explored = explore(explorer);
        let text = explored.text(80).replace('\n', " ");
        assert!(!explored.is_right(), "{name}: {text}");
        let mut rows = REPORTS
            .iter()
            .filter(|(program, ..)| *program == name)
            .peekable();
        assert!(rows.peek().is_some(), "{name}");
        for (_, part, count) in rows {
            assert_eq!(text.matches(part).count(), *count, "{name}: {part}: {text}");
        }
    });
}

#[test]
fn right_programs_do_not_fail() {
    for_each("right", |name, explorer| {
        let explored = explore(explorer);
        assert!(explored.is_right(), "{name}: {}", explored.text(80));
        assert_eq!(explored.svg(), None, "{name}");
    });
}

#[test]
fn a_lost_update_is_drawn_and_repeated() {
    for_each("wrong-lost-update", |name, explorer| {
        let explored = explore(explorer);
        let is_narrow = |line: &str| line.chars().count() <= 40 || line.contains("cargo lab");
        assert!(explored.text(40).lines().all(is_narrow), "{name}");

        let picture = explored.svg().expect("a schedule that fails");
        let document = roxmltree::Document::parse(&picture).expect("XML");
        let mut nodes = document.descendants();
        let description = nodes.find(|node| node.has_tag_name("desc"));
        let words = description.and_then(|node| node.text()).expect("words");
        assert_eq!(words.matches(" reads 0").count(), 2, "{name}: {words}");
        assert!(words.contains(" writes 1"), "{name}: {words}");

        let text = explored.text(80);
        let (_, token) = text.split_once("--replay ").expect("a token");
        let token: Order = token.trim().parse().expect("a token");
        let again = || explorer.replay(&token).expect("it runs").text(80);
        let first = again();
        let (_, columns) = first.split_once('\n').expect("two lines");
        assert!(text.contains(columns.trim()), "{name}: {text}\n{first}");
        for _ in 0..20 {
            assert_eq!(first, again(), "{name}");
        }
    });
}
