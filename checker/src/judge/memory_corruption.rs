//! memory-corruption: who sees what a stray worker writes?

use super::ending::{again, ended_well};
use super::plan::{FREE, Finding, Plan, PlannedCheck, PlannedRun, Problem, Seen};
use super::report::Verdict;
use super::sums::{sum, sum_is};
use crate::engine::Kind;

/// The sum of all 10,000,000 numbers.
const RIGHT: i64 = 505_126_203;

const RUNS: &[PlannedRun] = &[
    PlannedRun {
        args: &["2", "--pages", "small"],
        ..FREE
    },
    PlannedRun {
        args: &["2", "corrupt", "--pages", "small"],
        ..FREE
    },
];

const RIGHT_SUM: PlannedCheck =
    PlannedCheck::of_output("without corruption the sum is right", 0, |seen| {
        is_right(&seen[0])
    });

pub(super) const THREADS: Plan = Plan::new(
    RUNS,
    &[
        RIGHT_SUM,
        PlannedCheck::of_output("with a corrupting thread the sum is negative", 0, |seen| {
            is_negative(&seen[1])
        }),
    ],
);

pub(super) const PROCESSES: Plan = Plan::new(
    RUNS,
    &[
        RIGHT_SUM,
        PlannedCheck::of_output(
            "with a corrupting process the sum is right all the same",
            0,
            |seen| is_right(&seen[1]),
        ),
        PlannedCheck::of_tracing(
            "the corrupting process writes to copies of the pages",
            0,
            |seen| copies_its_pages(&seen[1]),
        ),
    ],
);

fn is_right(seen: &Seen) -> Finding {
    ended_well(seen)?;
    sum_is(seen, RIGHT)
}

fn is_negative(seen: &Seen) -> Finding {
    ended_well(seen)?;
    let sum = sum(seen)?;
    if sum < 0 {
        return Ok(());
    }
    let problem =
        Problem::new(Verdict::WrongOutput, "the sum is not negative").with(format!("seen: {sum}"));
    Err(again(problem, seen))
}

/// The last child has a page fault for each page of the array, and the others,
/// who only read, have not.
fn copies_its_pages(seen: &Seen) -> Finding {
    let faults: Vec<u64> = seen
        .observed
        .created(Kind::Process)
        .filter_map(|(_, task)| task.minor_faults)
        .collect();
    let page_bytes = nix::unistd::sysconf(nix::unistd::SysconfVar::PAGE_SIZE)
        .ok()
        .flatten();
    let page_bytes = page_bytes
        .and_then(|bytes| u64::try_from(bytes).ok())
        .unwrap_or(4096);
    let pages = 40_000_000 / page_bytes;
    match faults.as_slice() {
        [readers @ .., writer] if *writer >= pages && readers.iter().all(|r| *r < pages) => Ok(()),
        _ => {
            let message = "the page faults of the children do not show it";
            let problem = Problem::new(Verdict::WrongOutput, message)
                .with(format!(
                    "expected: at least {pages} for the last child only"
                ))
                .with(format!("seen: {faults:?}"));
            Err(again(problem, seen))
        }
    }
}
