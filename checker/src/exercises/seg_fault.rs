//! seg-fault: which worker dies of a segmentation fault, and does the program report it?

use super::reports::{Fate, Told, Words, Worker, Wrong};
use super::sums::{SUM_OF_1000, ends_with_sum, sum, sum_is};
use crate::judge::births::starts;
use crate::judge::ending::{ended, nothing_left, succeeded};
use crate::judge::plan::{Claim, Finding, Judge, NOT_JUDGED, Problem, Program, Seen};
use crate::judge::report::Verdict;
use crate::judge::text::{first_line, stdout};
use crate::seed::Seed;
use crate::wait_status::{end_in_words, signal_in_words};
use engine::{Call, End, Event, Fault, Kind, Run, Schedule, TaskRecord};
use nix::sys::signal::Signal;
use std::time::Duration;

/// The sums of the parts of 4 and of 29 workers, of an array of 1000 numbers.
const SUM_OF_PART_2_OF_4: i64 = 374_539 - 254_346;
const SUMS_OF_29: [i64; 29] = [
    18_213, 18_480, 19_677, 15_777, 17_460, 17_359, 15_981, 17_602, 18_136, 19_071, 17_626, 17_130,
    18_665, 14_264, 18_009, 14_225, 18_641, 17_382, 16_205, 18_248, 14_850, 14_542, 15_554, 18_849,
    13_809, 15_356, 17_020, 19_176, 18_821,
];

const TWO: &[&str] = &["2", "--len", "1000"];
const FOUR: &[&str] = &["4", "--len", "1000"];
/// Enough workers for victims whose numbers are no signals and no exit statuses of
/// other victims. 29 is not a multiple of a group size.
const TWENTY_NINE: &[&str] = &["29", "--len", "1000"];
const POSSIBLE_VICTIMS: [usize; 17] = [
    3, 4, 5, 12, 13, 14, 16, 17, 18, 19, 20, 21, 22, 23, 25, 27, 28,
];
/// A program may have room for 64 workers only. With a helper for each worker, it still stays
/// within the limit of tasks.
const MANY: &[&str] = &["100", "--len", "1000"];

pub(super) const THREADS: Judge<[Seen; 2]> = Judge {
    // Without the hold, thread 2 might end the process before the last thread is born.
    observe: |program| program.see([all_last(program, FOUR), program.run(TWO)]),
    checks: &[
        Claim::new(
            "a segmentation fault in one of 4 threads kills the whole process",
            0,
            |[four, _]| killed_with_all_its_threads(four),
        ),
        Claim::new(
            "without a thread 2 there is no fault, and the sum is right",
            0,
            |[_, two]| ends_with_sum(two, SUM_OF_1000),
        ),
    ],
};

/// A run that holds its workers. A program that does not wait continues without them.
fn all_last(program: &Program<'_>, args: &[&str]) -> Run {
    let workers_last = Schedule::WorkersLast(Vec::new());
    program.run(args).schedule(workers_last)
}

fn killed_with_all_its_threads(seen: &Seen) -> Finding {
    let observed = &seen.observed;
    starts(seen, Kind::Thread, 4..=4)?;
    if observed.end == End::Ended(libc::SIGSEGV) && observed.stdout.is_empty() {
        return Ok(());
    }
    let problem = Problem::new(Verdict::WrongOutput, "the fault does not end it")
        .with("expected: no output, killed by SIGSEGV")
        .with(match observed.end {
            End::Ended(status) => format!("seen: it {}", end_in_words(status)),
            _ => "seen: it did not end by itself".into(),
        });
    Err(problem.seen_in(seen))
}

