//! Reports in many words and layouts.

use super::words::is_deadly;
use super::{Fate, Told, Words, Worker};
use nix::sys::signal::Signal;
use std::iter;

/// What a program with workers that end so has told. The process ids are 4711 and so on.
fn of_workers(stdout: &str, stderr: &str, fates: impl IntoIterator<Item = Option<Fate>>) -> Told {
    let workers = (0..).zip(4711..).zip(fates);
    let workers = workers.map(|((number, pid), fate)| Worker {
        number,
        pids: vec![pid],
        place: None,
        fates: fate.into_iter().collect(),
    });
    Told::new(stdout, stderr, workers.collect())
}

fn told(stderr: &str, fate: impl Into<Option<Fate>>) -> Told {
    of_workers("", stderr, [None, None, fate.into(), None])
}

/// Whether this reports the end of worker 2 of four.
fn is_right(text: &str, fate: Fate) -> bool {
    told(text, fate).reports_all().is_ok()
}

/// The same report about worker 3.
fn next(text: &str) -> String {
    let mut next = format!(" {text} ");
    for (number, other) in [("2", "3"), ("02", "03"), ("4713", "4714")] {
        let is_digit = |c: char| c.is_ascii_digit();
        let places: Vec<usize> = next.match_indices(number).map(|(place, _)| place).collect();
        for place in places {
            let end = place + number.len();
            if !next[..place].ends_with(is_digit) && !next[end..].starts_with(is_digit) {
                next.replace_range(place..end, other);
            }
        }
    }
    next[1..next.len() - 1].into()
}

/// Whether the judge learns what a report looks like from this, and the same about worker 3.
fn is_report(text: &str, fate: Fate) -> bool {
    let next = of_workers("", &next(text), [None, None, None, Some(fate)]);
    let learned = Words::learn(&[&told(text, fate), &next]);
    learned.are_right_in(&told(text, None)).is_err()
}

#[test]
fn every_signal_in_many_words() {
    // The judge does not choose workers with the numbers of signals.
    let deadly = Signal::iterator()
        .filter(|signal| is_deadly(*signal) && ![2, 3].contains(&(*signal as i32)));
    for signal in deadly {
        let (number, name) = (signal as i32, signal.as_str());
        let other = if signal == Signal::SIGTERM { 9 } else { 15 };
        let small = name.to_lowercase();
        for line in [
            format!("Process 2 was killed by signal {number} ({name})"),
            format!("process 2 of 4 was killed by signal {number}"),
            format!("worker #2: {name}"),
            format!("child[2] killed: {small}"),
            format!("pid 4713: signal {number}"),
            format!("Signaled(Pid(4713), {name}, false)"),
            format!("{{\"worker\":2,\"signal\":{number}}}"),
            format!("process2 died ({name}, {number})"),
            format!("process 2\t{number} ({name})"),
            format!("Process 2 (PID 4713) exited with signal {number}"),
            format!("worker=2 pid=4713 signal={number} status=0 core=0"),
            format!("Process 2 failed: exit status -1, signal {number}"),
            format!("process 2 was terminated by signal {number} [{name}]"),
            format!("12:30:05 process 2 was killed by signal {number}"),
            format!("process 2: status {number}, killed by signal {number}"),
            format!("process 2, raw status {}: signal {number}", number | 0x80),
            format!("Process 2:\n    killed by signal {number}\n    name: {name}"),
            format!("signal {number} ({name}) killed process 2"),
            format!("Failed: process 2, by signal {number}"),
            format!("process 2 ended with signal {number}, core dumped"),
            format!("These processes failed:\nworker 2 -> {name}"),
            format!("\u{1b}[31mworker \u{1b}[1m2\u{1b}[0m died of {name} ({number})"),
            format!("process, end, number\n2, killed by signal, {number}"),
            format!("| 2 | 4713 | {name} |"),
            format!("Procesul 2 a fost omorât de semnalul {number}"),
            format!("W02 FAULT SIG={number} CORE=0"),
            format!("Process 2 was killed by signal {number} ({name}); 1 still runs"),
            format!("process 2: signal {number}, 7 more to come"),
            format!("{{\"process\": 2, \"signal\": {number}, \"user_us\": 191}}"),
            format!("{name} killed process 2; 1 left"),
            format!("| Process .... 2\n| PID ........ 4713\n| Signal ..... {number}"),
        ] {
            assert!(is_right(&line, Fate::Killed(number)), "{line}");
            assert!(!is_right(&line, Fate::Killed(other)), "{line}");
            // Worker 2 has the same number.
            let is_ambiguous = signal == Signal::SIGUSR2;
            assert!(
                is_ambiguous || is_report(&line, Fate::Killed(number)),
                "{line}"
            );
        }
        for line in [
            format!("process 2: status {}", number | 0x80),
            format!("process 2 was killed by signal {}", number | 0x80),
            format!("process 2: ExitStatus(unix_wait_status({}))", number | 0x80),
            format!("process 2 was killed by signal {other} ({name})"),
            format!("a process was killed by signal {number}"),
            format!("process 2: status {}, signal {}", number + 1, number + 2),
        ] {
            assert!(!is_right(&line, Fate::Killed(number)), "{line}");
        }
    }
}

