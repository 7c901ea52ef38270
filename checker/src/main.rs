//! The command line of `cargo lab`.

mod commands;

use checker::Workspace;
use checker::build::COMPILE_LIMIT;
use checker::checking::{Selection, Whose};
use checker::explore::{Order, Plan};
use checker::format::Format;
use checker::grade::Shard;
use checker::judge::intervention::{Intervention, fault, lineages};
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
    /// Builds your programs, runs them, and tells how they work
    Check {
        #[command(flatten)]
        which: Which,
        /// The lab's solutions instead of your files
        #[arg(long)]
        solutions: bool,
        /// All programs, where none is named
        #[arg(long)]
        all: bool,
        /// Only the task that you are at, as without a name
        #[arg(long, conflicts_with_all = ["solutions", "all"])]
        current: bool,
        /// How to show it
        #[arg(long, value_enum, default_value_t = Format::Human)]
        format: Format,
        /// Write it to this file
        #[arg(long, value_name = "FILE")]
        output: Option<PathBuf>,
        /// How many seconds the compilers may use CPUs, all together
        #[arg(long, value_name = "SECONDS", default_value_t = COMPILE_LIMIT.as_secs(),
            value_parser = clap::value_parser!(u64).range(1..=86400))]
        compile_limit: u64,
        /// What is drawn at random is drawn from this number; a report shows it
        #[arg(long, value_name = "NUMBER")]
        seed: Option<u64>,
    },
    /// Shows a report of check again that was written as JSON
    Show {
        /// The report
        report: PathBuf,
        /// How to show it
        #[arg(long, value_enum, default_value_t = Format::Human)]
        format: Format,
        /// Write it to this file
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
    /// Prints a hint for a task; there are three, and the last nearly gives it away
    Hint {
        #[command(flatten)]
        which: Which,
        /// Which hint; the next one, if none is told
        #[arg(long)]
        step: Option<usize>,
    },
    /// Asks the questions of the guide that you have not answered rightly yet
    Quiz {
        /// Only those of this chapter, such as safety
        chapter: Option<String>,
        /// All of them, also those that you have answered
        #[arg(long)]
        again: bool,
    },
    /// Puts the file of a task back as it was handed out; yours is kept beside it
    Reset {
        #[command(flatten)]
        which: Which,
    },
    /// Grades the submissions of a class into one table
    Grade {
        /// A submission, or a folder of submissions
        #[arg(required = true, value_name = "FOLDER")]
        folders: Vec<PathBuf>,
        /// Writes OUTPUT.csv, .json and .html, and goes on where OUTPUT.journal ends
        #[arg(long, default_value = "grades")]
        output: PathBuf,
        /// How many at a time; one more than there are CPUs, if not told
        #[arg(long)]
        jobs: Option<usize>,
        /// Only the first of three shares (1/3), where several machines grade one class
        #[arg(long, value_name = "SHARE/SHARES")]
        shard: Option<Shard>,
    },
    /// Says whether the lab works on this machine, and what to do where it does not
    Doctor,
    /// For those who work on the lab itself
    #[command(subcommand)]
    Dev(Dev),
}

/// Runs a program and draws what its threads and processes did
///
/// The drawing shows who created whom, who ran, slept or waited for whom, and how
/// each of them ended. The program runs in a folder of its own, which is removed
/// when it has ended.
#[derive(clap::Args)]
#[command(
    after_help = "For example: cargo lab trace wait-for-me processes --svg run.svg -- message.txt"
)]
struct Trace {
    #[command(flatten)]
    which: Which,
    /// Also draws it as a picture for a browser or a report, over whatever is there
    #[arg(long, value_name = "FILE")]
    svg: Option<PathBuf>,
    /// Holds these workers back until the program waits, as the checker does; all of them, if
    /// none is named
    #[arg(long, value_name = "WORKERS", num_args = 0..=1, require_equals = true,
        default_missing_value = "", value_parser = lineages)]
    hold: Option<Lineages>,
    /// Lets each worker run before its creator goes on
    #[arg(long, conflicts_with = "hold")]
    workers_first: bool,
    /// Kills a child, counted from 0 (2:SIGTERM, 2:birth:SIGKILL), or makes it exit (2:7)
    #[arg(long, value_name = "CHILD:WHAT", value_delimiter = ',', value_parser = fault)]
    fault: Vec<(usize, Fault)>,
    /// What the program gets on its command line; that of a task has arguments of its own
    #[arg(last = true)]
    args: Vec<OsString>,
}

/// Finds an order of a program's loads and stores in which it fails
///
/// The program runs again and again, one task at a time, each time in another order: first
/// without preemptions, then with one, two, and then at random. The first order in which it
/// deadlocks, is killed, fails, or prints something else than in the first run is shown line by
/// line.
#[derive(clap::Args)]
#[command(after_help = "For example: cargo lab explore shared-counter threads -- 2 --increments 3")]
struct Explore {
    #[command(flatten)]
    which: Which,
    /// Tries all schedules with up to so many preemptions
    #[arg(long, default_value_t = 2)]
    preemptions: usize,
    /// Tries no more than so many
    #[arg(long, default_value_t = 5000)]
    schedules: usize,
    /// And then so many random ones
    #[arg(long, default_value_t = 1000)]
    random: usize,
    /// Begins no more after so many seconds
    #[arg(long, value_name = "NUMBER", default_value_t = 60,
        value_parser = clap::value_parser!(u64).range(1..=86400))]
    seconds: u64,
    /// The random ones are drawn from this number
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Also draws the schedule that fails as a picture, over whatever is there
    #[arg(long, value_name = "FILE")]
    svg: Option<PathBuf>,
    /// Runs this schedule and no other, as a report shows it
    #[arg(long, value_name = "TOKEN")]
    replay: Option<Order>,
    /// What the program gets on its command line; that of a task has arguments of its own
    #[arg(last = true)]
    args: Vec<OsString>,
}

/// Clap would take a list for several values.
type Lineages = Vec<Vec<usize>>;

#[derive(Subcommand)]
enum Dev {
    /// Writes the skeletons in src/bin from the files in solutions, over whatever is there
    Skeletons,
    /// Makes a copy of the lab for students, without solutions, in a new folder
    Handout {
        /// The folder
        folder: PathBuf,
    },
    /// Proves that skeletons are in step with solutions, and that skeletons, solutions and known
    /// mistakes get their verdicts
    Check {
        /// Only whether they are in step
        #[arg(long)]
        skeletons: bool,
    },
}

fn main() -> ExitCode {
    if env::var_os("TMPDIR").is_some_and(|folder| !Path::new(&folder).is_dir()) {
        // SAFETY: there is no other thread yet.
        unsafe { env::remove_var("TMPDIR") };
    }
    // Clap ends the program itself where the command line is wrong, with 2.
    match run(Arguments::parse().command) {
        Ok(Outcome::Passed) => ExitCode::SUCCESS,
        Ok(Outcome::Failed) => ExitCode::FAILURE,
        // The reader has seen enough, as `head` does.
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
    // A program of a student runs as the same user. It must not get at the memory or the open
    // files of the checker through /proc.
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
            // Other formats and the solutions are for those who look at everything.
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
            workers_first,
            fault,
            args,
        }) => {
            let intervention = Intervention {
                schedule: match hold {
                    Some(workers) => Schedule::WorkersLast(workers),
                    None if workers_first => Schedule::WorkersFirst,
                    None => Schedule::Free,
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