pub(super) const PROCESSES: Judge<Runs> = Judge {
    observe,
    checks: &[
        Claim::new(
            "a segmentation fault in one of 4 processes kills that one",
            0,
            |runs| one_process_is_killed(&runs.four),
        ),
        Claim::new("the sum lacks exactly the part of process 2", 0, |runs| {
            let early = lacks_part_2(&runs.early);
            lacks_part_2(&runs.four.seen).map_err(|problem| match early {
                Ok(()) => Problem {
                    verdict: Verdict::DidNotWait,
                    message: "it adds the results before its processes have ended".into(),
                    ..problem
                },
                Err(_) => problem,
            })
        }),
        Claim::new(
            "it reports process 2 and the signal that killed it",
            15,
            |runs: &Runs| runs.reports_all(&runs.four),
        ),
        Claim::new(
            "it reports each killed process with its signal",
            8,
            |runs: &Runs| {
                let ((killed, sum), [_, (held, _)]) = (&runs.killed, &runs.failed);
                all_are_waited_for(held)?;
                runs.reports_all(killed)?;
                sum_is(&killed.seen, *sum)?;
                prints_a_sum_or_succeeds(&runs.many.seen)?;
                runs.reports_all(&runs.many)
            },
        ),
        Claim::new("it reports nothing when all end well", 4, |runs: &Runs| {
            nothing_left(&runs.two.seen)?;
            reports_something(&runs.four.seen)?;
            runs.reports_all(&runs.two)?;
            sum_is(&runs.two.seen, SUM_OF_1000)
        })
        .alone(),
        Claim::new(
            "it reports a process that exits with another status than 0",
            3,
            |runs: &Runs| {
                let mut failed = runs.failed.iter();
                failed.try_for_each(|(crew, _)| runs.reports_all(crew))?;
                runs.tells_signals_from_statuses()?;
                let mut failed = runs.failed.iter();
                failed.try_for_each(|(crew, sum)| sum_is(&crew.seen, *sum))
            },
        )
        .alone(),
    ],
};

pub(super) struct Runs {
    /// 4 workers, which run as early as possible. The third one faults.
    early: Seen,
    /// The same with workers that run as late as possible.
    four: Crew,
    /// 2 workers that end well. The second one ends first.
    two: Crew,
    /// 29 workers, and the sum of the remaining parts. The third worker faults and others are
    /// killed, two of them by the same signal. The first one is held.
    killed: (Crew, i64),
    /// 100 workers. The third one faults.
    many: Crew,
    /// Workers with an exit status other than 0: one of 2, and some of 29, two of them with the
    /// same status. The 29 workers are held.
    failed: [(Crew, i64); 2],
    /// The words in which the program reports failures.
    words: Words,
}

/// A run with workers.
struct Crew {
    seen: Seen,
    /// The lineages of the workers in the order of their numbers.
    lineages: Vec<Vec<usize>>,
    told: Told,
}

fn observe(program: &Program<'_>) -> Result<Runs, Problem> {
    let mut seed = Seed::new(program.seed());
    let [early_signal, signal] = seed.shuffled([Signal::SIGKILL, Signal::SIGTERM]);
    // The wait statuses of these signals also have the core dump bit.
    let [twin, ..] = seed.shuffled([Signal::SIGABRT, Signal::SIGFPE, Signal::SIGSEGV]);
    // Numbers with five bits. A table of names may end before them, or lack one.
    let [large, _] = seed.shuffled([Signal::SIGXCPU, Signal::SIGVTALRM]);
    let signals = [
        large,
        Signal::SIGSYS,
        Signal::SIGABRT,
        Signal::SIGBUS,
        Signal::SIGFPE,
        Signal::SIGUSR1,
    ];
    let signals = signals.into_iter().chain([signal, twin, twin]);
    // A wrong decoder mistakes these numbers for signals, for the exit statuses of a shell, or
    // for negative numbers.
    let [low, _] = seed.shuffled([6, 11]);
    let (high, any) = (seed.between(193, 255), seed.between(32, 192));
    let statuses = [1, low, low, 128 + low, high, any].into_iter();
    let [one, _] = seed.shuffled([0, 1]);

    let [early, victims @ ..] = seed.shuffled(POSSIBLE_VICTIMS);
    let first = |args| program.run(args).schedule(Schedule::WorkersFirst);
    let [first_four, two, twenty_nine, many] =
        program.see([first(FOUR), first(TWO), first(TWENTY_NINE), first(MANY)])?;
    let [of_four, of_two, of_29, of_many] = [&first_four, &two, &twenty_nine, &many].map(lineages);
    let kills = victims.into_iter().zip(signals.map(Fault::KilledAtEnd));
    let kills = kills.chain([(early, Fault::KilledAtBirth(early_signal))]);
    let exits = victims.into_iter().zip(statuses.map(Fault::Exits));
    let first_last = Schedule::WorkersLast(of_29.iter().take(1).cloned().collect());
    let of_2 = |worker: usize| of_two.get(worker).cloned().unwrap_or_default();
    let [four, two, killed, one_failed, some_failed] = program.see([
        all_last(program, FOUR),
        program
            .run(TWO)
            .schedule(Schedule::WorkersLast(vec![of_2(0)])),
        inject(program.run(TWENTY_NINE).schedule(first_last), &of_29, kills),
        program.run(TWO).inject(of_2(one), Fault::Exits(low)),
        inject(all_last(program, TWENTY_NINE), &of_29, exits),
    ])?;
    let [four, two, killed, many, one_failed, some_failed] = [
        Crew::new(four, of_four),
        Crew::new(two, of_two.clone()),
        Crew::new(killed, of_29.clone()),
        Crew::new(many, of_many),
        Crew::new(one_failed, of_two),
        Crew::new(some_failed, of_29),
    ];
    let with_failures = [&four, &killed, &many, &one_failed, &some_failed];
    // A worker killed at its end has stored its sum.
    let lost = [2, early].map(|number| SUMS_OF_29[number]);
    Ok(Runs {
        words: Words::learn(&with_failures.map(|crew| &crew.told)),
        early: first_four,
        four,
        two,
        killed: (killed, SUM_OF_1000 - lost.iter().sum::<i64>()),
        many,
        failed: [
            (one_failed, SUM_OF_1000),
            (some_failed, SUM_OF_1000 - SUMS_OF_29[2]),
        ],
    })
}

