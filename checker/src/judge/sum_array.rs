//! sum-array: is the sum right, and who has found it?

use super::ending::{again, ended_well};
use super::plan::{FREE, Finding, Plan, PlannedCheck, PlannedRun, Problem, Seen};
use super::report::Verdict;
use super::sums::{SUM_OF_1000, sum_is};
use crate::engine::Kind;

const LEN: [&str; 2] = ["--len", "1000"];

/// What 3 workers find in their parts of them.
const SUMS_OF_PARTS: [i64; 3] = [170_802, 333_938 - 170_802, SUM_OF_1000 - 333_938];

const RIGHT_SUM: PlannedCheck = PlannedCheck::of_output("the sum is right", 0, sums_are_right);

const AS_MANY_THREADS: PlannedCheck =
    PlannedCheck::of_tracing("it starts as many threads as it is told to", 0, |seen| {
        as_many_as_asked(seen, Kind::Thread)
    });

/// With 3 workers and with 7.
const WITH_WORKERS: &[PlannedRun] = &[
    PlannedRun {
        args: &["3", LEN[0], LEN[1]],
        watches_shared_memory: true,
        ..FREE
    },
    PlannedRun {
        args: &["7", LEN[0], LEN[1]],
        ..FREE
    },
];

pub(super) const THREADS: Plan = Plan::new(WITH_WORKERS, &[RIGHT_SUM, AS_MANY_THREADS]);
pub(super) const REDUCE: Plan = Plan::new(WITH_WORKERS, &[RIGHT_SUM, AS_MANY_THREADS]);
pub(super) const PROCESSES: Plan = Plan::new(
    WITH_WORKERS,
    &[
        RIGHT_SUM,
        PlannedCheck::of_tracing("it starts as many processes as it is told to", 0, |seen| {
            as_many_as_asked(seen, Kind::Process)
        }),
        PlannedCheck::of_tracing(
            "the processes leave their results in memory that they share",
            0,
            |seen| results_are_shared(&seen[0]),
        ),
    ],
);

pub(super) const SEQUENTIAL: Plan = Plan::new(
    &[PlannedRun { args: &LEN, ..FREE }],
    &[
        RIGHT_SUM,
        PlannedCheck::of_tracing("it starts nobody", 0, |seen| {
            created(&seen[0], Kind::Thread, 0).and(created(&seen[0], Kind::Process, 0))
        }),
    ],
);

fn sums_are_right(seen: &[Seen]) -> Finding {
    for seen in seen {
        ended_well(seen)?;
        sum_is(seen, SUM_OF_1000)?;
    }
    Ok(())
}

fn as_many_as_asked(seen: &[Seen], kind: Kind) -> Finding {
    created(&seen[0], kind, 3)?;
    created(&seen[1], kind, 7)
}

fn created(seen: &Seen, kind: Kind, expected: usize) -> Finding {
    let created = seen.observed.created(kind).count();
    if created == expected {
        return Ok(());
    }
    let what = match kind {
        Kind::Thread => "threads",
        Kind::Process => "processes",
    };
    let message = format!("it starts {created} {what} instead of {expected}");
    Err(again(Problem::new(Verdict::NoWorker, message), seen))
}

/// Who ends last can see what the others have found.
fn results_are_shared(seen: &Seen) -> Finding {
    let mut ends = seen.observed.shared_memory.iter();
    let last_child = ends.rfind(|(process, _)| *process != 0);
    let memory = last_child.map_or(&[][..], |(_, memory)| memory);
    let (results, _) = memory.as_chunks::<{ size_of::<i64>() }>();
    let results: Vec<i64> = results.iter().copied().map(i64::from_ne_bytes).collect();
    if results.windows(3).any(|results| results == SUMS_OF_PARTS) {
        return Ok(());
    }
    let message = "the results are not in memory that the processes share";
    let problem = Problem::new(Verdict::WrongOutput, message).with(format!(
        "expected: {SUMS_OF_PARTS:?} when the last one ends"
    ));
    Err(again(problem, seen))
}
