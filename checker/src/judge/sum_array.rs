//! sum-array: is the sum right, and who has found it?

use super::ending::{again, ended_well};
use super::plan::{FREE, Finding, Plan, PlannedCheck, PlannedRun, Problem, Seen};
use super::report::Verdict;
use super::text::sum_is;
use crate::engine::Kind;

/// The sum of the first 1000 numbers.
const SUM_OF_1000: i64 = 498_620;

const LEN: [&str; 2] = ["--len", "1000"];

const RIGHT_SUM: PlannedCheck = PlannedCheck {
    name: "the sum is right",
    points: 0,
    judge: |seen| {
        for seen in seen {
            ended_well(seen)?;
            sum_is(seen, SUM_OF_1000)?;
        }
        Ok(())
    },
};

/// With 3 workers and with 7.
const WITH_WORKERS: &[PlannedRun] = &[
    PlannedRun {
        args: &["3", LEN[0], LEN[1]],
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
        PlannedCheck {
            name: "it starts as many processes as it is told to",
            points: 0,
            judge: |seen| as_many_as_asked(seen, Kind::Process),
        },
    ],
);

pub(super) const SEQUENTIAL: Plan = Plan::new(
    &[PlannedRun { args: &LEN, ..FREE }],
    &[
        RIGHT_SUM,
        PlannedCheck {
            name: "it starts nobody",
            points: 0,
            judge: |seen| {
                created(&seen[0], Kind::Thread, 0).and(created(&seen[0], Kind::Process, 0))
            },
        },
    ],
);

const AS_MANY_THREADS: PlannedCheck = PlannedCheck {
    name: "it starts as many threads as it is told to",
    points: 0,
    judge: |seen| as_many_as_asked(seen, Kind::Thread),
};

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
