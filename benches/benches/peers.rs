//! The programs of the lab against programs of the same kind in C.
//!
//! The C programs of `peers/` are compiled with the system's gcc; where there is
//! none, the Rust programs run alone. Those of `sum-array` are built as
//! `cargo run` does. All of them run in turns, in 11 rounds, so that what else
//! goes on meets all of them; times are medians, and a ratio is the median of the
//! ratios within a round.

use anyhow::{Context, Result, anyhow, bail};
use benches::machine::Machine;
use common::report;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::thread::available_parallelism;
use std::time::Instant;
use std::{env, fs};

/// How much is measured.
struct Effort {
    rounds: usize,
    /// Numbers to sum.
    len: usize,
    /// Workers to create.
    threads: usize,
    processes: usize,
}

const FULL: Effort = Effort {
    rounds: 11,
    len: 100_000_000,
    threads: 4000,
    processes: 1000,
};
const QUICK: Effort = Effort { rounds: 3, ..FULL };
const TEST: Effort = Effort {
    rounds: 1,
    len: 1_000_000,
    threads: 10,
    processes: 10,
};

/// Programs that do the same.
struct Pair {
    what: String,
    rust: Vec<String>,
    /// `None` if it can't be compiled.
    c: Option<Vec<String>>,
}

/// One run of a program, in milliseconds.
#[derive(Clone, Copy)]
struct Run {
    /// What the program prints as its time.
    spent: f64,
    /// From its start to its end.
    whole: f64,
}

/// All runs of a pair, round by round.
#[derive(Default)]
struct Runs {
    rust: Vec<Run>,
    c: Vec<Run>,
}

fn main() -> Result<()> {
    // An error in one line, with its causes.
    run_bench().map_err(|error| anyhow!("{error:#}"))
}

fn run_bench() -> Result<()> {
    let arguments: Vec<_> = env::args().skip(1).collect();
    let has = |flag: &str| arguments.iter().any(|argument| argument == flag);
    let is_test = has("--test") || !has("--bench");
    let effort = match (is_test, has("--quick")) {
        (true, _) => &TEST,
        (false, true) => &QUICK,
        (false, false) => &FULL,
    };
    let filter = filter(&arguments).unwrap_or_default();
    let target = benches::results::target_folder()?;
    let [mut sums, mut created] = [sums(&target, effort), created(&target, effort)];
    for pairs in [&mut sums, &mut created] {
        pairs.retain(|pair| format!("peers/{}", pair.what).contains(filter));
    }
    if has("--list") {
        for pair in sums.iter().chain(&created) {
            println!("peers/{}: benchmark", pair.what);
        }
        return Ok(());
    }
    if sums.is_empty() && created.is_empty() {
        return Ok(());
    }
    build_sum_array(&target)?;
    compile(&target, &mut [&mut sums, &mut created])?;
    if is_test {
        for pairs in [&sums, &created] {
            in_turns(pairs, effort.rounds)?;
            for pair in pairs {
                println!("Testing peers/{}\nSuccess", pair.what);
            }
        }
        return Ok(());
    }
    println!("{}. {} rounds.", Machine::this(), effort.rounds);
    compare_sums(&sums, effort)?;
    compare_created(&created, effort)
}

/// Which benches to run: what follows neither an option with a value, of which
/// criterion has many, nor is an option.
fn filter(arguments: &[String]) -> Option<&str> {
    const FLAGS: [&str; 9] = [
        "--bench",
        "--test",
        "--quick",
        "--list",
        "--exact",
        "--noplot",
        "--verbose",
        "--quiet",
        "--discard-baseline",
    ];
    let mut is_value = false;
    for argument in arguments {
        if argument.starts_with('-') {
            is_value = !argument.contains('=') && !FLAGS.contains(&argument.as_str());
        } else if !std::mem::take(&mut is_value) {
            return Some(argument);
        }
    }
    None
}