/// Injects faults into workers, which are given by their numbers.
fn inject(run: Run, workers: &[Vec<usize>], faults: impl Iterator<Item = (usize, Fault)>) -> Run {
    let known = faults.filter_map(|(worker, fault)| Some((workers.get(worker)?.clone(), fault)));
    known.fold(run, |run, (worker, fault)| run.inject(worker, fault))
}

/// The lineages of the workers in the order of their numbers. A program names its workers
/// `worker 0` and so on. If there are no such names, all processes that the program itself
/// created are workers, in the order of their births. A process created by a thread counts at
/// the birth of that thread.
fn lineages(seen: &Seen) -> Vec<Vec<usize>> {
    let observed = &seen.observed;
    let processes = || observed.created(Kind::Process);
    let named = processes().filter_map(|(_, task)| {
        let number = task.name.as_deref()?.strip_prefix("worker ")?;
        Some((number.parse::<usize>().ok()?, task.lineage.clone()))
    });
    let mut named: Vec<_> = named.collect();
    named.sort();
    let numbers = named.iter().map(|(number, _)| *number);
    if !named.is_empty() && numbers.eq(0..named.len()) {
        return named.into_iter().map(|(_, lineage)| lineage).collect();
    }
    let children = processes().filter(|(child, _)| observed.parent_of(*child) == Some(0));
    let mut lineages: Vec<_> = children.map(|(_, task)| task.lineage.clone()).collect();
    lineages.sort();
    lineages
}

impl Crew {
    fn new(seen: Seen, lineages: Vec<Vec<usize>>) -> Self {
        let stderr = String::from_utf8_lossy(&seen.observed.stderr);
        let told = Told::new(&stdout(&seen), &stderr, workers(&seen, &lineages));
        Self {
            seen,
            lineages,
            told,
        }
    }

    /// The workers with their numbers.
    fn tasks(&self) -> impl Iterator<Item = (usize, &TaskRecord)> {
        tasks(&self.seen, &self.lineages)
    }
}

fn tasks<'a>(
    seen: &'a Seen,
    lineages: &'a [Vec<usize>],
) -> impl Iterator<Item = (usize, &'a TaskRecord)> {
    let workers = lineages.iter().enumerate();
    let workers = workers.filter_map(|(number, lineage)| Some((number, seen.task(lineage)?)));
    workers.filter(|(_, task)| task.kind == Kind::Process)
}

