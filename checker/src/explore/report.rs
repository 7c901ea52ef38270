//! A schedule in columns, one for each task, and what a search has covered.

use super::layout::{Kind, Lock, State, Step, WOKE_NONE};
use super::lines::{Lines, Locking, Place};
use super::search::{Coverage, Failure};
use super::session::{Ending, Outcome, Task};
use super::{Explored, Explorer};
use crate::format::escape::{cut, excerpt};
use crate::terminal::fill;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::fmt::Write;

/// More rows are not read: the first ones and the last ones are shown.
const MOST_ROWS: usize = 60;

/// What a task does that waits for another one.
const WAITS: &str = "waits for another task";

/// Of an output that differs.
const MOST_LINES: usize = 6;

/// What a task does in a step.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Doing {
    /// It reads or writes a value.
    Uses,
    /// It asks for this lock, or gets it.
    Locks(char),
    Releases(char),
    TriesToLockInVain,
    IsWokenSpuriously,
    /// It waits for the end of a task.
    Joins,
    /// It waits for something else.
    Waits,
    Other,
}

impl Doing {
    fn is_wait(self) -> bool {
        matches!(self, Self::Joins | Self::Waits)
    }
}

/// A step in words.
pub(crate) struct Row {
    pub(crate) task: u8,
    pub(crate) line: Option<u32>,
    pub(crate) doing: Doing,
    what: String,
    /// How often it does the same again without a pause: it spins.
    repeated: usize,
    /// The task that is preempted here.
    pub(crate) preempted: Option<u8>,
}

impl Row {
    /// `59 reads 0`: the line, and what happens there.
    pub(crate) fn text(&self) -> String {
        let line = self.line.map_or(String::new(), |line| format!("{line} "));
        format!("{line}{}", self.what())
    }

    pub(crate) fn what(&self) -> String {
        match self.repeated {
            0 => self.what.clone(),
            again => format!("{}, {}x", self.what, again + 1),
        }
    }
}

/// The steps that matter, for a text and for a picture.
pub(crate) struct Columns<'a> {
    pub(crate) failure: &'a Failure,
    pub(crate) lines: Lines,
    pub(crate) rows: Vec<Row>,
    /// Those that have a column.
    pub(crate) tasks: BTreeSet<u8>,
}

impl Explored {
    /// The failing schedule, if there is one.
    pub(crate) fn columns(&self) -> Option<Columns<'_>> {
        let failure = self.failure.as_ref()?;
        let Explorer { path, source, .. } = &self.explorer;
        let lines = Lines::new(path, source, &failure.outcome);
        let rows = rows(&failure.outcome, &lines);
        Some(Columns {
            tasks: rows.iter().map(|row| row.task).collect(),
            failure,
            lines,
            rows,
        })
    }
}

