//! The command lines of the programs.
//!
//! Every program takes `--help`. Whatever is wrong with a command line is an
//! [`Error::Usage`] that names it and shows a right one.

mod parse;

use crate::{ArraySpec, Error};
use parse::{Operand, Parsed, Syntax, from_command_line};
use std::path::PathBuf;

/// The command line of the programs that share an array among workers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ArrayArgs {
    /// The number of workers, 1 to 1024.
    pub num: usize,
    /// The array, with `--len`, `--seed` and `--pages` taken into account.
    pub array: ArraySpec,
}

const NUM: Operand = Operand::required("num", "how many workers share the work: 1 to 1024");
const DO_CORRUPTION: Operand = Operand::optional(
    "do_corruption",
    "anything at all: start one more worker, which spoils the array",
);
const FILE_NAME: Operand =
    Operand::required("file_name", "the file to write, which must not exist");

const NOTHING: Syntax = Syntax {
    operands: &[],
    array: None,
};
const SEQUENTIAL: Syntax = Syntax {
    operands: &[],
    array: Some(ArraySpec::SUM),
};
const SUM: Syntax = Syntax {
    operands: &[NUM],
    array: Some(ArraySpec::SUM),
};
const CORRUPTION: Syntax = Syntax {
    operands: &[NUM, DO_CORRUPTION],
    array: Some(ArraySpec::CORRUPTION),
};
const FILE: Syntax = Syntax {
    operands: &[FILE_NAME],
    array: None,
};

/// `[options] num`: the sum programs with workers.
///
/// # Errors
///
/// [`Error::Usage`], [`Error::Help`].
pub fn sum() -> Result<ArrayArgs, Error> {
    array_args(&from_command_line(&SUM)?)
}

/// `[options]`: the sum program without workers.
///
/// # Errors
///
/// [`Error::Usage`], [`Error::Help`].
pub fn sequential() -> Result<ArraySpec, Error> {
    Ok(from_command_line(&SEQUENTIAL)?.array)
}

/// `[options] num [do_corruption]`: memory-corruption. The second result tells
/// whether to corrupt the array.
///
/// # Errors
///
/// [`Error::Usage`], [`Error::Help`].
pub fn corruption() -> Result<(ArrayArgs, bool), Error> {
    let parsed = from_command_line(&CORRUPTION)?;
    Ok((array_args(&parsed)?, parsed.optional(1).is_some()))
}

/// `file_name`: wait-for-me with processes.
///
/// # Errors
///
/// [`Error::Usage`], [`Error::Help`].
pub fn file_name() -> Result<PathBuf, Error> {
    let parsed = from_command_line(&FILE)?;
    let name = parsed.required(0);
    if name.is_empty() {
        return Err(parsed.usage_error("file_name must not be empty".into()));
    }
    Ok(name.into())
}

/// Nothing: wait-for-me with threads.
///
/// # Errors
///
/// [`Error::Usage`], [`Error::Help`].
pub fn none() -> Result<(), Error> {
    from_command_line(&NOTHING).map(drop)
}

fn array_args(parsed: &Parsed) -> Result<ArrayArgs, Error> {
    let num = parsed.required(0);
    match num.to_str().and_then(|num| num.parse().ok()) {
        Some(num @ 1..=1024) => Ok(ArrayArgs {
            num,
            array: parsed.array,
        }),
        _ => Err(parsed.usage_error(format!(
            "num must be a whole number from 1 to 1024, not '{}'",
            num.display()
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Pages;
    use parse::parse;
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    fn sum(args: &[&str]) -> Result<ArrayArgs, Error> {
        array_args(&parse(&SUM, "threads", args)?)
    }

    fn problem(result: Result<impl std::fmt::Debug, Error>) -> String {
        match result {
            Err(Error::Usage { problem, usage }) => {
                assert!(usage.starts_with("usage: threads "), "{usage}");
                problem
            }
            other => panic!("not a usage error: {other:?}"),
        }
    }

    #[test]
    fn defaults_and_options() -> Result<(), Error> {
        let args = sum(&["4"])?;
        assert_eq!(args.num, 4);
        assert_eq!(args.array, ArraySpec::SUM);

        let args = sum(&["--len", "10", "--seed=7", "1024", "--pages", "small"])?;
        assert_eq!(args.num, 1024);
        assert_eq!(args.array.len, 10);
        assert_eq!(args.array.seed, 7);
        assert_eq!(args.array.pages, Pages::Small);
        Ok(())
    }

    #[test]
    fn wrong_numbers_of_workers() {
        for num in ["0", "1025", "four", "", "4.0", "99999999999999999999"] {
            let problem = problem(sum(&[num]));
            assert!(problem.contains(&format!("'{num}'")), "{problem}");
            assert!(problem.contains("1 to 1024"), "{problem}");
        }
    }

    #[test]
    fn a_negative_number_is_not_an_option() {
        assert!(problem(sum(&["-1"])).contains("'-1'"));
        assert!(problem(sum(&["-17"])).contains("'-17'"));
        assert!(problem(sum(&["4", "-1"])).contains("too many"));
    }

    #[test]
    fn what_is_wrong_is_named() {
        assert!(problem(sum(&[])).contains("num is missing"));
        assert!(problem(sum(&["4", "5"])).contains("'5'"));
        assert!(problem(sum(&["4", "--jobs"])).contains("'--jobs'"));
        assert!(problem(sum(&["4", "-x"])).contains("'-x'"));
        assert!(problem(sum(&["4", "--len"])).contains("'--len'"));
        assert!(problem(sum(&["4", "--len", "-3"])).contains("'-3'"));
        assert!(problem(sum(&["4", "--seed", "x"])).contains("'x'"));
        assert!(problem(sum(&["4", "--pages", "tiny"])).contains("'tiny'"));
    }

    #[test]
    fn invalid_utf8() {
        let invalid = OsStr::from_bytes(b"\xff\xfe");
        let parsed = parse(&SUM, "threads", [invalid]);
        assert!(problem(parsed.and_then(|parsed| array_args(&parsed))).contains('\u{fffd}'));
        let parsed = parse(&SUM, "threads", [OsStr::new("--len"), invalid]);
        assert!(problem(parsed).contains('\u{fffd}'));
        // A file name need not be UTF-8.
        let parsed = parse(&FILE, "processes", [invalid]).expect("a file name");
        assert_eq!(parsed.required(0), invalid);
    }

    #[test]
    fn any_second_argument_corrupts() -> Result<(), Error> {
        let operands = |args: &[&str]| parse(&CORRUPTION, "threads", args);
        assert_eq!(operands(&["4"])?.optional(1), None);
        assert!(operands(&["4", "0"])?.optional(1).is_some());
        assert!(operands(&["4", ""])?.optional(1).is_some());
        assert_eq!(operands(&["4"])?.array.len, 10_000_000);
        problem(operands(&["4", "yes", "please"]));
        Ok(())
    }

    #[test]
    fn help_names_everything() {
        let Err(Error::Help { text }) = sum(&["--help"]) else {
            panic!("no help");
        };
        for name in ["num", "--len", "--seed", "--pages", "--help", "100000000"] {
            assert!(text.contains(name), "{name} is missing in:\n{text}");
        }
    }
}
