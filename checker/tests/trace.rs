//! Drawings of real runs, and the command line of `cargo lab trace`.

use checker::terminal::without_colors;
use checker::trace::{Timeline, What, svg, text};
use checker::{Build, Workspace};
use engine::{Kind, Run, Schedule};
use std::error::Error;
use std::fs;
use std::process::{Command, Output};
use tempfile::TempDir;

fn timeline(package: &str, binary: &str, args: &[&str]) -> Result<Timeline, Box<dyn Error>> {
    let workspace = Workspace::locate();
    let built = Build::package(&workspace, package, &[binary]).run()?;
    // No task can end before another one waits for it.
    let run = Run::new(&built.programs[binary]).schedule(Schedule::WorkersLast(Vec::new()));
    Ok(Timeline::new(&run.args(args).watch_waits().observe()?))
}

fn draw(timeline: &Timeline) -> String {
    without_colors(&text(timeline, 100))
}

#[test]
fn who_waits_for_a_thread() -> Result<(), Box<dyn Error>> {
    let timeline = timeline("wait-for-me", "threads-solution", &[])?;
    let drawing = draw(&timeline);
    for words in [
        "process 0 created thread 1 (negator)",
        "process 0 waited for thread 1 (negator)",
        "thread 1 (negator) ended",
        "process 0 wrote to standard output 25 times",
        "process 0 ended with exit status 0",
    ] {
        assert!(drawing.contains(words), "{words}\n{drawing}");
    }
    // The start of the program is nothing that it does.
    assert!(!drawing.contains("another program"), "{drawing}");
    let picture = svg(&timeline, "threads");
    assert!(
        picture.contains("process 0 waited for thread 1 (negator)"),
        "{picture}"
    );
    Ok(())
}

#[test]
fn who_is_killed() -> Result<(), Box<dyn Error>> {
    let timeline = timeline("seg-fault", "processes-solution", &["4", "--len", "1000"])?;
    let drawing = draw(&timeline);
    let killed = What::Killed(libc::SIGSEGV);
    assert_eq!(
        timeline
            .lanes
            .iter()
            .filter(|lane| lane.end().1 == killed)
            .count(),
        1
    );
    assert!(timeline.lanes.iter().all(|lane| lane.kind == Kind::Process));
    let children = "process 1 (worker 0), process 2 (worker 1), process 3 (worker 2) and \
                    process 4 (worker 3)";
    let in_one_line = drawing.split_whitespace().collect::<Vec<_>>().join(" ");
    for words in [
        &format!("process 0 created {children}"),
        &format!("process 0 waited for {children}"),
        "process 3 (worker 2) was killed by signal 11 (SIGSEGV)",
    ] {
        assert!(in_one_line.contains(words), "{words}\n{drawing}");
    }
    Ok(())
}

fn lab(args: &[&str]) -> Result<Output, Box<dyn Error>> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lab"));
    Ok(command
        .arg("trace")
        .args(args)
        .env("COLUMNS", "60")
        .output()?)
}

#[test]
fn the_command_draws_text_and_a_picture() -> Result<(), Box<dyn Error>> {
    let folder = TempDir::new()?;
    let path = folder.path().join("run.svg");
    let file = path.to_str().ok_or("a name")?;
    let output = lab(&[
        "seg-fault",
        "processes-solution",
        "--svg",
        file,
        "--",
        "2",
        "--len",
        "1000",
    ])?;
    let stdout = String::from_utf8(output.stdout)?;
    assert_eq!(output.status.code(), Some(0), "{stdout}");
    assert!(stdout.starts_with("ms "), "{stdout}");
    let (_, printed) = stdout
        .split_once("\nThe program ended with exit status 0.\n\nIt printed:\n")
        .ok_or("an end")?;
    assert!(printed.starts_with("  Array sum is: 496128\n"), "{stdout}");
    assert!(!stdout.contains('\u{1b}'), "{stdout}");
    let picture = fs::read_to_string(path)?;
    assert!(picture.contains("seg-fault processes-solution 2 --len 1000"));
    roxmltree::Document::parse(&picture)?;
    Ok(())
}

/// `trace` can repeat the checker's intervention.
#[test]
fn a_worker_is_held_back_and_a_fault_injected() -> Result<(), Box<dyn Error>> {
    let stdout = |args: &[&str]| -> Result<String, Box<dyn Error>> {
        Ok(String::from_utf8(lab(args)?.stdout)?)
    };
    let held = stdout(&[
        "seg-fault",
        "processes-solution",
        "--hold=1",
        "--",
        "2",
        "--len",
        "9",
    ])?;
    let lane = |worker: u32| {
        let name = format!("process {} (worker {worker})", worker + 1);
        held.lines()
            .find(|line| line.starts_with(&name))
            .unwrap_or_default()
    };
    let place = |lane: &str, signs: &[char]| lane.chars().position(|c| signs.contains(&c));
    // A worker that runs for less than half a column has only the sign of its end.
    let (ended, began) = (place(lane(0), &['●']), place(lane(1), &['━', '●']));
    assert!(ended.is_some() && ended <= began, "{held}");

    let fault = ["--fault=0:7", "--fault=1:birth:SIGKILL"];
    let args = [
        &["seg-fault", "processes-solution"],
        &fault[..],
        &["--", "2", "--len", "9"],
    ]
    .concat();
    let faulty = stdout(&args)?;
    for report in [
        "Process 0 exited with status 7",
        "Process 1 was killed by signal 9 (SIGKILL)",
    ] {
        assert!(faulty.contains(report), "{faulty}");
    }
    let wrong = lab(&["seg-fault", "processes", "--fault=7"])?;
    assert_eq!(wrong.status.code(), Some(2));
    Ok(())
}

#[test]
fn what_can_not_be_traced_is_refused() -> Result<(), Box<dyn Error>> {
    for names in [["wait-for-me", "fibers"], ["common", "threads"]] {
        let output = lab(&names)?;
        let stderr = String::from_utf8(output.stderr)?;
        assert_eq!(output.status.code(), Some(2), "{stderr}");
        let expected = format!("there is no program {} {}", names[0], names[1]);
        assert!(stderr.contains(&expected), "{stderr}");
        assert!(stderr.contains("\n  wait-for-me threads\n"), "{stderr}");
    }
    let output = lab(&[
        "seg-fault",
        "processes-solution",
        "--svg",
        "/no/such/folder/run.svg",
    ])?;
    let stderr = String::from_utf8(output.stderr)?;
    assert_eq!(output.status.code(), Some(2), "{stderr}");
    assert!(
        stderr.contains("cannot write /no/such/folder/run.svg"),
        "{stderr}"
    );
    Ok(())
}
