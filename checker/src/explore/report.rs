//! A schedule in columns, one for each task, and what a search has covered.

use super::Explored;
use super::layout::{Kind, State};
use super::lines::Lines;
use super::search::{Coverage, Failure, is_preempted};
use super::session::{Ending, Outcome, Step};
use crate::format::escape::{cut, excerpt};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::fmt::Write;
use std::mem;

/// More rows are not read: the first ones and the last ones are shown.
const MOST_ROWS: usize = 60;

const WAITS: &str = "waits";

/// Of an output that differs.
const MOST_LINES: usize = 6;

/// A step in words.
pub(crate) struct Row {
    pub(crate) task: usize,
    line: Option<u32>,
    what: String,
    /// How often it does the same without a pause: it spins.
    times: usize,
    /// The task of the row before is preempted here.
    pub(crate) is_switch: bool,
}

impl Row {
    /// `59 reads 0`: the line, and what happens there.
    pub(crate) fn text(&self) -> String {
        let line = self.line.map_or(String::new(), |line| format!("{line} "));
        format!("{line}{}", self.what())
    }

    fn what(&self) -> String {
        match self.times {
            1 => self.what.clone(),
            times => format!("{}, {times} times", self.what),
        }
    }
}

/// The steps that matter, for a text and for a picture.
pub(crate) struct Columns {
    pub(crate) rows: Vec<Row>,
    /// Those that have a column.
    pub(crate) tasks: BTreeSet<usize>,
    /// Of the student's file.
    pub(crate) used_lines: BTreeSet<u32>,
}

impl Columns {
    pub(crate) fn new(failure: &Failure, lines: &Lines) -> Self {
        let (rows, used_lines) = rows(failure, lines);
        let tasks = rows.iter().map(|row| row.task).collect();
        Self {
            rows,
            tasks,
            used_lines,
        }
    }
}

/// What was found, as a text of this width.
pub(crate) fn text(explored: &Explored, lines: &Lines, width: usize) -> String {
    let mut text = String::new();
    match &explored.found.failure {
        Some(failure) => {
            text += &wrap(&sentence(explored, failure), width);
            text += &columns(failure, lines, width);
            text += &ending(explored, failure, lines, width);
        }
        None => text += &wrap(&covered(explored), width),
    }
    text
}

/// More are for the command to show.
const MOST_EVIDENCE: usize = 8;

/// The steps around the first switch, in words, and the command to see all of them.
pub(crate) fn evidence(explored: &Explored, failure: &Failure, lines: &Lines) -> Vec<String> {
    let (rows, _) = rows(failure, lines);
    // Without a switch there is nothing to see in the order of the steps.
    let first = rows.iter().position(|row| row.is_switch);
    let first = first.unwrap_or(rows.len());
    let rows = rows
        .iter()
        .skip(first.saturating_sub(1))
        .take(MOST_EVIDENCE);
    let mut evidence: Vec<String> = rows
        .map(|row| {
            let name = name(&failure.outcome, row.task);
            match row.line {
                Some(line) => format!("line {line}: {name} {}", row.what()),
                None => format!("{name} {}", row.what()),
            }
        })
        .collect();
    if failure.outcome.ending == Ending::Deadlock {
        evidence = stuck(&failure.outcome, lines);
    }
    evidence.push(format!(
        "see it again: {}",
        explored.command(&failure.order)
    ));
    evidence
}

fn sentence(explored: &Explored, failure: &Failure) -> String {
    let found = match explored.found.covered.schedules {
        0 => "This schedule".into(),
        1 => "The first schedule fails".into(),
        number => format!("Schedule {number} fails, after {} that do not", number - 1),
    };
    if failure.outcome.diverged {
        return "The program has changed: it does not come to the choices of this schedule.".into();
    }
    let preemptions = match failure.preemptions {
        0 => "no task is preempted".into(),
        1 => "one task is preempted once".into(),
        count => format!("tasks are preempted {count} times"),
    };
    let outcome = match failure.outcome.ending {
        Ending::Ended(0) if failure.outcome.stdout == explored.found.first.stdout => {
            "the program prints the same as in the first schedule".into()
        }
        Ending::Ended(0) => "the program prints something else than in the first schedule".into(),
        ending => format!("the program {ending}"),
    };
    format!("{found}: {preemptions}, and {outcome}.")
}

