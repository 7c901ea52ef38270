//! The figures as a table in Markdown.

use crate::figures::{
    self, BY_DESCRIPTORS, BY_MEMORY, COPY_ON_WRITE, COW_MIB, COW_PERCENT, DESCRIPTORS, MEMORY_MIB,
    SUM, SUM_CACHED, SWITCH, WORKERS,
};
use crate::machine::Machine;
use crate::results::{Results, Time};
use common::ArraySpec;
use std::fmt::Write;

/// What is measured, its time, and what follows from it.
struct Row {
    what: String,
    time: Time,
    note: String,
}

/// All figures, and the slopes.
#[must_use]
pub fn table(results: &Results, machine: &Machine) -> String {
    let mut text = format!("{machine}\n");
    let mut add = |title: &str, rows: Vec<Row>| {
        if rows.is_empty() {
            return;
        }
        // Writing to a string does not fail.
        let _ = writeln!(text, "\n| {title} | median | 95 % confidence interval | |");
        let _ = writeln!(text, "|---|--:|--:|---|");
        for Row { what, time, note } in rows {
            let (median, low, high) = (
                in_units(time.median),
                in_units(time.low),
                in_units(time.high),
            );
            let _ = writeln!(text, "| {what} | {median} | {low} to {high} | {note} |");
        }
    };

    let plain = |group: &str, rows: &[(&str, &str)]| -> Vec<Row> {
        let row = |&(function, what): &(&str, &str)| {
            let time = results.time(group, function)?;
            Some(Row {
                what: what.into(),
                time,
                note: String::new(),
            })
        };
        rows.iter().filter_map(row).collect()
    };
    add(
        "one worker that does nothing",
        plain(
            figures::SPAWN,
            &[
                ("thread", "thread: spawn, join"),
                ("scoped_thread", "scoped thread: spawn, join"),
                ("fork", "process: fork, _exit, waitpid"),
                ("fork_of_common", "the same by the functions of `common`"),
                ("command", "program: `Command` (posix_spawn) of true(1)"),
                (
                    "rayon_task",
                    "task of a thread pool, handed in from outside",
                ),
                (
                    "rayon_task_from_within",
                    "task of a thread pool, from within",
                ),
            ],
        ),
    );

    let counted = |group: &str,
                   function: &str,
                   values: &[usize],
                   what: &dyn Fn(usize) -> String|
     -> Vec<Row> {
        figures::series(results, group, function, values)
            .into_iter()
            .map(|(value, time)| Row {
                what: what(value),
                time,
                note: String::new(),
            })
            .collect()
    };
    let mut rows = Vec::new();
    for (function, what) in [
        ("fork_small", "fork, small pages"),
        ("fork_huge", "fork, huge pages"),
        ("thread_small", "thread, small pages"),
        ("thread_huge", "thread, huge pages"),
    ] {
        rows.extend(counted(BY_MEMORY, function, &MEMORY_MIB, &|mib| {
            format!("{what}, {mib} MiB")
        }));
    }
    add("one worker, by the memory of its creator", rows);

    let mut rows = Vec::new();
    for what in ["fork", "thread"] {
        rows.extend(counted(BY_DESCRIPTORS, what, &DESCRIPTORS, &|count| {
            format!("{what}, {count} open files")
        }));
    }
    add("one worker, by the open files of its creator", rows);

    for (group, title) in [
        (SUM, "the sum of 400 MB from memory, workers"),
        (
            SUM_CACHED,
            "the sum of 4 MB from the caches, 100 times, workers",
        ),
    ] {
        let mut rows = plain(group, &[("sequential", "sequential")]);
        for (function, what) in [
            ("threads", "threads"),
            ("processes", "processes"),
            ("reduce", "reduce"),
            ("read_only", "reading only"),
        ] {
            rows.extend(counted(group, function, &WORKERS, &|num| {
                format!("{what}, {num}")
            }));
        }
        let alone = rows.first().map(|row| row.time);
        for row in &mut rows {
            // Both groups read as many bytes.
            let bytes = (ArraySpec::SUM.len * size_of::<i32>()) as f64;
            row.note = format!("{:.1} GB/s", bytes / row.time.median);
            if let Some(alone) = alone {
                let _ = write!(
                    row.note,
                    ", {:.2} times as fast",
                    figures::speed_up(alone, row.time).median
                );
            }
        }
        add(title, rows);
    }

    let mut rows = Vec::new();
    for (function, what) in [("small", "small pages"), ("huge", "huge pages")] {
        rows.extend(counted(COPY_ON_WRITE, function, &COW_PERCENT, &|percent| {
            format!("{what}, {percent} %")
        }));
    }
    add(&format!("a child writes to a part of {COW_MIB} MiB"), rows);

    add(
        "a byte to and fro",
        plain(
            SWITCH,
            &[
                ("threads_one_cpu", "two threads on one CPU"),
                ("threads_two_cpus", "two threads on two CPUs"),
                ("processes_one_cpu", "two processes on one CPU"),
                ("processes_two_cpus", "two processes on two CPUs"),
            ],
        ),
    );

    let slopes = figures::slopes(results, &[BY_MEMORY, BY_DESCRIPTORS, COPY_ON_WRITE]);
    if !slopes.is_empty() {
        let _ = writeln!(text, "\n| what one more costs | |\n|---|--:|");
        for slope in slopes {
            let cost = if slope.is_flat() {
                "nothing".into()
            } else {
                in_units(slope.line.slope)
            };
            let _ = writeln!(text, "| {}, each {} | {cost} |", slope.what, slope.per);
        }
    }
    text
}

/// A time in nanoseconds in the unit that suits it, with three digits.
fn in_units(ns: f64) -> String {
    let (value, unit) = match ns.abs() {
        ..1e3 => (ns, "ns"),
        ..1e6 => (ns / 1e3, "µs"),
        ..1e9 => (ns / 1e6, "ms"),
        _ => (ns / 1e9, "s"),
    };
    let decimals = match value.abs() {
        ..9.995 => 2,
        ..99.95 => 1,
        _ => 0,
    };
    format!("{value:.decimals$} {unit}")
}

#[cfg(test)]
mod tests {
    use super::in_units;

    #[test]
    fn three_digits() {
        for (ns, words) in [
            (0.1, "0.10 ns"),
            (38.6, "38.6 ns"),
            (1234.0, "1.23 µs"),
            (251_970.0, "252 µs"),
            (48_808_000.0, "48.8 ms"),
            (2.5e9, "2.50 s"),
        ] {
            assert_eq!(in_units(ns), words);
        }
    }
}
