//! The command lines of the programs.
//!
//! Each function reads the command line of one kind of program and returns what
//! it says. A wrong command line ends the program with exit status 2, after a
//! message and the usage on standard error. `--help` ends it with exit status 0,
//! after the help on standard output.

use crate::output::{print_line, report};
use crate::{ArraySpec, Pages};
use lexopt::{Arg, Error, Parser};
use std::ffi::{OsStr, OsString};
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::process::exit;

/// The command line of a program that shares an array among workers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ArrayArgs {
    /// The number of workers, 1 to 1024.
    pub num: usize,
    /// The array, as `--len`, `--seed` and `--pages` describe it.
    pub array: ArraySpec,
    /// The number of times each worker sums its part: `--rounds`, 1 or more.
    pub rounds: u32,
    /// Whether there is a second argument. It asks memory-corruption to corrupt the array.
    pub do_corruption: bool,
}

/// The command line of a program whose workers add to a counter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CounterArgs {
    /// The number of workers, 1 to 1024.
    pub num: usize,
    /// The number of times each worker adds 1: `--increments`.
    pub increments: u32,
    /// Whether the workers add without a lock: `--atomic`.
    pub is_atomic: bool,
}

/// `[options] num`: sum-array with workers.
#[must_use]
pub fn sum() -> ArrayArgs {
    array_args(&SUM)
}

/// `[options]`: sum-array without workers.
#[must_use]
pub fn sequential() -> ArrayArgs {
    array_args(&SEQUENTIAL)
}

/// `[options] num`: seg-fault.
#[must_use]
pub fn seg_fault() -> ArrayArgs {
    array_args(&SEG_FAULT)
}

/// `[options] num [do_corruption]`: memory-corruption.
#[must_use]
pub fn corruption() -> ArrayArgs {
    array_args(&CORRUPTION)
}

/// `[options] num`: shared-counter.
#[must_use]
pub fn counter() -> CounterArgs {
    from_command_line(&COUNTER, Parsed::into_counter_args)
}

/// `file_name`: wait-for-me with processes.
#[must_use]
pub fn file_name() -> PathBuf {
    from_command_line(&FILE_NAME, |mut parsed| {
        let name = parsed.operands.remove(0);
        if name.is_empty() {
            return Err("file_name must not be empty".into());
        }
        Ok(name.into())
    })
}

/// No arguments: wait-for-me with threads.
pub fn none() {
    from_command_line(&NONE, |_| Ok(()));
}

/// The arguments and options of a program.
struct Syntax {
    /// The arguments that are not options, with an explanation. A name in brackets
    /// is optional.
    operands: &'static [(&'static str, &'static str)],
    options: &'static [(&'static str, &'static str)],
    /// The default array.
    array: ArraySpec,
}

const SUM: Syntax = Syntax {
    operands: &[NUM],
    options: &[LEN, SEED, PAGES, ROUNDS],
    array: ArraySpec::SUM,
};
const SEQUENTIAL: Syntax = Syntax {
    operands: &[],
    ..SUM
};
const SEG_FAULT: Syntax = Syntax {
    options: &[LEN, SEED, PAGES],
    ..SUM
};
const CORRUPTION: Syntax = Syntax {
    operands: &[
        NUM,
        (
            "[do_corruption]",
            "any text, even 'no': one more worker corrupts the array",
        ),
    ],
    array: ArraySpec::CORRUPTION,
    ..SEG_FAULT
};
const COUNTER: Syntax = Syntax {
    options: &[INCREMENTS, ATOMIC],
    ..SUM
};
const NONE: Syntax = Syntax {
    operands: &[],
    options: &[],
    ..SUM
};
const FILE_NAME: Syntax = Syntax {
    operands: &[("file_name", "the file to write; it must not exist")],
    ..NONE
};

const NUM: (&str, &str) = ("num", "how many workers share the work, 1 to 1024");
const LEN: (&str, &str) = ("--len N", "how many numbers the array has");
const SEED: (&str, &str) = ("--seed S", "the seed of the random numbers (default 42)");
const PAGES: (&str, &str) = (
    "--pages huge|small",
    "the size of the array's pages (default huge)",
);
const ROUNDS: (&str, &str) = (
    "--rounds N",
    "how often each worker sums its part (default 1)",
);
const INCREMENTS: (&str, &str) = (
    "--increments N",
    "how often each worker adds 1 (default 100000)",
);
const ATOMIC: (&str, &str) = ("--atomic", "add in one step, without a lock");

/// The values on a command line.
#[derive(Debug)]
struct Parsed {
    operands: Vec<OsString>,
    array: ArraySpec,
    rounds: u32,
    increments: u32,
    is_atomic: bool,
}

fn array_args(syntax: &Syntax) -> ArrayArgs {
    from_command_line(syntax, Parsed::into_array_args)
}

