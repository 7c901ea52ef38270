//! What can go wrong, how it is said, and the exit status that goes with it.

use crate::{WaitStatus, report};
use std::borrow::Cow;
use std::fmt;
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

/// Why a program of the lab did not do what it was asked to.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The command line asks for help.
    Help {
        /// What to print on standard output.
        text: String,
    },
    /// The command line is wrong.
    Usage {
        /// What is wrong with it.
        problem: String,
        /// One line that shows a right one.
        usage: String,
    },
    /// More memory is asked for than there is.
    NoMemory {
        /// The number of elements asked for.
        len: usize,
        /// The memory available, in bytes.
        available: u64,
    },
    /// The operating system refused something.
    Io {
        /// What the program was about, such as "cannot read notes.txt".
        context: Cow<'static, str>,
        /// Why not.
        source: io::Error,
    },
    /// A worker process did not end well, so there is no result.
    Worker {
        /// Which one, such as "process 2".
        name: String,
        /// How it ended.
        status: WaitStatus,
    },
    /// A worker thread panicked, so there is no result.
    Panicked {
        /// Which one, such as "thread 2".
        name: String,
    },
    /// Something else, said in words.
    Other(String),
}

impl Error {
    /// A worker process that did not end well, with the wait status that
    /// `waitpid` gave.
    pub fn worker(name: impl Into<String>, status: i32) -> Self {
        Self::Worker {
            name: name.into(),
            status: WaitStatus::from_raw(status),
        }
    }

    /// A worker thread that panicked.
    pub fn panicked(name: impl Into<String>) -> Self {
        Self::Panicked { name: name.into() }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Help { text } => write!(f, "{text}"),
            Self::Usage { problem, usage } => write!(f, "{problem}\n{usage}"),
            Self::NoMemory { len, available } => {
                let gigabytes = |bytes: u128| bytes as f64 / 1e9;
                write!(
                    f,
                    "no memory for {len} numbers: they take {:.1} GB, and {:.1} GB are available",
                    gigabytes(*len as u128 * size_of::<i32>() as u128),
                    gigabytes(u128::from(*available)),
                )
            }
            Self::Io { context, source } => write!(f, "{context}: {source}"),
            Self::Worker { name, status } => write!(f, "{name} {status}"),
            Self::Panicked { name } => write!(f, "{name} panicked"),
            Self::Other(message) => write!(f, "{message}"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io { source, .. } => Some(source),
            _ => None,
        }
    }
}

/// Says what the program was about when the operating system refused.
pub trait Context<T> {
    /// Turns a failure into an [`Error::Io`] with this context.
    ///
    /// # Errors
    ///
    /// When `self` is one.
    fn context(self, context: &'static str) -> Result<T, Error>;

    /// The same with a context that is made only if it is needed.
    ///
    /// # Errors
    ///
    /// When `self` is one.
    fn with_context(self, context: impl FnOnce() -> String) -> Result<T, Error>;
}

impl<T, E: Into<io::Error>> Context<T> for Result<T, E> {
    fn context(self, context: &'static str) -> Result<T, Error> {
        self.map_err(|source| Error::Io {
            context: context.into(),
            source: source.into(),
        })
    }

    fn with_context(self, context: impl FnOnce() -> String) -> Result<T, Error> {
        self.map_err(|source| Error::Io {
            context: context().into(),
            source: source.into(),
        })
    }
}

/// Reports how a program went and gives its exit status: 0 when it did what it
/// was asked to, 1 when it failed, 2 when the command line is wrong.
///
/// What went wrong goes to standard error.
pub fn exit_code(result: Result<(), Error>) -> ExitCode {
    let result = match result {
        Err(Error::Help { text }) => print_help(&text),
        result => result,
    };
    let Err(error) = result else {
        return ExitCode::SUCCESS;
    };
    report(format_args!("{}: {error}", program_name()));
    match error {
        Error::Usage { .. } => ExitCode::from(2),
        _ => ExitCode::FAILURE,
    }
}

fn print_help(text: &str) -> Result<(), Error> {
    let mut out = io::stdout().lock();
    writeln!(out, "{text}")
        .and_then(|()| out.flush())
        .context("cannot write to standard output")
}

/// The name under which the program was started, without the folder.
pub(crate) fn program_name() -> String {
    std::env::args_os()
        .next()
        .as_deref()
        .and_then(|path| Path::new(path).file_name())
        .map_or_else(
            || "program".into(),
            |name| name.to_string_lossy().into_owned(),
        )
}
