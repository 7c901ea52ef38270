//! The engine, with programs that do what programs should not.

use checker::engine::{
    Call, End, Event, Fault, Hold, Kind, Limits, Observable, Observed, Run, Schedule,
};
use checker::{Build, Built, Workspace};
use nix::sys::signal::Signal;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::Duration;

static PROGRAMS: LazyLock<Built> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/engine/programs");
    let mut sources = BTreeMap::new();
    for entry in fs::read_dir(folder).expect("the programs") {
        let path = entry.expect("a program").path();
        let name = path
            .file_stem()
            .and_then(|name| name.to_str())
            .expect("a name");
        sources.insert(name.into(), path);
    }
    let workspace = Workspace::locate().expect("the workspace");
    let build = Build::sources(&workspace, "engine-programs", &sources).expect("a package");
    build.run().unwrap_or_else(|error| panic!("{error}"))
});

fn run(program: &str) -> Run {
    Run::new(&PROGRAMS.programs[program])
}

/// Observes a run, and sees to it that nothing is left of it.
#[track_caller]
fn observe(run: &Run) -> Observed {
    let observed = run.observe().expect("it can be traced");
    for task in &observed.tasks {
        assert!(task.ended.is_some(), "{task:?}");
        // An orphan may be a zombie until the first process of the system looks
        // after it.
        let stat = fs::read_to_string(format!("/proc/{}/stat", task.tid));
        let is_gone = stat.map_or(true, |stat| stat.contains(") Z "));
        assert!(is_gone, "left: {task:?}");
    }
    observed
}

fn short() -> Limits {
    Limits {
        time: Duration::from_millis(500),
        ..Limits::default()
    }
}

const SUCCESS: End = End::Ended(0);

#[test]
fn who_never_ends_is_ended() {
    for program in ["busy_loop", "deadlock"] {
        let observed = observe(&run(program).limits(short()));
        assert_eq!(observed.end, End::TimedOut, "{program}");
    }
}

#[test]
fn endless_output_is_ended_at_the_limit() {
    for stream in ["out", "err"] {
        let observed = observe(&run("endless_output").args([stream]));
        assert_eq!(observed.end, End::TooMuchOutput);
        let (full, empty) = match stream {
            "out" => (observed.stdout, observed.stderr),
            _ => (observed.stderr, observed.stdout),
        };
        assert_eq!((full.len(), empty.len()), (1 << 20, 0));
    }
}

#[test]
fn bombs_are_ended_at_the_limit() {
    let limits = Limits {
        tasks: 40,
        ..Limits::default()
    };
    for (bomb, kind) in [("fork_bomb", Kind::Process), ("thread_bomb", Kind::Thread)] {
        let observed = observe(&run(bomb).limits(limits));
        assert_eq!(observed.end, End::TooManyTasks, "{bomb}");
        assert!(observed.created(kind).count() > 40);
        // Those that were being born when the limit was reached.
        assert!(
            observed.tasks.len() < 120,
            "{bomb}: {}",
            observed.tasks.len()
        );
    }
}

/// To look at the memory of so many would take a minute.
#[test]
fn the_memory_of_those_that_are_ended_is_not_searched() {
    let observed = observe(&run("thread_bomb").watch_numbers(400));
    assert_eq!(observed.end, End::TooManyTasks);
    assert_eq!(observed.numbers, []);
}

/// A task has the name that it gave itself, or that of its creator.
#[test]
fn tasks_have_names() {
    let observed = observe(&run("names"));
    assert_eq!(observed.end, SUCCESS);
    let names: Vec<_> = observed
        .tasks
        .iter()
        .map(|task| task.name.as_deref())
        .collect();
    let expected = [
        "names",
        "names",
        "fifteen bytes .",
        "a\u{1b}[31m\u{fffd}b",
        "worker 2",
        "worker 2",
    ];
    assert_eq!(names, expected.map(Some));
}

/// The kernel kills all of them at once: none stops at its end.
#[test]
fn killed_tasks_have_names() {
    let observed = observe(&run("names").args(["killed"]));
    assert_eq!(observed.end, End::Ended(libc::SIGTERM));
    let sleeper = observed.tasks.last().expect("a thread");
    assert_eq!(sleeper.name.as_deref(), Some("sleeper"));
}