#[test]
fn every_exit_status_in_many_words() {
    // Nor with those of exit statuses.
    for status in (1..=255).filter(|status| ![2, 3].contains(status)) {
        for line in [
            format!("Process 2 exited with status {status}"),
            format!("process 2 exit code {status}"),
            format!("worker 2: exit status: {status}"),
            format!("child 2 returned {status}"),
            format!("Exited(Pid(4713), {status})"),
            format!("process 2 failed ({status})"),
            format!("Process 2 failed: exit status {status}, signal -1"),
            format!("process 2 was not killed by a signal: exit status {status}"),
            format!("pid 4713 worker 2 signal 0 status {status} core 0"),
            format!("process 2 terminated with exit status {status}"),
            format!("process 2: wait status {}, exit code {status}", status << 8),
            format!("process 2 ended with {status}"),
            format!("child 2 finished with exit status {status} instead of 0"),
            format!("Process 2:\n  exit code: {status}"),
            format!("Process 2 exited with status {status}; 9 still run"),
            format!("{{\"process\": 2, \"exit_status\": {status}, \"user_us\": 191}}"),
            format!("worker 2: exit status {status} (loops: 1200, retries: 800)"),
        ] {
            assert!(is_right(&line, Fate::Exited(status)), "{line}");
            assert!(is_report(&line, Fate::Exited(status)), "{line}");
        }
        for line in [
            format!("process 2 exited with status {}", status << 8),
            format!("process 2 exited with status {}", status - 256),
            format!("process exited with status {status}"),
        ] {
            assert!(!is_right(&line, Fate::Exited(status)), "{line}");
        }
    }
}

#[test]
fn many_layouts() {
    let table = "process  ended by     value  name\n      2  signal          11  SIGSEGV";
    let columns = "end,number,name,process\nsignal,11,SIGSEGV,2";
    let usage = "worker 2: KILLED by signal 11 [cpu 254 us, 768 kB, 21 minor faults, 5 switches]";
    for text in [
        table,
        columns,
        usage,
        &usage.replace("768", "4711"),
        "| signal | worker |\n|--------|--------|\n|     11 |      2 |",
        "<failure>\n  <worker id=\"2\" pid=\"4713\"/>\n  <end signal=\"11\"/>\n</failure>",
        "failed:\n  worker: 2\n  signal: SEGV\n  core: no",
        "worker\tpid\tend\tms\n2\t4713\tSIGSEGV\t0.412",
        "worker 2 -> ExitStatus(unix_wait_status(11)), code = None, signal = Some(11)",
        "[{\"n\": 1, \"exit\": 0, \"signal\": null}, {\"n\": 2, \"exit\": null, \"signal\": 11}]",
        "worker 0: exit 0\nworker 1: exit 0\nworker 2: signal 11\nworker 3: exit 0",
        "worker 2 ended badly: Signaled {\n    signal: 11,\n    core_dumped: false,\n}",
        "[processes.rs:39:9] status = Signaled(\n    Pid(\n        4713,\n    ),\n    SIGSEGV,\n)",
        "Failure {\n    worker: 2,\n    pid: Pid(\n        4713,\n    ),\n    signal: Some(\n        11,\n    ),\n}",
        "1) worker number 2: signal 11",
        "[14:22:07] worker 2 crashed (SIGSEGV), 1 worker still runs\n1 of 4 workers failed",
        "Prozess 2 wurde durch Signal 11 beendet",
        "{4711: 0, 4712: 1, 4714: 3, 4713: 2}\nworker 2 terminated by signal 11",
        "[debug] process 2: status 0x8b\nProcess 2 was killed by signal 11",
        "[pid 4710] Process 2 was killed by signal 11",
        "Process 2 (pid 4713): SIGSEGV",
    ] {
        assert!(is_right(text, Fate::Killed(11)), "{text}");
        assert!(!is_right(text, Fate::Killed(6)), "{text}");
    }
    for text in [
        "worker 2 raw=0x0300 exited=1 exitstatus=3 signaled=0",
        "Worker #2\n    ended    by exit\n    status   3",
        "- worker: 2\n  cause: exit\n  code: 3\n- total: 1",
        "Prozess 2 endete mit Exit-Code 3",
        "worker 2 returned 3 (not a segfault)",
        "end,number,name,process\nexit,3,,2",
        "worker | how\n-------+----\n     2 | exit status 3",
        "pid 4711: status 0\npid 4713: status 768\nProcess 2 exited with status 3",
    ] {
        assert!(is_right(text, Fate::Exited(3)), "{text}");
        assert!(!is_right(text, Fate::Exited(4)), "{text}");
    }
    for text in [
        "Process 4713 (pid 2): SIGSEGV",
        "pid 2: SIGSEGV",
        "waiting for process 2",
        "signal 17 (SIGCHLD): waiting for process 2",
        "process 2 took 1.003 ms",
        &table.replace("  2  s", "  1  s"),
        &columns.replace(",2", ",3"),
    ] {
        assert!(!is_right(text, Fate::Killed(11)), "{text}");
        assert!(!is_right(text, Fate::Exited(3)), "{text}");
    }
}

