//! sum-array: is the sum right, and which tasks computed it?

use super::sums::{SUM_OF_1000, ends_with_sum};
use crate::judge::births::starts;
use crate::judge::plan::{Claim, Finding, Judge, Problem, Seen};
use crate::judge::report::Verdict;
use engine::Kind;

const ONE: &[&str] = &["--len", "1000"];
const THREE: &[&str] = &["3", "--len", "1000"];
const SEVEN: &[&str] = &["7", "--len", "1000"];

/// The sums of the parts of 3 workers.
const SUMS_OF_PARTS: [i64; 3] = [172_033, 337_482 - 172_033, SUM_OF_1000 - 337_482];

/// Runs with 3 workers and with 7 workers.
type Runs = [Seen; 2];

const RIGHT_SUM: Claim<Runs> = Claim::new("the sum is right", 0, |runs| {
    runs.iter()
        .try_for_each(|run| ends_with_sum(run, SUM_OF_1000))
});

/// Also the judge of `reduce`.
pub(super) const THREADS: Judge<Runs> = Judge {
    observe: |program| program.see([program.run(THREE), program.run(SEVEN)]),
    checks: &[
        RIGHT_SUM,
        Claim::new("it starts as many threads as it is told to", 0, |runs| {
            as_many_as_asked(runs, Kind::Thread)
        }),
    ],
};

pub(super) const PROCESSES: Judge<Runs> = Judge {
    observe: |program| {
        let three = program.run(THREE).watch_shared_memory();
        program.see([three, program.run(SEVEN)])
    },
    checks: &[
        RIGHT_SUM,
        Claim::new("it starts as many processes as it is told to", 0, |runs| {
            as_many_as_asked(runs, Kind::Process)
        }),
        Claim::new(
            "the processes leave their results in memory that they share",
            0,
            |[three, _]| results_are_shared(three),
        ),
    ],
};

pub(super) const SEQUENTIAL: Judge<[Seen; 1]> = Judge {
    observe: |program| program.see([program.run(ONE)]),
    checks: &[
        Claim::new("the sum is right", 0, |[run]| {
            ends_with_sum(run, SUM_OF_1000)
        }),
        Claim::new("it starts no thread and no process", 0, |[run]| {
            starts(run, Kind::Thread, 0..=0).and(starts(run, Kind::Process, 0..=0))
        }),
    ],
};

fn as_many_as_asked([three, seven]: &Runs, kind: Kind) -> Finding {
    starts(three, kind, 3..=3)?;
    starts(seven, kind, 7..=7)
}

/// At its end, the last process can read the results of the others in shared memory.
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
    Err(problem.seen_in(seen))
}
