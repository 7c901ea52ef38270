//! memory-corruption: which workers see the corruptor's writes?

use super::sums::{ends_with_sum, sum};
use crate::judge::ending::ended_well;
use crate::judge::plan::{Claim, Finding, Judge, Problem, Program, Seen};
use crate::judge::report::Verdict;
use engine::{Kind, Schedule};

/// The sum of all 10,000,000 numbers.
const RIGHT: i64 = 505_013_557;

/// Runs without corruption and with corruption.
type Runs = [Seen; 2];

fn observe(program: &Program<'_>) -> Result<Runs, Problem> {
    let [without] = program.see([program.run(&["2", "--pages", "small"])])?;
    // Threads that fill the array are born first. The corruptor is born after the two workers.
    // They are held until it has ended, so the result does not depend on luck.
    let born = without.observed.tasks.iter().skip(1).rev().take(2);
    let workers = born.map(|task| task.lineage.clone()).collect();
    let [with] = program.see([program
        .run(&["2", "corrupt", "--pages", "small"])
        .schedule(Schedule::WorkersLast(workers))])?;
    Ok([without, with])
}

const RIGHT_SUM: Claim<Runs> =
    Claim::new("without corruption the sum is right", 0, |[without, _]| {
        ends_with_sum(without, RIGHT)
    });

pub(super) const THREADS: Judge<Runs> = Judge {
    observe,
    checks: &[
        RIGHT_SUM,
        Claim::new(
            "with a corrupting thread the sum is negative",
            0,
            |[_, with]| is_negative(with),
        ),
    ],
};

pub(super) const PROCESSES: Judge<Runs> = Judge {
    observe,
    checks: &[
        RIGHT_SUM,
        Claim::new(
            "with a corrupting process the sum is right all the same",
            0,
            |[_, with]| ends_with_sum(with, RIGHT),
        ),
        Claim::new(
            "the corrupting process writes to copies of the pages",
            0,
            |[_, with]| copies_its_pages(with),
        ),
    ],
};

fn is_negative(seen: &Seen) -> Finding {
    ended_well(seen)?;
    let sum = sum(seen)?;
    if sum < 0 {
        return Ok(());
    }
    let problem =
        Problem::new(Verdict::WrongOutput, "the sum is not negative").with(format!("seen: {sum}"));
    Err(problem.seen_in(seen))
}

/// The last child has a page fault for each page of the array. The other children only read,
/// and have no such faults.
fn copies_its_pages(seen: &Seen) -> Finding {
    let children = seen.observed.created(Kind::Process);
    let faults: Vec<u64> = children.filter_map(|(_, task)| task.minor_faults).collect();
    let page_bytes = nix::unistd::sysconf(nix::unistd::SysconfVar::PAGE_SIZE);
    let page_bytes = page_bytes.ok().flatten();
    let page_bytes = page_bytes.and_then(|bytes| u64::try_from(bytes).ok());
    let pages = 40_000_000 / page_bytes.unwrap_or(4096);
    if let [readers @ .., writer] = faults.as_slice()
        && *writer >= pages
        && readers.iter().all(|reader| *reader < pages)
    {
        return Ok(());
    }
    let message = "the page faults of the children do not show it";
    let problem = Problem::new(Verdict::WrongOutput, message)
        .with(format!(
            "expected: at least {pages} for the last child only"
        ))
        .with(format!("seen: {faults:?}"));
    Err(problem.seen_in(seen))
}
