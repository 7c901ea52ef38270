//! Describes the checker's intervention in a run, in words and as options of `cargo lab trace`.

use engine::{Call, End, Event, Fault, Observed, Run, Schedule};
use nix::sys::signal::Signal;
use std::str::FromStr;

/// The options of `cargo lab trace` for the intervention in this run.
pub(crate) fn options(run: &Run) -> Vec<String> {
    let mut options = Vec::new();
    match run.get_schedule() {
        // Without the checker, the program prints the same after the sleeps.
        Schedule::Free | Schedule::WithoutSleeps => {}
        Schedule::WorkersFirst => options.push("--workers-first".into()),
        Schedule::WorkersLast(workers) if workers.is_empty() => options.push("--hold".into()),
        Schedule::WorkersLast(workers) => {
            let workers = workers.iter().map(|worker| dotted(worker));
            options.push(format!("--hold={}", workers.collect::<Vec<_>>().join(",")));
        }
        Schedule::EndsLast(worker) => options.push(format!("--hold-end={}", dotted(worker))),
    }
    let faults = run.faults().iter().map(|(child, fault)| {
        let child = dotted(child);
        match fault {
            Fault::KilledAtBirth(signal) => format!("{child}:birth:{signal}"),
            Fault::KilledAtEnd(signal) => format!("{child}:{signal}"),
            Fault::Exits(status) => format!("{child}:{status}"),
            Fault::Stopped => format!("{child}:stop"),
        }
    });
    let faults = faults.collect::<Vec<_>>().join(",");
    if !faults.is_empty() {
        options.push(format!("--fault={faults}"));
    }
    options
}

/// The intervention in this run, for a reader of the report.
pub(crate) fn in_words(run: &Run) -> Vec<String> {
    let held = match run.get_schedule() {
        Schedule::Free | Schedule::WithoutSleeps | Schedule::WorkersFirst => None,
        Schedule::WorkersLast(workers) => Some(match workers.as_slice() {
            [only] if only.len() > 1 => "a worker of a worker back".into(),
            [only] => format!("worker {} back (counted from 0)", dotted(only)),
            [] => "all workers back".into(),
            some => {
                let some: Vec<String> = some.iter().map(|worker| dotted(worker)).collect();
                format!("the workers {} back (counted from 0)", some.join(", "))
            }
        }),
        Schedule::EndsLast(_) => Some("the child back before its end".into()),
    };
    let held = held.map(|held| {
        format!("in this run the checker held {held} as long as the program could go on")
    });
    let faults = run.faults().iter().map(|(child, fault)| {
        let child = dotted(child);
        match fault {
            Fault::KilledAtBirth(signal) => {
                format!("child {child} was killed by {signal} at its start")
            }
            Fault::KilledAtEnd(signal) => format!("child {child} was killed by {signal}"),
            Fault::Exits(status) => format!("child {child} exited with status {status}"),
            Fault::Stopped => format!("child {child} was stopped for a moment by SIGSTOP"),
        }
    });
    let faults = faults.collect::<Vec<_>>().join(", ");
    let injected = (!faults.is_empty())
        .then(|| format!("in this run the checker saw to it that {faults} (counted from 0)"));
    held.into_iter().chain(injected).collect()
}

/// The same for a run that the engine may have made wait forever in `pause(2)`.
pub(crate) fn lost_signals(run: &Run, observed: &Observed) -> Option<String> {
    let pauses = |(_, task, event): &(_, _, _)| *task == 0 && *event == Event::Called(Call::Pause);
    let is_lost = *run.get_schedule() == Schedule::WithoutSleeps
        && !matches!(observed.end, End::Ended(_))
        && observed.events.iter().any(pauses);
    is_lost.then(|| {
        "in this run all signals for it came just before it called pause(2), which waits \
         for the next one: sigsuspend(2) unblocks a signal and waits, in one step"
            .into()
    })
}

/// The form in which [`lineage`] reads a worker.
fn dotted(lineage: &[usize]) -> String {
    let numbers: Vec<String> = lineage.iter().map(usize::to_string).collect();
    numbers.join(".")
}