#[test]
fn an_orphan_is_found_and_ended() {
    let observed = observe(&run("orphan"));
    assert_eq!(observed.end, SUCCESS);
    assert_eq!(observed.left_running, [2]);
    assert_eq!(observed.tasks[2].creator, Some(1));
    assert_eq!(
        observed.tasks[2].ended.map(|(_, status)| status),
        Some(libc::SIGKILL)
    );
}

#[test]
fn standard_input_is_empty_and_the_others_may_be_closed() {
    let observed = observe(&run("streams"));
    assert_eq!(observed.end, SUCCESS);
    assert!(observed.stdout.is_empty() && observed.stderr.is_empty());
}

#[test]
fn memory_has_a_limit() {
    assert_eq!(observe(&run("memory")).stdout, b"refused\n");
}

#[test]
fn files_have_a_limit_and_vanish() {
    let limits = Limits {
        file_bytes: 1 << 20,
        ..Limits::default()
    };
    let observed = observe(&run("huge_file").limits(limits));
    assert_eq!(observed.end, End::Ended(libc::SIGXFSZ));
}

#[test]
fn output_is_bytes() {
    assert_eq!(observe(&run("raw_bytes")).stdout, b"\xff\x00\x1b[31mred\n");
}

#[test]
fn a_program_that_is_not_there() {
    let error = Run::new("/no/such/program")
        .observe()
        .expect_err("no program");
    assert!(error.to_string().contains("/no/such/program"), "{error}");
}

/// Runs it without tracing, and sees to it that nothing is left of it.
#[track_caller]
fn observe_output(run: Run) -> Observed {
    static MARKS: AtomicUsize = AtomicUsize::new(0);
    let mark = format!("untraced-{}", MARKS.fetch_add(1, Relaxed));
    let observed = run
        .args([&mark])
        .observe_output()
        .expect("it can be started");
    let marked = fs::read_dir("/proc")
        .expect("/proc")
        .flatten()
        .filter(|entry| {
            let command = fs::read(entry.path().join("cmdline")).unwrap_or_default();
            command.ends_with(format!("\0{mark}\0").as_bytes())
        });
    assert_eq!(marked.count(), 0, "left");
    observed
}

#[test]
fn without_tracing_the_output_and_the_end_are_seen() {
    let observed = observe_output(run("raw_bytes"));
    assert_eq!(observed.end, SUCCESS);
    assert_eq!(observed.stdout, b"\xff\x00\x1b[31mred\n");
    let limits = Limits {
        file_bytes: 1 << 20,
        ..Limits::default()
    };
    let huge_file = run("huge_file").limits(limits);
    assert_eq!(observe_output(huge_file).end, End::Ended(libc::SIGXFSZ));
    let error = Run::new("/no/such/program")
        .observe_output()
        .expect_err("no program");
    assert!(error.to_string().contains("/no/such/program"), "{error}");
}

#[test]
fn without_tracing_nothing_outlives_a_run() {
    let orphan = observe_output(run("orphan"));
    assert_eq!((orphan.end, orphan.left_running.len()), (SUCCESS, 1));

    let busy = run("busy_loop").limits(short());
    assert_eq!(observe_output(busy).end, End::TimedOut);

    let endless = observe_output(run("endless_output").args(["out"]));
    assert_eq!(endless.end, End::TooMuchOutput);
    assert_eq!(endless.stdout.len(), 1 << 20);

    let limits = Limits {
        tasks: 40,
        ..Limits::default()
    };
    // 512 processes at the most.
    let bomb = run("fork_bomb").args(["9"]).limits(limits);
    assert_eq!(observe_output(bomb).end, End::TooManyTasks);
}

#[test]
fn memory_that_is_shared_is_seen() {
    let observed = observe(&run("shared_memory").watch_shared_memory());
    let [(1, child), (0, parent)] = observed.shared_memory.as_slice() else {
        panic!("{observed:?}");
    };
    assert!(child.starts_with(b"from the child"), "{child:?}");
    assert_eq!(child, parent);
}

