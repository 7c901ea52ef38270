//! Every solution, every known mistake and every skeleton gets its verdict, with the words and
//! the lines that matter.

use checker::Workspace;
use checker::checking::{Selection, check};
use checker::exercises::EXERCISES;
use checker::handout::handouts;
use checker::judge::{Check, Verdict};
use checker::mistakes::{Judged, Mistake, build, build_all, judge, mistakes};
use std::error::Error;
use std::fs;
use tempfile::TempDir;

type Result<T = (), E = Box<dyn Error>> = std::result::Result<T, E>;

/// Known mistakes, and words in the report on each: what the checker has done to the run that can
/// be repeated, or the cause.
const WORDS: &str = "\
only-sigsegv: was killed by SIG
signal-part-only: exited with status
atomic-fences: they must be one atomic step
join-with-lock: it waits forever
exchange-tried-twice: an addition has no effect
exits-the-program: thread 1 ended the whole program
keeps-a-sender: only the main thread is left
waits-for-20-seconds: it goes on before the thread
spins-for-10-seconds: again and again, for 10 s by that clock
signal-zero: process 1 had ended, and no wait had returned it
polls-the-first-number: looked again and again
only-a-warning: although the child was killed
waits-for-one: while process
one-after-another: its workers run one after another
file-lock-inherited: The lock lets several workers in
let-underscore: keep it from the load to the store
returns-at-a-stop: this wait returned before the child had ended
pairs-only: seen: it waited for processes 0, 1, 2
condition-without-a-loop: main is woken spuriously
lock-made-by-each-child: process 2 asks for mutex B
posix-semaphore-not-pshared: wakes no task
joined-twice: Before, it had waited for process 1
on-standard-error: on standard error, not on standard output
names-run-out: the len is 16 but the index is
counter-private: each worker adds to a copy of its own
own-copy: number 1 of them is 1 instead of -1
exchange-with-an-old-value: thread 2 never stops
filled-after-the-start: found nothing to negate
signal-or-status: in the same words
locks-twice: processes-locks-twice.rs:";

/// The same for mistakes that are compiled with debug information. The standard library's locks
/// are inlined, and nothing else names them.
const WORDS_OF_LOCKS: &str = "\
mutex-per-worker: Each worker uses a lock of its own
notify-outside-the-mutex: wakes no task
notify-outside-the-mutex: self.free.wait(waiting)
lock-only-store: thread 1 has lock A
tries-a-thousand-times: thread 2 tries to get a lock, in vain, 1000x";