fn covered(explored: &Explored) -> String {
    let Coverage {
        schedules,
        random,
        preemptions,
        outside,
        points,
        is_cut_short,
        ..
    } = explored.found.covered;
    let all = match preemptions {
        None => "Not all schedules without preemptions were tried".into(),
        Some(0) => "All schedules without preemptions were tried".into(),
        Some(most) => format!("All schedules with up to {most} preemptions were tried"),
    };
    let outside = match outside {
        0 if is_cut_short => " There was no time for more (--seconds).",
        0 => "",
        _ => " It waits in calls of the system that cannot be scheduled, so few were tried.",
    };
    let random = match random {
        0 => String::new(),
        random => format!(" and {random} random ones"),
    };
    format!(
        "None of {schedules} schedules fails: each prints the same. {all}{random}. A schedule has \
         up to {points} points at which another task can go on.{outside} This does not prove the \
         program right. A mistake may need more preemptions, or a weaker order of memory; it may \
         lie between two atomic read-modify-writes without a branch between them; or it may show \
         in every schedule alike."
    )
}

/// The steps that matter.
fn rows(failure: &Failure, lines: &Lines) -> (Vec<Row>, BTreeSet<u32>) {
    let steps = &failure.outcome.steps;
    let shared = &shown(&failure.outcome, lines);
    let mut names = BTreeMap::new();
    let mut used = BTreeSet::new();
    let mut rows: Vec<Row> = Vec::new();
    let mut last_lines = BTreeMap::new();
    // A task comes to a load or store, and another one goes on: it happens later.
    let mut delayed: BTreeMap<usize, Row> = BTreeMap::new();
    let mut is_switch = false;
    let mut add = |mut row: Row, is_switch: &mut bool| {
        if let Some(last) = rows.last_mut()
            && (last.task, &last.what) == (row.task, &row.what)
        {
            if row.what == WAITS {
                return;
            }
            if last.line == row.line && !*is_switch {
                last.times += 1;
                return;
            }
        }
        used.extend(row.line);
        row.is_switch = mem::take(is_switch);
        rows.push(row);
    };
    for step in steps {
        let line = lines.line(step);
        if let Some(line) = line {
            last_lines.insert(step.task, line);
        }
        let is_blocked = step.enabled & 1 << step.task == 0;
        let what = match step.kind {
            Kind::Load | Kind::Store
                if shared.contains(&step.address) && !lines.is_of_library(step) =>
            {
                let count = names.len();
                let name = *names.entry(step.address).or_insert(count);
                let verb = match step.kind {
                    Kind::Load => "reads",
                    _ => "writes",
                };
                let value = signed(step);
                Some(match shared.len() {
                    1 => format!("{verb} {value}"),
                    _ => format!("{verb} {} = {value}", letter(name)),
                })
            }
            Kind::Birth => Some(format!("starts {}", step.address)),
            Kind::End => Some("ends".into()),
            Kind::Killed => Some("is killed".into()),
            _ if is_blocked => Some(WAITS.into()),
            _ => None,
        };
        if let Some(what) = what {
            let line = match step.kind {
                Kind::Birth | Kind::End | Kind::Killed => None,
                _ => last_lines.get(&step.task).copied(),
            };
            let task = step.task;
            let row = Row {
                task,
                line,
                what,
                times: 1,
                is_switch: false,
            };
            if step.chosen != task && matches!(step.kind, Kind::Load | Kind::Store) {
                delayed.insert(task, row);
            } else {
                add(row, &mut is_switch);
            }
        }
        is_switch |= is_preempted(step);
        if let Some(row) = delayed
            .remove(&step.chosen)
            .filter(|_| step.chosen != step.task)
        {
            add(row, &mut is_switch);
        }
    }
    // The search has found out that these tasks wait: no step says so.
    for (task, one) in failure.outcome.tasks.iter().enumerate() {
        let last = rows.iter().rfind(|row| row.task == task);
        if failure.outcome.ending == Ending::Deadlock
            && one.state != State::Ended
            && last.is_none_or(|last| last.what != WAITS)
        {
            let line = last_lines.get(&task).copied();
            used.extend(line);
            rows.push(Row {
                task,
                line,
                what: WAITS.into(),
                times: 1,
                is_switch: false,
            });
        }
    }
    (rows, used)
}

/// The addresses that are shown: those that tasks use while both are there. A result
/// for the task that joins is shown only if there is nothing else.
fn shown(outcome: &Outcome, lines: &Lines) -> HashSet<u64> {
    let used_by_several = outcome.shared_addresses();
    let mut last_uses: HashMap<u64, BTreeMap<usize, usize>> = HashMap::new();
    let mut births = BTreeMap::new();
    let mut ended = BTreeSet::new();
    let (mut shared, mut contended) = (HashSet::new(), HashSet::new());
    for (number, step) in outcome.steps.iter().enumerate() {
        match step.kind {
            Kind::Birth => drop(births.insert(step.address, number)),
            Kind::End | Kind::Killed => drop(ended.insert(step.task)),
            _ if !used_by_several.contains(&step.address) || lines.is_of_library(step) => {}
            _ => {
                shared.insert(step.address);
                let born = births.get(&(step.task as u64)).copied().unwrap_or(0);
                let uses = last_uses.entry(step.address).or_default();
                let is_contended = uses.iter().any(|(task, last)| {
                    *task != step.task && !ended.contains(task) && *last > born
                });
                if is_contended {
                    contended.insert(step.address);
                }
                uses.insert(step.task, number);
            }
        }
    }
    if contended.is_empty() {
        shared
    } else {
        contended
    }
}

