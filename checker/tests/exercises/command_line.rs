//! Wrong command lines, and the help. The tests of `common::args` know more wrong ones; here all
//! programs refuse them in the same way.

use crate::programs::{PROGRAMS, command};
use crate::support::run_line;
use crate::support::running::{run, start_with};
use std::fs::File;
use std::io;

fn takes_num(name: &str) -> bool {
    !name.starts_with("wait-for-me") && !name.ends_with("sequential")
}

fn takes_array(name: &str) -> bool {
    takes_num(name) && !counts(name)
}

fn counts(name: &str) -> bool {
    name.starts_with("shared-counter")
}

#[test]
fn wrong_arguments() {
    type Is = fn(&str) -> bool;
    let rounds: Is = |name| takes_num(name) && name.starts_with("sum-array");
    let nothing: Is = |name| name.starts_with("wait-for-me threads");
    let file: Is = |name| name.starts_with("wait-for-me processes");
    for (is_meant, args, words) in [
        ((|_| true) as Is, "4 5 surplus", &["argument too many"][..]),
        (|_| true, "--fast", &["'--fast'"]),
        (|_| true, "-x", &["'-x'"]),
        (takes_num, "--", &["num is missing"]),
        (takes_num, "0", &["'0'", "1 to 1024"]),
        (takes_num, "1025", &["'1025'", "1 to 1024"]),
        (takes_array, "4 --len", &["'--len'"]),
        (takes_array, "4 --len -5", &["--len", "'-5'"]),
        (takes_array, "4 --seed 1.5", &["--seed", "'1.5'"]),
        (takes_array, "4 --pages 2M", &["--pages", "'2M'"]),
        (rounds, "4 --rounds 0", &["--rounds", "'0'"]),
        (counts, "4 --increments -5", &["--increments", "'-5'"]),
        (counts, "4 --len 5", &["'--len'"]),
        (nothing, "--len 5", &["'--len'"]),
        (file, "", &["file_name must not be empty"]),
        (file, "--", &["file_name is missing"]),
    ] {
        let mut count = 0;
        for name in PROGRAMS.keys().filter(|name| is_meant(name)) {
            let finished = run_line(&format!("{name} {args}"));
            finished.failed(2, &[words, &["usage: "]].concat());
            count += 1;
        }
        assert!(count > 0, "{args}");
    }
}

#[test]
fn help() -> io::Result<()> {
    assert_eq!(PROGRAMS.len(), 17);
    for name in PROGRAMS.keys() {
        for option in ["--help", "-h"] {
            let mut command = command(&format!("{name} {option}"));
            let finished = run(&mut command).succeeded();
            assert!(finished.stdout.starts_with("usage: "), "{finished:?}");
            let full = File::options().write(true).open("/dev/full")?;
            let finished = start_with(&mut command, full).finish();
            finished.failed(1, &["cannot write to standard output", "No space left"]);
        }
    }
    Ok(())
}
