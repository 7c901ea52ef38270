//! `cargo lab trace`: draws a run.

use super::{CommandResult, Program};
use anyhow::Context;
use checker::format::escape::excerpt;
use checker::judge::intervention::{fault, lineage, lineages};
use checker::trace::{Timeline, svg, text};
use checker::{Build, Workspace, terminal};
use engine::{Fault, Limits, Run, Schedule};
use std::path::PathBuf;

/// The number of lines of the program's output that are shown.
const MOST_LINES: usize = 10;

/// Clap would parse several values as a list.
type Lineages = Vec<Lineage>;
type Lineage = Vec<usize>;

/// Runs a program and draws what its threads and processes did
///
/// The drawing shows which task created which, when each task ran, slept or waited, and how it
/// ended. The program runs in a temporary folder, which is removed at the end.
#[derive(clap::Args)]
#[command(
    after_help = "For example: cargo lab trace wait-for-me processes --svg run.svg -- message.txt"
)]
pub(crate) struct Trace {
    #[command(flatten)]
    program: Program,
    /// Also draws the run as a picture for a browser or a report, and overwrites the file
    #[arg(long, value_name = "FILE")]
    svg: Option<PathBuf>,
    /// Holds these workers back until the program waits, as the checker does; without a value,
    /// holds all workers
    #[arg(long, value_name = "WORKERS", num_args = 0..=1, require_equals = true,
        default_missing_value = "", value_parser = lineages)]
    hold: Option<Lineages>,
    /// Runs this child process first, and holds its end back until the program waits
    #[arg(long, value_name = "WORKER", conflicts_with = "hold", value_parser = lineage)]
    hold_end: Option<Lineage>,
    /// Lets each worker run before its creator continues
    #[arg(long, conflicts_with_all = ["hold", "hold_end"])]
    workers_first: bool,
    /// Kills a child (2:SIGTERM, 2:birth:SIGKILL), stops it for a moment (2:stop), or makes it exit
    /// (2:7). Its number counts all threads and processes that the program creates, from 0; 2.1 is
    /// created by child 2
    #[arg(long, value_name = "CHILD:WHAT", value_delimiter = ',', value_parser = fault)]
    fault: Vec<(Lineage, Fault)>,
}

impl Trace {
    pub(crate) fn run(self, workspace: &Workspace) -> CommandResult {
        let schedule = match (self.hold, self.hold_end) {
            (Some(workers), _) => Schedule::WorkersLast(workers),
            (_, Some(worker)) => Schedule::EndsLast(worker),
            _ if self.workers_first => Schedule::WorkersFirst,
            _ => Schedule::Free,
        };
        let (exercise, binary, args) = self.program.find(workspace)?;
        let built = Build::package(workspace, exercise.package, &[&binary]).run()?;
        let program = built.programs.get(&binary);
        let program = program.with_context(|| format!("cargo has built no program {binary}"))?;
        // The exercises have up to 1024 threads.
        let limits = Limits {
            tasks: 1100,
            ..Limits::default()
        };
        let run = Run::new(program).args(&args).watch_waits().limits(limits);
        let faults = self.fault.into_iter();
        let run = faults.fold(run.schedule(schedule), |run, (child, fault)| {
            run.inject(child, fault)
        });
        let observed = run.observe()?;
        let timeline = Timeline::new(&observed);

        if let Some(path) = &self.svg {
            let args = args.iter().map(|arg| format!(" {}", arg.display()));
            let title = format!("{} {binary}{}", exercise.package, args.collect::<String>());
            super::write_file(path, &svg(&timeline, &title))?;
        }
        let width = terminal::width();
        let mut drawing = text(&timeline, width) + "\n" + &timeline.how_it_ended() + "\n";
        drawing += &excerpt("It printed", &observed.stdout, MOST_LINES, width);
        drawing += &excerpt("It reported", &observed.stderr, MOST_LINES, width);
        super::say(&drawing)
    }
}
