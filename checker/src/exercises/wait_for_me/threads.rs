//! Another thread negates the numbers from 1 to 400.

use crate::explore::{Ending, Explored, Outcome, Plan};
use crate::judge::ending::{ended, nothing_left, succeeded};
use crate::judge::instead::first_output;
use crate::judge::plan::{Claim, Finding, Judge, Problem, Program, Seen};
use crate::judge::report::Verdict;
use crate::judge::text::{first_line, numbers, stdout};
use engine::{Call, Event, Kind, Pattern, Schedule, TaskIndex, TaskRecord, Work};
use std::collections::BTreeSet;
use std::slice;
use std::time::Duration;

const COUNT: u16 = 400;

/// A number in the middle, and its replacement.
const MARKED: i16 = 237;
const MARK: i16 = 937;

/// Small numbers have many other uses. From this number on, a negative one is probably one of
/// the program's numbers.
const FIRST_TELLING: i16 = 17;

/// In some of a thousand runs, one of 400 numbers in several forms appears by chance.
const LEAST_NUMBERS: usize = 3;

/// A thread that does no work changes about 130 bytes, in the allocator's data and its handle.
/// A thread that negates 400 numbers changes 400 bytes, or writes them to a file, pipe or
/// socket.
const LEAST_BYTES: u64 = 300;

/// Most mistakes need one or two preemptions.
const PLAN: Plan = Plan {
    preemptions: 2,
    schedules: 300,
    random: 10,
    seed: 1,
    // Some programs make long steps. If none of the tried schedules fails, they pass.
    time: Duration::from_secs(10),
};

pub(in super::super) const THREADS: Judge<Runs> = Judge {
    observe,
    checks: &[
        Claim::new(
            "another thread negates the numbers",
            6,
            another_thread_negates,
        ),
        Claim::new("the program waits for that thread", 7, waits_for_the_thread),
        Claim::new(
            "all 400 numbers are printed, and all are negative",
            7,
            prints_negative_numbers,
        ),
    ],
};

pub(in super::super) struct Runs {
    /// A run that the system schedules, without sleeps.
    free: Seen,
    /// The workers run first.
    first: Seen,
    /// The workers that do the work run last.
    last: Seen,
    /// As above, and the checker changes one number before the program can read it.
    marked: Seen,
    /// As above with other workers last. If several do the work: only the oldest one, and only
    /// the youngest one. In a pool, another thread may do the work, so all threads are last.
    others_last: Vec<Seen>,
    /// Many schedules of a program that is right in the other runs.
    explored: Option<Explored>,
}

fn observe(program: &Program<'_>) -> Result<Runs, Problem> {
    let telling = FIRST_TELLING..=COUNT.cast_signed();
    let all = telling.flat_map(|number| patterns(number, None)).collect();
    let run = |schedule| program.run(&[]).schedule(schedule);
    let last = |workers: &[Vec<usize>]| run(Schedule::WorkersLast(workers.to_vec()));
    let [free, first] = program.see([
        run(Schedule::WithoutSleeps),
        run(Schedule::WorkersFirst).patterns(all),
    ])?;
    // Without an end, there is nothing else to check.
    ended(&free)?;
    if let Err(problem) = ended(&first) {
        // With an early worker, the program waits in vain. With a late one, it may not wait.
        let [held] = program.see([last(&[])])?;
        ended(&held)?;
        return Err(went_on(&held).err().unwrap_or(problem));
    }
    let threads = first.observed.created(Kind::Thread);
    let workers = threads.filter(|(_, task)| wrote_numbers(task) && ended_itself(&first, task));
    let workers: Vec<_> = workers.map(|(_, task)| task.lineage.clone()).collect();
    let marked = last(&workers).patterns(patterns(MARKED, Some(MARK)));
    let [held, marked] = program.see([last(&workers), marked])?;
    let is_early = |seen: &Seen| goes_on_before(seen) || !is_right(seen);
    let held = program.watched(held, last(&workers), is_early)?;
    let mut others_last = Vec::new();
    if let [oldest, .., youngest] = workers.as_slice() {
        let alone = [oldest, youngest].map(|worker| last(slice::from_ref(worker)));
        others_last.extend(program.see(alone)?);
    }
    let is_worker = |task: &&TaskRecord| workers.contains(&task.lineage);
    let mut its_workers = held.observed.tasks.iter().filter(is_worker);
    let needs_none = its_workers.all(|task| task.released.is_none());
    if !workers.is_empty() && needs_none && is_right(&held) {
        others_last.extend(program.see([last(&[])])?);
    }
    let are_right = [&free, &first, &held].into_iter().all(is_right);
    let explored = match are_right && others_last.iter().all(is_right) {
        // If it can't be explored, the other runs decide.
        true => program
            .explorer()
            .and_then(|explorer| explorer.search(&PLAN, &is_right_or_unclear, |_| ()))
            .ok(),
        false => None,
    };
    Ok(Runs {
        free,
        first,
        last: held,
        marked,
        others_last,
        explored,
    })
}