impl Columns<'_> {
    /// The number of a task's column.
    pub(crate) fn column(&self, task: u8) -> usize {
        self.tasks.range(..task).count()
    }

    /// A line of the student's file, with its number.
    pub(crate) fn source(&self, line: u32) -> String {
        format!("{line:>4} | {}", self.lines.text(line))
    }

    /// What was found, as a text of this width.
    pub(crate) fn text(&self, explored: &Explored, width: usize) -> String {
        let mut text = paragraph(&sentence(explored, self.failure), width) + "\n";
        for line in used_lines(&self.rows) {
            let _ = writeln!(text, "{}", cut(&self.source(line), width));
        }
        text += &self.table(width);
        let outcome = &self.failure.outcome;
        let stuck = self.stuck();
        text += if stuck.is_empty() { "" } else { "\n" };
        text.extend(stuck.iter().map(|stuck| paragraph(stuck, width)));
        let first = &explored.first.stdout;
        let mut show = |heading, written| text += &excerpt(heading, written, MOST_LINES, width);
        show("It printed", &outcome.stdout);
        show("It reported", &outcome.stderr);
        if outcome.stdout != *first {
            show("In the first schedule it printed", first);
        }
        text + "\nThe same schedule again:\n  " + &explored.command(&self.failure.order) + "\n"
    }

    fn table(&self, width: usize) -> String {
        let column = (width.saturating_sub(2) / self.tasks.len().max(1)).clamp(12, 26);
        let outcome = &self.failure.outcome;
        let head = |task: &u8| format!("{:<column$}", cut(&outcome.name(*task), column - 1));
        let heads = self.tasks.iter().map(head);
        let mut text = format!("\n  {}\n", heads.collect::<String>().trim_end());
        let rows = self.rows.iter().map(|row| {
            let mark = row.preempted.map_or(" ", |_| ">");
            let before = " ".repeat(self.column(row.task) * column);
            let what = cut(&row.text(), column - 1);
            format!("{mark} {before}{what}\n")
        });
        let mut rows: Vec<String> = rows.collect();
        if let Some(skipped @ 1..) = rows.len().checked_sub(MOST_ROWS) {
            let hidden = MOST_ROWS / 2..MOST_ROWS / 2 + skipped;
            rows.splice(hidden, [format!("  ... {skipped} more steps ...\n")]);
        }
        text.extend(rows);
        if self.has_switch() {
            text += "\n> the previous task is preempted here\n";
        }
        text
    }

    pub(crate) fn has_switch(&self) -> bool {
        self.rows.iter().any(|row| row.preempted.is_some())
    }

    /// In a deadlock: what each task waits for, or that it has ended, perhaps with a lock. In an
    /// endless schedule: the task that goes on and on.
    pub(crate) fn stuck(&self) -> Vec<String> {
        let outcome = &self.failure.outcome;
        let at = |number: u8| {
            let task = outcome.tasks.get(usize::from(number));
            let steps = outcome.steps.iter().rev();
            let mut own = steps.filter(|step| step.task == number);
            let line = task.and_then(|task| self.lines.line_of(task.call));
            let line = line.or_else(|| own.find_map(|step| self.lines.place(step).line));
            line.map_or(String::new(), |line| {
                format!(" (last seen at line {line}: {})", self.lines.text(line))
            })
        };
        let stuck = |(number, task): (u8, &Task)| {
            let name = outcome.name(number);
            let awaited = || outcome.awaited(task.state, task.awaited);
            let what = match task.state {
                State::Ended => return format!("{name} has ended"),
                State::Thread | State::Process => format!("the end of {}", awaited()),
                State::Again | State::Futex => "a lock or a message".into(),
                _ => "something outside the program".into(),
            };
            format!("{name} waits for {what}{}", at(number))
        };
        match (outcome.ending, outcome.steps.last()) {
            (Ending::Deadlock, _) => (0..).zip(&outcome.tasks).map(stuck).collect(),
            (Ending::Endless, Some(Step { task, .. })) => {
                vec![format!("{} never stops{}", outcome.name(*task), at(*task))]
            }
            _ => Vec::new(),
        }
    }
}

fn sentence(explored: &Explored, failure: &Failure) -> String {
    let Failure { order, outcome } = failure;
    // The program came to a choice of the schedule, and the chosen task could not go on.
    let has_diverged = order.choices.iter().any(|choice| {
        let step = outcome.steps.get(choice.step as usize);
        step.is_some_and(|step| step.chosen != choice.task)
    });
    if has_diverged {
        return "The program has changed: it does not come to the choices of this schedule.".into();
    }
    let found = match explored.covered.schedules {
        0 => "This schedule".into(),
        1 => "The first schedule fails".into(),
        number => format!("Schedule {number} fails, after {} that do not", number - 1),
    };
    let preempted = outcome.steps.iter().filter(|step| step.is_preempted());
    let preemptions = match preempted.count() {
        0 => "no task is preempted".into(),
        1 => "one task is preempted once".into(),
        count => format!("tasks are preempted {count} times"),
    };
    let spurious = outcome.wakes_spuriously();
    let spurious = spurious.then_some(", a task is woken spuriously");
    let spurious = spurious.unwrap_or_default();
    let outcome = match outcome.ending {
        Ending::Ended(0) if outcome.stdout == explored.first.stdout => {
            "the program prints the same as in the first schedule".into()
        }
        Ending::Ended(0) => "the program prints something else than in the first schedule".into(),
        ending => format!("the program {ending}"),
    };
    format!("{found}: {preemptions}{spurious}, and {outcome}.")
}

/// What a search without a failure has covered, as a text of this width.
pub(super) fn covered(coverage: &Coverage, width: usize) -> String {
    let all = match coverage.preemptions {
        None => "Not all schedules without preemptions were tried".into(),
        Some(0) => "All schedules without preemptions were tried".into(),
        Some(1) => "All schedules with up to one preemption were tried".into(),
        Some(most) => format!("All schedules with up to {most} preemptions were tried"),
    };
    let outside = match coverage.outside {
        0 if coverage.is_cut_short => " There was no time for more (--seconds).",
        0 => "",
        _ => " It waits in calls of the system that cannot be scheduled, so few were tried.",
    };
    let random = match coverage.random {
        0 => String::new(),
        random => format!(" {random} random ones were tried too."),
    };
    let text = format!(
        "None of {} schedules fails: each prints the same. {all}.{random}{outside} \
         This does not prove the program right. \
         A mistake may need more preemptions, or a weaker order of memory; it may lie between two \
         atomic read-modify-writes without a branch between them; or it may show in every schedule \
         alike.",
        coverage.schedules
    );
    paragraph(&text, width)
}