/// The programs of `sum-array` and their peers.
fn sums(target: &Path, effort: &Effort) -> Vec<Pair> {
    let workers = &available_parallelism().map_or(1, usize::from).to_string();
    let len = &effort.len.to_string();
    let kinds = [
        ("threads", "sum_pthreads"),
        ("processes", "sum_fork"),
        ("reduce", "sum_openmp"),
    ];
    let pair = |pages: &str, (bin, peer): (&str, &str)| Pair {
        what: format!("{bin} / {}, {pages} pages", peer.trim_start_matches("sum_")),
        rust: command(
            &lab_folder(target).join("debug").join(bin),
            &[workers, "--len", len, "--pages", pages],
        ),
        c: Some(command(
            &peers_folder(target).join(peer),
            &[workers, len, pages],
        )),
    };
    ["huge", "small"]
        .iter()
        .flat_map(|pages| kinds.map(|kind| pair(pages, kind)))
        .collect()
}

/// Workers that do nothing.
fn created(target: &Path, effort: &Effort) -> Vec<Pair> {
    let rust = Path::new(env!("CARGO_BIN_EXE_create-workers"));
    let c = peers_folder(target).join("create_workers");
    let pair = |what: &str, kind: &str, peer: &str, count: usize| Pair {
        what: what.into(),
        rust: command(rust, &[kind, &count.to_string()]),
        c: Some(command(&c, &[peer, &count.to_string()])),
    };
    vec![
        pair(
            "thread: spawn, join / pthread_create, pthread_join",
            "thread",
            "thread",
            effort.threads,
        ),
        pair(
            "process: fork, _exit, waitpid / the same",
            "process",
            "process",
            effort.processes,
        ),
        pair(
            "process: by the functions of `common` / fork, _exit, waitpid",
            "process-of-common",
            "process",
            effort.processes,
        ),
    ]
}

fn command(program: &Path, arguments: &[&str]) -> Vec<String> {
    let program = program.display().to_string();
    let arguments = arguments.iter().map(|&argument| argument.into());
    std::iter::once(program).chain(arguments).collect()
}

fn compare_sums(pairs: &[Pair], effort: &Effort) -> Result<()> {
    for (index, (pair, runs)) in pairs
        .iter()
        .zip(in_turns(pairs, effort.rounds)?)
        .enumerate()
    {
        if index == 0 {
            let what = format!("sum of {} numbers, {} workers", effort.len, pair.rust[1]);
            println!(
                "\n| {what} | Rust | C | Rust / C | whole program in Rust | in C | Rust / C |"
            );
            println!("|---|--:|--:|--:|--:|--:|--:|");
        }
        let (spent, whole) = (
            columns(&runs, |run| run.spent),
            columns(&runs, |run| run.whole),
        );
        println!("| {} | {spent} | {whole} |", pair.what);
    }
    Ok(())
}

fn compare_created(pairs: &[Pair], effort: &Effort) -> Result<()> {
    for (index, (pair, runs)) in pairs
        .iter()
        .zip(in_turns(pairs, effort.rounds)?)
        .enumerate()
    {
        if index == 0 {
            println!("\n| one worker that does nothing | Rust | C | Rust / C |");
            println!("|---|--:|--:|--:|");
        }
        println!("| {} | {} |", pair.what, columns(&runs, |run| run.spent));
    }
    Ok(())
}

/// Runs the programs of all pairs in turns.
fn in_turns(pairs: &[Pair], rounds: usize) -> Result<Vec<Runs>> {
    let mut runs: Vec<_> = pairs.iter().map(|_| Runs::default()).collect();
    for round in 0..rounds {
        for (pair, Runs { rust, c }) in pairs.iter().zip(&mut runs) {
            // Nobody always comes first.
            let mut order = [(Some(&pair.rust), rust), (pair.c.as_ref(), c)];
            if round % 2 == 1 {
                order.reverse();
            }
            for (command, runs) in order {
                if let Some(command) = command {
                    runs.push(run(command)?);
                }
            }
        }
    }
    Ok(runs)
}