/// A schedule refutes a program only if it lets the program wait for ever, or print other numbers.
fn is_right_or_unclear(_: &Outcome, outcome: &Outcome) -> bool {
    match outcome.ending {
        Ending::Deadlock => outcome.was_outside,
        Ending::Ended(0) => has_right_numbers(&String::from_utf8_lossy(&outcome.stdout)),
        _ => true,
    }
}

/// The byte forms in which a program can store a negated number.
fn patterns(number: i16, mark: Option<i16>) -> Vec<Pattern> {
    // The neighbours stay, also beside the mark.
    let (before, after) = (1 - number, -1 - number);
    let forms = |number: i16| -> [(Vec<u8>, u64); 8] {
        let negated = -number;
        let between = |first: i16, last| [first, negated, last].map(i16::to_ne_bytes).concat();
        [
            (i64::from(negated).to_ne_bytes().into(), 8),
            (i32::from(negated).to_ne_bytes().into(), 4),
            (i32::from(negated).to_be_bytes().into(), 4),
            (f64::from(negated).to_ne_bytes().into(), 8),
            (f32::from(negated).to_ne_bytes().into(), 4),
            (negated.to_string().into(), 1),
            // Two bytes alone are too short to be distinctive.
            (between(before, after), 2),
            (between(after, before), 2),
        ]
    };
    let mut marks = mark.into_iter().flat_map(forms);
    let pattern = |(bytes, alignment)| Pattern {
        bytes,
        alignment,
        replacement: marks.next().map_or(Vec::new(), |(mark, _)| mark),
    };
    forms(number).into_iter().map(pattern).collect()
}

/// Whether a thread ended before the program did. The work of a thread that ends with the
/// program is uncertain.
fn ended_itself(seen: &Seen, task: &TaskRecord) -> bool {
    let exit = exit(seen);
    task.ending
        .is_some_and(|end| exit.is_none_or(|(exit, _)| end < exit))
}

/// When the program ended itself, and the thread that did it.
fn exit(seen: &Seen) -> Option<(Duration, TaskIndex)> {
    let observed = &seen.observed;
    let mut events = observed.events.iter();
    let exit = events.find(|(_, task, event)| {
        *event == Event::Called(Call::Exit) && observed.process_of(*task) == 0
    });
    exit.map(|(time, task, _)| (*time, *task))
}

fn wrote_numbers(task: &TaskRecord) -> bool {
    let work = task.work.as_ref();
    work.is_some_and(|work| !work.patterns.is_empty())
}

/// What the threads of a run wrote.
fn works(seen: &Seen) -> impl Iterator<Item = &Work> {
    let threads = seen.observed.created(Kind::Thread);
    threads.filter_map(|(_, task)| task.work.as_ref())
}

fn is_right(seen: &Seen) -> bool {
    has_right_numbers(&stdout(seen))
}

/// Whether a text contains -1 to -400 in this order. Other text may surround them.
fn has_right_numbers(text: &str) -> bool {
    let printed: Vec<i64> = numbers(text).collect();
    let right: Vec<i64> = (1..=COUNT).map(|number| -i64::from(number)).collect();
    printed.windows(right.len()).any(|window| window == right)
}

fn negative_numbers(seen: &Seen) -> usize {
    numbers(&stdout(seen)).filter(|number| *number < 0).count()
}

fn another_thread_negates(runs: &Runs) -> Finding {
    let (first, last, marked) = (&runs.first, &runs.last, &runs.marked);
    let no_worker = |message: &str| Err(Problem::new(Verdict::NoWorker, message).seen_in(first));
    if first.observed.created(Kind::Thread).next().is_none() {
        succeeded(first)?;
        let has_process = first.observed.created(Kind::Process).next().is_some();
        return no_worker(match negative_numbers(first) {
            _ if has_process => "it starts a process; a thread is asked for",
            0 => "it starts no thread, and prints no negative number",
            _ => "it starts no thread: the main thread negates the numbers itself",
        });
    }
    succeeded(first)?;
    let written: BTreeSet<_> = works(first).flat_map(|work| &work.patterns).collect();
    let may_work =
        |work: &Work| work.changed_bytes >= LEAST_BYTES || work.has_written || work.is_incomplete;
    let may_have_worked = written.len() >= LEAST_NUMBERS || works(first).any(may_work);
    if is_right(first) {
        if !may_have_worked {
            return no_worker(
                "the numbers are negative, but no other thread changes them: the threads that it \
                 starts change too little memory for 400 numbers",
            );
        }
        let is_marked = marked.observed.tasks.iter().any(wrote_numbers);
        let are_right = is_right(last) && runs.others_last.iter().all(is_right);
        let waits = !goes_on_before(last) && are_right;
        // The checker changed the thread's data, but the program prints the same numbers as
        // before.
        if is_marked && waits && is_right(marked) {
            return no_worker(
                "the program does not print what the thread wrote, but numbers of its own",
            );
        }
    } else if !may_have_worked && goes_on_before(last) {
        return no_worker("it starts a thread, which changes no number");
    }
    Ok(())
}

