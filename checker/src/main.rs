//! The command line of `cargo lab`.

mod commands;

use checker::Workspace;
use checker::build::COMPILE_LIMIT;
use checker::checking::{Selection, Whose};
use checker::explore::{Order, Plan};
use checker::format::Format;
use checker::grade::Shard;
use checker::judge::intervention::{Intervention, fault, lineage, lineages};
use checker::reasons::reasons;
use checker::seed::random_seed;
use checker::student_copy::make_student_copy;
use checker::terminal::progress;
use clap::{Parser, Subcommand};
use commands::{CommandResult, Outcome, Which};
use engine::{Fault, Schedule};
use std::env;
use std::error::Error;
use std::ffi::OsString;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

/// Helps you through the lab on threads and processes
#[derive(Parser)]
#[command(name = "cargo lab", bin_name = "cargo lab", version)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Lab>,
}

#[derive(Subcommand)]
enum Lab {
    /// Builds your programs, runs them, and reports the results
    Check {
        #[command(flatten)]
        which: Which,
        /// Check the lab's solutions instead of your files
        #[arg(long)]
        solutions: bool,
        /// Check all programs, if you name none
        #[arg(long)]
        all: bool,
        /// Check only your current task, as without a name
        #[arg(long, conflicts_with_all = ["solutions", "all"])]
        current: bool,
        /// The format of the report
        #[arg(long, value_enum, default_value_t = Format::Human)]
        format: Format,
        /// Write the report to this file
        #[arg(long, value_name = "FILE")]
        output: Option<PathBuf>,
        /// Limit the CPU time of all compilers together, in seconds
        #[arg(long, value_name = "SECONDS", default_value_t = COMPILE_LIMIT.as_secs(),
            value_parser = clap::value_parser!(u64).range(1..=86400))]
        compile_limit: u64,
        /// The seed of all random choices; a report shows its seed
        #[arg(long, value_name = "NUMBER")]
        seed: Option<u64>,
    },
    /// Shows a report of check again, from its JSON file
    Show {
        /// The report
        report: PathBuf,
        /// The format of the report
        #[arg(long, value_enum, default_value_t = Format::Human)]
        format: Format,
        /// Write the report to this file
        #[arg(long, value_name = "FILE")]
        output: Option<PathBuf>,
    },
    /// Checks your programs now, and again whenever you save a file
    Watch {
        #[command(flatten)]
        which: Which,
    },
    Trace(Trace),
    Explore(Explore),
    /// Prints a hint for a task; the last of three hints is nearly the solution
    Hint {
        #[command(flatten)]
        which: Which,
        /// The number of the hint; by default, the next one
        #[arg(long)]
        step: Option<usize>,
    },
    /// Asks the guide's questions that you have not answered correctly yet
    Quiz {
        /// Ask only the questions of this chapter, such as safety
        chapter: Option<String>,
        /// Ask all questions, even those that you have answered
        #[arg(long)]
        again: bool,
    },
    /// Restores the original file of a task; your file is kept beside it
    Reset {
        #[command(flatten)]
        which: Which,
    },
    /// Grades the submissions of a class into one table
    Grade {
        /// A submission, or a folder of submissions
        #[arg(required = true, value_name = "FOLDER")]
        folders: Vec<PathBuf>,
        /// Write OUTPUT.csv, .json and .html, and continue where OUTPUT.journal ends
        #[arg(long, default_value = "grades")]
        output: PathBuf,
        /// The number of submissions graded at a time; by default, the number of CPUs plus 1
        #[arg(long)]
        jobs: Option<usize>,
        /// Grade only one share, such as the first of three (1/3), where several machines grade
        /// one class
        #[arg(long, value_name = "SHARE/SHARES")]
        shard: Option<Shard>,
    },
    /// Checks whether the lab works on this machine, and says how to fix what is missing
    Doctor,
    /// Commands for developers of the lab
    #[command(subcommand)]
    Dev(Dev),
}

/// Runs a program and draws what its threads and processes did
///
/// The drawing shows which task created which, when each task ran, slept or waited, and how it
/// ended. The program runs in a temporary folder, which is removed at the end.
#[derive(clap::Args)]
#[command(
    after_help = "For example: cargo lab trace wait-for-me processes --svg run.svg -- message.txt"
)]
struct Trace {
    #[command(flatten)]
    which: Which,
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
    /// Kills a child (2:SIGTERM, 2:birth:SIGKILL), or makes it exit (2:7). Its number counts all
    /// threads and processes that the program creates, from 0; 2.1 is created by child 2
    #[arg(long, value_name = "CHILD:WHAT", value_delimiter = ',', value_parser = fault)]
    fault: Vec<(Lineage, Fault)>,
    /// The program's arguments; the default for a task is its own arguments
    #[arg(last = true)]
    args: Vec<OsString>,
}

/// Finds an order of a program's loads and stores in which it fails
///
/// The program runs many times, one task at a time, each time in another order. First there are
/// no preemptions, then one, two, and then random ones. The command shows the first failing
/// order line by line. An order fails if the program deadlocks, is killed, fails, or prints
/// another text than in the first run.
#[derive(clap::Args)]
#[command(after_help = "For example: cargo lab explore shared-counter threads -- 2 --increments 3")]
struct Explore {
    #[command(flatten)]
    which: Which,
    /// Tries all schedules with at most this many preemptions
    #[arg(long, default_value_t = 2)]
    preemptions: usize,
    /// Tries at most this many schedules
    #[arg(long, default_value_t = 5000)]
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
    /// The program's arguments; the default for a task is its own arguments
    #[arg(last = true)]
    args: Vec<OsString>,
}