/// An integer of its size, as the program most likely means it.
fn signed(step: &Step) -> i64 {
    let bits = 64 - 8 * step.size.clamp(1, 8);
    (step.value << bits).cast_signed() >> bits
}

fn letter(number: usize) -> char {
    u8::try_from(number)
        .ok()
        .and_then(|number| b'a'.checked_add(number))
        .map_or('?', char::from)
}

fn columns(failure: &Failure, lines: &Lines, width: usize) -> String {
    let Columns {
        rows,
        tasks,
        used_lines,
    } = Columns::new(failure, lines);
    let mut text = String::from("\n");
    for line in used_lines {
        let source = format!("{line:>4} | {}", lines.text(line));
        let _ = writeln!(text, "{}", cut(&source, width));
    }
    let column = (width.saturating_sub(2) / tasks.len().max(1)).clamp(12, 26);
    let cell = |what: &str| format!("{:<column$}", cut(what, column - 1));
    let heads: String = tasks
        .iter()
        .map(|task| cell(&name(&failure.outcome, *task)))
        .collect();
    let _ = writeln!(text, "\n  {}", heads.trim_end());
    let skipped = rows.len().saturating_sub(MOST_ROWS);
    for (place, row) in rows.iter().enumerate() {
        if skipped > 0 && place == MOST_ROWS / 2 {
            let _ = writeln!(text, "  ... {skipped} more steps ...");
        }
        if (MOST_ROWS / 2..MOST_ROWS / 2 + skipped).contains(&place) {
            continue;
        }
        let before = tasks.iter().take_while(|task| **task != row.task).count();
        let what = cell(&row.text());
        let mark = if row.is_switch { ">" } else { " " };
        let _ = writeln!(
            text,
            "{mark} {}{}",
            " ".repeat(before * column),
            what.trim_end()
        );
    }
    if rows.iter().any(|row| row.is_switch) {
        text += "\n> the previous task is preempted here\n";
    }
    text
}

/// Its number in the order of births, as the columns show it.
pub(crate) fn name(outcome: &Outcome, task: usize) -> String {
    match outcome.tasks.get(task) {
        _ if task == 0 => "main".into(),
        Some(one) if one.is_process => format!("process {task}"),
        _ => format!("thread {task}"),
    }
}

/// How it ended, what it printed, and how to see it again.
fn ending(explored: &Explored, failure: &Failure, lines: &Lines, width: usize) -> String {
    let mut text = String::new();
    let outcome = &failure.outcome;
    if outcome.ending == Ending::Deadlock {
        text += "\n";
        for stuck in stuck(outcome, lines) {
            text += &wrap(&stuck, width);
        }
    }
    let mut show = |heading, written| text += &excerpt(heading, written, MOST_LINES, width);
    show("It printed", &outcome.stdout);
    show("It reported", &outcome.stderr);
    if outcome.stdout != explored.found.first.stdout {
        show(
            "In the first schedule it printed",
            &explored.found.first.stdout,
        );
    }
    let _ = writeln!(
        text,
        "\nThe same schedule again:\n  {}",
        explored.command(&failure.order)
    );
    text
}

/// What each task that never goes on waits for.
pub(crate) fn stuck(outcome: &Outcome, lines: &Lines) -> Vec<String> {
    let tasks = outcome.tasks.iter().enumerate();
    let stuck = tasks.filter(|(_, task)| task.state != State::Ended);
    stuck
        .map(|(number, task)| {
            let own = outcome
                .steps
                .iter()
                .rev()
                .filter(|step| step.task == number);
            let line = own.into_iter().find_map(|step| lines.line(step));
            let at = line.map_or(String::new(), |line| {
                format!(" at line {line}: {}", lines.text(line))
            });
            let what = match task.state {
                State::Thread => format!("the end of thread {}", task.awaited),
                State::Process => "the end of a process".into(),
                State::Again | State::Futex => "a lock or a message".into(),
                _ => "something outside the program".into(),
            };
            format!("{} waits for {what}{at}", name(outcome, number))
        })
        .collect()
}

fn wrap(text: &str, width: usize) -> String {
    textwrap::fill(text, width.clamp(40, 80)) + "\n"
}