impl Runs {
    /// Checks that the program does not fail in this way in a schedule.
    fn no_schedule_fails(&self, is_meant: impl Fn(&Outcome) -> bool) -> Finding {
        let explored = self.explored.iter();
        let mut failing = explored.filter_map(|explored| Some((explored, explored.failing()?)));
        match failing.find(|(_, outcome)| is_meant(outcome)) {
            Some((explored, outcome)) => Err(fails_in(explored, outcome)),
            None => Ok(()),
        }
    }

    /// Whether the program is right, and prints nothing before each held thread has begun.
    fn is_right_if_held(&self) -> bool {
        let observed = &self.last.observed;
        let mut threads = observed.created(Kind::Thread);
        let begins_first = threads.all(|(_, task)| {
            let printed = task.released.map(|bytes| &observed.stdout[..bytes]);
            printed.is_some_and(|printed| numbers_in(printed) == 0)
        });
        begins_first && is_right(&self.last) && self.others_last.iter().all(is_right)
    }
}

/// Whether the program ends, or prints the numbers, while all workers are held.
fn goes_on_before(last: &Seen) -> bool {
    let observed = &last.observed;
    let threads = observed.created(Kind::Thread);
    // A thread of a pool may never be needed.
    match threads.filter_map(|(_, task)| task.released).min() {
        None => true,
        Some(bytes) => numbers_in(&observed.stdout[..bytes]) >= COUNT.into(),
    }
}

/// The number of expected numbers in the output, with either sign.
fn numbers_in(text: &[u8]) -> usize {
    let text = String::from_utf8_lossy(text);
    let printed: BTreeSet<i64> = numbers(&text).map(i64::abs).collect();
    printed.range(1..=COUNT.into()).count()
}

fn did_not_wait(seen: &Seen, how: &str) -> Finding {
    let message = "it goes on before the thread has done its work";
    let problem = Problem::new(Verdict::DidNotWait, message)
        .with("expected: it waits until the thread has done its work")
        .with(format!("seen: {how}"))
        .where_it_went_on(seen)
        .what_it_did_instead(seen)
        .who_started_whom(seen);
    let problem = match seen.observed.created(Kind::Thread).count() {
        0 | 1 => problem,
        threads => problem.with(format!("seen: {threads} threads")),
    };
    Err(problem.seen_in(seen))
}

/// Whether the threads end before the main thread prints something, but have not negated as many
/// numbers as in the first run.
fn ends_too_soon(seen: &Seen, first: &Seen) -> bool {
    let observed = &seen.observed;
    let output = first_output(seen);
    let mut threads = observed.created(Kind::Thread);
    let is_over = |task: &TaskRecord| task.ending.is_some_and(|end| end < output);
    let mut events = observed.events.iter();
    let is_output =
        |(_, task, event): &(_, usize, _)| *task != 0 && *event == Event::Called(Call::Write(1));
    negative_numbers(seen) != negative_numbers(first)
        && threads.all(|(_, task)| is_over(task))
        && !events.any(is_output)
}

/// Checks that a held program does not go on.
fn went_on(last: &Seen) -> Finding {
    if goes_on_before(last) {
        let how = "while the thread was held back, the program printed or ended";
        return did_not_wait(last, how);
    }
    Ok(())
}

fn waits_for_the_thread(runs: &Runs) -> Finding {
    let (free, first, last, marked) = (&runs.free, &runs.first, &runs.last, &runs.marked);
    // A program that checks its numbers may reject the changed one.
    let accepts =
        succeeded(marked).is_ok() && numbers_in(&marked.observed.stdout) + 1 >= COUNT.into();
    let marked = accepts.then_some(marked);
    if runs.is_right_if_held() && !is_right(first) {
        // The thread comes too early, and not the output.
        return Ok(());
    }
    for held in [last].into_iter().chain(marked).chain(&runs.others_last) {
        ended(held)?;
        if negative_numbers(held) != negative_numbers(first) && !ends_too_soon(held, first) {
            let printed = stdout(held);
            let how = match printed.is_empty() {
                true => "while the thread was held back, the program ended".into(),
                false => {
                    let words: Vec<_> = printed.split_whitespace().collect();
                    let printed = first_line(&words.join(" "));
                    format!("while the thread was held back, the program printed: {printed}")
                }
            };
            return did_not_wait(held, &how);
        }
    }
    went_on(last)?;
    if is_right(first) && succeeded(free).is_ok() && !is_right(free) && !ends_too_soon(free, first)
    {
        let how = "it depends on luck whether it prints -1 to -400";
        return did_not_wait(free, how);
    }
    runs.no_schedule_fails(|outcome| !only_its_numbers_are_wrong(outcome))
}

