//! Taking a command line apart.

use crate::error::program_name;
use crate::{ArraySpec, Error, Pages};
use lexopt::Arg;
use std::ffi::{OsStr, OsString};
use std::fmt::Write;

/// What a program takes.
pub(super) struct Syntax {
    /// The arguments that are not options, in their order.
    pub(super) operands: &'static [Operand],
    /// The array that it makes, if it makes one, and its options may change.
    pub(super) array: Option<ArraySpec>,
}

/// An argument that is not an option.
pub(super) struct Operand {
    name: &'static str,
    help: &'static str,
    is_required: bool,
}

impl Operand {
    pub(super) const fn required(name: &'static str, help: &'static str) -> Self {
        Self {
            name,
            help,
            is_required: true,
        }
    }

    pub(super) const fn optional(name: &'static str, help: &'static str) -> Self {
        Self {
            name,
            help,
            is_required: false,
        }
    }
}

/// What it was given.
#[derive(Debug)]
pub(super) struct Parsed {
    operands: Vec<OsString>,
    usage: String,
    /// The array, with the options taken into account.
    pub(super) array: ArraySpec,
}

impl Parsed {
    /// An operand that is required: without it there is no `Parsed`.
    pub(super) fn required(&self, index: usize) -> &OsStr {
        &self.operands[index]
    }

    /// An operand that may be left out.
    pub(super) fn optional(&self, index: usize) -> Option<&OsStr> {
        self.operands.get(index).map(OsString::as_os_str)
    }

    pub(super) fn usage_error(&self, problem: String) -> Error {
        usage_error(&self.usage, problem)
    }
}

fn usage_error(usage: &str, problem: impl Into<String>) -> Error {
    Error::Usage {
        problem: problem.into(),
        usage: usage.into(),
    }
}

pub(super) fn from_command_line(syntax: &Syntax) -> Result<Parsed, Error> {
    parse(syntax, &program_name(), std::env::args_os().skip(1))
}

pub(super) fn parse<A: Into<OsString>>(
    syntax: &Syntax,
    program: &str,
    args: impl IntoIterator<Item = A>,
) -> Result<Parsed, Error> {
    let usage = syntax.usage(program);
    let wrong = |problem: String| usage_error(&usage, problem);
    let mut operands: Vec<OsString> = Vec::new();
    let mut array = syntax.array.unwrap_or(ArraySpec::SUM);

    let mut parser = lexopt::Parser::from_args(args.into_iter().map(Into::into));
    while let Some(arg) = parser.next().map_err(|error| wrong(error.to_string()))? {
        // A negative number is no option, although it looks like one.
        let arg = match arg {
            Arg::Short(digit @ '0'..='9') => {
                let mut number = OsString::from(format!("-{digit}"));
                number.push(parser.optional_value().unwrap_or_default());
                Arg::Value(number)
            }
            arg => arg,
        };
        match arg {
            Arg::Short('h') | Arg::Long("help") => {
                return Err(Error::Help {
                    text: syntax.help(&usage),
                });
            }
            Arg::Long(option @ ("len" | "seed" | "pages")) if syntax.array.is_some() => {
                let option = format!("--{option}");
                let value = parser
                    .value()
                    .map_err(|_| wrong(format!("a value is missing after '{option}'")))?;
                set_option(&mut array, &option, &value).map_err(wrong)?;
            }
            Arg::Value(value) if operands.len() < syntax.operands.len() => operands.push(value),
            Arg::Value(value) => {
                return Err(wrong(format!(
                    "'{}' is one argument too many",
                    value.display()
                )));
            }
            Arg::Long(option) => return Err(wrong(format!("there is no option '--{option}'"))),
            Arg::Short(option) => return Err(wrong(format!("there is no option '-{option}'"))),
        }
    }
    if let Some(missing) = syntax.operands.get(operands.len())
        && missing.is_required
    {
        return Err(wrong(format!("{} is missing", missing.name)));
    }
    Ok(Parsed {
        operands,
        usage,
        array,
    })
}

fn set_option(array: &mut ArraySpec, option: &str, value: &OsStr) -> Result<(), String> {
    let text = value.to_str();
    let not_a_number = || {
        format!(
            "{option} takes a whole number that is not negative, not '{}'",
            value.display()
        )
    };
    match option {
        "--len" => array.len = text.and_then(|n| n.parse().ok()).ok_or_else(not_a_number)?,
        "--seed" => array.seed = text.and_then(|n| n.parse().ok()).ok_or_else(not_a_number)?,
        _ => {
            array.pages = match text {
                Some("huge") => Pages::Huge,
                Some("small") => Pages::Small,
                _ => {
                    return Err(format!(
                        "{option} takes huge or small, not '{}'",
                        value.display()
                    ));
                }
            };
        }
    }
    Ok(())
}

impl Syntax {
    fn usage(&self, program: &str) -> String {
        let mut usage = format!("usage: {program}");
        if self.array.is_some() {
            usage += " [--len N] [--seed S] [--pages huge|small]";
        }
        for operand in self.operands {
            let _ = if operand.is_required {
                write!(usage, " {}", operand.name)
            } else {
                write!(usage, " [{}]", operand.name)
            };
        }
        usage
    }

    fn help(&self, usage: &str) -> String {
        let mut lines: Vec<(&str, String)> = Vec::new();
        for operand in self.operands {
            lines.push((operand.name, operand.help.into()));
        }
        if let Some(array) = self.array {
            let len = format!("how many numbers the array has (default {})", array.len);
            let seed = format!("which numbers these are (default {})", array.seed);
            lines.push(("--len N", len));
            lines.push(("--seed S", seed));
            let pages = "the pages that the array lies on: huge (default) or small";
            lines.push(("--pages P", pages.into()));
        }
        lines.push(("-h, --help", "print this".into()));
        let mut text = format!("{usage}\n");
        for (name, explanation) in lines {
            let _ = write!(text, "\n  {name:<14} {explanation}");
        }
        text
    }
}
