//! A verdict names the line of the program where it matters.

use checker::Workspace;
use checker::exercises::exercise;
use checker::mistakes::{Mistake, build, judge};
use std::error::Error;
use std::fs;

/// Programs of this folder and known mistakes, the verdict of each, and the beginnings of its
/// lines.
const PROGRAMS: [(&str, &str, &[&str]); 10] = [
    ("threads-crashes", "crashed", &["unsafe { nowhere"]),
    ("threads-aborts", "crashed", &["std::process::abort"]),
    ("threads-panics", "crashed", &[]),
    (
        "threads-spawn-without-join",
        "did-not-wait",
        &["print_slowly(&NUMBERS)"],
    ),
    // The lines before its output are quoted too.
    (
        "threads-locks-before-the-thread",
        "did-not-wait",
        &["print_slowly(&NUMBERS)", "let _guard = WORK"],
    ),
    (
        "threads-join-with-lock",
        "timed-out",
        &["negator.join()", "let _mine = "],
    ),
    (
        "processes-sleep-instead-of-wait",
        "did-not-wait",
        &[
            "print_line(file.read()?)?;",
            "thread::sleep(Duration::from_secs(2));",
        ],
    ),
    (
        "processes-kill-zero",
        "timed-out",
        &["thread::sleep(Duration::from_millis(50));"],
    ),
    (
        "threads-early-bell",
        "did-not-wait",
        &["print_slowly(&NUMBERS)", "reader.read_exact("],
    ),
    (
        "processes-deadlock",
        "timed-out",
        &["let status = waitpid(child, None);", "let bytes = read("],
    ),
];

#[test]
fn a_verdict_names_the_line_where_it_matters() -> Result<(), Box<dyn Error>> {
    let workspace = Workspace::locate();
    let programs = PROGRAMS.map(|(name, expected, _)| {
        let (binary, _) = name.split_once('-').expect("a name of two words");
        let files = ["tests/lines/", "mistakes/examples/wait-for-me-"];
        let files = files.map(|start| format!("checker/{start}{name}.rs"));
        let mut sources = files.map(|file| workspace.root().join(file)).into_iter();
        Mistake {
            exercise: exercise("wait-for-me", binary).expect("an exercise"),
            name: name.into(),
            source: sources.find(|source| source.exists()).expect(name),
            expected: expected.into(),
        }
    });
    let judged = judge(&build(&workspace, "lines", &programs)?, &programs)?;
    assert_eq!(judged.len(), PROGRAMS.len());
    for (judged, (name, verdict, starts)) in judged.iter().zip(PROGRAMS) {
        let file = &judged.mistake.source;
        let source = fs::read_to_string(file)?;
        let place_of = |start: &&str| {
            // A part of the solution may begin as the wrong line does, further up.
            let lines = (1..).zip(source.lines().map(str::trim));
            let line = lines.filter(|(_, line)| line.starts_with(start)).last();
            let (number, line) = line.expect(name);
            format!("{number}: {line}")
        };
        let mut checks = judged.report.checks.iter();
        let failed = checks.find(|check| !check.message.is_empty()).ok_or(name)?;
        assert_eq!(failed.verdict.to_string(), verdict, "{failed:#?}");
        let quoted = format!("at {}:", file.display());
        let places = failed.evidence.iter().filter_map(|line| {
            let place = line.strip_prefix(&quoted);
            place.or_else(|| line.strip_prefix("line "))
        });
        let expected: Vec<_> = starts.iter().map(place_of).collect();
        assert_eq!(places.collect::<Vec<_>>(), expected, "{failed:#?}");
    }
    Ok(())
}

/// The standard library's locks are inlined, and only debug information names them.
#[test]
fn the_steps_of_a_lost_update_name_the_locks() -> Result<(), Box<dyn Error>> {
    let workspace = Workspace::locate();
    let words = [
        ("mutex-per-worker", "Each worker uses a lock of its own"),
        ("lock-only-store", ": thread 1 has lock A"),
        (
            "tries-a-thousand-times",
            ": thread 2 tries to get a lock, in vain, 1000x",
        ),
    ];
    let programs = words.map(|(name, _)| Mistake {
        exercise: exercise("shared-counter", "threads").expect("an exercise"),
        name: name.into(),
        source: workspace.root().join(format!(
            "checker/mistakes/examples/shared-counter-threads-{name}.rs"
        )),
        expected: "wrong-output".into(),
    });
    let judged = judge(&build(&workspace, "locks", &programs)?, &programs)?;
    assert_eq!(judged.len(), words.len());
    for (judged, (name, words)) in judged.iter().zip(words) {
        let mut checks = judged.report.checks.iter();
        let failed = checks.find(|check| !check.message.is_empty()).ok_or(name)?;
        let text = failed.message.clone() + &failed.evidence.join("\n");
        assert!(text.contains(words), "{failed:#?}");
    }
    Ok(())
}
