//! Lines of a program's source.

use super::layout::{Kind, Step};
use super::session::Outcome;
use engine::{SourceLine, source_lines};
use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::path::Path;

/// The lines of a file that steps belong to.
pub(crate) struct Lines {
    text: String,
    places: HashMap<u64, Place>,
}

/// The place of a step.
#[derive(Debug)]
pub(crate) struct Place {
    /// The line of its innermost call that is in the file.
    pub(crate) line: Option<u32>,
    /// Whether it is in an inlined function of the standard library, and belongs to its
    /// bookkeeping.
    pub(crate) is_of_library: bool,
    pub(crate) locking: Option<Locking>,
    /// The function of an atomic type that it is in, such as `fetch_add`.
    pub(crate) operation: Option<String>,
}

/// What a place does with a `Mutex` or `RwLock` of the standard library, which is inlined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Locking {
    /// It has the lock, and loads the flag that says whether it is poisoned.
    Has,
    /// It drops a guard.
    Releases,
    /// It tries to get the lock, without waiting.
    Tries,
}

fn locking(frames: &[SourceLine]) -> Option<Locking> {
    let is_in = |file: &str| frames.iter().any(|frame| frame.file.ends_with(file));
    let files = ["sync/poison/mutex.rs", "sync/poison/rwlock.rs"];
    let is_of_lock = |frame: &&SourceLine| files.iter().any(|file| frame.file.ends_with(file));
    let mut of_lock = frames.iter().filter(is_of_lock).peekable();
    let is_lock = of_lock.peek().is_some();
    // A function of the program may have such a name too.
    let mut is_try = || of_lock.any(|frame| frame.function.contains("try_"));
    // A guard also counts the panics.
    let is_count = is_in("std/src/panicking.rs");
    match is_lock {
        true if !is_count && is_in("core/src/ptr/mod.rs") => Some(Locking::Releases),
        true if !is_count && is_in("sync/poison.rs") => Some(Locking::Has),
        true if is_try() => Some(Locking::Tries),
        _ => None,
    }
}

fn operation(frames: &[SourceLine]) -> Option<String> {
    let mut frames = frames.iter().rev();
    let outermost = frames.find(|frame| frame.file.ends_with("core/src/sync/atomic.rs"))?;
    // Its type may be generic: `AtomicPtr<T>::swap`.
    let mut names = outermost
        .function
        .split(|c: char| !c.is_alphanumeric() && c != '_');
    let is_operation = |name: &&str| {
        let starts = ["swap", "compare_exchange", "fetch_", "store"];
        starts.iter().any(|start| name.starts_with(start))
    };
    names.find(is_operation).map(str::to_owned)
}

/// One byte behind the beginning of the atomic read-modify-write that follows a step.
fn behind_atomic(step: &Step) -> Option<u64> {
    (step.kind() == Kind::Edge && step.size > 0).then(|| step.pc + u64::from(step.size))
}

/// The place of a step that is not known.
static NOWHERE: Place = Place {
    line: None,
    is_of_library: false,
    locking: None,
    operation: None,
};

impl Lines {
    /// For the steps of this program, as far as they are in this file. Without debug information
    /// there are none.
    pub(crate) fn new(program: &Path, file: &Path, outcome: &Outcome) -> Self {
        let steps = &outcome.steps;
        // A call returns to the instruction after it.
        let calls = steps.iter().map(|step| step.pc);
        let calls = calls.chain(steps.iter().filter_map(behind_atomic));
        let calls = calls.chain(steps.iter().filter_map(Step::call));
        let calls = calls.chain(outcome.tasks.iter().map(|task| task.call));
        let calls: BTreeSet<u64> = calls.collect();
        let stacks: Vec<_> = calls.iter().map(|pc| vec![pc.saturating_sub(1)]).collect();
        let places = source_lines(program, &stacks).into_iter().map(|frames| {
            let innermost = frames.first().map(|frame| frame.file.to_string_lossy());
            let innermost = innermost.unwrap_or_default();
            // The compiler was told a path as it is seen from another folder, perhaps.
            let in_file = frames.iter().find(|frame| file.ends_with(&frame.file));
            // The locks of the standard library use atomic types too.
            let is_of_lock = || {
                let mut files = frames.iter().map(|frame| frame.file.to_string_lossy());
                files.any(|file| file.contains("/std/src/sys/sync/"))
            };
            let is_of_library = innermost.contains("/library/")
                && (!innermost.ends_with("/sync/atomic.rs") || is_of_lock());
            Place {
                line: in_file.map(|frame| frame.line),
                is_of_library,
                locking: locking(&frames),
                operation: operation(&frames),
            }
        });
        Self {
            text: fs::read_to_string(file).unwrap_or_default(),
            places: calls.into_iter().zip(places).collect(),
        }
    }

    pub(crate) fn place(&self, step: &Step) -> &Place {
        self.places.get(&step.pc).unwrap_or(&NOWHERE)
    }

    /// The place of the atomic read-modify-write that follows a step.
    pub(crate) fn atomic(&self, step: &Step) -> Option<&Place> {
        let address = behind_atomic(step)?;
        Some(self.places.get(&address).unwrap_or(&NOWHERE))
    }

    /// The line of a call of libc.
    pub(crate) fn line_of(&self, call: u64) -> Option<u32> {
        self.places.get(&call)?.line
    }

    /// The text of a line, without indentation.
    pub(crate) fn text(&self, line: u32) -> &str {
        let index = (line as usize).saturating_sub(1);
        self.text.lines().nth(index).map_or("", str::trim)
    }
}