fn paragraph(text: &str, width: usize) -> String {
    fill(text, width.clamp(40, 80), "", "")
}

/// The lines of the student's file that some rows name.
pub(crate) fn used_lines<'a>(rows: impl IntoIterator<Item = &'a Row>) -> BTreeSet<u32> {
    rows.into_iter().filter_map(|row| row.line).collect()
}

/// The rows so far.
#[derive(Default)]
struct Rows {
    rows: Vec<Row>,
    /// The task that was preempted after the last row.
    preempted: Option<u8>,
}

impl Rows {
    fn add(&mut self, task: u8, line: Option<u32>, doing: Doing, what: String) {
        if let Some(last) = self.rows.last_mut()
            && (last.task, &last.what) == (task, &what)
            && (doing.is_wait() || last.line == line && self.preempted.is_none())
        {
            last.repeated += usize::from(!doing.is_wait());
            return;
        }
        self.rows.push(Row {
            task,
            line,
            doing,
            what,
            repeated: 0,
            preempted: self.preempted.take(),
        });
    }
}

/// The name of a variable or a lock.
fn letter<K: Ord>(names: &mut BTreeMap<K, char>, key: K, first: char) -> char {
    let next = (first..='\u{ff}').nth(names.len()).unwrap_or('?');
    *names.entry(key).or_insert(next)
}

/// The place of the atomic read-modify-write of the program that comes after the first of these steps.
/// If the next step of the task is at a lock, the task probably jumps over it.
fn atomic_of_program<'a>(steps: &[Step], lines: &'a Lines) -> Option<&'a Place> {
    let (step, later) = (&steps[0], &steps[1..]);
    let is_of_lock = |place: &Place| place.locking.is_some() || place.is_of_library;
    let atomic = lines.atomic(step).filter(|place| !is_of_lock(place))?;
    let next = later.iter().find(|next| next.task == step.task);
    let comes_to_lock = next.is_some_and(|next| {
        next.kind() == Kind::Release && next.size > 0
            || is_of_lock(lines.place(next))
            || lines.atomic(next).is_some_and(is_of_lock)
    });
    (!comes_to_lock).then_some(atomic)
}

