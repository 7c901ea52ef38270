//! Threads and processes have names, so that `ps` and a debugger show which is which.

use crate::programs::traced;

#[test]
fn workers_have_names() {
    let workers = ["worker 0", "worker 1", "worker 2"];
    let with_corruptor = ["corruptor", "worker 0", "worker 1"];
    for (line, expected) in [
        // Without `reduce`: the program may end before all threads of its library have begun.
        ("sum-array threads 3 --len 2000000", &workers[..]),
        ("sum-array processes 3 --len 2000000", &workers),
        ("seg-fault processes-solution 3 --len 2000000", &workers),
        ("shared-counter threads-solution 3", &workers),
        ("shared-counter processes-solution 3", &workers),
        // A third thread could fault before the others have set their names.
        ("seg-fault threads 2 --len 2000000", &workers[..2]),
        ("memory-corruption threads 2 corrupt", &with_corruptor),
        ("memory-corruption processes 2 corrupt", &with_corruptor),
        ("wait-for-me threads-solution", &["negator"]),
        ("wait-for-me processes-solution message.txt", &["writer"]),
    ] {
        let observed = traced(line).watch_waits().observe();
        let observed = observed.expect("it can be traced");
        let created = observed.tasks.iter().skip(1);
        let mut names: Vec<_> = created.filter_map(|task| task.name.as_deref()).collect();
        // Helpers that fill the array, as many as the machine has CPUs.
        names.retain(|name| *name != "array");
        names.sort_unstable();
        assert_eq!(names, expected, "{line}");
    }
}
