//! The table of exercises. No other source file of the checker lists them.
//!
//! CONTRIBUTING.md shows how to add one, under "Another exercise".

mod memory_corruption;
mod reports;
mod seg_fault;
mod shared_counter;
mod sum_array;
mod sums;
mod wait_for_me;

use crate::judge::Plan;
use anyhow::{Result, bail};
use std::path::{Path, PathBuf};

/// A program of the lab.
#[derive(Clone, Copy, Debug)]
pub struct Exercise {
    /// The name of its package, for `cargo run -p`.
    pub package: &'static str,
    /// The name of the binary.
    pub binary: &'static str,
    /// The folder of its package, relative to the folder of the lab.
    pub folder: &'static str,
    /// The page of the guide that explains it.
    pub chapter: &'static str,
    /// Its judge.
    pub plan: &'static dyn Plan,
    /// The student's task, if there is one.
    pub task: Option<Task>,
}

/// A task for students.
#[derive(Clone, Copy, Debug)]
pub struct Task {
    /// The arguments of the program in an example run.
    pub args: &'static [&'static str],
    /// The hints, from a first question to nearly the solution.
    pub hints: [&'static str; 3],
    /// A further question after the task is done.
    pub question: &'static str,
}

/// All exercises, in the order of the lab.
pub static EXERCISES: &[Exercise] = &[
    SUM_ARRAY,
    SUM_ARRAY.sibling("processes", &sum_array::PROCESSES),
    SUM_ARRAY.sibling("sequential", &sum_array::SEQUENTIAL),
    SUM_ARRAY.sibling("reduce", &sum_array::THREADS),
    WAIT_FOR_ME.with_task(WAIT_FOR_A_PROCESS),
    WAIT_FOR_ME
        .sibling("threads", &wait_for_me::THREADS)
        .with_task(WAIT_FOR_A_THREAD),
    SEG_FAULT,
    SEG_FAULT
        .sibling("processes", &seg_fault::PROCESSES)
        .with_task(REPORT_A_PROCESS),
    MEMORY_CORRUPTION,
    MEMORY_CORRUPTION.sibling("processes", &memory_corruption::PROCESSES),
    SHARED_COUNTER.with_task(LOCK_A_COUNTER),
    SHARED_COUNTER
        .sibling("processes", &shared_counter::PROCESSES)
        .with_task(LOCK_A_SHARED_COUNTER),
];

// The first program of each package, without its task.

const SUM_ARRAY: Exercise = Exercise {
    package: "sum-array",
    binary: "threads",
    folder: "sum-array",
    chapter: "spreading",
    plan: &sum_array::THREADS,
    task: None,
};

const WAIT_FOR_ME: Exercise = Exercise {
    package: "wait-for-me",
    binary: "processes",
    folder: "wait-for-me",
    chapter: "waiting",
    plan: &wait_for_me::PROCESSES,
    task: None,
};

const SEG_FAULT: Exercise = Exercise {
    package: "seg-fault",
    binary: "threads",
    folder: "sum-array-bugs/seg-fault",
    chapter: "safety",
    plan: &seg_fault::THREADS,
    task: None,
};

const MEMORY_CORRUPTION: Exercise = Exercise {
    package: "memory-corruption",
    binary: "threads",
    folder: "sum-array-bugs/memory-corruption",
    chapter: "memory",
    plan: &memory_corruption::THREADS,
    task: None,
};

const SHARED_COUNTER: Exercise = Exercise {
    package: "shared-counter",
    binary: "threads",
    folder: "shared-counter",
    chapter: "counter",
    plan: &shared_counter::THREADS,
    task: None,
};

impl Exercise {
    /// Another program of the package, without a task.
    const fn sibling(self, binary: &'static str, plan: &'static dyn Plan) -> Self {
        Self {
            binary,
            plan,
            ..self
        }
    }

    /// The same program with a task.
    const fn with_task(self, task: Task) -> Self {
        let task = Some(task);
        Self { task, ..self }
    }

    /// The name in commands and reports: `wait-for-me threads`.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{} {}", self.package, self.binary)
    }

    /// The name without a space, for files: `wait-for-me-threads`.
    #[must_use]
    pub fn file_name(&self) -> String {
        format!("{}-{}", self.package, self.binary)
    }

    /// The sentence for a student who has not begun.
    #[must_use]
    pub fn first_step(&self) -> String {
        let (chapter, source) = (self.chapter, self.source());
        let source = source.display();
        format!("Next: read book/src/{chapter}.md, then edit {source}.")
    }

    /// The file that students read and edit, relative to the folder of the lab.
    #[must_use]
    pub fn source(&self) -> PathBuf {
        Path::new(self.folder).join(format!("src/bin/{}.rs", self.binary))
    }
}

/// The exercise with these names, if there is one.
#[must_use]
pub fn exercise(package: &str, binary: &str) -> Option<&'static Exercise> {
    let mut all = EXERCISES.iter();
    all.find(|exercise| exercise.package == package && exercise.binary == binary)
}

