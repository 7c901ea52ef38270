//! Timelines from runs that are made by hand.

use super::drawing::Drawing;
use super::*;
use crate::terminal::without_colors;
use engine::{Event, TaskRecord};

pub(super) fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

pub(super) fn task(
    kind: Kind,
    creator: Option<TaskIndex>,
    born: u64,
    ended: Option<(u64, i32)>,
) -> TaskRecord {
    TaskRecord {
        ending: ended.map(|(at, _)| ms(at)),
        ended: ended.map(|(at, status)| (ms(at), status)),
        tid: 1000,
        kind,
        creator,
        born: ms(born),
        ..TaskRecord::default()
    }
}

pub(super) fn observed(
    tasks: Vec<TaskRecord>,
    events: Vec<(u64, TaskIndex, Event)>,
    end: End,
) -> Observed {
    let events = events.into_iter();
    Observed {
        events: events
            .map(|(at, task, event)| (ms(at), task, event))
            .collect(),
        end,
        tasks,
        ..Observed::default()
    }
}

fn sleep(milliseconds: u64) -> Call {
    Call::Sleep(Duration::from_millis(milliseconds))
}

/// A child is held, runs, and is killed; its parent waits for it, is interrupted
/// once, writes, and ends.
pub(super) fn wait_for_a_child() -> Observed {
    observed(
        vec![
            task(Kind::Process, None, 0, Some((1000, 0))),
            task(Kind::Process, Some(0), 100, Some((600, libc::SIGSEGV))),
        ],
        vec![
            (0, 0, Event::Released),
            (200, 0, Event::Called(Call::WaitForChild)),
            (200, 1, Event::Released),
            (300, 1, Event::Called(sleep(200))),
            (400, 0, Event::Signaled(libc::SIGWINCH)),
            (401, 0, Event::Called(Call::WaitForChild)),
            (500, 1, Event::Called(Call::Write(2))),
            (599, 1, Event::Signaled(libc::SIGSEGV)),
            (700, 0, Event::Reaped(1)),
            (700, 0, Event::Signaled(libc::SIGCHLD)),
            (900, 0, Event::Called(Call::Write(1))),
            (950, 0, Event::Called(Call::Exit)),
        ],
        End::Ended(0),
    )
}

/// 1024 threads that the program creates and joins.
pub(super) fn many_threads() -> Observed {
    let mut tasks = vec![task(Kind::Process, None, 0, Some((3000, 0)))];
    let mut events = vec![(0, 0, Event::Released)];
    for thread in 1..=1024 {
        let born = u64::try_from(thread).expect("a small number");
        tasks.push(task(Kind::Thread, Some(0), born, Some((born + 1000, 0))));
        events.push((born, thread, Event::Released));
    }
    for at in 1500..1510 {
        events.push((at, 0, Event::Called(Call::Futex)));
    }
    observed(tasks, events, End::Ended(0))
}

/// A run of these tasks, which ends well.
fn timeline(tasks: Vec<TaskRecord>, events: Vec<(u64, TaskIndex, Event)>) -> Timeline {
    Timeline::new(&observed(tasks, events, End::Ended(0)))
}

/// What stands in each hundredth of the time of a lane, up to which one.
#[track_caller]
fn assert_states(timeline: &Timeline, lane: usize, expected: &[(usize, &str)]) {
    let drawing = Drawing::new(timeline, 100, 1);
    let spans = drawing.rows[lane].spans.iter();
    let states: Vec<_> = spans.map(|span| (span.columns.end, &*span.label)).collect();
    assert_eq!(states, expected);
}

fn words(timeline: &Timeline) -> Vec<&str> {
    let story = timeline.story.iter();
    story
        .filter_map(|(_, text)| text.split(" (to ").next())
        .collect()
}

