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
use std::fmt::Display;
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::process::exit;
use std::str::FromStr;

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
    from_command_line(&SUM).array
}

/// `[options]`: sum-array without workers.
#[must_use]
pub fn sequential() -> ArrayArgs {
    from_command_line(&SEQUENTIAL).array
}

/// `[options] num`: seg-fault.
#[must_use]
pub fn seg_fault() -> ArrayArgs {
    from_command_line(&SEG_FAULT).array
}

/// `[options] num [do_corruption]`: memory-corruption.
#[must_use]
pub fn corruption() -> ArrayArgs {
    from_command_line(&CORRUPTION).array
}

/// `[options] num`: shared-counter.
#[must_use]
pub fn counter() -> CounterArgs {
    from_command_line(&COUNTER).counter
}

/// `file_name`: wait-for-me with processes.
#[must_use]
pub fn file_name() -> PathBuf {
    from_command_line(&FILE_NAME).file_name
}

/// No arguments: wait-for-me with threads.
pub fn none() {
    from_command_line(&NONE);
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

/// The values on a command line, and the defaults of all others.
#[derive(Debug)]
struct Parsed {
    array: ArrayArgs,
    counter: CounterArgs,
    file_name: PathBuf,
}

/// Reads the command line of this program, or ends the program.
fn from_command_line(syntax: &Syntax) -> Parsed {
    let parser = Parser::from_env();
    let path = parser.bin_name().unwrap_or("program");
    let usage = syntax.usage(path.rsplit('/').next().unwrap_or(path));
    match parse(syntax, parser) {
        Ok(Some(parsed)) => parsed,
        Ok(None) => {
            let printed = print_line(format_args!("{usage}\n{}", syntax.help()));
            if let Err(error) = &printed {
                report(format_args!("Error: {error}"));
            }
            exit(printed.is_err().into())
        }
        Err(error) => {
            report(format_args!("Error: {error}\n{usage}"));
            exit(2)
        }
    }
}

/// Returns `None` if the command line asks for help.
fn parse(syntax: &Syntax, mut parser: Parser) -> Result<Option<Parsed>, Error> {
    let mut parsed = Parsed {
        array: ArrayArgs {
            num: 1,
            array: syntax.array,
            rounds: 1,
            do_corruption: false,
        },
        counter: CounterArgs {
            num: 1,
            increments: 100_000,
            is_atomic: false,
        },
        file_name: PathBuf::new(),
    };
    let mut operands = Vec::new();
    while let Some(arg) = parser.next()? {
        match arg {
            Arg::Short('h') | Arg::Long("help") => return Ok(None),
            Arg::Long(name) if syntax.has_option(name) => {
                let name = format!("--{name}");
                match name.as_str() {
                    "--atomic" => parsed.counter.is_atomic = true,
                    _ => parsed.set(&name, &parser.value()?)?,
                }
            }
            // A negative number looks like an option.
            Arg::Short(digit @ '0'..='9') => {
                let mut number = OsString::from(format!("-{digit}"));
                number.push(parser.optional_value().unwrap_or_default());
                operands.push(number);
            }
            Arg::Value(value) => operands.push(value),
            option => return Err(option.unexpected()),
        }
    }
    if let Some(surplus) = operands.get(syntax.operands.len()) {
        return Err(format!("'{}' is one argument too many", surplus.display()).into());
    }
    if let Some((name, _)) = syntax.operands.get(operands.len())
        && !name.starts_with('[')
    {
        return Err(format!("{name} is missing").into());
    }
    for ((name, _), value) in syntax.operands.iter().zip(&operands) {
        parsed.set(name, value)?;
    }
    Ok(Some(parsed))
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
    /// Sets the value of an argument or of an option.
    fn set(&mut self, name: &str, value: &OsStr) -> Result<(), Error> {
        let Self { array, counter, .. } = self;
        match name {
            "num" => {
                array.num = whole_number(name, value, 1..=1024)?;
                counter.num = array.num;
            }
            "file_name" if value.is_empty() => return Err("file_name must not be empty".into()),
            "file_name" => self.file_name = value.into(),
            "--len" => array.array.len = whole_number(name, value, 0..=usize::MAX)?,
            "--seed" => array.array.seed = whole_number(name, value, 0..=u64::MAX)?,
            "--increments" => counter.increments = whole_number(name, value, 0..=u32::MAX)?,
            "--rounds" => array.rounds = whole_number(name, value, 1..=u32::MAX)?,
            "--pages" => {
                array.array.pages = match value.to_str() {
                    Some("huge") => Pages::Huge,
                    Some("small") => Pages::Small,
                    _ => {
                        let value = value.display();
                        return Err(format!("--pages must be huge or small, not '{value}'").into());
                    }
                }
            }
            // Any text asks for it.
            _ => array.do_corruption = true,
        }
        Ok(())
    }
}

fn whole_number<N: FromStr + PartialOrd + Display>(
    name: &str,
    value: &OsStr,
    range: RangeInclusive<N>,
) -> Result<N, Error> {
    let number = value.to_str().and_then(|text| text.parse().ok());
    let number = number.filter(|number| range.contains(number));
    number.ok_or_else(|| {
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
        Ok(parsed(&SUM, args)?.array)
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
        let args = |args: &[&str]| parsed(&COUNTER, args);
        assert_eq!(args(&["4"])?.counter.increments, 100_000);
        assert!(!args(&["4"])?.counter.is_atomic);
        let all = args(&["--atomic", "4", "--increments", "3"])?.counter;
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
        assert!(problem(parsed(&SUM, &[invalid])).contains('\u{fffd}'));
        assert!(problem(parsed(&SUM, &[OsStr::new("--len"), invalid])).contains('\u{fffd}'));
        // A file name need not be UTF-8.
        assert_eq!(parsed(&FILE_NAME, &[invalid])?.file_name, invalid);
        Ok(())
    }

    #[test]
    fn any_second_argument_corrupts() -> Result<(), Error> {
        let args = |args: &[&str]| parsed(&CORRUPTION, args);
        assert!(!args(&["4"])?.array.do_corruption);
        assert!(args(&["4", "0"])?.array.do_corruption);
        assert!(args(&["4", ""])?.array.do_corruption);
        assert_eq!(args(&["4"])?.array.array.len, 10_000_000);
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