/// Programs of the folder `lines` and known mistakes, the verdict of each, and the beginnings of
/// the lines that the report names.
const LINES: &str = "\
wait-for-me-threads-crashes: crashed: unsafe { nowhere
wait-for-me-threads-aborts: crashed: std::process::abort
wait-for-me-threads-panics: crashed
wait-for-me-threads-spawn-without-join: did-not-wait: print_slowly(
wait-for-me-threads-locks-before-the-thread: did-not-wait: print_slowly(: let _guard =
wait-for-me-threads-join-with-lock: timed-out: negator.join(): let _mine =
wait-for-me-threads-early-bell: did-not-wait: print_slowly(: reader.read_exact(
wait-for-me-processes-sleep-instead-of-wait: did-not-wait: print_line(: \
    thread::sleep(Duration::from_secs(2
wait-for-me-processes-kill-zero: timed-out: thread::sleep(Duration::from_millis(50));
wait-for-me-processes-deadlock: timed-out: let status = waitpid(child, None);: let bytes = read(
shared-counter-threads-mutex-per-worker: wrong-output
shared-counter-threads-lock-only-store: wrong-output
shared-counter-threads-notify-outside-the-mutex: timed-out
shared-counter-threads-tries-a-thousand-times: wrong-output";

/// The check that the verdict is about.
fn failed(judged: &Judged) -> &Check {
    let mut checks = judged.report.checks.iter();
    let failed = checks.find(|check| check.verdict == judged.report.verdict());
    failed.unwrap_or_else(|| panic!("{judged:#?}"))
}

/// The message and the evidence of the failed check of a mistake contain its words.
fn assert_words(judged: &[Judged], table: &str) {
    for row in table.lines() {
        let (name, words) = row.split_once(": ").expect(row);
        let mut judged = judged.iter().filter(|one| one.mistake.name == name);
        let judged = judged.next().expect(name);
        let failed = failed(judged);
        let text = failed.message.clone() + &failed.evidence.concat();
        assert!(text.contains(words), "{judged:#?}");
    }
}

/// All of these get their verdicts.
fn assert_expected(judged: &[Judged], count: usize) {
    assert_eq!(judged.len(), count);
    for judged in judged {
        assert!(judged.is_as_expected(), "{judged:#?}");
    }
}

#[test]
fn all_solutions_and_all_claims_pass() -> Result {
    let selection = Selection {
        solutions: true,
        ..Selection::of(EXERCISES.iter().collect())
    };
    let report = check(&Workspace::locate(), &selection)?;
    let tasks = report.tasks.iter();
    let points: Vec<_> = tasks.map(|task| (task.score, task.max_score)).collect();
    let expected = [0, 0, 0, 0, 20, 20, 0, 30, 0, 0, 15, 15];
    assert_eq!(points, expected.map(|points| (points, points)));
    for check in report.tasks.iter().flat_map(|task| &task.checks) {
        assert_eq!(check.verdict, Verdict::Passed, "{check:#?}");
    }
    Ok(())
}

#[test]
fn all_known_mistakes_get_their_verdicts() -> Result {
    let workspace = Workspace::locate();
    let mistakes = mistakes(&workspace)?;
    let build = build_all(&workspace);
    assert_eq!(build.run()?.warnings, [""; 0]);
    let judged = judge(&build, &mistakes)?;
    assert_expected(&judged, mistakes.len());
    assert_words(&judged, WORDS);
    Ok(())
}

/// Without the comments of the lab a skeleton is a program like any other, and
/// none of them gets a point.
#[test]
fn no_skeleton_gets_the_points_of_its_task() -> Result {
    let workspace = Workspace::locate();
    let folder = TempDir::new()?;
    let mut skeletons = Vec::new();
    let verdicts = "did-not-wait no-worker wrong-output wrong-output wrong-output";
    for (handout, expected) in handouts(&workspace).iter().zip(verdicts.split(' ')) {
        let source = folder.path().join(handout.exercise.file_name());
        fs::write(&source, handout.render()?)?;
        skeletons.push(Mistake {
            exercise: handout.exercise,
            name: "skeleton".into(),
            source,
            expected: expected.into(),
        });
    }
    let build = build(&workspace, "uncommented-skeletons", &skeletons)?;
    let judged = judge(&build, &skeletons)?;
    assert_expected(&judged, 5);
    let scores = judged.iter().map(|judged| judged.report.score);
    assert_eq!(scores.sum::<u32>(), 0, "{judged:#?}");
    Ok(())
}

#[test]
fn a_verdict_names_the_line_where_it_matters() -> Result {
    let workspace = Workspace::locate();
    let rows: Vec<Vec<&str>> = LINES.lines().map(|row| row.split(": ").collect()).collect();
    let program = |row: &Vec<&str>| {
        let mut names = EXERCISES.iter().filter_map(|exercise| {
            let name = row[0].strip_prefix(&exercise.file_name())?;
            Some((exercise, name.strip_prefix('-')?.to_owned()))
        });
        let folders = ["tests/lines", "mistakes/examples"];
        let files = folders.map(|folder| format!("checker/{folder}/{}.rs", row[0]));
        let mut sources = files.map(|file| workspace.root().join(file)).into_iter();
        let (exercise, name) = names.next().expect(row[0]);
        Mistake {
            exercise,
            name,
            source: sources.find(|source| source.exists()).expect(row[0]),
            expected: row[1].into(),
        }
    };
    let programs: Vec<_> = rows.iter().map(program).collect();
    let judged = judge(&build(&workspace, "lines", &programs)?, &programs)?;
    assert_expected(&judged, rows.len());
    assert_words(&judged, WORDS_OF_LOCKS);
    let judged = judged.iter().zip(rows);
    for (judged, row) in judged.filter(|(_, row)| row[0].starts_with("wait-for-me")) {
        let file = &judged.mistake.source;
        let source = fs::read_to_string(file)?;
        let place_of = |start: &&str| {
            // A part of the solution may begin as the wrong line does, further up.
            let lines = (1..).zip(source.lines().map(str::trim));
            let line = lines.filter(|(_, line)| line.starts_with(start)).last();
            let (number, line) = line.expect(start);
            format!("{number}: {line}")
        };
        let failed = failed(judged);
        let quoted = format!("at {}:", file.display());
        let places = failed.evidence.iter().filter_map(|line| {
            let place = line.strip_prefix(&quoted);
            place.or_else(|| line.strip_prefix("line "))
        });
        // The lines before its output are quoted too.
        let expected: Vec<_> = row[2..].iter().map(place_of).collect();
        assert_eq!(places.collect::<Vec<_>>(), expected, "{failed:#?}");
    }
    Ok(())
}
