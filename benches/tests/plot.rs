//! The program that draws the pictures, with results that are made up.

use benches::resident::page;
use roxmltree::Document;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use tempfile::TempDir;

/// A target folder with criterion's results.
struct Target {
    folder: TempDir,
}

impl Target {
    fn new() -> Self {
        let folder = TempDir::new().expect("a folder");
        Self { folder }
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Adds a result in nanoseconds, as criterion writes it.
    fn add(&self, group: &str, function: &str, value: Option<usize>, ns: f64) {
        let mut folder = self.path().join("criterion").join(group).join(function);
        if let Some(value) = value {
            folder.push(value.to_string());
        }
        folder.push("new");
        fs::create_dir_all(&folder).expect("a folder");
        let id = serde_json::json!({
            "group_id": group,
            "function_id": function,
            "value_str": value.map(|value| value.to_string()),
            "throughput": null,
        });
        let estimate = |ns: f64| {
            serde_json::json!({
                "confidence_interval": {
                    "confidence_level": 0.95, "lower_bound": ns * 0.9, "upper_bound": ns * 1.1,
                },
                "point_estimate": ns,
                "standard_error": ns * 0.05,
            })
        };
        // The mean is not what is drawn.
        let estimates = serde_json::json!({ "mean": estimate(7.0 * ns), "median": estimate(ns) });
        let write = |name, json: serde_json::Value| fs::write(folder.join(name), json.to_string());
        write("benchmark.json", id).expect("a file");
        write("estimates.json", estimates).expect("a file");
    }

    fn add_spawn_cost(&self) {
        self.add("spawn", "thread", None, 50e3);
        self.add("spawn", "fork", None, 250e3);
        for mib in [0, 16, 64, 256, 1024] {
            let value = Some(mib);
            let mib = u32::try_from(mib).map(f64::from).expect("a small number");
            // 150 ns for each of the 256 small pages of a MiB.
            self.add(
                "spawn_by_memory",
                "fork_small",
                value,
                250e3 + 38_400.0 * mib,
            );
            self.add("spawn_by_memory", "fork_huge", value, 250e3 + 1_500.0 * mib);
            self.add("spawn_by_memory", "thread_small", value, 50e3);
            self.add("spawn_by_memory", "thread_huge", value, 50e3 - mib);
        }
        for (count, ns) in [(10, 250_300.0), (1_000, 280e3), (10_000, 550e3)] {
            self.add("spawn_by_descriptors", "fork", Some(count), ns);
        }
    }

    fn add_sum_scaling(&self) {
        self.add("sum", "sequential", None, 20e6);
        for (num, ns) in [(1, 20e6), (2, 10e6), (4, 10e6), (8, 10e6)] {
            for function in ["threads", "processes", "reduce"] {
                self.add("sum", function, Some(num), ns);
            }
            self.add("sum", "read_only", Some(num), 0.8 * ns);
        }
        // From the caches, each worker helps.
        self.add("sum_cached", "sequential", None, 8e6);
        for (num, ns) in [(1, 8e6), (2, 4e6), (4, 2e6), (8, 1e6)] {
            for function in ["threads", "processes"] {
                self.add("sum_cached", function, Some(num), ns);
            }
        }
    }

    fn add_copy_on_write(&self) {
        for (percent, share) in [(0, 0.0), (1, 0.01), (10, 0.1), (100, 1.0)] {
            let ns = 1e6 + 700.0 * share * small_pages(512.0);
            self.add("copy_on_write", "small", Some(percent), ns);
            self.add("copy_on_write", "huge", Some(percent), ns);
        }
    }

    fn add_switch_cost(&self) {
        for (function, ns) in [
            ("threads_one_cpu", 5e3),
            ("threads_two_cpus", 50e3),
            ("processes_one_cpu", 6e3),
            ("processes_two_cpus", 60e3),
        ] {
            self.add("switch", function, None, ns);
        }
    }

    fn plot(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_plot"))
            .args(arguments)
            .env("CARGO_TARGET_DIR", self.path())
            .env_remove("CRITERION_HOME")
            .output()
            .expect("the program runs")
    }

    /// The texts of a picture, in order.
    fn texts(&self, picture: &str) -> Vec<String> {
        let svg = self.path().join("plots").join(picture);
        let svg = fs::read_to_string(svg).expect("a picture");
        assert!(svg.contains("prefers-color-scheme: dark"));
        let document = Document::parse(&svg).expect("XML");
        let root = document.root_element();
        assert!(root.has_tag_name(("http://www.w3.org/2000/svg", "svg")));
        let is_text = |name: &str| matches!(name, "title" | "desc" | "text");
        let nodes = document.descendants();
        let texts = nodes.filter(|node| is_text(node.tag_name().name()));
        texts
            .filter_map(|node| node.text())
            .map(|text| text.trim().to_owned())
            .collect()
    }
}

fn small_pages(mib: f64) -> f64 {
    let page = u32::try_from(page()).expect("a size of a page");
    mib * 1024.0 * 1024.0 / f64::from(page)
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("UTF-8")
}

#[track_caller]
fn assert_has(texts: &[String], expected: &[&str]) {
    for expected in expected {
        let is_there = texts.iter().any(|text| text.contains(expected));
        assert!(is_there, "'{expected}' is missing in {texts:#?}");
    }
}

#[test]
fn four_pictures_and_a_table() {
    let target = Target::new();
    target.add_spawn_cost();
    target.add_sum_scaling();
    target.add_copy_on_write();
    target.add_switch_cost();
    let output = target.plot(&[]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));

