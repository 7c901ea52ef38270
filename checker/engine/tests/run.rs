//! The engine, with programs that do what programs should not.

use engine::{Call, End, Error, Event, Fault, Kind, Limits, Observed, Pattern, Run, Schedule};
use nix::sys::signal::Signal;
use nix::unistd::geteuid;
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter,
    SeccompRule,
};
use std::env;
use std::fs;
use std::io::ErrorKind;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::Command;
use std::thread;
use std::time::Duration;

/// One of the examples of this package, which cargo builds before its tests.
fn program(name: &str) -> PathBuf {
    let test = env::current_exe().expect("this program");
    let folder = test.ancestors().nth(2).expect("the target folder");
    folder.join("examples").join(name)
}

fn run(name: &str) -> Run {
    Run::new(program(name))
}

/// A run of a program whose argument says what it does.
fn run_how(name: &str, how: &str) -> Run {
    run(name).args([how])
}

/// Observes a run, and sees to it that nothing is left of it.
#[track_caller]
fn observe(run: &Run) -> Observed {
    let observed = run.observe().expect("it can be observed");
    for task in &observed.tasks {
        assert!(task.ended.is_some(), "{task:?}");
        // An orphan may be a zombie until the first process of the system looks after
        // it.
        let stat = fs::read_to_string(format!("/proc/{}/stat", task.tid));
        let is_gone = stat.map_or(true, |stat| stat.contains(") Z "));
        assert!(is_gone, "left: {task:?}");
    }
    observed
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn short() -> Limits {
    Limits {
        time: Duration::from_millis(500),
        ..Limits::default()
    }
}

const SUCCESS: End = End::Ended(0);

const LAST: Schedule = Schedule::WorkersLast(Vec::new());

const SCHEDULES: [Schedule; 3] = [Schedule::Free, Schedule::WorkersFirst, LAST];

/// The place of the first event of this kind.
fn position(observed: &Observed, expected: &Event) -> Option<usize> {
    let mut events = observed.events.iter();
    events.position(|(_, task, event)| *task == 0 && event == expected)
}

/// How many sleeps of all tasks are among these events.
fn sleeps<'a, T: 'a>(events: impl IntoIterator<Item = &'a (T, usize, Event)>) -> usize {
    let is_sleep = |event: &Event| matches!(event, Event::Called(Call::Sleep(_)));
    events
        .into_iter()
        .filter(|(.., event)| is_sleep(event))
        .count()
}

/// How its first child or thread has ended.
fn status_of_child(observed: &Observed) -> Option<i32> {
    observed.tasks[1].ended.map(|(_, status)| status)
}

/// Where tasks are then is noted: those that sleep, compute, or were held back before.
#[test]
fn a_run_that_never_ends_is_killed() {
    for program in ["busy_loop", "deadlock", "stops_itself"] {
        for schedule in SCHEDULES {
            let observed = observe(&run(program).schedule(schedule).limits(short()));
            assert_eq!(observed.end, End::TimedOut, "{program}");
            assert_eq!(text(&observed.stdout), "", "{program}");
            let is_noted = !observed.tasks[0].last_stack.is_empty();
            assert!(is_noted || program == "stops_itself", "{program}");
        }
    }
}

/// The limit of the time would end this test after a day.
#[test]
fn a_deadlock_ends_before_the_limit() {
    let limits = Limits {
        time: Duration::from_secs(24 * 3600),
        ..Limits::default()
    };
    for program in ["deadlock", "stops_itself"] {
        for schedule in SCHEDULES {
            let observed = observe(&run(program).schedule(schedule).limits(limits));
            assert_eq!(observed.end, End::Deadlock, "{program}");
        }
    }
}

#[test]
fn cpu_time_has_a_limit() {
    let limits = Limits {
        cpu_time: Duration::from_millis(200),
        ..Limits::default()
    };
    let observed = observe(&run("busy_loop").limits(limits));
    assert_eq!(observed.end, End::TimedOut);
    assert!(observed.cpu_time < Duration::from_secs(5), "{observed:?}");
}

#[test]
fn endless_output_is_ended_at_the_limit() {
    for stream in ["out", "err"] {
        let observed = observe(&run_how("endless_output", stream));
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
        for schedule in [Schedule::Free, LAST] {
            let observed = observe(&run(bomb).schedule(schedule.clone()).limits(limits));
            assert_eq!(observed.end, End::TooManyTasks, "{bomb} {schedule:?}");
            assert!(observed.created(kind).count() > 40);
            // Tasks were being born when the limit was reached.
            assert!(observed.tasks.len() < 120, "{}", observed.tasks.len());
        }
    }
}

/// A task has the name that it gave itself, or that of its creator.
#[test]
fn tasks_have_names() {
    let observed = observe(&run("names").watch_waits());
    assert_eq!(observed.end, SUCCESS);
    let names = observed.tasks.iter().map(|task| task.name.as_deref());
    let expected = [
        "names",
        "names",
        "fifteen bytes .",
        "a\u{1b}[31m\u{fffd}b",
        "worker 2",
        "worker 2",
    ];
    assert_eq!(names.collect::<Vec<_>>(), expected.map(Some));
    // The kernel kills all of them at once: none stops at its end.
    let observed = observe(&run_how("names", "killed").watch_waits());
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
    let status = observed.tasks[2].ended.map(|(_, status)| status);
    assert_eq!(status, Some(libc::SIGKILL));
}

/// What programs print and how they end, in every schedule.
#[test]
fn programs_that_do_what_few_programs_do() {
    for (program, stdout, end) in [
        // Standard input is empty, and the streams may be closed.
        ("streams", &b""[..], SUCCESS),
        // Memory has a limit, and so have files, which vanish.
        ("memory", b"refused\n", SUCCESS),
        ("huge_file", b"", End::Ended(libc::SIGXFSZ)),
        // Output is bytes.
        ("raw_bytes", b"\xff\x00\x1b[31mred\n", SUCCESS),
        // No task is born untraced.
        ("escapes", b"true\n", SUCCESS),
        // A signal for a newborn arrives.
        ("signals_newborns", b"240\n", SUCCESS),
        // A program that kills its group kills itself.
        ("kills_its_group", b"", End::Ended(libc::SIGTERM)),
        // A thread can become another program, and a process can go on without its first thread.
        ("becomes_another", b"again\n", SUCCESS),
        ("first_thread_ends", b"alone\n", SUCCESS),
    ] {
        let limits = Limits {
            file_bytes: Some(1 << 20),
            ..Limits::default()
        };
        for schedule in SCHEDULES {
            let observed = observe(&run(program).schedule(schedule).limits(limits));
            assert_eq!(observed.end, end, "{program}");
            assert_eq!(observed.stdout, stdout, "{program}");
            assert_eq!(text(&observed.stderr), "", "{program}");
        }
    }
}

#[test]
fn the_folder_has_a_limit() {
    let limits = Limits {
        folder_entries: 100,
        ..Limits::default()
    };
    for flood in [
        "i=0; while :; do : >file$i; i=$((i+1)); done",
        "while :; do mkdir d; cd d; done",
    ] {
        let run = Run::new("/bin/sh").args(["-c", flood]).limits(limits);
        assert_eq!(observe(&run).end, End::TooMuchOutput, "{flood}");
    }
}

#[test]
fn a_program_that_is_not_there() {
    let error = Run::new("/no/such/program")
        .observe()
        .expect_err("no program");
    assert!(error.to_string().contains("/no/such/program"), "{error}");
}

#[test]
fn shared_memory_is_seen() {
    let observed = observe(&run("shared_memory").watch_shared_memory());
    let [(1, child), (0, parent)] = observed.shared_memory.as_slice() else {
        panic!("{observed:?}");
    };
    assert!(child.starts_with(b"from the child"), "{child:?}");
    assert_eq!(child, parent);
}

/// What a program prints that has to wait for its thread.
fn printed(program: &str, how: &str, schedule: Schedule) -> String {
    let observed = observe(&run_how(program, how).schedule(schedule));
    assert_eq!(observed.end, SUCCESS, "{program} {how}");
    text(&observed.stdout)
}

#[test]
fn only_a_program_that_waits_prints_the_same_in_both_orders() {
    let wait = "join channel full-pipe barrier condition is_finished sleepy-flag patient-flag spin \
                woken-in-vain";
    let go_on = "sleep timed-out watches-the-clock looks-for-a-while parks-for-a-while \
                 sleeps-until spin-too-early none";
    for (hows, last) in [(wait, "true\n"), (go_on, "false\n")] {
        for how in hows.split(' ') {
            let first = printed("waits", how, Schedule::WorkersFirst);
            assert_eq!(first, "true\n", "{how}");
            assert_eq!(printed("waits", how, LAST), last, "{how}");
        }
    }
    // Only the chosen worker is last.
    for (worker, expected) in [(0, "false\n"), (7, "true\n")] {
        let last = Schedule::WorkersLast(vec![vec![worker]]);
        assert_eq!(printed("waits", "sleep", last), expected);
    }
}

#[test]
fn sleeps_are_recorded_on_request() {
    let run = run_how("waits", "sleep");
    assert_eq!(sleeps(&observe(&run).events), 0);
    assert_ne!(sleeps(&observe(&run.watch_waits()).events), 0);
}

/// The standard library polls its three streams at the start, with a time limit of zero.
#[test]
fn a_look_at_descriptors_is_no_wait() {
    let observed = observe(&run("numbers").watch_waits());
    let mut events = observed.events.iter();
    let is_wait = |event: &Event| *event == Event::Called(Call::TimedWait);
    assert!(!events.any(|(.., event)| is_wait(event)), "{observed:?}");
}

#[test]
fn a_program_that_sleeps_for_longer_than_the_limit_is_timed_out() {
    let limits = Limits {
        time: Duration::from_secs(3600),
        ..Limits::default()
    };
    let run = run("sleeps_without_end").schedule(LAST).limits(limits);
    let observed = observe(&run.watch_waits());
    assert_eq!(observed.end, End::TimedOut);
    assert_eq!(sleeps(&observed.events), 3601);
}

#[test]
fn without_other_tasks_that_run_or_sleep_a_sleep_is_skipped() {
    let run = |script| Run::new("/bin/sh").args(["-c", script]);
    let run = |script| run(script).schedule(Schedule::WithoutSleeps);
    let observed = observe(&run("sleep 3600 & wait; echo a"));
    assert_eq!(text(&observed.stdout), "a\n");
    let observed = observe(&run("sleep 3600 & sleep 3600; echo a").limits(short()));
    assert_eq!(observed.end, End::TimedOut);
    assert_eq!(text(&observed.stdout), "");
}

/// A skipped sleep takes some microseconds, and the program is watched for about a second before
/// its thread runs.
#[test]
fn a_task_that_polls_with_long_sleeps_does_not_do_so_at_full_speed() {
    let run = run_how("waits", "patient-flag").schedule(LAST);
    let observed = observe(&run.watch_waits());
    assert_eq!(text(&observed.stdout), "true\n");
    let events = observed.events.iter();
    let before = events.take_while(|(_, task, event)| (*task, event) != (1, &Event::Released));
    let sleeps = sleeps(before);
    assert!((1400..3000).contains(&sleeps), "{sleeps}");
}

#[test]
fn the_end_of_a_wait_is_seen() {
    let run = run_how("waits", "join").schedule(LAST);
    let observed = observe(&run.watch_waits());
    let waits = position(&observed, &Event::Called(Call::Futex));
    let mut events = observed.events.iter();
    let returns = events.rposition(|(_, task, event)| *task == 0 && *event == Event::Returned);
    assert!(waits.is_some() && waits < returns, "{observed:?}");
}

/// The kernel goes on with an interrupted `poll` by another system call.
#[test]
#[cfg(target_arch = "x86_64")]
fn an_interrupted_wait_is_still_a_wait() {
    let run = run_how("waits", "interrupted-poll");
    let run = run.schedule(Schedule::WorkersLast(vec![vec![0]]));
    let observed = observe(&run.watch_waits());
    assert_eq!(text(&observed.stdout), "true\n");
    let waits = Event::Blocked(Call::Read);
    assert!(position(&observed, &waits).is_some(), "{observed:?}");
}

/// A number that the worker wrote is changed before the program can read it.
#[test]
fn what_a_worker_writes_is_found_and_changed() {
    let bytes = |number: i64| number.to_ne_bytes().to_vec();
    let pattern = Pattern {
        bytes: bytes(1_234_567),
        alignment: 8,
        replacement: bytes(7_654_321),
    };
    for how in ["join", "message", "poll", "copy"] {
        let run = run_how("numbers", how).schedule(LAST);
        let observed = observe(&run.patterns(vec![pattern.clone()]));
        let expected = if how == "copy" {
            "1234567\n"
        } else {
            "7654321\n"
        };
        assert_eq!(text(&observed.stdout), expected, "{how}");
        if how != "copy" {
            let work = observed.tasks[1].work.as_ref().expect("work");
            assert_eq!(work.patterns.len(), 1, "{how}");
            assert!(!work.is_incomplete, "{how}");
        }
    }
}

#[test]
fn a_message_before_the_work_is_no_wait() {
    assert_eq!(printed("numbers", "early", LAST), "0\n");
    let first = printed("numbers", "early", Schedule::WorkersFirst);
    assert_eq!(first, "1234567\n");
    assert_eq!(printed("numbers", "poll", LAST), "1234567\n");
}

#[test]
fn all_ways_to_wait_for_a_process() {
    for how in ["waitpid", "wait", "waitid", "ask", "command"] {
        let observed = observe(&run_how("children", how).schedule(LAST));
        assert_eq!(observed.created(Kind::Process).count(), 1, "{how}");
        assert_eq!(observed.tasks[1].reaped_by, Some(0), "{how}: {observed:?}");
        assert_eq!(observed.end, SUCCESS);
        assert!(observed.left_running.is_empty(), "{how}");
    }
    for how in ["not at all", "command-and-leave"] {
        let observed = observe(&run_how("children", how).schedule(LAST));
        assert_eq!(observed.tasks[1].reaped_by, None, "{how}");
    }
}

const MESSAGE: &str = "hello from the child";
const MARK: &str = "howdy from the child";

#[test]
fn a_file_is_changed_before_the_end_of_its_writer_is_known() {
    for (how, last, marked, marked_early, ends_last) in [
        // Without a place for its answer, waitid waits all the same.
        ("wait", MESSAGE, MARK, MARK, MARK),
        ("wait-if-missing", MESSAGE, MARK, MARK, MESSAGE),
        ("sleep", "nothing", "nothing", "nothing", MESSAGE),
        ("poll", MESSAGE, MESSAGE, MARK, MESSAGE),
        ("poll-slowly", MESSAGE, MESSAGE, MARK, MESSAGE),
    ] {
        let run = || run_how("message", how).schedule(LAST);
        let printed = |run: Run| text(&observe(&run).stdout).trim().to_owned();
        assert_eq!(printed(run()), last, "{how}");
        assert_eq!(printed(run().text(MESSAGE, MARK)), marked, "{how}");
        let early = run().text(MESSAGE, MARK).replace_early();
        assert_eq!(printed(early), marked_early, "{how}");
        let late = run().schedule(Schedule::EndsLast(vec![0]));
        assert_eq!(printed(late.text(MESSAGE, MARK)), ends_last, "{how}");
    }
    let first = run("message").schedule(Schedule::WorkersFirst);
    let observed = observe(&first.text(MESSAGE, ""));
    assert_eq!(observed.tasks[1].files_with_text, 1);
    assert_eq!(text(&observed.stdout).trim(), MESSAGE);
}

/// A thread that one worker joins may still wake another task by a message.
#[test]
fn a_thread_is_joined_if_all_wait_for_its_end() {
    let observed = observe(&run("joined_by_a_worker").schedule(LAST));
    assert_eq!(text(&observed.stdout), "sent\n");
    assert_eq!(observed.created(Kind::Thread).count(), 2);
    assert!(!observed.tasks[2].is_joined);
    let observed = observe(&run_how("numbers", "join").schedule(LAST));
    assert!(observed.tasks[1].is_joined);
}

/// No core file is written. The number of the signal and the bit of the core file, or
/// `CLD_DUMPED`.
#[test]
fn the_parent_is_told_of_a_core_file() {
    let told = |how, signal| {
        let run = run_how("children", how).inject([0], Fault::KilledAtEnd(signal));
        text(&observe(&run).stdout)
    };
    for how in ["waitpid", "wait", "ask"] {
        assert_eq!(told(how, Signal::SIGABRT), "134\n", "{how}");
        assert_eq!(told(how, Signal::SIGXCPU), "152\n", "{how}");
        assert_eq!(told(how, Signal::SIGTERM), "15\n", "{how}");
    }
    assert_eq!(told("waitid", Signal::SIGABRT), "3\n");
    assert_eq!(told("waitid", Signal::SIGTERM), "2\n");
    assert_eq!(told("command", Signal::SIGABRT), "0\n");
}

#[test]
fn faults_are_injected() {
    let with = |how, fault| run_how("children", how).inject([0], fault);
    for signal in [
        Signal::SIGKILL,
        Signal::SIGABRT,
        Signal::SIGFPE,
        Signal::SIGTERM,
        // The Rust runtime has a handler for this one.
        Signal::SIGSEGV,
    ] {
        for fault in [Fault::KilledAtBirth(signal), Fault::KilledAtEnd(signal)] {
            for how in ["waitpid", "command"] {
                let status = status_of_child(&observe(&with(how, fault)));
                assert_eq!(status, Some(signal as i32), "{how}: {fault:?}");
            }
        }
    }
    for status in [1, 7, 127, 128, 255] {
        for schedule in [Schedule::Free, LAST] {
            let run = with("waitpid", Fault::Exits(status)).schedule(schedule);
            assert_eq!(
                status_of_child(&observe(&run)),
                Some(i32::from(status) << 8)
            );
        }
    }
    for (how, ends) in [("waitpid", 3 << 8), ("command", 0), ("ask", 3 << 8)] {
        let observed = observe(&with(how, Fault::Stopped));
        assert_eq!(status_of_child(&observed), Some(ends), "{how}");
        let signals = observed.events.iter().filter(|(_, task, _)| *task == 1);
        let signals: Vec<_> = signals.map(|(.., event)| event).collect();
        for signal in [libc::SIGSTOP, libc::SIGCONT].map(Event::Signaled) {
            assert!(signals.contains(&&signal), "{how}: {signals:?}");
        }
    }
    let other = run_how("children", "waitpid").inject([1], Fault::Exits(7));
    assert_eq!(status_of_child(&observe(&other)), Some(3 << 8));
}

/// The children count in the order in which they were created, not in the order in which
/// the system lets them run.
#[test]
fn the_right_child_is_killed() {
    for _ in 0..50 {
        let fault = Fault::KilledAtBirth(Signal::SIGTERM);
        let observed = observe(&run("two_children").inject([1], fault));
        let ends = observed.tasks[1..].iter().flat_map(|task| task.ended);
        let statuses: Vec<_> = ends.map(|(_, status)| status).collect();
        assert_eq!(statuses, [3 << 8, libc::SIGTERM]);
    }
}

/// The kernel protects a thread of root from a program without capabilities, but not a thread of
/// any other user.
fn give_up_capabilities() {
    const VERSION: u32 = 0x2008_0522;
    let (header, none) = ([VERSION, 0], [0_u32; 6]);
    // SAFETY: both arrays have the length that capset(2) reads.
    let result = unsafe { libc::syscall(libc::SYS_capset, header.as_ptr(), none.as_ptr()) };
    assert_eq!(result, 0);
}

/// Forbidden actions fail, and the actions of every program work.
#[test]
fn nothing_outside_is_touched() {
    let outside = tempfile::tempdir().expect("a folder");
    fs::write(outside.path().join("file"), "text").expect("a file");
    let folder = outside.path().display().to_string();
    let observed = thread::scope(|scope| {
        let observe = || {
            give_up_capabilities();
            let id = nix::unistd::gettid().to_string();
            observe(&run("jail").args([folder, id]))
        };
        scope.spawn(observe).join().expect("no panic")
    });
    let printed = text(&observed.stdout);
    assert_eq!(observed.end, SUCCESS, "{printed}{}", text(&observed.stderr));
    if engine::missing_layers().is_empty() {
        assert!(!printed.contains("DONE"), "{printed}");
        let file = fs::read_to_string(outside.path().join("file"));
        assert_eq!(file.expect("it is there"), "text");
    }
    for line in [
        "variables of others: 0\n",
        "descriptors: 0\n",
        "files in memory: 8\n",
        "own CPUs: 0\n",
        "shared memory: true, true\n",
    ] {
        assert!(printed.contains(line), "{line}: {printed}");
    }
    let refused = "/tmp/engine-jail ioctl memfd_create prctl ptrace semget socket unshare";
    for call in refused.split(' ') {
        assert!(observed.refused.contains(call), "{call}: {observed:?}");
    }
    assert!(printed.ends_with("own: mine, true, Some(0)\n"), "{printed}");
}

/// It is not the program's fault, so there is nothing to judge.
#[test]
fn a_task_that_is_killed_from_outside_is_an_error() {
    let limits = Limits {
        time: Duration::from_secs(60),
        ..Limits::default()
    };
    let run = run("killed_from_outside").limits(limits);
    let error = thread::scope(|scope| {
        let observed = scope.spawn(|| run.observe());
        // Another run of this test may be in progress.
        let parent = format!("PPid:\t{}\n", std::process::id());
        let is_it = |entry: &fs::DirEntry| {
            let status = fs::read_to_string(entry.path().join("status"));
            let status = status.unwrap_or_default();
            status.starts_with("Name:\tkilled_from_out\n") && status.contains(&parent)
        };
        let process = loop {
            let mut entries = fs::read_dir("/proc").expect("/proc").flatten();
            if let Some(entry) = entries.find(is_it) {
                break entry.file_name().to_string_lossy().parse().expect("an id");
            }
        };
        // SAFETY: the call has no pointers.
        unsafe { libc::kill(process, libc::SIGKILL) };
        observed.join().expect("no panic")
    });
    assert!(matches!(error, Err(Error::Killed)), "{error:?}");
}

/// Commands that are trusted run where they are, and end with the run all the same.
#[test]
fn a_trusted_command_is_kept_together() {
    let mut command = Command::new("sh");
    command.args(["-c", "sleep 1000 & echo $MARK; pwd"]);
    command.env("MARK", "here").current_dir("/");
    let observed = observe(&Run::of_command(command));
    assert_eq!(observed.end, SUCCESS);
    assert_eq!(text(&observed.stdout), "here\n/\n");
    assert_eq!(observed.left_running.len(), 1);
}

/// Root may trace processes that cannot be looked into. This is for the others.
#[test]
fn a_tracer_may_be_closed_to_others() {
    const OTHER_USER: u32 = 65534;
    let mut command = Command::new(program("observer"));
    if geteuid().is_root() {
        command.uid(OTHER_USER).gid(OTHER_USER);
    }
    let output = match command.output() {
        // The target folder may be root's own, or there may be no other user.
        Err(error)
            if [ErrorKind::PermissionDenied, ErrorKind::InvalidInput].contains(&error.kind()) =>
        {
            Command::new(program("observer")).output()
        }
        output => output,
    };
    let output = output.expect("it runs");
    assert_eq!(text(&output.stdout), "Ended(0)\n", "{output:?}");
}

/// Linux shows the calls of a task from 5.3 on. A call that the engine cannot see must not be
/// executed: the jail might refuse it.
#[test]
fn a_kernel_that_shows_no_system_calls() {
    let observed = thread::spawn(|| {
        let info = libc::PTRACE_GET_SYSCALL_INFO.into();
        let is_info = SeccompCondition::new(0, SeccompCmpArgLen::Dword, SeccompCmpOp::Eq, info);
        let rule = SeccompRule::new(vec![is_info.expect("a condition")]).expect("a rule");
        let filter = SeccompFilter::new(
            [(libc::SYS_ptrace, vec![rule])].into(),
            SeccompAction::Allow,
            SeccompAction::Errno(libc::EIO.cast_unsigned()),
            env::consts::ARCH.try_into().expect("an architecture"),
        );
        let filter: BpfProgram = filter.expect("a filter").try_into().expect("a program");
        // It applies to this thread only.
        seccompiler::apply_filter(&filter).expect("the filter");
        run("kills_its_group").observe()
    });
    let observed = observed.join().expect("no panic");
    assert!(matches!(observed, Err(Error::Os { .. })), "{observed:?}");
}