/// Whether the program waits for its threads, and prints wrong numbers all the same.
fn only_its_numbers_are_wrong(outcome: &Outcome) -> bool {
    outcome.ending == Ending::Ended(0)
        && !outcome.wakes_spuriously()
        && outcome.runs_after_the_result().is_none()
        && !outcome.reads_too_early()
}

fn fails_in(explored: &Explored, outcome: &Outcome) -> Problem {
    let (verdict, message) = match outcome.ending {
        Ending::Deadlock if outcome.only_main_is_left() => (
            Verdict::TimedOut,
            "in one schedule it waits for ever: the thread wakes it before it begins to wait",
        ),
        Ending::Deadlock => (
            Verdict::TimedOut,
            "in one schedule there is a deadlock: none of its tasks can go on",
        ),
        _ if outcome.wakes_spuriously() => (
            Verdict::DidNotWait,
            "it goes on before the thread has done its work, if its wait is woken spuriously: such a \
             wait belongs in a loop that checks the condition again",
        ),
        _ if only_its_numbers_are_wrong(outcome) => (
            Verdict::WrongOutput,
            "in one schedule it prints other numbers, although its threads have ended: perhaps two \
             tasks change the same data at the same time",
        ),
        _ => (
            Verdict::DidNotWait,
            "in one schedule it goes on before the thread has done its work",
        ),
    };
    Problem::new(verdict, message).found_in(explored, false)
}

/// What is wrong with the printed numbers.
fn wrong_numbers(text: &str) -> String {
    let printed: Vec<i64> = numbers(text).collect();
    let positive = printed.iter().filter(|number| **number > 0).count();
    let mut places = (1_i64..).zip(&printed);
    let first_wrong = places.find(|(place, number)| **number != -place);
    let first_wrong = first_wrong.map_or(String::new(), |(place, number)| {
        format!("; number {place} of them is {number} instead of {}", -place)
    });
    let count = printed.len();
    format!("seen: {count} numbers, {positive} of them positive{first_wrong}")
}

/// Checks a program that is right in the first run, and waits for its threads.
fn is_right_in_each_order(runs: &Runs) -> Finding {
    let mut others = [&runs.last, &runs.free]
        .into_iter()
        .chain(&runs.others_last);
    let Some(other) = others.find(|other| ends_too_soon(other, &runs.first)) else {
        return Ok(());
    };
    succeeded(other)?;
    let message = "it depends on the order of events whether all numbers are negative: it waits \
                   for its threads, but they end before they have negated them";
    let problem = Problem::new(Verdict::WrongOutput, message);
    Err(problem.with(wrong_numbers(&stdout(other))).seen_in(other))
}

fn prints_negative_numbers(runs: &Runs) -> Finding {
    let Runs { free, first, .. } = runs;
    succeeded(free)?;
    nothing_left(free)?;
    if is_right(first) {
        is_right_in_each_order(runs)?;
        return runs.no_schedule_fails(only_its_numbers_are_wrong);
    }
    let message = "it does not print -1 to -400, in this order";
    let text = stdout(first);
    let mut printed = numbers(&text).peekable();
    let are_positive = printed.peek().is_some() && printed.all(|number| number > 0);
    let problem = Problem::new(Verdict::WrongOutput, message)
        .with(wrong_numbers(&text))
        .with(format!("seen: {}", first_line(&text)));
    let problem = match exit(first) {
        Some((_, thread @ 1..)) => {
            problem.with(format!("seen: thread {thread} ended the whole program"))
        }
        _ if runs.is_right_if_held() => problem.with(
            "seen: when the checker held the thread back, they were right: here it began earlier, \
             and found nothing to negate yet",
        ),
        _ if are_positive => {
            let writers = works(first).filter(|work| work.changed_bytes >= LEAST_BYTES);
            problem.with(match writers.count() {
                several @ 2.. => format!(
                    "seen: they are as before, and {several} threads changed memory: perhaps each \
                     of them negates the numbers"
                ),
                _ => "seen: they are as before: the thread changed no number, or a copy, or \
                      negated them twice"
                    .into(),
            })
        }
        _ => problem,
    };
    Err(problem.seen_in(first))
}