    let caption = ["CPU", "Linux", "confidence interval"];
    let texts = target.texts("thread-and-fork.svg");
    assert_has(&texts, &caption);
    assert_has(
        &texts,
        &[
            "memory of the creator, in MiB",
            "in µs",
            "1,024",
            "100,000",
            "fork, small pages: 150 ns per page of ",
            "thread, small pages: nothing per page of ",
        ],
    );
    let texts = target.texts("speed-up.svg");
    assert_has(&texts, &caption);
    let what = [
        "number of workers",
        "times as fast",
        "ideal",
        "limit",
        "threads",
        "processes",
    ];
    assert_has(&texts, &what);
    let lines = [
        "threads, 400 MB from memory: 1.00 with 1, 2.00 with 2, 2.00 with 4",
        "threads, 4 MB from the caches: 1.00 with 1, 2.00 with 2, 4.00 with 4",
        "processes, 4 MB from the caches: 1.00 with 1",
    ];
    assert_has(&texts, &lines);
    let texts = target.texts("copy-on-write.svg");
    assert_has(&texts, &caption);
    let what = [
        "in percent",
        "in ms",
        "small pages: 700 ns per written page of ",
    ];
    assert_has(&texts, &what);
    let texts = target.texts("switch.svg");
    assert_has(&texts, &caption);
    assert_has(&texts, &["in µs", "both on one CPU", "two threads", "60.0"]);

    let table = stdout(&output);
    assert!(table.contains("| fork, small pages, each page of "));
    for row in [
        "| thread: spawn, join | 50.0 µs | 45.0 µs to 55.0 µs |  |",
        "| fork, small pages, 0 MiB | 250 µs | 225 µs to 275 µs |  |",
        "| threads, 2 | 10.0 ms | 9.00 ms to 11.0 ms | 40.0 GB/s, 2.00 times as fast |",
        "| threads, 4 | 2.00 ms | 1.80 ms to 2.20 ms | 200.0 GB/s, 4.00 times as fast |",
        "| small pages, 0 % | 1.00 ms | 900 µs to 1.10 ms |  |",
        "| two processes on one CPU | 6.00 µs | 5.40 µs to 6.60 µs |  |",
        "| fork, open files, each open file | 30.0 ns |",
    ] {
        assert!(
            table.lines().any(|line| line == row),
            "{row} is missing in\n{table}"
        );
    }
}

/// A small machine leaves out the most memory, and has no second CPU.
#[test]
fn what_was_left_out_is_not_missing() {
    let target = Target::new();
    for (mib, ns) in [(0, 250e3), (16, 250e3 + 150.0 * small_pages(16.0))] {
        target.add("spawn_by_memory", "fork_small", Some(mib), ns);
    }
    target.add_sum_scaling();
    target.add_copy_on_write();
    target.add("switch", "threads_one_cpu", None, 5e3);
    let output = target.plot(&[]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let texts = target.texts("thread-and-fork.svg");
    assert_has(&texts, &["fork, small pages: 150 ns per page"]);
    assert_has(&target.texts("switch.svg"), &["5.0"]);
}

#[test]
fn missing_results() {
    let target = Target::new();
    target.add_switch_cost();
    let output = target.plot(&[]);
    assert_eq!(output.status.code(), Some(1));
    assert_has(&target.texts("switch.svg"), &["both on one CPU"]);
    assert!(stdout(&output).contains("| two threads on one CPU | 5.00 µs |"));
    let stderr = stderr(&output);
    for bench in ["spawn_cost", "sum_scaling", "copy_on_write"] {
        let command = format!("cargo bench -p benches --bench {bench}\n");
        assert!(stderr.contains(&command), "{stderr}");
    }
    assert!(!stderr.contains("--bench switch_cost"), "{stderr}");
    assert!(!target.path().join("plots/speed-up.svg").exists());
}

#[test]
fn results_that_are_not_criterions() {
    let target = Target::new();
    target.add_switch_cost();
    let path = "criterion/switch/threads_one_cpu/new/estimates.json";
    fs::write(target.path().join(path), "{\"median\": 7}").expect("a file");
    let output = target.plot(&[]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains(path), "{}", stderr(&output));
}

#[test]
fn command_line() {
    let target = Target::new();
    let output = target.plot(&["--help"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(stdout(&output).contains("usage: plot"));
    let output = target.plot(&["speed-up"]);
    assert_eq!(output.status.code(), Some(2));
    let stderr = stderr(&output);
    assert!(
        stderr.contains("'speed-up'") && stderr.contains("usage: plot"),
        "{stderr}"
    );
    assert!(!target.path().join("plots").exists());
}
