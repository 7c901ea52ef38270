//! Wrong command lines, and the help. The tests of `common::args` know more wrong ones; here all
//! programs refuse them in the same way.

use crate::programs::{PROGRAMS, command};
use crate::running::{run, run_line, start_with};
use std::fs::File;
use std::io;

#[test]
fn wrong_arguments() {
    type Is = fn(&str) -> bool;
    let takes_num: Is = |name| !name.starts_with("wait-for-me") && !name.ends_with("sequential");
    let rounds: Is = |name| name.starts_with("sum-array") && !name.ends_with("sequential");
    // The other programs with workers.
    let array: Is = |name| name.starts_with("seg-fault") || name.starts_with("memory-corruption");
    let counts: Is = |name| name.starts_with("shared-counter");
    let nothing: Is = |name| name.starts_with("wait-for-me threads");
    let file: Is = |name| name.starts_with("wait-for-me processes");
    let all = &[(|_| true) as Is][..];
    for (are_meant, args, words) in [
        (all, "4 5 surplus", &["argument too many"][..]),
        (all, "--fast", &["'--fast'"]),
        (all, "-x", &["'-x'"]),
        (&[takes_num], "--", &["num is missing"]),
        (&[takes_num], "0", &["'0'", "1 to 1024"]),
        (&[takes_num], "1025", &["'1025'", "1 to 1024"]),
        (&[array, rounds], "4 --len", &["'--len'"]),
        (&[array, rounds], "4 --len -5", &["--len", "'-5'"]),
        (&[array, rounds], "4 --seed 1.5", &["--seed", "'1.5'"]),
        (&[array, rounds], "4 --pages 2M", &["--pages", "'2M'"]),
        (&[rounds], "4 --rounds 0", &["--rounds", "'0'"]),
        (&[counts], "4 --increments -5", &["--increments", "'-5'"]),
        (&[counts], "4 --len 5", &["'--len'"]),
        (&[nothing], "--len 5", &["'--len'"]),
        (&[file], "", &["file_name must not be empty"]),
        (&[file], "--", &["file_name is missing"]),
    ] {
        for is_meant in are_meant {
            let names: Vec<_> = PROGRAMS.keys().filter(|name| is_meant(name)).collect();
            assert!(!names.is_empty(), "{args}");
            for name in names {
                let words = [words, &["usage: "]].concat();
                run_line(&format!("{name} {args}")).failed(2, &words);
            }
        }
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