fn held(program: &str, how: &str) -> Observed {
    observe(
        &run(program)
            .args([how].iter().filter(|how| !how.is_empty()))
            .schedule(Schedule::HoldWorkers)
            .watch_file("result"),
    )
}

#[test]
fn all_ways_to_wait_for_a_thread() {
    for how in ["join", "channel", "barrier", "condition"] {
        let observed = held("waits", how);
        assert_eq!(observed.hold, Some(Hold::Waited(Call::Futex)), "{how}");
        assert_eq!(observed.created(Kind::Thread).count(), 1);
        assert_eq!(observed.stdout, b"true\n", "{how}");
    }
    for how in ["is_finished", "sleepy-flag", "spin"] {
        let observed = held("waits", how);
        assert_eq!(observed.hold, Some(Hold::Polled), "{how}");
        assert_eq!(observed.stdout, b"true\n", "{how}");
    }
}

/// Otherwise it would be a matter of luck how far they get.
#[test]
fn threads_that_nobody_waits_for_get_the_time_to_finish() {
    let ways = [
        ("print", "done\n"),
        ("exit", ""),
        ("sleep", ""),
        ("tick", ""),
    ];
    for (how, printed) in ways {
        let observed = held("detached", how);
        assert_eq!(observed.hold, Some(Hold::DidNotWait(Observable::Ended)));
        assert_eq!(observed.end, SUCCESS, "{how}");
        assert_eq!(observed.stdout, printed.as_bytes(), "{how}");
    }
}

#[test]
fn who_sleeps_already_does_not_wait() {
    let observed = held("sleeps_already", "");
    let hold = Some(Hold::DidNotWait(Observable::Printed));
    assert_eq!(observed.hold, hold, "{observed:?}");
}

#[test]
fn sleeps_are_told_of_on_request() {
    let run = run("waits").args(["sleep"]);
    let sleeps = |observed: &Observed| {
        let is_sleep = |event: &Event| matches!(event, Event::Called(Call::Sleep(_)));
        observed
            .events
            .iter()
            .filter(|(.., event)| is_sleep(event))
            .count()
    };
    assert_eq!(sleeps(&observe(&run)), 0);
    assert_eq!(sleeps(&observe(&run.watch_sleeps())), 1);
}

#[test]
fn nobody_is_born_untraced() {
    assert_eq!(observe(&run("escapes")).stdout, b"true\n");
}

#[test]
fn a_signal_for_a_newborn_arrives() {
    for schedule in [Schedule::Free, Schedule::HoldWorkers] {
        let observed = observe(&run("signals_newborns").schedule(schedule));
        assert_eq!(observed.end, SUCCESS, "{schedule:?}");
        assert_eq!(observed.stdout, b"240\n", "{schedule:?}");
    }
}

#[test]
fn who_kills_its_group_kills_itself() {
    let ended = End::Ended(libc::SIGTERM);
    assert_eq!(observe(&run("kills_its_group")).end, ended);
    assert_eq!(observe_output(run("kills_its_group")).end, ended);
}

#[test]
fn a_thread_can_become_another_program() {
    let observed = held("becomes_another", "");
    assert_eq!(observed.end, SUCCESS);
    assert_eq!(observed.stdout, b"again\n");
}

#[test]
fn a_process_can_go_on_without_its_first_thread() {
    let observed = held("first_thread_ends", "");
    assert_eq!(observed.hold, Some(Hold::Gone));
    assert_eq!(
        (observed.end, observed.stdout),
        (SUCCESS, b"alone\n".to_vec())
    );
}

#[test]
fn the_end_of_a_wait_is_seen() {
    let observed = held("waits", "join");
    let waits = position(&observed, |event| *event == Event::Called(Call::Futex));
    let returns = observed
        .events
        .iter()
        .rposition(|(_, task, event)| *task == 0 && *event == Event::Returned);
    assert!(waits.is_some() && waits < returns, "{observed:?}");
}

