//! Threads and processes have names, so that `ps` and a debugger show which is which.

use crate::support::programs::program;
use engine::Run;
use tempfile::TempDir;

#[track_caller]
fn assert_names(package: &str, binary: &str, args: &[&str], expected: &[&str]) {
    let run = Run::new(program(package, binary)).args(args).watch_waits();
    let observed = run.observe().expect("it can be traced");
    let created = observed.tasks.iter().skip(1);
    let mut names: Vec<_> = created.filter_map(|task| task.name.as_deref()).collect();
    // Helpers that fill the array, as many as the machine has CPUs.
    names.retain(|name| *name != "array");
    names.sort_unstable();
    assert_eq!(names, expected, "{package} {binary}");
}

#[test]
fn workers_have_names() {
    let workers = ["worker 0", "worker 1", "worker 2"];
    let len = "2000000";
    // Without `reduce`: the program may end before all threads of its library have begun.
    for binary in ["threads", "processes"] {
        assert_names("sum-array", binary, &["3", "--len", len], &workers);
    }
    assert_names(
        "seg-fault",
        "processes-solution",
        &["3", "--len", len],
        &workers,
    );
    for binary in ["threads-solution", "processes-solution"] {
        assert_names("shared-counter", binary, &["3"], &workers);
    }
    // A third thread could fault before the others have set their names.
    assert_names("seg-fault", "threads", &["2", "--len", len], &workers[..2]);
    let with_corruptor = ["corruptor", "worker 0", "worker 1"];
    for binary in ["threads", "processes"] {
        let args = ["2", "corrupt", "--len", len];
        assert_names("memory-corruption", binary, &args, &with_corruptor);
    }
}

#[test]
fn the_others_have_names_too() {
    assert_names("wait-for-me", "threads-solution", &[], &["negator"]);
    let folder = TempDir::new().expect("a folder");
    let file = folder.path().join("message.txt");
    let file = file.to_str().expect("UTF-8");
    assert_names("wait-for-me", "processes-solution", &[file], &["writer"]);
}