#[test]
fn an_interrupted_wait_is_one_wait_up_to_the_end_of_the_child() {
    let timeline = Timeline::new(&wait_for_a_child());
    let [program, child] = timeline.lanes.as_slice() else {
        panic!("{timeline:?}");
    };
    let states = [(20, "runs"), (70, "waits for process 1"), (100, "runs")];
    assert_states(&timeline, 0, &states);
    let states = [
        (20, "not running yet"),
        (30, "runs"),
        (50, "sleeps"),
        (60, "runs"),
    ];
    assert_states(&timeline, 1, &states);
    assert_eq!(program.end().1, What::Exited(0));
    assert_eq!(child.end().1, What::Killed(libc::SIGSEGV));
    let drawing = Drawing::new(&timeline, 100, 1);
    let events = drawing.rows[1].events.iter();
    let signs: Vec<_> = events.map(|event| event.sign.character).collect();
    assert_eq!(signs, ['w', '!', '✗']);
}

#[test]
fn what_happened_is_told_in_the_order_of_time() {
    let timeline = Timeline::new(&wait_for_a_child());
    let expected = [
        "process 0 created process 1",
        "process 0 waited for process 1",
        "process 1 slept",
        "process 0 got signal 28 (SIGWINCH)",
        "process 1 wrote to standard error",
        "process 1 got signal 11 (SIGSEGV)",
        "process 1 was killed by signal 11 (SIGSEGV)",
        "process 0 got signal 17 (SIGCHLD)",
        "process 0 wrote to standard output",
        "process 0 ended with exit status 0",
    ];
    assert_eq!(words(&timeline), expected);
    let end = "The program ended with exit status 0.";
    assert_eq!(timeline.how_it_ended(), end);
}

#[test]
fn the_only_other_thread_is_the_one_that_is_waited_for() {
    let with = |threads: usize| {
        let mut tasks = vec![task(Kind::Process, None, 0, Some((100, 0)))];
        tasks.extend(vec![task(Kind::Thread, Some(0), 1, Some((90, 0))); threads]);
        let events = vec![
            (0, 0, Event::Released),
            (10, 0, Event::Called(Call::Futex)),
            (91, 0, Event::Called(Call::Exit)),
        ];
        timeline(tasks, events)
    };
    for (threads, which) in [(1, "thread 1"), (2, "another thread")] {
        let state = format!("waits for {which}");
        assert_states(
            &with(threads),
            0,
            &[(10, "runs"), (91, &state), (100, "runs")],
        );
        let waited = format!("process 0 waited for {which}");
        assert!(words(&with(threads)).contains(&&*waited));
    }
    assert_eq!(with(1).lanes[1].label, "thread 1 of process 0");
}

#[test]
fn a_name_of_its_own_stands_beside_the_number() {
    let named = |kind, creator, name: &str| TaskRecord {
        name: Some(name.into()),
        ..task(kind, creator, 1, Some((90, 0)))
    };
    let tasks = vec![
        named(Kind::Process, None, "program"),
        named(Kind::Process, Some(0), "worker 0"),
        // Inherited from its creator, so it is no name of its own.
        named(Kind::Thread, Some(1), "worker 0"),
        named(Kind::Thread, Some(0), "worker 1"),
        named(Kind::Process, Some(0), "\u{1b}[31m"),
        // Its creator's name is not known, so it may be the name that it was born with.
        task(Kind::Process, Some(0), 1, None),
        named(Kind::Process, Some(5), "unknown"),
    ];
    let timeline = timeline(tasks, Vec::new());
    let labels: Vec<_> = timeline.lanes.iter().map(|lane| &*lane.label).collect();
    let expected = [
        "process 0",
        "process 1 (worker 0)",
        "thread 2 of process 1",
        "thread 3 (worker 1) of process 0",
        "process 4 (\u{fffd}[31m)",
        "process 5",
        "process 6",
    ];
    assert_eq!(labels, expected);
    let created = "process 0 created process 1 (worker 0), thread 3 (worker 1), ";
    assert!(words(&timeline)[0].starts_with(created), "{timeline:?}");
    let picture = svg(&timeline, "");
    for label in expected {
        let label = format!(">{label}</text>");
        assert!(picture.contains(&label), "{label}: {picture}");
    }
    assert!(text(&timeline, 120).contains("\nthread 3 (worker 1) of process 0 "));
}

