//! A child process writes a message to a file.

use crate::judge::ending::{ended, ended_well, succeeded, with_stderr};
use crate::judge::plan::{Claim, Finding, Judge, Problem, Program, Seen};
use crate::judge::report::Verdict;
use crate::judge::text::{first_line, stdout};
use engine::{End, Fault, Kind, Schedule, TaskRecord};
use nix::sys::signal::Signal;

const MESSAGE: &str = "Now you see me, now you don't";
/// Has the same length as the message.
const MARK: &str = "Now you see it, now you won't";
const FILE: &str = "message.txt";

pub(in super::super) const PROCESSES: Judge<Runs> = Judge {
    observe,
    checks: &[
        Claim::new(
            "the program waits for its child before it opens the file",
            14,
            waits_for_the_child,
        ),
        Claim::new(
            "it prints what the child has written",
            3,
            prints_the_message,
        ),
        Claim::new(
            "it fails and prints no message when the child was killed",
            3,
            prints_nothing_without_a_child,
        ),
    ],
};

pub(in super::super) struct Runs {
    /// A run that the system schedules, without sleeps.
    free: Seen,
    /// The children run first.
    first: Seen,
    /// The lineage of the child that writes the file, if there is one.
    writer: Option<Vec<usize>>,
    /// This child runs last.
    last: Seen,
    /// This child runs last, and the checker changes the file at its end.
    marked: Seen,
    /// As above, and the checker also changes the file earlier.
    marked_early: Seen,
    /// This child runs first, and ends last. The checker changes the file at its end.
    late: Seen,
    /// This child is stopped at its birth, and continues later.
    stopped: Seen,
    /// This child is killed at its birth. The engine skips the sleeps of its parent.
    killed: Seen,
}

fn observe(program: &Program<'_>) -> Result<Runs, Problem> {
    let run = || program.run(&[FILE]);
    let [free, first] = program.see([
        run().schedule(Schedule::WithoutSleeps),
        run().schedule(Schedule::WorkersFirst).text(MESSAGE, ""),
    ])?;
    // Without an end, there is nothing else to check.
    ended(&free)?;
    // The first child that ends with a message that did not exist before.
    let children = first.observed.created(Kind::Process);
    let writers = children.filter(|(_, task)| task.files_with_text > 0);
    let writer = writers.min_by_key(|(_, task)| task.ending);
    let writer = writer.map(|(_, task)| task.lineage.clone());
    let workers = Schedule::WorkersLast(writer.iter().cloned().collect());
    let held = || run().schedule(workers.clone());
    let ends_last = writer.clone().map_or(Schedule::Free, Schedule::EndsLast);
    let first_with = |fault| {
        run()
            .schedule(Schedule::WorkersFirst)
            .inject(writer.clone().unwrap_or(vec![0]), fault)
            .text(MESSAGE, "")
    };
    let [last, marked, marked_early, late, stopped, killed] = program.see([
        held(),
        held().text(MESSAGE, MARK),
        held().text(MESSAGE, MARK).replace_early(),
        run().schedule(ends_last).text(MESSAGE, MARK),
        first_with(Fault::Stopped).watch_waits(),
        first_with(Fault::KilledAtBirth(Signal::SIGKILL)),
    ])?;
    let goes_on = |seen: &Seen| writer.iter().any(|writer| goes_on_before(writer, seen));
    let last = program.watched(last, held(), goes_on)?;
    Ok(Runs {
        free,
        first,
        writer,
        last,
        marked,
        marked_early,
        late,
        stopped,
        killed,
    })
}

fn waits_for_the_child(runs: &Runs) -> Finding {
    let (first, last, late, stopped) = (&runs.first, &runs.last, &runs.late, &runs.stopped);
    let no_worker = |message: &str| {
        Err(with_stderr(Problem::new(Verdict::NoWorker, message), first).seen_in(first))
    };
    if first.observed.created(Kind::Process).next().is_none() {
        return no_worker(match first.observed.created(Kind::Thread).next() {
            Some(_) => "it starts a thread; a process is asked for",
            None => "it starts no process",
        });
    }
    let Some(writer) = &runs.writer else {
        ended(first)?;
        let children = first.observed.created(Kind::Process);
        let mut own = children.filter(|(_, task)| task.creator == Some(0));
        if own.any(|(index, _)| first.observed.left_running.contains(&index)) {
            let message = "it goes on while its child is still there";
            let problem = Problem::new(Verdict::DidNotWait, message);
            return Err(problem.where_it_went_on(first).seen_in(first));
        }
        ended_well(first)?;
        // A child may write another text.
        if stdout(&runs.killed) != stdout(first) && !stdout(first).contains(MESSAGE) {
            return Ok(());
        }
        return no_worker("no child of it writes the message to a file");
    };
    ended(last)?;
    let did_not_wait = |how: &str, seen: &Seen| {
        let message = "it does not wait for the end of the child that writes the file";
        let mut tasks = seen.observed.tasks.iter();
        let number = tasks.rposition(|task| task.lineage == *writer);
        let child = number.map_or("this child".into(), |number| format!("process {number}"));
        let problem = Problem::new(Verdict::DidNotWait, message)
            .with(format!(
                "expected: a wait for the end of {child}, and then the file is opened"
            ))
            .with(format!("seen: {how}"))
            .where_it_went_on(seen)
            .what_it_did_instead(seen)
            .who_started_whom(seen);
        Err(problem.seen_in(seen))
    };
    if goes_on_before(writer, last) {
        return did_not_wait("while the child was held back, the program went on", last);
    }
    if let Some(seen) = reads_too_early(runs) {
        let how = "it read the file, not empty any more, while the child had not ended yet";
        return did_not_wait(how, seen);
    }
    if goes_on_before(writer, late) {
        let how = "while the child had not ended yet, the program went on";
        return did_not_wait(how, late);
    }
    if prints_message(first) && !prints_message(stopped) && goes_on_before(writer, stopped) {
        let how = "when the child was only stopped (by SIGSTOP), the program went on";
        return did_not_wait(how, stopped);
    }
    let status = last.task(writer).and_then(|writer| writer.ended);
    let is_killed = status.is_some_and(|(_, status)| status == libc::SIGKILL);
    let needs_no_child = is_killed || succeeded(last).is_ok();
    if prints_message(first) && !prints_message(last) && needs_no_child {
        let how = "while the child was held back, the program went on, and found no message";
        return did_not_wait(how, last);
    }
    ended(first).map(drop)
}

