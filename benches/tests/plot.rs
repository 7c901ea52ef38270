//! The program that draws the pictures, with results that are made up.

use benches::figures::GUIDE;
use benches::resident::page;
use roxmltree::Document;
use std::collections::BTreeSet;
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
        for (function, ns) in [("threads", [5e3, 50e3]), ("processes", [6e3, 60e3])] {
            self.add("switch", function, Some(1), ns[0]);
            self.add("switch", function, Some(2), ns[1]);
        }
    }

    fn add_counter_cost(&self) {
        for (function, ns) in [("mutex", [40e6, 200e6]), ("own_sums", [8e6, 4e6])] {
            self.add("counter", function, Some(1), ns[0]);
            self.add("counter", function, Some(2), ns[1]);
        }
    }

    /// Ratios, and the times that one of them is of.
    fn add_whole_programs(&self) {
        for workers in [2, 4, 64] {
            self.add("programs", "huge", Some(workers), 1.05);
            self.add("programs", "small", Some(workers), 1.5);
        }
        self.add("peers", "thread", None, 1.5);
        self.add("peers", "thread_first", None, 60e3);
        self.add("peers", "thread_second", None, 40e3);
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

    /// In a picture without an ideal line, each line has as many points, with a confidence
    /// interval each.
    #[track_caller]
    fn assert_points(&self, picture: &str, looks: &[&str], points: usize) {
        let svg = self.path().join("plots").join(picture);
        let svg = fs::read_to_string(svg).expect("a picture");
        let document = Document::parse(&svg).expect("XML");
        for look in looks {
            let groups = document.descendants();
            let groups = groups.filter(|node| node.attribute("class") == Some(look));
            // The first one belongs to the legend.
            let [_, drawn] = groups.collect::<Vec<_>>()[..] else {
                panic!("{look} is not there twice: {svg}");
            };
            let count = |name| {
                let nodes = drawn.children();
                nodes.filter(|node| node.has_tag_name(name)).count()
            };
            assert_eq!(count("polyline"), 1);
            assert_eq!(count("circle"), points);
            // An error bar is a line with two ends.
            assert_eq!(count("path"), 3 * points);
        }
    }

    fn page_text(&self) -> String {
        fs::read_to_string(self.path().join("plots/index.html")).expect("a page")
    }

    /// The rows of the page's first table. The page is well-formed, has a language and a title,
    /// and asks for nothing elsewhere.
    fn page(&self) -> Vec<Vec<String>> {
        let html = self.page_text();
        assert!(!html.contains("src=") && !html.contains("href="));
        // Of HTML, only these two are no XML.
        let html = html.replace("<!DOCTYPE html>", "");
        let html = html.replace("<meta charset=\"utf-8\">", "");
        let html = html.replace("initial-scale=1\">", "initial-scale=1\"/>");
        let document = Document::parse(&html).expect("well-formed HTML");
        let root = document.root_element();
        assert_eq!(root.attribute("lang"), Some("en"));
        let ids: Vec<_> = root
            .descendants()
            .filter_map(|node| node.attribute("id"))
            .collect();
        assert_eq!(
            ids.len(),
            ids.iter().collect::<BTreeSet<_>>().len(),
            "{ids:?}"
        );
        let element = |name: &str| {
            let mut nodes = root.descendants();
            nodes
                .find(|node| node.tag_name().name() == name)
                .expect("an element")
        };
        assert_eq!(element("title").text(), element("h1").text());
        let rows = element("table")
            .children()
            .filter(|node| node.tag_name().name() == "tr");
        let cells = |row: roxmltree::Node<'_, '_>| {
            let cells = row.children().filter(|node| node.is_element());
            cells
                .map(|cell| cell.text().unwrap_or_default().to_owned())
                .collect()
        };
        rows.map(cells).collect()
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
fn pictures_tables_and_a_page() {
    let target = Target::new();
    target.add_spawn_cost();
    target.add_sum_scaling();
    target.add_copy_on_write();
    target.add_switch_cost();
    target.add_counter_cost();
    target.add_whole_programs();
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
        "threads, from memory: 1.00 at 1, 2.00 at 2, 2.00 at 4",
        "threads, from the caches: 1.00 at 1, 2.00 at 2, 4.00 at 4",
        "processes, from the caches: 1.00 at 1",
    ];
    assert_has(&texts, &lines);
    let texts = target.texts("copy-on-write.svg");
    assert_has(&texts, &caption);
    let what = [
        "in percent",
        "in ms",
        "small pages: 700 ns per written page of ",
        ": 1.00 at 0, ",
    ];
    assert_has(&texts, &what);
    // A logarithmic axis has no zero, but the picture has a place for it.
    let ticks = ["0", "1", "10", "100"];
    assert!(texts.windows(4).any(|texts| texts == ticks), "{texts:#?}");
    let texts = target.texts("switch.svg");
    assert_has(&texts, &caption);
    assert_has(&texts, &["in µs", "two threads: 5.00 at 1, 50.00 at 2"]);
    target.assert_points("switch.svg", &["blue", "vermilion dashed"], 2);
    assert_has(
        &target.texts("counter.svg"),
        &["in ms", "Mutex: 40.00 at 1, 200.00 at 2"],
    );
    assert_has(
        &target.texts("programs.svg"),
        &["ratio", "small pages: 1.50 at 2"],
    );
    assert_has(
        &target.texts("open-files.svg"),
        &["fork: 30.0 ns per open file"],
    );

    let table = stdout(&output);
    assert!(table.contains("| fork, small pages, each page of "));
    for row in [
        "| thread: spawn, join | 50.0 µs | 45.0 µs to 55.0 µs |  |",
        "| worker: spawn, join / pthread_create, pthread_join | 1.50 | 1.35 to 1.65 | 60.0 µs / 40.0 µs |",
        "| fork, small pages, 0 | 250 µs | 225 µs to 275 µs |  |",
        "| The sum of 400 MB from memory, and of 4 MB from the caches 100 times (number of workers) | median | 95 % confidence interval | bandwidth; compared with the sequential program |",
        "| threads, from memory, 2 | 10.0 ms | 9.00 ms to 11.0 ms | 40.0 GB/s, 2.00 times as fast |",
        "| threads, from the caches, 4 | 2.00 ms | 1.80 ms to 2.20 ms | 200.0 GB/s, 4.00 times as fast |",
        "| small pages, 0 | 1.00 ms | 900 µs to 1.10 ms |  |",
        "| two processes, 1 | 6.00 µs | 5.40 µs to 6.60 µs |  |",
        "| fork, each open file | 30.0 ns |",
    ] {
        assert!(
            table.lines().any(|line| line == row),
            "{row} is missing in\n{table}"
        );
    }
    // For the test in a browser, book/test.sh.
    let page = Path::new(env!("CARGO_TARGET_TMPDIR")).join("costs.html");
    fs::write(page, target.page_text()).expect("a file");
    let page = target.page();
    for (claim, cells) in [
        (
            "A process costs at least twice",
            ["holds", "5.00", "4.09 to 6.11"],
        ),
        (
            "The memory of the creator",
            ["holds", "1.00", "0.82 to 1.22"],
        ),
        (
            "It makes a fork dearer",
            ["holds", "158.29", "129.51 to 193.46"],
        ),
        (
            "The program with 4 processes",
            ["holds", "1.05", "0.94 to 1.16"],
        ),
        (
            "With one thread, a Mutex",
            ["not measured: --bench counter_cost", "", ""],
        ),
        ("The sum in Rust", ["not measured: --bench peers", "", ""]),
    ] {
        let row = page.iter().find(|row| row[0].starts_with(claim));
        assert_eq!(row.expect(claim)[1..], cells, "{claim}");
    }
}

/// Results that contradict the guide, and some that decide nothing.
#[test]
fn claims_that_do_not_hold() {
    let target = Target::new();
    target.add("spawn", "fork", None, 50e3);
    target.add("spawn", "thread", None, 50e3);
    target.add("switch", "processes", Some(1), 6e3);
    target.add("switch", "threads", Some(1), 5e3);
    target.plot(&[]);
    let page = target.page();
    let answer = |claim: &str| {
        let row = page.iter().find(|row| row[0].starts_with(claim));
        row.expect("a claim")[1].clone()
    };
    assert_eq!(answer("A process costs"), "does not hold");
    assert_eq!(
        answer("A switch between two processes"),
        "cannot be told: measure again"
    );
    assert_eq!(answer("Huge pages"), "not measured: --bench spawn_cost");
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
    target.add("switch", "threads", Some(1), 5e3);
    target.add_counter_cost();
    target.add_whole_programs();
    let output = target.plot(&[]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let texts = target.texts("thread-and-fork.svg");
    assert_has(&texts, &["fork, small pages: 150 ns per page"]);
    assert_has(&target.texts("switch.svg"), &["two threads: 5.00 at 1."]);
}

#[test]
fn missing_results() {
    let target = Target::new();
    target.add_switch_cost();
    let output = target.plot(&[]);
    assert_eq!(output.status.code(), Some(1));
    assert_has(&target.texts("switch.svg"), &["two threads"]);
    assert!(stdout(&output).contains("| two threads, 1 | 5.00 µs |"));
    let stderr = stderr(&output);
    for bench in ["spawn_cost", "sum_scaling", "copy_on_write"] {
        let command = format!("cargo bench -p benches --bench {bench}\n");
        assert!(stderr.contains(&command), "{stderr}");
        assert!(target.page_text().contains(command.trim()));
    }
    assert!(!stderr.contains("--bench switch_cost"), "{stderr}");
    assert!(!target.path().join("plots/speed-up.svg").exists());
}

#[test]
fn results_that_are_not_criterions() {
    let target = Target::new();
    target.add_switch_cost();
    let path = "criterion/switch/threads/1/new/estimates.json";
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

/// The benches show which one of how many they are, in the order in which cargo runs them.
#[test]
fn benches_are_counted() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let manifest = fs::read_to_string(folder.join("Cargo.toml")).expect("a manifest");
    let names = |text: &str| -> BTreeSet<String> {
        let quoted = text.split('"').skip(1).step_by(2);
        quoted.map(str::to_owned).collect()
    };
    let benches = manifest.split("[[bench]]").skip(1);
    let benches = benches.map(|bench| bench.split("harness").next().unwrap_or_default());
    let benches = names(&benches.collect::<String>());
    let counted = GUIDE.figures.iter().map(|figure| figure.bench.clone());
    assert_eq!(benches, counted.collect());
}