#[test]
fn all_ways_not_to_wait_for_a_thread() {
    for how in ["sleep", "timed-out", "not at all"] {
        let observed = held("waits", how);
        assert_eq!(
            observed.hold,
            Some(Hold::DidNotWait(Observable::Printed)),
            "{how}"
        );
        // The thread was held all the while: nothing else could be seen.
        assert_eq!(observed.stdout, b"false\n", "{how}");
    }
}

/// The place of the first event of this kind.
fn position(observed: &Observed, is_it: impl Fn(&Event) -> bool) -> Option<usize> {
    observed
        .events
        .iter()
        .position(|(_, task, event)| *task == 0 && is_it(event))
}

#[test]
fn all_ways_to_wait_for_a_process() {
    for how in ["waitpid", "wait", "waitid", "ask", "command"] {
        let observed = held("children", how);
        assert_eq!(
            observed.created(Kind::Process).count(),
            1,
            "{how}: {observed:?}"
        );
        let reaped = position(&observed, |event| *event == Event::Reaped(1));
        let opened = position(&observed, |event| {
            matches!(event, Event::Called(Call::Open { .. }))
        });
        assert!(reaped.is_some() && reaped < opened, "{how}: {observed:?}");
        assert_eq!(observed.end, SUCCESS);
        assert!(observed.left_running.is_empty(), "{how}");
    }
}

#[test]
fn all_ways_not_to_wait_for_a_process() {
    for how in ["not at all", "command-and-leave"] {
        let observed = held("children", how);
        let opened = Some(Hold::DidNotWait(Observable::OpenedFile));
        assert_eq!(observed.hold, opened, "{how}: {observed:?}");
        assert_eq!(
            position(&observed, |event| *event == Event::Reaped(1)),
            None
        );
    }
}

#[test]
fn a_child_is_killed_at_its_birth() {
    let observed = observe(
        &run("children")
            .args(["waitpid"])
            .inject(0, Fault::Killed(Signal::SIGTERM)),
    );
    assert_eq!(
        observed.tasks[1].ended.map(|(_, status)| status),
        Some(libc::SIGTERM)
    );
    let other = observe(
        &run("children")
            .args(["waitpid"])
            .inject(1, Fault::Killed(Signal::SIGTERM)),
    );
    assert_eq!(other.tasks[1].ended.map(|(_, status)| status), Some(3 << 8));
}

#[test]
fn a_child_ends_with_an_injected_exit_status() {
    for schedule in [Schedule::Free, Schedule::HoldWorkers] {
        for how in ["waitpid", "command"] {
            let run = run("children").args([how]).schedule(schedule);
            let observed = observe(&run.inject(0, Fault::Fails(7)));
            let status = observed.tasks[1].ended.map(|(_, status)| status);
            assert_eq!(status, Some(7 << 8), "{schedule:?} {how}");
            let reaped = position(&observed, |event| *event == Event::Reaped(1));
            assert!(reaped.is_some(), "{observed:?}");
        }
    }
}

/// The children count in the order in which they were created, not in the order
/// in which the system lets them run.
#[test]
fn the_right_child_is_killed() {
    for _ in 0..50 {
        let observed = observe(&run("two_children").inject(1, Fault::Killed(Signal::SIGTERM)));
        let ends: Vec<_> = observed.tasks[1..].iter().map(|task| task.ended).collect();
        let statuses: Vec<_> = ends
            .iter()
            .map(|end| end.map(|(_, status)| status))
            .collect();
        assert_eq!(statuses, [Some(3 << 8), Some(libc::SIGTERM)]);
    }
}

/// A `vfork` child is killed when it is not its creator's copy any more.
#[test]
fn a_command_is_killed() {
    let observed = observe(
        &run("children")
            .args(["command"])
            .inject(0, Fault::Killed(Signal::SIGTERM)),
    );
    assert_eq!(
        observed.tasks[1].ended.map(|(_, status)| status),
        Some(libc::SIGTERM)
    );
}

/// Every run has a folder of its own.
#[test]
fn nothing_of_a_run_is_left_in_its_folder() {
    let here = std::env::current_dir().expect("a folder");
    observe(&run("children").args(["waitpid"]));
    assert!(!here.join("result").exists());
}
