//! Wrong command lines, and the help.

use crate::support::programs::{program, skeleton};
use crate::support::running::{run, run_with, start_with};
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::process::Command;

/// All programs that share an array among workers.
fn with_array() -> [&'static Path; 8] {
    [
        program("sum-array", "threads"),
        program("sum-array", "processes"),
        program("sum-array", "reduce"),
        program("seg-fault", "threads"),
        program("seg-fault", "processes-solution"),
        skeleton("seg-fault", "processes"),
        program("memory-corruption", "threads"),
        program("memory-corruption", "processes"),
    ]
}

/// The programs of shared-counter.
fn counters() -> [&'static Path; 4] {
    [
        program("shared-counter", "threads-solution"),
        program("shared-counter", "processes-solution"),
        skeleton("shared-counter", "threads"),
        skeleton("shared-counter", "processes"),
    ]
}

/// All programs that take a number of workers.
fn with_num() -> Vec<&'static Path> {
    [&with_array()[..], &counters()].concat()
}

/// All programs.
fn all() -> Vec<&'static Path> {
    let mut all = with_num();
    all.extend([
        program("sum-array", "sequential"),
        program("wait-for-me", "threads-solution"),
        program("wait-for-me", "processes-solution"),
        skeleton("wait-for-me", "threads"),
        skeleton("wait-for-me", "processes"),
    ]);
    all
}

#[test]
fn the_number_of_workers_is_1_to_1024() {
    for program in with_num() {
        run_with(program, &[]).failed(2, &["num is missing", "usage: "]);
        for num in ["0", "-1", "1025", "four", "", "4x", "18446744073709551617"] {
            run_with(program, &[num]).failed(2, &[&format!("'{num}'"), "1 to 1024", "usage: "]);
        }
    }
}

#[test]
fn an_argument_too_many() {
    for program in all() {
        let too_many = ["4", "5", "surplus"];
        run_with(program, &too_many).failed(2, &["argument too many", "usage: "]);
    }
}

#[test]
fn an_unknown_option() {
    for program in all() {
        run_with(program, &["--fast"]).failed(2, &["'--fast'", "usage: "]);
        run_with(program, &["-x"]).failed(2, &["'-x'", "usage: "]);
    }
}

#[test]
fn options_of_the_array() {
    for program in with_array() {
        run_with(program, &["4", "--len"]).failed(2, &["'--len'", "usage: "]);
        run_with(program, &["4", "--len", "-5"]).failed(2, &["--len", "'-5'", "usage: "]);
        run_with(program, &["4", "--len=many"]).failed(2, &["--len", "'many'", "usage: "]);
        run_with(program, &["4", "--seed", "1.5"]).failed(2, &["--seed", "'1.5'", "usage: "]);
        run_with(program, &["4", "--pages", "2M"]).failed(2, &["--pages", "'2M'", "usage: "]);
    }
    for binary in ["threads", "processes", "reduce"] {
        let program = program("sum-array", binary);
        run_with(program, &["4", "--rounds", "0"]).failed(2, &["--rounds", "'0'", "usage: "]);
    }
    // A program without an array has none of them.
    let threads = program("wait-for-me", "threads-solution");
    run_with(threads, &["--len", "5"]).failed(2, &["'--len'", "usage: "]);
}

#[test]
fn options_of_the_counter() {
    for program in counters() {
        for number in ["-5", "many", "4294967296"] {
            let words = ["--increments", &format!("'{number}'"), "usage: "];
            run_with(program, &["4", "--increments", number]).failed(2, &words);
        }
        run_with(program, &["4", "--atomic=yes"]).failed(2, &["yes", "usage: "]);
        run_with(program, &["4", "--len", "5"]).failed(2, &["'--len'", "usage: "]);
    }
}

#[test]
fn an_empty_file_name() {
    let processes = program("wait-for-me", "processes-solution");
    run_with(processes, &[""]).failed(2, &["file_name must not be empty", "usage: "]);
    run_with(processes, &[]).failed(2, &["file_name is missing", "usage: "]);
}

#[test]
fn help_that_cannot_be_printed() -> std::io::Result<()> {
    for program in all() {
        let full = std::fs::File::options().write(true).open("/dev/full")?;
        let finished = start_with(Command::new(program).arg("--help"), full).finish();
        finished.failed(1, &["cannot write to standard output", "No space left"]);
    }
    Ok(())
}

#[test]
fn invalid_utf8() {
    for program in with_num() {
        let invalid = OsStr::from_bytes(b"\xff");
        run(Command::new(program).arg(invalid)).failed(2, &["'\u{fffd}'", "usage: "]);
    }
    for program in with_array() {
        let invalid = OsStr::from_bytes(b"\xff");
        let finished = run(Command::new(program).args([OsStr::new("--seed"), invalid]));
        finished.failed(2, &["--seed", "'\u{fffd}'", "usage: "]);
    }
}

#[test]
fn help() {
    for program in all() {
        for option in ["--help", "-h"] {
            let finished = run_with(program, &[option]).succeeded();
            assert!(finished.stdout().starts_with("usage: "), "{finished:?}");
        }
    }
}
