//! `cargo lab explore`: finds a schedule that fails.

use super::{CommandResult, Program};
use checker::explore::{Explorer, Order, Plan};
use checker::handout::Handout;
use checker::terminal::{self, progress};
use checker::{Build, Workspace};
use std::path::PathBuf;
use std::time::Duration;

/// Finds an order of a program's loads and stores in which it fails
///
/// The program runs many times, one task at a time, each time in another order. First there are
/// no preemptions, then one, two, and then random ones. The command shows the first failing
/// order line by line. An order fails if the program deadlocks, is killed, fails, or prints
/// another text than in the first run.
#[derive(clap::Args)]
#[command(after_help = "For example: cargo lab explore shared-counter threads -- 2 --increments 3")]
pub(crate) struct Explore {
    #[command(flatten)]
    program: Program,
    /// Tries all schedules with at most this many preemptions
    #[arg(long, default_value_t = 2)]
    preemptions: usize,
    /// Tries at most this many schedules
    #[arg(long, default_value_t = 30_000)]
    schedules: usize,
    /// Then tries this many random schedules
    #[arg(long, default_value_t = 1000)]
    random: usize,
    /// Starts no more schedules after this many seconds
    #[arg(long, value_name = "NUMBER", default_value_t = 60,
        value_parser = clap::value_parser!(u64).range(1..=86400))]
    seconds: u64,
    /// The seed of the random schedules
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Also draws the failing schedule as a picture, and overwrites the file
    #[arg(long, value_name = "FILE")]
    svg: Option<PathBuf>,
    /// Runs only this schedule, given by the token in a report
    #[arg(long, value_name = "TOKEN")]
    replay: Option<Order>,
}

impl Explore {
    pub(crate) fn run(&self, workspace: &Workspace) -> CommandResult {
        let (exercise, binary, args) = self.program.find(workspace)?;
        let source = match Handout::of(workspace, exercise) {
            Some(handout) if binary != exercise.binary => handout.solution,
            _ => workspace.root().join(exercise.source()),
        };
        let build = Build::package(workspace, exercise.package, &[&binary]);
        let name = format!("{} {binary}", exercise.package);
        let plan = Plan {
            preemptions: self.preemptions,
            schedules: self.schedules,
            random: self.random,
            seed: self.seed,
            time: Duration::from_secs(self.seconds),
        };
        progress("compiling ...");
        let explorer = Explorer::new(&build, &name, source)?.with_args(args);
        let explored = match &self.replay {
            Some(order) => explorer.replay(order),
            None => explorer.explore(&plan, progress),
        }?;
        progress("");
        if let (Some(path), Some(picture)) = (&self.svg, explored.svg()) {
            super::write_file(path, &picture)?;
        }
        terminal::print(&explored.text(terminal::width()))?;
        Ok(explored.is_right())
    }
}