/// A program chooses its names. The longest ones leave room for the lanes.
#[test]
fn long_names_leave_room() {
    for name in ["\u{1}".repeat(15), "m".repeat(15), " ".repeat(15)] {
        let named = TaskRecord {
            name: Some(name),
            ..task(Kind::Process, Some(0), 1, Some((90, 0)))
        };
        let program = TaskRecord {
            name: Some("program".into()),
            ..task(Kind::Process, None, 0, Some((100, 0)))
        };
        let timeline = timeline(vec![program, named], Vec::new());
        for width in [40, 60, 80, 120] {
            let drawing = without_colors(&text(&timeline, width));
            let lane = drawing.lines().nth(3).expect("the lane of the child");
            assert!(lane.chars().count() <= width, "{drawing}");
            let free = lane.matches('░').count();
            assert!(free > width / 2, "{drawing}");
        }
        assert!(!timeline.lanes[1].name.contains("( "), "{timeline:?}");
    }
}

#[test]
fn a_sleep_ends_when_its_time_is_over() {
    let tasks = vec![task(Kind::Process, None, 0, Some((1000, 0)))];
    let events = vec![(0, 0, Event::Released), (100, 0, Event::Called(sleep(300)))];
    let states = [(10, "runs"), (40, "sleeps"), (100, "runs")];
    assert_states(&timeline(tasks, events), 0, &states);
}

#[test]
fn hundreds_of_short_sleeps_are_one_span_and_one_sentence() {
    let mut events = vec![(0, 0, Event::Released)];
    for at in 0..500 {
        events.push((1000 + 10 * at, 0, Event::Called(sleep(9))));
        if at % 2 == 1 {
            events.push((1009 + 10 * at, 0, Event::Called(Call::AskForChild)));
        }
    }
    let tasks = vec![task(Kind::Process, None, 0, Some((10_000, 0)))];
    let timeline = timeline(tasks, events);
    assert_states(&timeline, 0, &[(10, "runs"), (60, "sleeps"), (100, "runs")]);
    assert_eq!(words(&timeline)[0], "process 0 slept 500 times");
}

#[test]
fn who_is_ended_by_the_engine_was_still_there() {
    let program = |status| task(Kind::Process, None, 0, Some((100, status)));
    let child = || task(Kind::Process, Some(0), 10, Some((101, libc::SIGKILL)));
    let events = || vec![(0, 0, Event::Released), (20, 1, Event::Called(sleep(500)))];

    let mut orphan = observed(vec![program(0), child()], events(), End::Ended(0));
    orphan.left_running = vec![1];
    let orphan = Timeline::new(&orphan);
    assert_eq!(orphan.lanes[1].end().1, What::StillThere);
    let end = "; one process that it had created was still there.";
    assert!(orphan.how_it_ended().ends_with(end));

    let tasks = vec![program(libc::SIGKILL), child()];
    let endless = Timeline::new(&observed(tasks, events(), End::TimedOut));
    assert_eq!(endless.lanes[0].end().1, What::StillThere);
    assert_eq!(endless.lanes[1].end().1, What::StillThere);
}

#[test]
fn what_many_do_is_one_sentence() {
    let timeline = Timeline::new(&many_threads());
    let names = "thread 1, thread 2, thread 3, thread 4, thread 5, thread 6 and 1018 more";
    let expected = [
        &format!("process 0 created {names}"),
        &format!("{names} ended"),
        "process 0 waited for another thread 10 times",
        "process 0 ended with exit status 0",
    ];
    assert_eq!(words(&timeline), expected);
}

#[test]
fn an_empty_run_can_be_drawn() {
    let instant = vec![task(Kind::Process, None, 0, None)];
    for tasks in [Vec::new(), instant] {
        let timeline = Timeline::new(&observed(tasks, Vec::new(), End::TimedOut));
        assert!(text(&timeline, 0).contains("ms"));
        assert!(svg(&timeline, "").contains("</svg>"));
    }
}