/// Parses a worker: `0`, or `1.2` for the third worker of the second one.
///
/// # Errors
///
/// The text has another form.
pub fn lineage(text: &str) -> Result<Vec<usize>, String> {
    let numbers: Result<_, _> = text.split('.').map(str::parse).collect();
    numbers.map_err(|_| "a worker is a number, such as 0, or several, such as 1.2".into())
}

/// Parses the workers of `--hold`: `0,1.2`, or nothing for all of them.
///
/// # Errors
///
/// The text has another form.
pub fn lineages(text: &str) -> Result<Vec<Vec<usize>>, String> {
    let workers = text.split(',').filter(|worker| !worker.is_empty());
    workers.map(lineage).collect()
}

/// Parses a fault of `--fault`: `2:SIGTERM`, `2:birth:SIGKILL`, `2:stop` or `2:7`.
///
/// # Errors
///
/// The text has another form.
pub fn fault(text: &str) -> Result<(Vec<usize>, Fault), String> {
    let parts: Vec<&str> = text.split(':').collect();
    let fault = match parts.as_slice() {
        [_, "stop"] => Some(Fault::Stopped),
        [_, "birth", signal] => Signal::from_str(signal).ok().map(Fault::KilledAtBirth),
        [_, what] => match what.parse() {
            Ok(status) => Some(Fault::Exits(status)),
            Err(_) => Signal::from_str(what).ok().map(Fault::KilledAtEnd),
        },
        _ => None,
    };
    let both = lineage(parts[0]).ok().zip(fault);
    both.ok_or("a fault is CHILD:SIGNAL, CHILD:birth:SIGNAL, CHILD:stop or CHILD:STATUS".into())
}

#[cfg(test)]
mod tests {
    use super::{fault, in_words, lineage, lineages, options};
    use engine::{Fault, Run, Schedule};
    use nix::sys::signal::Signal;

    #[test]
    fn options_are_read_as_they_are_written() {
        let faults = [
            (vec![0], Fault::KilledAtBirth(Signal::SIGKILL)),
            (vec![3], Fault::KilledAtEnd(Signal::SIGABRT)),
            (vec![12, 1], Fault::Exits(255)),
            (vec![13], Fault::Stopped),
        ];
        for workers in [vec![], vec![vec![0], vec![1, 2]]] {
            let run = Run::new("/bin/true").schedule(Schedule::WorkersLast(workers.clone()));
            let inject =
                |run: Run, (child, fault): &(Vec<usize>, Fault)| run.inject(child.clone(), *fault);
            let options = options(&faults.iter().fold(run, inject));
            let hold = options[0].strip_prefix("--hold").expect("an option");
            assert_eq!(lineages(hold.trim_start_matches('=')), Ok(workers));
            let text = options[1].strip_prefix("--fault=").expect("an option");
            let read: Result<Vec<_>, _> = text.split(',').map(fault).collect();
            assert_eq!(read.as_deref(), Ok(&faults[..]));
        }
        let run = Run::new("/bin/true").schedule(Schedule::EndsLast(vec![1, 2]));
        let options = options(&run);
        let worker = options[0].strip_prefix("--hold-end=").expect("an option");
        assert_eq!(lineage(worker), Ok(vec![1, 2]));
        for wrong in ["", "1", "x:7", "1:SIGNOT", "1:256", "1:birth:7", "1:2:3"] {
            assert!(fault(wrong).is_err(), "{wrong}");
        }
        assert!(lineages("a").is_err());
    }

    #[test]
    fn the_held_workers_are_named() {
        for (workers, words) in [
            (vec![], "held all workers back as"),
            (vec![vec![3]], "held worker 3 back (counted from 0) as"),
            (
                vec![vec![0], vec![2]],
                "held the workers 0, 2 back (counted from 0) as",
            ),
        ] {
            let run = Run::new("/bin/true").schedule(Schedule::WorkersLast(workers));
            let told = in_words(&run);
            assert!(told[0].contains(words), "{told:?}");
        }
    }
}
