//! Splits a text into words, numbers and signals.

use nix::sys::signal::Signal;
use std::str::FromStr;

/// A part of a text.
#[derive(Clone, Debug)]
pub(super) enum Token {
    /// In lower case.
    Word(String),
    Number(i64),
    /// A signal by its name or its description.
    Signal(i64),
}

/// The descriptions of `strsignal(3)`, and other common ones.
const DESCRIPTIONS: &[(&str, Signal)] = &[
    ("segmentation fault", Signal::SIGSEGV),
    ("segfaulted", Signal::SIGSEGV),
    ("segfault", Signal::SIGSEGV),
    ("aborted", Signal::SIGABRT),
    ("bad system call", Signal::SIGSYS),
    ("bus error", Signal::SIGBUS),
    ("cpu time limit exceeded", Signal::SIGXCPU),
    ("floating point exception", Signal::SIGFPE),
    ("illegal instruction", Signal::SIGILL),
    ("user defined signal 1", Signal::SIGUSR1),
    ("user defined signal 2", Signal::SIGUSR2),
    ("virtual timer expired", Signal::SIGVTALRM),
];

/// Whether a signal ends a process that does not handle it, `signal(7)`. A program may also tell
/// that it has received another one, such as SIGCHLD.
pub(super) fn is_deadly(signal: Signal) -> bool {
    use Signal::{SIGCHLD, SIGCONT, SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU, SIGURG, SIGWINCH};
    !matches!(
        signal,
        SIGCHLD | SIGCONT | SIGSTOP | SIGTSTP | SIGTTIN | SIGTTOU | SIGURG | SIGWINCH
    )
}

/// The signal with this name. Without `SIG` it must be in capitals.
fn signal_named(word: &str) -> Option<Token> {
    let name = match word.starts_with("SIG") || word.to_uppercase() != word {
        true => word.to_uppercase(),
        false => format!("SIG{word}"),
    };
    let signal = Signal::from_str(&name).ok()?;
    is_deadly(signal).then_some(Token::Signal(i64::from(signal as i32)))
}

/// Splits a line. `process2` and `process-2` have two tokens each. A number that is not
/// whole, a date and a time are words.
pub(super) fn tokens(line: &str) -> Vec<Token> {
    let mut line = line.to_owned();
    for (words, signal) in DESCRIPTIONS {
        while let Some(start) = line.to_ascii_lowercase().find(words) {
            line.replace_range(start..start + words.len(), signal.as_str());
        }
    }
    let mut tokens = Vec::new();
    let mut rest = line.as_str();
    while let Some(first) = rest.chars().next() {
        let length = |belongs: fn(char) -> bool| {
            let end = rest.find(move |c: char| !belongs(c));
            end.unwrap_or(rest.len())
        };
        let (end, token) = if first.is_ascii_digit() {
            let is_part = |(place, c): &(usize, char)| {
                let next = rest[*place..].chars().nth(1);
                c.is_ascii_alphanumeric()
                    || ['.', ':', '-'].contains(c) && next.is_some_and(|next| next.is_ascii_digit())
            };
            let mut after = rest.char_indices().skip_while(is_part);
            let end = after.next().map_or(rest.len(), |(place, _)| place);
            let word = &rest[..end];
            let number = match word.strip_prefix("0x") {
                Some(digits) => i64::from_str_radix(digits, 16),
                None => word.parse(),
            };
            let is_negative = line[..line.len() - rest.len()].ends_with(" -");
            let sign = if is_negative { -1 } else { 1 };
            let token = match number {
                Ok(number) => Token::Number(number * sign),
                Err(_) => Token::Word(word.into()),
            };
            (end, Some(token))
        } else if first.is_alphabetic() {
            let short = length(char::is_alphabetic);
            // `SIGUSR1` has a digit.
            let mut lengths = [length(char::is_alphanumeric), short].into_iter();
            let signal = lengths.find_map(|end| Some((end, signal_named(&rest[..end])?)));
            let word = || (short, Token::Word(rest[..short].to_lowercase()));
            let (end, token) = signal.unwrap_or_else(word);
            (end, Some(token))
        } else {
            (first.len_utf8(), None)
        };
        tokens.extend(token);
        rest = &rest[end..];
    }
    tokens
}

/// The numbers in a line.
pub(super) fn numbers(line: &str) -> impl Iterator<Item = i64> {
    tokens(line).into_iter().filter_map(|token| match token {
        Token::Number(number) => Some(number),
        _ => None,
    })
}