fn workers(seen: &Seen, lineages: &[Vec<usize>]) -> Vec<Worker> {
    let observed = &seen.observed;
    let reaped = observed
        .events
        .iter()
        .filter_map(|(_, task, event)| match event {
            Event::Reaped(child) if observed.process_of(*task) == 0 => {
                Some(observed.tasks[*child].tid)
            }
            _ => None,
        });
    let is_worker = |tid: &i32| tasks(seen, lineages).any(|(_, task)| task.tid == *tid);
    let reaped: Vec<i32> = reaped.filter(is_worker).collect();
    let workers = tasks(seen, lineages).map(|(number, child)| {
        let processes = observed.created(Kind::Process);
        let own = processes.filter(|(_, task)| task.lineage.starts_with(&child.lineage));
        let own: Vec<_> = own.map(|(_, task)| task).collect();
        // A worker, or its end, may kill its own helper.
        let is_killed_helper = |task: &TaskRecord| task.lineage != child.lineage && is_killed(task);
        let others = own.iter().filter(|task| !is_killed_helper(task));
        Worker {
            number,
            fates: others.filter_map(|task| fate(task)).collect(),
            pids: own.iter().map(|task| task.tid).collect(),
            place: reaped.iter().position(|tid| *tid == child.tid),
        }
    });
    workers.collect()
}

fn one_process_is_killed(crew: &Crew) -> Finding {
    let seen = &crew.seen;
    ended(seen)?;
    let workers = &crew.told.workers;
    if workers.is_empty() {
        let threads = seen.observed.created(Kind::Thread).count();
        let message = match threads {
            0 => "it starts no processes",
            _ => "it starts threads; processes are asked for",
        };
        return Err(Problem::new(Verdict::NoWorker, message).seen_in(seen));
    }
    all_are_waited_for(crew)?;
    let killed_by = |worker: &Worker| {
        worker.fates.iter().find_map(|fate| match fate {
            Fate::Killed(signal) => Some(*signal),
            Fate::Exited(_) => None,
        })
    };
    let signals: Vec<_> = workers.iter().map(killed_by).collect();
    // A helper process may follow, for example to write the reports.
    let expected = [None, None, Some(libc::SIGSEGV), None];
    if !signals.starts_with(&expected) || signals[4..].iter().any(Option::is_some) {
        let message = "process 2 of 4, and no other, should be killed by SIGSEGV (11)";
        let mut problem = Problem::new(Verdict::WrongOutput, message)
            .with(format!("seen: {} processes", workers.len()));
        for (number, signal) in signals.iter().enumerate() {
            if let Some(signal) = signal {
                let how = signal_in_words(*signal);
                problem = problem.with(format!("seen: process {number} was killed by {how}"));
            }
        }
        if signals.iter().all(Option::is_none) {
            problem = problem.with("seen: none of them was killed");
            // A program may start fewer than 3 processes.
            if let Some((_, status)) = crew.tasks().nth(2).and_then(|(_, child)| child.ended) {
                problem = problem.with(format!("seen: process 2 {}", end_in_words(status)));
            }
        }
        return Err(problem.seen_in(seen));
    }
    nothing_left(seen)
}

fn lacks_part_2(seen: &Seen) -> Finding {
    prints_a_sum_or_succeeds(seen)?;
    sum_is(seen, SUM_OF_1000 - SUM_OF_PART_2_OF_4)
}

/// A program may end with a failure after it has printed the sum.
fn prints_a_sum_or_succeeds(seen: &Seen) -> Finding {
    match sum(seen) {
        Ok(_) => Ok(()),
        Err(_) => succeeded(seen),
    }
}

