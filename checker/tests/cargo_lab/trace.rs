//! The command line of `cargo lab trace`: drawings of real runs.

use crate::support::{Folder, Ran, Result, assert_has, assert_lacks, lab, run};

/// Runs `cargo lab trace ARGS`, with the arguments separated by spaces.
fn trace(args: &str) -> Ran {
    run(lab(&format!("trace {args}")).env("COLUMNS", "100"))
}

#[test]
fn who_waits_for_a_thread() -> Result {
    let folder = Folder::new()?;
    let path = folder.path("run.svg");
    let waited = "process 0 waited for thread 1 (negator)";
    let program = "wait-for-me threads-solution";
    let ran = trace(&format!("{program} --hold --svg {}", path.display()));
    let ran = ran.ended(0).printed(&[
        "process 0 created thread 1 (negator)",
        waited,
        "thread 1 (negator) ended",
        "process 0 wrote to standard output 25 times",
        "process 0 ended with exit status 0",
    ]);
    // The start of the program is nothing that it does.
    assert_lacks(&ran.stdout, &["another program", "\u{1b}"]);
    let picture = folder.read("run.svg")?;
    assert_has(&picture, &[waited, program]);
    roxmltree::Document::parse(&picture)?;
    Ok(())
}

#[test]
fn who_is_killed() {
    let ran = trace("seg-fault processes-solution --hold -- 4 --len 1000").ended(0);
    let end = "\nThe program ended with exit status 0.\n\nIt printed:\n  Array sum is: ";
    let killed = "process 3 (worker 2) was killed by signal 11 (SIGSEGV)";
    let ran = ran.printed(&[end, killed]);
    assert!(ran.stdout.starts_with("ms "), "{ran:?}");
    let lines = ran.stdout.lines();
    let lanes: Vec<_> = lines.filter(|line| line.starts_with("process ")).collect();
    let killed = lanes.iter().filter(|lane| lane.ends_with('✗'));
    assert_eq!((lanes.len(), killed.count()), (5, 1), "{ran:?}");
    let in_one_line = ran.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    let children = "process 1 (worker 0), process 2 (worker 1), process 3 (worker 2) and \
                    process 4 (worker 3)";
    for verb in ["created", "waited for"] {
        assert_has(&in_one_line, &[&format!("process 0 {verb} {children}")]);
    }
}

/// `trace` can repeat the checker's intervention.
#[test]
fn a_worker_is_held_back_and_a_fault_injected() {
    let held = trace("seg-fault processes-solution --hold=1 -- 2 --len 9").stdout;
    let place = |worker: u32, signs: &[char]| {
        let name = format!("process {} (worker {worker})", worker + 1);
        let lane = held.lines().find(|line| line.starts_with(&name))?;
        lane.chars().position(|c| signs.contains(&c))
    };
    // A worker that runs for less than half a column has only the sign of its end.
    let (ended, began) = (place(0, &['●']), place(1, &['━', '●']));
    assert!(ended.is_some() && ended <= began, "{held}");

    let faults = "--fault=0:7 --fault=1:birth:SIGKILL";
    let program = "seg-fault processes-solution";
    let ran = trace(&format!("{program} {faults} -- 2 --len 9"));
    let killed = "Process 1 was killed by signal 9 (SIGKILL)";
    ran.printed(&["Process 0 exited with status 7", killed]);
}
