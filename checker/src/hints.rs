//! Hints for the tasks, from a nudge to nearly the solution.

/// The hints for a program, in three steps. `None` where there is no task.
#[must_use]
pub fn hints(package: &str, binary: &str) -> Option<&'static [&'static str; 3]> {
    match (package, binary) {
        ("wait-for-me", "threads") => Some(&WAIT_FOR_A_THREAD),
        ("wait-for-me", "processes") => Some(&WAIT_FOR_A_PROCESS),
        ("seg-fault", "processes") => Some(&WAIT_FOR_IT),
        _ => None,
    }
}

const WAIT_FOR_A_THREAD: [&str; 3] = [
    "A thread runs a function while its creator goes on. The module std::thread \
     starts one, and gives you a handle for it. What could the handle be good for?",
    "std::thread::spawn takes a function. It returns a JoinHandle, and that has a \
     method that returns only when the thread has ended. Where must you call it: \
     before or after the numbers are printed?",
    "TODO 1: keep the handle in a variable, `let worker = std::thread::spawn(...)`, \
     with the name of the function between the parentheses. TODO 2: call `join()` on \
     it. It returns a Result, which is an error where the thread has panicked. Return \
     it with `map_err` and `?`, or say what you expect with `expect`.",
];

const WAIT_FOR_A_PROCESS: [&str; 3] = [
    "The child sleeps for a second before it writes. What does the parent do in this \
     second? Run `cargo lab trace wait-for-me processes -- message.txt` and look.",
    "A Process has three steps: it is made, it is started, and one more. \
     `cargo doc -p common --open` shows them.",
    "After `writer.start()?`, call the method `join` of `writer`. It returns when the \
     child has ended, with an error if the child did not end well. Return this error \
     with `?`.",
];

const WAIT_FOR_IT: [&str; 3] = [
    "`status` holds several answers in one number: whether the child exited or was \
     killed, and with what. Print it as `{status:#06x}` and compare with the drawing \
     in `common::wait_status`.",
    "Two questions in this order: WIFSIGNALED, and if so, WTERMSIG; otherwise \
     WEXITSTATUS, which is 0 when all is well. The functions have these names in \
     lower case. `signal_name` knows the name that belongs to a number.",
    "`if wifsignaled(status) { ... } else if wexitstatus(status) != 0 { ... }`, with \
     an `eprintln!` in each: the first says `i`, `wtermsig(status)` and \
     `signal_name(wtermsig(status))`, the second `i` and the exit status. All four \
     functions come from `common::wait_status`.",
];