/// Returns the exercises of this package and this binary. A missing name matches all.
///
/// # Errors
///
/// No exercise matches.
pub fn select(package: Option<&str>, binary: Option<&str>) -> Result<Vec<&'static Exercise>> {
    let is_meant = |exercise: &&Exercise| {
        package.is_none_or(|name| name == exercise.package)
            && binary.is_none_or(|name| name == exercise.binary)
    };
    let meant: Vec<_> = EXERCISES.iter().filter(is_meant).collect();
    if meant.is_empty() {
        let words: Vec<&str> = package.into_iter().chain(binary).collect();
        let asked = words.join(" ");
        let (meant, all) = (did_you_mean(&asked), list(EXERCISES.iter()));
        bail!("there is no program {asked}{meant}; there are:{all}");
    }
    Ok(meant)
}

/// Returns the name that is most similar to the typed one, if there is a similar one.
fn did_you_mean(asked: &str) -> String {
    let names = EXERCISES.iter();
    let names = names.flat_map(|exercise| [exercise.name(), exercise.package.into()]);
    let likeness = |name: &String| strsim::jaro(asked, name);
    let nearest = names.max_by(|a, b| likeness(a).total_cmp(&likeness(b)));
    match nearest.filter(|name| likeness(name) > 0.8) {
        Some(name) => format!(" (did you mean {name}?)"),
        None => String::new(),
    }
}

/// Their names, one per line.
pub fn list<'a>(exercises: impl IntoIterator<Item = &'a Exercise>) -> String {
    let names = exercises.into_iter();
    names
        .map(|exercise| format!("\n  {}", exercise.name()))
        .collect()
}

const WAIT_FOR_A_THREAD: Task = Task {
    args: &[],
    hints: [
        "A thread runs a function while its creator goes on. The module std::thread \
         starts one, and gives you a handle for it. What could the handle be good for?",
        "std::thread::spawn takes a function. It returns a JoinHandle, and that has a \
         method that returns only when the thread has ended. Where must you call it: \
         before or after the numbers are printed?",
        "TODO 1: keep the handle in a variable, `let worker = std::thread::spawn(...)`, \
         with the name of the function between the parentheses. TODO 2: call `join()` on \
         it. It returns a Result, which is an error where the thread has panicked. Return \
         it with `map_err` and `?`, or say what you expect with `expect`.",
    ],
    question: "Without the wait the output was mixed, though the numbers are atomic. Was that a \
               data race, a race condition, or both?",
};

const WAIT_FOR_A_PROCESS: Task = Task {
    args: &["message.txt"],
    hints: [
        "The child sleeps for a second before it writes. What does the parent do in this \
         second? Run `cargo lab trace wait-for-me processes -- message.txt` and look.",
        "A Process has three steps: it is made, it is started, and one more. \
         `cargo doc -p common --no-deps --open` shows them.",
        "After `writer.start()?`, call the method `join` of `writer`. It returns when the \
         child has ended, with an error if the child did not end well. Return this error \
         with `?`.",
    ],
    question: "Would `sleep` do instead of the wait? For how long, and on which machine?",
};

const REPORT_A_PROCESS: Task = Task {
    args: &["4", "--len", "1000"],
    hints: [
        "`status` holds several answers in one number: whether the child exited or was \
         killed, and with what. Print it as `{status:#06x}` and compare with the drawing \
         in `common::wait_status`.",
        "First ask WIFSIGNALED. If it says yes, WTERMSIG is the signal. If not, WEXITSTATUS is \
         the exit status, which is 0 when all is well. The functions have these names in \
         lower case. `signal_name` knows the name that belongs to a number.",
        "`if wifsignaled(status) { ... } else if wexitstatus(status) != 0 { ... }`. In each \
         of the two blocks, call `common::report(format!(\"Process {i} ...\"))`. The report of the \
         first block contains `wtermsig(status)` and `signal_name(wtermsig(status))`, that of \
         the second `wexitstatus(status)`. The functions that read `status` come from \
         `common::wait_status`.",
    ],
    question: "The same bug in a thread ends the whole program. Why can the parent of a process report \
               it, and what does that cost?",
};

const LOCK_A_COUNTER: Task = Task {
    args: &["2", "--increments", "3"],
    hints: [
        "`cargo lab explore shared-counter threads` shows how an update is lost. Between \
         which two lines must no other worker run?",
        "A Mutex lets one thread at a time go on: `lock()` waits until it is free, and returns a \
         guard. It is free again when the guard is dropped. An atomic has methods that load, add \
         and store in one step.",
        "TODO 1: `let _guard = lock.lock()` before the load, with `expect` for its error. A name \
         that is only `_` would drop the guard at once. TODO 2: `counter.fetch_add(1, Relaxed);`",
    ],
    question: "The lock made the counter right. What did it do to the time, and what do two CPUs gain \
               if only one worker at a time may add?",
};

const LOCK_A_SHARED_COUNTER: Task = Task {
    args: &["2", "--increments", "3"],
    hints: [
        "`cargo lab explore shared-counter processes` shows how an update is lost. Between \
         which two lines must no other worker run?",
        "A lock for processes must be in memory that they share. `common::SharedLock` is such a \
         lock. `lock()` waits until it is free, and returns a guard. An atomic has methods that \
         load, add and store in one step, and these work between processes too.",
        "TODO 1: `let _guard = lock.lock();` before the load. A name that is only `_` would drop \
         the guard at once. TODO 2: `counter.fetch_add(1, Relaxed);`",
    ],
    question: "Each worker could count for itself, and add its sum at the end. How many times would \
               they use the shared counter then?",
};