/// Clap would parse several values as a list.
type Lineages = Vec<Lineage>;
type Lineage = Vec<usize>;

#[derive(Subcommand)]
enum Dev {
    /// Writes the skeletons in src/bin from the files in solutions, and overwrites them
    Skeletons,
    /// Makes a copy of the lab for students, without solutions, in a new folder
    Handout {
        /// The folder
        folder: PathBuf,
    },
    /// Checks that skeletons match solutions, and that skeletons, solutions and known mistakes
    /// get their verdicts
    Check {
        /// Check only that skeletons match solutions
        #[arg(long)]
        skeletons: bool,
    },
}

fn main() -> ExitCode {
    if env::var_os("TMPDIR").is_some_and(|folder| !Path::new(&folder).is_dir()) {
        // SAFETY: there is no other thread yet.
        unsafe { env::remove_var("TMPDIR") };
    }
    // For a wrong command line, clap ends the program itself with exit status 2.
    match run(Arguments::parse().command) {
        Ok(Outcome::Passed) => ExitCode::SUCCESS,
        Ok(Outcome::Failed) => ExitCode::FAILURE,
        // The reader closed the pipe, as `head` does.
        Err(error) if is_closed_pipe(error.as_ref()) => ExitCode::from(2),
        Err(error) => {
            progress("");
            let _ = writeln!(io::stderr(), "cargo lab: {}", reasons(error.as_ref()));
            ExitCode::from(2)
        }
    }
}

fn is_closed_pipe(error: &(dyn Error + 'static)) -> bool {
    let io_error = error.downcast_ref::<io::Error>();
    io_error.is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

fn run(command: Option<Lab>) -> CommandResult {
    // A student's program runs as the same user. It must not access the checker's memory or
    // open files through /proc.
    nix::sys::prctl::set_dumpable(false)?;
    let workspace = Workspace::locate();
    let Some(command) = command else {
        return commands::status::status(&workspace);
    };
    match command {
        Lab::Check {
            which,
            solutions,
            all,
            current,
            format,
            output,
            compile_limit,
            seed,
        } => {
            // The other formats and the solutions are for readers of the whole report.
            let is_for_student = format == Format::Human && output.is_none() && !solutions;
            let current = current || is_for_student && !all && which.is_open(&workspace);
            let mut exercises = which.exercises(&workspace)?;
            if current && exercises.iter().any(|exercise| exercise.task.is_some()) {
                exercises.retain(|exercise| exercise.task.is_some());
            }
            let selection = Selection {
                exercises,
                whose: if solutions {
                    Whose::Solution
                } else {
                    Whose::Student
                },
                compile_limit: Duration::from_secs(compile_limit),
                seed: seed.unwrap_or_else(random_seed),
            };
            let output = output.as_deref();
            commands::check::check_programs(&workspace, &selection, current, format, output)
        }
        Lab::Show {
            report,
            format,
            output,
        } => commands::show::show_report(&report, format, output.as_deref()),
        Lab::Watch { which } => commands::watch::watch(&workspace, &which),
        Lab::Grade {
            folders,
            output,
            jobs,
            shard,
        } => commands::grade::grade_all(&workspace, &folders, &output, jobs, shard),
        Lab::Doctor => commands::doctor::doctor(&workspace),
        Lab::Trace(Trace {
            which,
            svg,
            hold,
            hold_end,
            workers_first,
            fault,
            args,
        }) => {
            let intervention = Intervention {
                schedule: match (hold, hold_end) {
                    (Some(workers), _) => Schedule::WorkersLast(workers),
                    (_, Some(worker)) => Schedule::EndsLast(worker),
                    _ if workers_first => Schedule::WorkersFirst,
                    _ => Schedule::Free,
                },
                faults: fault.into_iter().collect(),
            };
            let svg = svg.as_deref();
            commands::trace::trace(&workspace, &which, args, intervention, svg)
        }
        Lab::Explore(Explore {
            which,
            preemptions,
            schedules,
            random,
            seconds,
            seed,
            svg,
            replay,
            args,
        }) => {
            let plan = Plan {
                preemptions,
                schedules,
                random,
                seed,
                time: Duration::from_secs(seconds),
            };
            let svg = svg.as_deref();
            commands::explore::explore(&workspace, &which, args, plan, replay.as_ref(), svg)
        }
        Lab::Hint { which, step } => commands::hint::hint(&workspace, &which, step),
        Lab::Quiz { chapter, again } => commands::quiz::quiz(&workspace, chapter.as_deref(), again),
        Lab::Reset { which } => commands::reset::reset(&workspace, &which),
        Lab::Dev(Dev::Skeletons) => commands::dev::write_skeletons(&workspace),
        Lab::Dev(Dev::Handout { folder }) => {
            make_student_copy(&workspace, &folder)?;
            Ok(Outcome::Passed)
        }
        Lab::Dev(Dev::Check { skeletons }) => match commands::dev::check_skeletons(&workspace)? {
            Outcome::Passed if !skeletons => commands::dev::check_verdicts(&workspace),
            outcome => Ok(outcome),
        },
    }
}