fn run(command: &[String]) -> Result<Run> {
    let start = Instant::now();
    let output = output(Command::new(&command[0]).args(&command[1..]))?;
    let whole = start.elapsed().as_secs_f64() * 1e3;
    let text = String::from_utf8_lossy(&output.stdout);
    let spent = text
        .lines()
        .find_map(|line| line.strip_prefix("Time spent: ")?.strip_suffix(" ms"));
    let spent = spent.and_then(|ms| ms.parse().ok());
    let spent = spent.ok_or_else(|| anyhow!("{} printed no time", command[0]))?;
    Ok(Run { spent, whole })
}

/// A cell for Rust, one for C and one for their ratio.
fn columns(Runs { rust, c }: &Runs, time: impl Fn(&Run) -> f64) -> String {
    let ms = |runs: &[Run]| match median(runs.iter().map(&time)) {
        Some(ms @ 1.0..) => format!("{ms:.1} ms"),
        Some(ms) => format!("{:.1} µs", ms * 1e3),
        None => "-".into(),
    };
    let ratio = median(rust.iter().zip(c).map(|(rust, c)| time(rust) / time(c)));
    let ratio = ratio.map_or("-".into(), |ratio| format!("{ratio:.2}"));
    format!("{} | {} | {ratio}", ms(rust), ms(c))
}

fn median(values: impl Iterator<Item = f64>) -> Option<f64> {
    let mut values: Vec<_> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}

fn lab_folder(target: &Path) -> PathBuf {
    target.join("lab/sum-array")
}

fn peers_folder(target: &Path) -> PathBuf {
    target.join("peers")
}

/// Builds the programs of `sum-array` as `cargo run` does, into a folder of
/// their own, as `cargo lab` does: other exercises have programs of these names.
fn build_sum_array(target: &Path) -> Result<()> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut build = Command::new(cargo);
    build
        .args(["build", "--quiet", "--package", "sum-array", "--bins"])
        .arg("--target-dir")
        .arg(lab_folder(target))
        .env("CARGO_BUILD_BUILD_DIR", target);
    output(&mut build).map(drop)
}

/// Compiles the C programs. Those that can't be are taken out of their pairs.
fn compile(target: &Path, pairs: &mut [&mut Vec<Pair>]) -> Result<()> {
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers");
    let folder = peers_folder(target);
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let mut compiled = BTreeMap::new();
    for pair in pairs.iter_mut().flat_map(|pairs| pairs.iter_mut()) {
        let Some(program) = pair.c.as_ref().map(|command| PathBuf::from(&command[0])) else {
            continue;
        };
        let name = program.file_name().unwrap_or_default().to_owned();
        let is_there = compiled.entry(name).or_insert_with_key(|name| {
            let mut gcc = Command::new("gcc");
            gcc.args(["-O3", "-march=native", "-pthread", "-Wall", "-Wextra"])
                .args((name == "sum_openmp").then_some("-fopenmp"))
                .arg(sources.join(name).with_extension("c"))
                .arg("-o")
                .arg(&program);
            let result = output(&mut gcc);
            if let Err(error) = &result {
                let name = name.display();
                report(format_args!(
                    "peers: goes on without {name} in C: {error:#}"
                ));
            }
            result.is_ok()
        });
        if !*is_there {
            pair.c = None;
        }
    }
    Ok(())
}

/// Runs a program to its end and returns what it printed.
fn output(command: &mut Command) -> Result<Output> {
    let name = command.get_program().to_owned();
    let says = |what: &str| format!("{} {what}", name.display());
    let output = command.output().with_context(|| says("cannot be run"))?;
    if output.status.success() {
        return Ok(output);
    }
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    bail!("{}: {}\n{stderr}", says("failed"), output.status)
}