#[test]
fn what_strsignal_says() {
    for (text, signal) in [
        ("process 2: Segmentation fault", libc::SIGSEGV),
        ("process 2: Segmentation fault (core dumped)", libc::SIGSEGV),
        ("process 2: Killed", libc::SIGKILL),
        ("process 2: Terminated", libc::SIGTERM),
        ("process 2 died: Terminated (15)", libc::SIGTERM),
        ("process 2: Aborted", libc::SIGABRT),
        ("process 2: Floating point exception", libc::SIGFPE),
        ("process 2: Bus error", libc::SIGBUS),
        ("process 2: User defined signal 1 (10)", libc::SIGUSR1),
        ("process 2 segfaulted", libc::SIGSEGV),
        (
            "process 2: signal: 11 (SIGSEGV) (core dumped)",
            libc::SIGSEGV,
        ),
    ] {
        for text in [text.to_owned(), text.replace("process 2", "[2]")] {
            assert!(is_right(&text, Fate::Killed(signal)), "{text}");
            assert!(!is_right(&text, Fate::Killed(libc::SIGHUP)), "{text}");
        }
    }
}

#[test]
fn several_on_a_line() {
    let twins = [Fate::Killed(9), Fate::Exited(90), Fate::Killed(9)].map(Some);
    for text in [
        "Processes 0 and 2 were killed by signal 9; Process 1 exited with status 90.",
        "workers 0, 2: SIGKILL\nworker 1: exit status 90",
        "signal 9:\n  process 0\n  process 2\nexit status 90:\n  process 1",
    ] {
        assert!(of_workers("", text, twins).reports_all().is_ok(), "{text}");
    }
    let fates = [Some(Fate::Killed(9)), Some(Fate::Exited(90)), None];
    for text in [
        "process 0 was killed by signal 9, process 1 exited with status 90",
        "process 0: Killed, process 1: exit status 90",
        "Failed: process 0 (SIGKILL); process 1 (exit status 90)",
        "worker 0 died of signal 9 and worker 1 exited with 90",
        "Failed: process 0 (killed by signal 9, SIGKILL), process 1 (exited, status 90)",
        "[{\"process\": 0, \"pid\": 4711, \"signal\": 9}, {\"process\": 1, \"exit\": 90}]",
        "SIGKILL: process 0; exit status 90: process 1",
        "signal 9\n  process 0\nexit status 90\n  process 1",
    ] {
        assert!(of_workers("", text, fates).reports_all().is_ok(), "{text}");
    }
    for text in [
        "process 0 was killed by signal 9, process 1 by signal 9",
        "process 0 was killed by signal 9, process 2 exited with status 90",
        "process 1 was killed by signal 9; process 0 exited with status 90",
        "Failed: process 1 (killed by signal 9, SIGKILL), process 0 (exited, status 90)",
    ] {
        assert!(of_workers("", text, fates).reports_all().is_err(), "{text}");
    }
}

#[test]
fn common_slips_are_explained() {
    let (killed, exited) = (Fate::Killed(11), Fate::Exited(3));
    for (text, fate, explained) in [
        (
            "Process 2 was killed by signal 139",
            killed,
            "WTERMSIG gives 11",
        ),
        (
            "Process 2 exited with status 0",
            killed,
            "has no exit status",
        ),
        (
            "Process 2 exited with status 11",
            killed,
            "ask WIFSIGNALED first",
        ),
        ("Process 2: status 768", exited, "WEXITSTATUS gives 3"),
        ("Process 2 was killed by signal 3", exited, "no signal"),
        ("Process 2 was killed by signal 15", killed, "(SIGSEGV)"),
    ] {
        let message = told(text, fate).reports_all().expect_err(text).message;
        assert!(message.contains(explained), "{text}: {message}");
    }
}

