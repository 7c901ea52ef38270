//! Lines of the student's file as evidence.

use super::ending::name;
use super::instead::{first_output, instead};
use super::plan::{Problem, Seen};
use engine::{EarlyStack, End, Event, SourceLine, TaskIndex, source_lines};
use std::fs;
use std::slice;

/// For each of these stacks, its calls in the student's file, the innermost first. Stacks without
/// such a call are left out.
fn own_calls(seen: &Seen, stacks: &[Vec<u64>]) -> Vec<Vec<SourceLine>> {
    let mut stacks = source_lines(&seen.program, stacks);
    for calls in &mut stacks {
        calls.retain(|call| call.file.ends_with(&seen.source));
    }
    stacks.retain(|calls| !calls.is_empty());
    stacks
}

/// For each of these stacks, the line of the innermost call in the student's file. A program
/// without line information gives none.
fn places(seen: &Seen, stacks: &[Vec<u64>]) -> Vec<String> {
    if stacks.concat().is_empty() {
        return Vec::new();
    }
    let place = |calls: &Vec<SourceLine>| {
        let SourceLine { file, line, .. } = calls.first()?;
        let text = fs::read_to_string(file).ok()?;
        let place = usize::try_from(*line).ok()?.checked_sub(1)?;
        let code = statement(text.lines().skip(place))?;
        Some(format!("at {}:{line}: {code}", seen.source.display()))
    };
    own_calls(seen, stacks).iter().filter_map(place).collect()
}

/// The lines of the student's file between the birth of the first worker and the place where the
/// program went on, if both are in the same function.
fn between(seen: &Seen) -> Option<Vec<String>> {
    const MOST_LINES: usize = 10;
    let mut tasks = seen.observed.tasks.iter();
    let birth = tasks.find(|task| !task.birth_stack.is_empty())?;
    let mut stacks = early(seen, |early| !early.is_wait);
    stacks.insert(0, birth.birth_stack.clone());
    let stacks = own_calls(seen, &stacks);
    let [born, .., went_on] = stacks.as_slice() else {
        return None;
    };
    // The outermost call is the last one.
    let mut calls = born.iter().rev().zip(went_on.iter().rev());
    let (file, from, to) = calls.find_map(|(born, went_on)| {
        let [from, to] = [born, went_on].map(|call| usize::try_from(call.line).ok());
        (from != to).then_some((&born.file, from?, to?))
    })?;
    let text = fs::read_to_string(file).ok()?;
    let lines = (1..).zip(text.lines().map(str::trim));
    let lines = lines.skip(from.checked_sub(1)?).take(to.checked_sub(from)?);
    // The statement that starts the worker may have several lines.
    let mut open = 0;
    let is_start = |(_, line): &(i32, &str)| {
        let brackets = line.chars().map(|c| match c {
            '(' | '[' | '{' => 1,
            ')' | ']' | '}' => -1,
            _ => 0,
        });
        open += brackets.sum::<i32>();
        open > 0 || !line.ends_with([';', '}'])
    };
    let lines = lines.skip_while(is_start).skip(1);
    let is_code =
        |(_, line): &(i32, &str)| !line.starts_with("//") && line.contains(char::is_alphanumeric);
    let lines = lines.filter(is_code).take(MOST_LINES);
    let lines = lines.map(|(number, line)| format!("line {number}: {line}"));
    Some(lines.collect())
}

/// The first line. If it ends inside a call, the next ones belong to it, up to some of them.
fn statement<'a>(mut lines: impl Iterator<Item = &'a str>) -> Option<String> {
    const MOST_LINES: usize = 6;
    let mut code = lines.next()?.trim().to_owned();
    for line in lines.take(MOST_LINES) {
        if code.matches('(').count() <= code.matches(')').count() {
            break;
        }
        code += if code.ends_with('(') { "" } else { " " };
        code += line.trim();
    }
    Some(code)
}

/// Call stacks of the main thread while a worker was held back.
fn early(seen: &Seen, is_meant: impl Fn(&EarlyStack) -> bool) -> Vec<Vec<u64>> {
    let all = seen.observed.tasks[0].early_stacks.iter();
    let meant = all.filter(|early| is_meant(early));
    meant.map(|early| early.stack.clone()).collect()
}

impl Problem {
    /// Adds the line at which the program continued while a worker was held back. It takes the last
    /// of the recorded places, because an earlier output may be only an announcement. The end of
    /// the program has no line.
    pub(crate) fn where_it_went_on(mut self, seen: &Seen) -> Self {
        let early = early(seen, |early| !early.is_wait);
        self.evidence.extend(places(seen, &early).pop());
        self
    }

    /// Adds what the main thread did instead of the right wait, and the lines at which it waited.
    pub(crate) fn what_it_did_instead(mut self, seen: &Seen) -> Self {
        self.evidence.push(format!("seen: {}", instead(seen)));
        let first = first_output(seen);
        let waits = early(seen, |early| early.is_wait && early.at < first);
        let mut waits = places(seen, &waits);
        waits.dedup();
        if waits.is_empty()
            && let Some(between) = between(seen)
        {
            let what = match between.as_slice() {
                [] => "there is no line between the start of the worker and this output",
                _ => "these lines are between the start of the worker and this output:",
            };
            self.evidence.push(format!("seen: {what}"));
            self.evidence.extend(between);
        }
        self.evidence.extend(waits);
        self
    }

    /// Adds which workers started other workers.
    pub(crate) fn who_started_whom(mut self, seen: &Seen) -> Self {
        const MOST: usize = 3;
        let tasks = seen.observed.tasks.iter().enumerate();
        let nested = tasks.filter_map(|(task, record)| {
            let creator = record.creator.filter(|creator| *creator != 0)?;
            let [creator, task] = [creator, task].map(|one| name(one, &seen.observed.tasks[one]));
            Some(format!("seen: {creator} started {task}"))
        });
        self.evidence.extend(nested.take(MOST));
        self
    }

    /// Adds the line where a task was last.
    pub(crate) fn where_it_was(mut self, seen: &Seen, task: TaskIndex) -> Self {
        let last = &seen.observed.tasks[task].last_stack;
        self.evidence.extend(places(seen, slice::from_ref(last)));
        self
    }

    /// Adds the line at which a signal killed the program, if one did.
    pub(crate) fn where_it_was_killed(self, seen: &Seen) -> Self {
        let observed = &seen.observed;
        let signal = match observed.end {
            End::Ended(status) if libc::WIFSIGNALED(status) => libc::WTERMSIG(status),
            _ => return self,
        };
        let mut events = observed.events.iter().rev();
        let killed = events.find(|(_, task, event)| {
            observed.process_of(*task) == 0 && *event == Event::Signaled(signal)
        });
        match killed {
            Some((_, task, _)) => self.where_it_was(seen, *task),
            None => self,
        }
    }
}