fn all_are_waited_for(crew: &Crew) -> Finding {
    let seen = &crew.seen;
    let (events, tasks) = (&seen.observed.events, &seen.observed.tasks);
    let mut output = events.iter();
    let output = output.find(|(.., event)| *event == Event::Called(Call::Write(1)));
    let output = output.map_or(Duration::MAX, |(time, ..)| *time);
    let did_not_wait = |message: &str| {
        let waited_for = numbers_of(crew, |task| {
            let is_own = |child: usize| tasks[child].tid == task.tid;
            let mut before = events.iter().take_while(|(time, ..)| *time < output);
            before.any(|(.., event)| matches!(event, Event::Reaped(child) if is_own(*child)))
        });
        let problem = Problem::new(Verdict::DidNotWait, message)
            .with(format!("seen: it waited for {waited_for}"))
            .where_it_went_on(seen);
        Err(problem.seen_in(seen))
    };
    let kills = [Fault::KilledAtBirth, Fault::KilledAtEnd].map(|fault| fault(Signal::SIGKILL));
    let mut faults = seen.run.faults().values();
    if crew.tasks().any(|(_, task)| is_killed(task)) && !faults.any(|fault| kills.contains(fault)) {
        // The program may have stopped because of an error.
        succeeded(seen)?;
        let killed = numbers_of(crew, is_killed);
        let message = format!("it does not wait for {killed}: the program, or its end, kills it");
        return did_not_wait(&message);
    }
    let runs_too_late = |task: &TaskRecord| {
        let printed = String::from_utf8_lossy(&seen.observed.stdout[..task.released.unwrap_or(0)]);
        // The program may create a helper process after the output.
        printed.contains("Array sum") && task.born < output
    };
    if crew.tasks().any(|(_, task)| runs_too_late(task)) {
        let message = "it prints the sum while a process has not even begun";
        return did_not_wait(message);
    }
    if crew.tasks().any(|(_, task)| task.reaped_by.is_none()) {
        let not_reaped = numbers_of(crew, |task| task.reaped_by.is_none());
        return did_not_wait(&format!("it does not wait for {not_reaped}"));
    }
    Ok(())
}

/// Some workers by their numbers.
fn numbers_of(crew: &Crew, is_one: impl Fn(&TaskRecord) -> bool) -> String {
    let ones = crew.tasks().filter(|(_, task)| is_one(task));
    let numbers: Vec<String> = ones.map(|(number, _)| number.to_string()).collect();
    match numbers.as_slice() {
        [] => "no process".into(),
        [number] => format!("process {number}"),
        numbers => format!("processes {}", numbers.join(", ")),
    }
}

/// How a task ended, if it did not end well.
fn fate(task: &TaskRecord) -> Option<Fate> {
    match task.ended.map_or(0, |(_, status)| status) {
        0 => None,
        status if libc::WIFSIGNALED(status) => Some(Fate::Killed(libc::WTERMSIG(status))),
        status => Some(Fate::Exited(libc::WEXITSTATUS(status))),
    }
}

fn is_killed(task: &TaskRecord) -> bool {
    fate(task) == Some(Fate::Killed(libc::SIGKILL))
}

/// A program that reports nothing also reports nothing when all workers end well.
fn reports_something(seen: &Seen) -> Finding {
    match seen.observed.stderr.is_empty() {
        false => Ok(()),
        true => Err(Problem::new(Verdict::WrongOutput, NOT_JUDGED)),
    }
}

/// The number of other lines that are quoted beside the wrong one.
const MOST_OTHERS: usize = 4;

impl Runs {
    /// Checks that each worker of this run that did not end well is reported, and no other worker.
    fn reports_all(&self, crew: &Crew) -> Finding {
        ended(&crew.seen)?;
        all_are_waited_for(crew)?;
        self.words.are_right(&crew.told).or_else(|wrong| {
            prints_a_sum_or_succeeds(&crew.seen)?;
            Err(problem(wrong, &crew.seen))
        })
    }

    fn tells_signals_from_statuses(&self) -> Finding {
        let [killed, failed] = [&self.killed.0, &self.failed[1].0];
        let differ = self.words.differ(&killed.told, &failed.told);
        differ.map_err(|wrong| problem(wrong, &failed.seen))
    }
}

fn problem(wrong: Wrong, seen: &Seen) -> Problem {
    let stderr = String::from_utf8_lossy(&seen.observed.stderr);
    let others = stderr.lines().filter(|other| !wrong.line.contains(other));
    let problem = Problem::new(Verdict::WrongOutput, wrong.message);
    let problem = problem.with(format!("seen: {}", wrong.line));
    let others = others.take(MOST_OTHERS);
    let problem = others.fold(problem, |problem, other| {
        problem.with(format!("also seen: {}", first_line(other)))
    });
    problem.seen_in(seen)
}
