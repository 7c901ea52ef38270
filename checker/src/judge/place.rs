//! Lines of the student's file as evidence.

use super::instead::{first_output, instead};
use super::plan::{Problem, Seen};
use engine::{EarlyStack, End, Event, SourceLine, TaskIndex, source_lines};
use std::fs;
use std::slice;

/// For each of these stacks, the line of the innermost call in the student's file. A program
/// without line information gives none.
fn places(seen: &Seen, stacks: &[Vec<u64>]) -> Vec<String> {
    if stacks.concat().is_empty() {
        return Vec::new();
    }
    let lines = source_lines(&seen.program, stacks).into_iter();
    let place = |calls: Vec<SourceLine>| {
        let mut calls = calls.iter();
        let SourceLine { file, line, .. } = calls.find(|call| call.file.ends_with(&seen.source))?;
        let text = fs::read_to_string(file).ok()?;
        let place = usize::try_from(*line).ok()?.checked_sub(1)?;
        let code = statement(text.lines().skip(place))?;
        Some(format!("at {}:{line}: {code}", seen.source.display()))
    };
    lines.filter_map(place).collect()
}

/// The lines of the student's file between the birth of the first worker and the place where the
/// program went on, if both are in the same function.
fn between(seen: &Seen) -> Option<Vec<String>> {
    const MOST_LINES: usize = 10;
    let mut tasks = seen.observed.tasks.iter();
    let birth = tasks.find(|task| !task.birth_stack.is_empty())?;
    let mut stacks = early(seen, |early| !early.is_wait);
    stacks.insert(0, birth.birth_stack.clone());
    // The outermost call is the last one.
    let own = |calls: Vec<SourceLine>| {
        let calls = calls.into_iter().rev();
        let own: Vec<_> = calls
            .filter(|call| call.file.ends_with(&seen.source))
            .collect();
        Some(own).filter(|own| !own.is_empty())
    };
    let mut stacks = source_lines(&seen.program, &stacks)
        .into_iter()
        .filter_map(own);
    let (born, went_on) = (stacks.next()?, stacks.next_back()?);
    let (file, from, to) = born.iter().zip(&went_on).find_map(|(born, went_on)| {
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
    Some(
        lines
            .map(|(number, line)| format!("line {number}: {line}"))
            .collect(),
    )
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
            self.evidence.push(match between.as_slice() {
                [] => {
                    "seen: there is no line between the start of the worker and this output".into()
                }
                _ => {
                    "seen: these lines are between the start of the worker and this output:".into()
                }
            });
            self.evidence.extend(between);
        }
        self.evidence.extend(waits);
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