fn prints_message(seen: &Seen) -> bool {
    stdout(seen).lines().any(|line| line.trim() == MESSAGE)
}

/// Whether the program ended while the writer was held back. A writer that ends closes its files
/// some time before it has ended, and this may let the program go on.
fn goes_on_before(writer: &[usize], last: &Seen) -> bool {
    let end = |task: &TaskRecord| task.ended.map(|(end, _)| end);
    // A held task that gets SIGKILL may not report that it begins to end.
    let ending = |task: &TaskRecord| task.ending.or(end(task));
    let program = last.observed.tasks.first().and_then(end);
    last.task(writer)
        .and_then(ending)
        .is_none_or(|ending| program.is_none_or(|end| ending > end))
}

/// The run in which the program prints a message that it could only read before the child
/// ended.
fn reads_too_early(runs: &Runs) -> Option<&Seen> {
    let mut runs_with_a_mark = [&runs.marked, &runs.late].into_iter();
    let early = runs_with_a_mark.find(|seen| stdout(seen).contains(MESSAGE));
    early.filter(|_| !stdout(&runs.marked_early).contains(MESSAGE))
}

fn prints_the_message(runs: &Runs) -> Finding {
    ended_well(&runs.free)?;
    let wrong = |message: &str, expected: &str, seen: &Seen| {
        let problem = Problem::new(Verdict::WrongOutput, message)
            .with(format!("expected: a line {expected}"))
            .with(format!("seen: {}", first_line(&stdout(seen))));
        Err(problem.seen_in(seen))
    };
    let mut both = [&runs.first, &runs.last].into_iter();
    if let Some(seen) = both.find(|seen| !prints_message(seen)) {
        let stderr = String::from_utf8_lossy(&seen.observed.stderr);
        let message = match stderr.contains(MESSAGE) {
            true => "it prints the message on standard error, not on standard output",
            false => "it does not print the message",
        };
        return wrong(message, &format!("'{MESSAGE}'"), seen);
    }
    // The file had another text at the end of the child.
    if stdout(&runs.marked).contains(MESSAGE) {
        let message = "it prints the message without reading the file";
        let expected = format!("'{MARK}', which the checker put into the file");
        return wrong(message, &expected, &runs.marked);
    }
    Ok(())
}

fn prints_nothing_without_a_child(runs: &Runs) -> Finding {
    let Runs { free, killed, .. } = runs;
    // A program that waits forever for a sign of its child prints nothing either.
    if !matches!(killed.observed.end, End::TimedOut | End::Deadlock) {
        ended(killed)?;
    }
    let wrong = |message: &str, seen: &Seen| {
        let printed = first_line(&stdout(seen));
        let problem =
            Problem::new(Verdict::WrongOutput, message).with(format!("seen: it printed {printed}"));
        Err(problem.seen_in(seen))
    };
    // The program may start another child instead.
    let mut children = killed.observed.created(Kind::Process);
    if children.all(|(_, task)| task.files_with_text == 0) {
        if stdout(killed).contains(MESSAGE) {
            let message = "it prints the message although the child was killed and wrote nothing";
            return wrong(message, killed);
        }
        if killed.observed.end == End::Ended(0) {
            let message =
                "it ends with exit status 0 although the child was killed and wrote nothing";
            return wrong(message, killed);
        }
    }
    let writer = runs.writer.as_ref();
    let writer = writer.and_then(|lineage| free.task(lineage));
    let status = writer.and_then(|writer| writer.ended);
    if status.is_some_and(|(_, status)| libc::WIFSIGNALED(status)) {
        return wrong("it prints the message although the child was killed", free);
    }
    Ok(())
}