#[test]
fn reports_are_on_standard_error() {
    let fates = [Some(Fate::Killed(9)), Some(Fate::Exited(90)), None];
    let first = "process 0 was killed by SIGKILL\n";
    let second = "process 1 exited with status 90\n";
    let both = format!("{first}{second}");
    assert!(of_workers("", &both, fates).reports_all().is_ok());
    for text in [first, second] {
        assert!(of_workers("", text, fates).reports_all().is_err(), "{text}");
    }
    let wrong = of_workers(&both, "", fates).reports_all();
    let message = wrong.expect_err("on standard output").message;
    assert!(message.contains("standard error"), "{message}");
}

/// Everything in the words of a report must be right.
#[test]
fn the_words_of_reports_are_learned() {
    let (kill, exit) = (Some(Fate::Killed(9)), Some(Fate::Exited(30)));
    let (fates, reversed) = ([None, kill, exit, None], [None, exit, kill, None]);
    let reports = "process 1 was killed by signal 9\nprocess 2 exited with status 30\n";
    let others = "process 1 exited with status 30\nprocess 2 was killed by signal 9\n";
    let runs = [(reports, fates), (others, reversed)];
    let runs = runs.map(|(text, fates)| of_workers("", text, fates));
    let learned = Words::learn(&runs.each_ref());
    for (line, message) in [
        (
            "process 0 was killed by signal 9",
            "it reports process 0, which ended well. This happened to process 1",
        ),
        (
            "process 3 exited with status 90",
            "it reports process 3, which ended well",
        ),
        (
            "process 1 exited with status 0",
            "it reports process 1, which was killed by signal 9 (SIGKILL)",
        ),
        (
            "process 5 exited with status 50",
            "it reports a process that does not exist",
        ),
    ] {
        let told = of_workers("", &format!("{reports}{line}"), fates);
        let wrong = learned.are_right_in(&told).expect_err(line);
        assert_eq!(
            (wrong.message.as_str(), wrong.line.as_str()),
            (message, line)
        );
    }
    for line in [
        "process 0 ended well",
        "process 3 was not killed",
        "process 3 took 3 ms",
        "2 of 4 processes failed",
    ] {
        let told = of_workers("", &format!("{reports}{line}"), fates);
        assert!(learned.are_right_in(&told).is_ok(), "{line}");
    }
    for (list, is_right) in [
        ("2 of 4 workers failed: 1, 2", true),
        ("2 of 4 workers failed: 1 and 2", true),
        ("workers failed: 3", true),
        ("killed: 1, 9\nfailed: 2, 30", true),
        ("4 of 4 workers failed: 0, 1, 2, 3", false),
    ] {
        let more = iter::repeat_n(None, 30);
        let told = of_workers("", list, fates.into_iter().chain(more));
        assert_eq!(told.lists_no_other().is_ok(), is_right, "{list}");
    }
    // The protocol TAP counts from 1: the test of one worker has the number of the next.
    let tap = "not ok 2 - process 1 # 9\nnot ok 3 - process 2 # 9\nnot ok 4 - process 3 # 15\n";
    let failed = [9, 9, 15].map(|signal| Some(Fate::Killed(signal)));
    let told = of_workers("", tap, iter::once(None).chain(failed));
    assert!(Words::learn(&[&told]).are_right_in(&told).is_ok());
    // The wrong line is about a worker that has a right one too.
    let failed = [9, 15].map(|signal| Some(Fate::Killed(signal)));
    let both = "process 1: 9\nprocess 0: 9\nprocess 2: 15\nprocess 1: 15\n";
    let told = of_workers("", both, iter::once(None).chain(failed));
    assert!(Words::learn(&[&told]).are_right_in(&told).is_err());
    // It says of one worker what it says of all.
    let times = "process 0 took 9 ms\nprocess 1 took 9 ms\nprocess 2 took 9 ms\n";
    let failed = [None, Some(Fate::Killed(9)), Some(Fate::Killed(15)), None];
    let told = of_workers("", times, failed);
    assert!(Words::learn(&[&told]).are_right_in(&told).is_ok());
}

#[test]
fn words_and_columns_tell_a_signal_from_an_exit_status() {
    for (killed, exited, are_told) in [
        ("worker 2: 6", "worker 2: 6", false),
        ("process 2: signal 6", "process 2: exit 6", true),
        ("| 2 | - | 6 |", "| 2 | 6 | - |", true),
        ("2\t\t6", "2\t6\t", true),
        ("2 signal=6 status=0", "2 signal=0 status=6", true),
    ] {
        let both = |text: &str, fate| {
            let text = format!("{text}\n{}", next(text));
            of_workers("", &text, [None, None, Some(fate), Some(fate)])
        };
        let (killed, exited) = (both(killed, Fate::Killed(6)), both(exited, Fate::Exited(6)));
        let words = Words::learn(&[&killed, &exited]);
        assert_eq!(words.differ(&killed, &exited).is_ok(), are_told);
    }
}