/// Reads the command line of this program, or ends the program.
fn from_command_line<T>(syntax: &Syntax, convert: impl FnOnce(Parsed) -> Result<T, Error>) -> T {
    let parser = Parser::from_env();
    let path = parser.bin_name().unwrap_or("program");
    let usage = syntax.usage(path.rsplit('/').next().unwrap_or(path));
    match parse(syntax, parser) {
        Ok(Some(parsed)) => convert(parsed),
        Ok(None) => {
            let printed = print_line(format_args!("{usage}\n{}", syntax.help()));
            if let Err(error) = &printed {
                report(format_args!("Error: {error}"));
            }
            exit(printed.is_err().into())
        }
        Err(error) => Err(error),
    }
    .unwrap_or_else(|error| {
        report(format_args!("Error: {error}\n{usage}"));
        exit(2)
    })
}

/// Returns `None` if the command line asks for help.
fn parse(syntax: &Syntax, mut parser: Parser) -> Result<Option<Parsed>, Error> {
    let mut parsed = Parsed {
        operands: Vec::new(),
        array: syntax.array,
        rounds: 1,
        increments: 100_000,
        is_atomic: false,
    };
    while let Some(arg) = parser.next()? {
        match arg {
            Arg::Short('h') | Arg::Long("help") => return Ok(None),
            Arg::Long(name) if syntax.has_option(name) => {
                let name = name.to_owned();
                match name.as_str() {
                    "atomic" => parsed.is_atomic = true,
                    _ => parsed.set(&name, &parser.value()?)?,
                }
            }
            // A negative number looks like an option.
            Arg::Short(digit @ '0'..='9') => {
                let mut number = OsString::from(format!("-{digit}"));
                number.push(parser.optional_value().unwrap_or_default());
                parsed.operands.push(number);
            }
            Arg::Value(value) => parsed.operands.push(value),
            option => return Err(option.unexpected()),
        }
    }
    if let Some(surplus) = parsed.operands.get(syntax.operands.len()) {
        return Err(format!("'{}' is one argument too many", surplus.display()).into());
    }
    match syntax.operands.get(parsed.operands.len()) {
        Some((name, _)) if !name.starts_with('[') => Err(format!("{name} is missing").into()),
        _ => Ok(Some(parsed)),
    }
}

impl Syntax {
    fn has_option(&self, name: &str) -> bool {
        let shown = format!("--{name}");
        let mut options = self.options.iter();
        options.any(|(text, _)| text.split(' ').next() == Some(&shown))
    }

    fn usage(&self, program: &str) -> String {
        let options = self.options.iter().map(|(text, _)| format!(" [{text}]"));
        let operands = self.operands.iter().map(|(name, _)| format!(" {name}"));
        let arguments: String = options.chain(operands).collect();
        format!("usage: {program}{arguments}")
    }

    fn help(&self) -> String {
        let help = [("-h, --help", "print this help")];
        let lines = self.operands.iter().chain(self.options).chain(&help);
        let line = |(name, meaning): &(&str, &str)| format!("\n  {name:<18}  {meaning}");
        let text: String = lines.map(line).collect();
        let default_len = format!("{} (default {})", LEN.1, self.array.len);
        text.replace(LEN.1, &default_len)
    }
}

impl Parsed {
    fn set(&mut self, option: &str, value: &OsStr) -> Result<(), Error> {
        let name = format!("--{option}");
        match option {
            "len" => self.array.len = whole_number(&name, value, 0..=usize::MAX as u64)?,
            "seed" => self.array.seed = whole_number(&name, value, 0..=u64::MAX)?,
            "increments" => self.increments = whole_number(&name, value, 0..=u32::MAX.into())?,
            "rounds" => self.rounds = whole_number(&name, value, 1..=u32::MAX.into())?,
            _ => {
                self.array.pages = match value.to_str() {
                    Some("huge") => Pages::Huge,
                    Some("small") => Pages::Small,
                    _ => {
                        let value = value.display();
                        return Err(format!("--pages must be huge or small, not '{value}'").into());
                    }
                }
            }
        }
        Ok(())
    }

    fn num(&self) -> Result<usize, Error> {
        match self.operands.first() {
            Some(num) => whole_number("num", num, 1..=1024),
            None => Ok(1),
        }
    }

    fn into_counter_args(self) -> Result<CounterArgs, Error> {
        Ok(CounterArgs {
            num: self.num()?,
            increments: self.increments,
            is_atomic: self.is_atomic,
        })
    }

    fn into_array_args(self) -> Result<ArrayArgs, Error> {
        Ok(ArrayArgs {
            num: self.num()?,
            array: self.array,
            rounds: self.rounds,
            do_corruption: self.operands.len() > 1,
        })
    }
}

