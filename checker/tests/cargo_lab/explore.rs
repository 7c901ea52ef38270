//! `cargo lab explore` on small programs: wrong ones fail in a schedule, right ones in none.

use checker::explore::{Explored, Explorer, Order, Plan};
use checker::{Build, Workspace};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::Duration;

const PLAN: Plan = Plan {
    preemptions: 2,
    schedules: 300,
    random: 64,
    seed: 1,
    time: Duration::MAX,
};

/// Explores the programs beside this file whose names begin so. Looks at each.
fn explore_all(prefix: &str, look: impl Fn(&str, &Explorer, &Explored)) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cargo_lab/explore");
    let entries = fs::read_dir(folder).expect("the folder of this test");
    let files = entries.map(|entry| entry.expect("an entry").path());
    let named = files.map(|path| {
        let name = path.file_stem().expect("a name").to_string_lossy();
        (name.into_owned(), path)
    });
    let programs: BTreeMap<_, _> = named.filter(|(name, _)| name.starts_with(prefix)).collect();
    assert!(!programs.is_empty());
    let package = format!("explore-{prefix}");
    let build = Build::sources(&Workspace::locate(), &package, &programs).expect("a package");
    for (name, source) in programs {
        let build = build.clone().only(&[&name]);
        let explorer = Explorer::new(&build, &format!("test {name}"), source);
        let explorer = explorer.expect("it compiles");
        let explored = explorer.explore(&PLAN, |_| ());
        look(&name, &explorer, &explored.expect("it can be explored"));
    }
}

/// Wrong programs, texts in the reports on them, and how often they are there.
const REPORTS: &str = "\
wrong-lost-update: prints something else: 1
wrong-lost-update:  13 reads 0 : 2
wrong-lost-update:  14 writes 1 : 2
wrong-lost-update-of-processes: prints something else: 1
wrong-lost-update-of-processes:  14 reads 0 : 2
wrong-lost-update-of-processes:  14 writes 1 : 2
wrong-lost-wake-up-after-a-sleep: none of its tasks can go on: 1
wrong-lost-wake-up-after-a-sleep:  17 wakes no task : 1
wrong-lost-wake-up-after-a-sleep:  21 waits for another task : 1
wrong-panics: ended with exit status 101: 1
wrong-published-too-early: prints something else: 1
wrong-published-too-early:  reads a = 0: 1
wrong-published-too-early:  reads a = 0, 2002x : 1
wrong-sleep: prints something else: 1
wrong-spurious-wake-up: prints something else: 1
wrong-spurious-wake-up: no task is preempted, a task is woken spuriously: 1
wrong-spurious-wake-up:  16 is woken spuriously: 1
wrong-sleeps-outside: none of its tasks can go on: 1
wrong-sleeps-outside:  waits  : 1
wrong-sleeps-outside: 6 waits for another task : 1
wrong-sleeps-outside:  ends : 0
wrong-two-locks: none of its tasks can go on: 1
wrong-two-locks:  15 waits : 2
wrong-two-locks:  12 waits : 1";

/// In a lost update, both tasks read the same value, before either writes. The rounds of a spinning
/// task are one row. A task that sleeps in an unknown call waits, and does not end. Each task of a
/// deadlock has a row in which it waits.
#[test]
fn wrong_programs_fail() {
    explore_all("wrong", |name, explorer, explored| {
        let text = explored.text(80).replace('\n', " ");
        assert!(!explored.is_right(), "{name}: {text}");
        let rows = REPORTS.lines().filter_map(|row| {
            let part = row.strip_prefix(name)?.strip_prefix(": ")?;
            part.split_once(": ")
        });
        let rows: Vec<_> = rows.collect();
        assert!(!rows.is_empty(), "{name}");
        for (part, count) in rows {
            let found = text.matches(part).count().to_string();
            assert_eq!(found, count, "{name}: {part}: {text}");
        }
        if name.starts_with("wrong-lost-update") {
            assert_drawn_and_repeated(name, explorer, explored);
        }
    });
}

#[test]
fn right_programs_do_not_fail() {
    explore_all("right", |name, _, explored| {
        assert!(explored.is_right(), "{name}: {}", explored.text(80));
        assert_eq!(explored.svg(), None, "{name}");
    });
}

fn assert_drawn_and_repeated(name: &str, explorer: &Explorer, explored: &Explored) {
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
}