/// The steps that matter.
fn rows(outcome: &Outcome, lines: &Lines) -> Vec<Row> {
    let shared = &shown(outcome, lines);
    let (mut names, mut locks) = (BTreeMap::new(), BTreeMap::new());
    // The locks of the standard library that each task has. It releases the last one first.
    let mut held: BTreeMap<_, Vec<char>> = BTreeMap::new();
    let mut rows = Rows::default();
    // The tasks in a function such as `try_lock`, its line, and the number of locks before it.
    let mut tries = BTreeMap::new();
    let mut last_lines = BTreeMap::new();
    // A task makes its load or store when it goes on, which may be later.
    let mut next = BTreeMap::new();
    for (number, step) in outcome.steps.iter().enumerate() {
        let task = step.task;
        let place = lines.place(step);
        let call = step.call().and_then(|call| lines.line_of(call));
        last_lines.extend(place.line.or(call).map(|line| (task, line)));
        let line = last_lines.get(&task).copied();
        let held = held.entry(task).or_default();
        if place.locking == Some(Locking::Tries) {
            tries.entry(task).or_insert((line, held.len()));
        } else if place.locking.is_none()
            && let Some((line, before)) = tries.remove(&task)
            && held.len() == before
        {
            let what = "tries to get a lock, in vain".into();
            rows.add(task, line, Doing::TriesToLockInVain, what);
        }
        let kind = step.kind();
        let atomic = || atomic_of_program(&outcome.steps[number..], lines);
        let atomic = (task != 0).then(atomic).flatten();
        let (line, doing, what) = match kind {
            Kind::Load if place.locking == Some(Locking::Has) => {
                let lock = letter(&mut locks, (step.address, step.owner), 'A');
                held.push(lock);
                (line, Doing::Locks(lock), format!("has lock {lock}"))
            }
            _ if place.locking == Some(Locking::Releases) => match held.pop() {
                Some(lock) => (line, Doing::Releases(lock), format!("releases lock {lock}")),
                None => (line, Doing::Other, String::new()),
            },
            _ if step.is_access() && shared.contains(&step.address) && !place.is_of_library => {
                let is_load = kind == Kind::Load;
                let verb = if is_load { "reads" } else { "writes" };
                let value = step.signed_value();
                let name = letter(&mut names, step.address, 'a');
                let what = match shared.len() {
                    2..=26 => format!("{verb} {name} = {value}"),
                    _ => format!("{verb} {value}"),
                };
                (line, Doing::Uses, what)
            }
            Kind::Release if step.size > 0 => {
                let is_free = step.address & 1;
                let lock = letter(&mut locks, (step.address - is_free, step.owner), 'A');
                let (doing, verb) = match is_free {
                    0 => (Doing::Locks(lock), "asks for"),
                    _ => (Doing::Releases(lock), "releases"),
                };
                let kind = Lock::of(step.size).name();
                (call, doing, format!("{verb} {kind} {lock}"))
            }
            Kind::Edge if atomic.is_some() => {
                let operation = atomic.and_then(|place| place.operation.as_deref());
                let operation = operation.unwrap_or("an atomic step");
                let line = atomic.and_then(|place| place.line).or(line);
                (line, Doing::Other, format!("comes to {operation}"))
            }
            Kind::Birth => (call, Doing::Other, format!("starts {}", step.address)),
            Kind::End => (None, Doing::Other, "ends".into()),
            Kind::Killed => (None, Doing::Other, "is killed".into()),
            _ if step.is_spurious() => {
                (line, Doing::IsWokenSpuriously, "is woken spuriously".into())
            }
            Kind::Join if !step.is_enabled(task) => {
                let awaited = outcome.awaited(State::of(step.size), step.address);
                (line, Doing::Joins, format!("waits for {awaited}"))
            }
            Kind::Release if step.address == WOKE_NONE => {
                (line, Doing::Other, "wakes no task".into())
            }
            // A wait with a time limit can go on.
            _ if kind == Kind::Release && step.address > WOKE_NONE || !step.is_enabled(task) => {
                (line, Doing::Waits, WAITS.into())
            }
            _ => (line, Doing::Other, String::new()),
        };
        match step.is_access() {
            _ if what.is_empty() => {}
            true => drop(next.insert(task, (line, doing, what))),
            false => rows.add(task, line, doing, what),
        }
        rows.preempted = step.is_preempted().then_some(task).or(rows.preempted);
        if let Some((line, doing, what)) = next.remove(&step.chosen) {
            rows.add(step.chosen, line, doing, what);
        }
    }
    // The search has found out that these tasks wait: no step says so.
    rows.preempted = None;
    for (task, at_end) in (0..).zip(&outcome.tasks) {
        let last = rows.rows.iter().rfind(|row| row.task == task);
        let is_shown = last.is_some_and(|last| last.doing.is_wait());
        if outcome.ending == Ending::Deadlock && at_end.state != State::Ended && !is_shown {
            let line = lines.line_of(at_end.call);
            let line = line.or(last_lines.get(&task).copied());
            let what = match at_end.state {
                State::Outside => "waits",
                _ => WAITS,
            };
            rows.add(task, line, Doing::Waits, what.into());
        }
    }
    rows.rows
}

/// The addresses that are shown: those that tasks use while both are there. A result
/// for the task that joins is shown only if there is nothing else.
fn shown(outcome: &Outcome, lines: &Lines) -> HashSet<u64> {
    let used_by_several = outcome.shared_addresses();
    let mut last_uses: HashMap<u64, BTreeMap<u8, usize>> = HashMap::new();
    let mut births = BTreeMap::new();
    let mut ended = BTreeSet::new();
    let mut contended = HashSet::new();
    for (number, step) in outcome.steps.iter().enumerate() {
        match step.kind() {
            Kind::Birth => drop(births.insert(step.address, number)),
            Kind::End | Kind::Killed => drop(ended.insert(step.task)),
            _ if !used_by_several.contains(&step.address) || lines.place(step).is_of_library => {}
            _ => {
                let born = births.get(&step.task.into()).copied().unwrap_or(0);
                let uses = last_uses.entry(step.address).or_default();
                let is_contended = uses.iter().any(|(task, last)| {
                    *task != step.task && !ended.contains(task) && *last > born
                });
                contended.extend(is_contended.then_some(step.address));
                uses.insert(step.task, number);
            }
        }
    }
    if contended.is_empty() {
        contended.extend(last_uses.into_keys());
    }
    contended
}