fn whole_number<N: TryFrom<u64>>(
    name: &str,
    value: &OsStr,
    range: RangeInclusive<u64>,
) -> Result<N, Error> {
    let number = value.to_str().and_then(|text| text.parse().ok());
    let number = number.filter(|number| range.contains(number));
    number
        .and_then(|number| N::try_from(number).ok())
        .ok_or_else(|| {
            let (least, most) = range.into_inner();
            let value = value.display();
            format!("{name} must be a whole number from {least} to {most}, not '{value}'").into()
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::ffi::OsStrExt;

    fn parsed<A: Into<OsString> + Copy>(syntax: &Syntax, args: &[A]) -> Result<Parsed, Error> {
        let args = args.iter().map(|&arg| arg.into());
        let parsed = parse(syntax, Parser::from_args(args));
        parsed.map(|parsed| parsed.expect("no --help"))
    }

    fn sum(args: &[&str]) -> Result<ArrayArgs, Error> {
        parsed(&SUM, args)?.into_array_args()
    }

    fn problem(result: Result<impl std::fmt::Debug, Error>) -> String {
        result.expect_err("a wrong command line").to_string()
    }

    #[test]
    fn defaults_and_options() -> Result<(), Error> {
        let args = sum(&["4"])?;
        assert_eq!((args.num, args.rounds), (4, 1));
        assert_eq!(args.array, ArraySpec::SUM);

        let args = sum(&[
            "--len", "10", "--seed=7", "1024", "--pages", "small", "--rounds", "9",
        ])?;
        assert_eq!((args.num, args.rounds), (1024, 9));
        assert_eq!(args.array.len, 10);
        assert_eq!(args.array.seed, 7);
        assert_eq!(args.array.pages, Pages::Small);
        Ok(())
    }

    #[test]
    fn a_counter() -> Result<(), Error> {
        let args = |args: &[&str]| parsed(&COUNTER, args)?.into_counter_args();
        assert_eq!(args(&["4"])?.increments, 100_000);
        assert!(!args(&["4"])?.is_atomic);
        let all = args(&["--atomic", "4", "--increments", "3"])?;
        assert_eq!((all.num, all.increments, all.is_atomic), (4, 3, true));
        assert!(problem(args(&["0"])).contains("'0'"));
        assert!(problem(args(&["4", "--increments", "x"])).contains("'x'"));
        assert!(problem(args(&["4", "--atomic=yes"])).contains("yes"));
        assert!(problem(args(&["4", "--len", "3"])).contains("'--len'"));
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
    fn the_message_names_the_wrong_argument() {
        assert!(problem(sum(&[])).contains("num is missing"));
        assert!(problem(sum(&["4", "5"])).contains("'5'"));
        assert!(problem(sum(&["4", "--jobs"])).contains("'--jobs'"));
        assert!(problem(sum(&["4", "-x"])).contains("'-x'"));
        assert!(problem(sum(&["4", "--len"])).contains("'--len'"));
        assert!(problem(sum(&["4", "--len", "-3"])).contains("'-3'"));
        assert!(problem(sum(&["4", "--seed", "x"])).contains("'x'"));
        assert!(problem(sum(&["4", "--pages", "tiny"])).contains("'tiny'"));
        assert!(problem(sum(&["4", "--rounds", "0"])).contains("'0'"));
        assert!(problem(parsed(&CORRUPTION, &["4", "--rounds", "2"])).contains("'--rounds'"));
    }

    #[test]
    fn invalid_utf8() -> Result<(), Error> {
        let invalid = OsStr::from_bytes(b"\xff\xfe");
        let args = parsed(&SUM, &[invalid])?.into_array_args();
        assert!(problem(args).contains('\u{fffd}'));
        assert!(problem(parsed(&SUM, &[OsStr::new("--len"), invalid])).contains('\u{fffd}'));
        // A file name need not be UTF-8.
        assert_eq!(parsed(&FILE_NAME, &[invalid])?.operands, [invalid]);
        Ok(())
    }

    #[test]
    fn any_second_argument_corrupts() -> Result<(), Error> {
        let args = |args: &[&str]| parsed(&CORRUPTION, args)?.into_array_args();
        assert!(!args(&["4"])?.do_corruption);
        assert!(args(&["4", "0"])?.do_corruption);
        assert!(args(&["4", ""])?.do_corruption);
        assert_eq!(args(&["4"])?.array.len, 10_000_000);
        assert!(problem(args(&["4", "yes", "please"])).contains("'please'"));
        Ok(())
    }

    #[test]
    fn usage_and_help_name_everything() {
        let usage = CORRUPTION.usage("threads");
        let expected = "usage: threads [--len N] [--seed S] [--pages huge|small] \
                        num [do_corruption]";
        assert_eq!(usage, expected);
        let help = SUM.help();
        for name in [
            "num",
            "--len",
            "--seed",
            "--pages",
            "--rounds",
            "--help",
            "100000000",
        ] {
            assert!(help.contains(name), "{name} is missing in:{help}");
        }
        assert!(CORRUPTION.help().contains("(default 10000000)"));
    }
}
