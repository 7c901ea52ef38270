//! Splits a line into words and numbers, and classifies the numbers.

use nix::sys::signal::Signal;
use std::str::FromStr;

/// A word or a number of a line, in lower case.
pub(super) enum Token {
    Word(String),
    Number(i64),
}

/// The meaning of a number.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    Worker,
    Signal,
    ExitStatus,
    Status,
    Other,
}

pub(super) const WORKERS: &str = "child p pid proc proces proceso procesul process processo processus prozess \
    subprocess task w worker";
/// All numbers after one of these words denote workers.
pub(super) const LISTS: &str = "children pids processes subprocesses tasks workers";
pub(super) const SIGNALS: &str = "by killed segnale semnal semnalul sig signal signaled signalled signo signum señal terminated \
    termsig wtermsig";
const EXITS: &str = "code codice codigo codul código completed died ended error exit exitcode exited exits exitstatus failed \
    failure finished quit return returned wexitstatus";
pub(super) const STATUSES: &str = "estado raw stato status statut wstatus";
const OTHERS: &str =
    "after array core coredump cpu dumped in of part started sum time took wcoredump";
/// A number before one of these is an amount.
pub(super) const UNITS: &str =
    "b bytes faults gb kb kib major mb mib minor ms ns pages s seconds switches us µs";
pub(super) const DENIALS: &str = "t never no none not without";

pub(super) fn is_in(words: &str, word: &str) -> bool {
    words.split_whitespace().any(|other| other == word)
}

/// The meaning of the numbers after this word.
pub(super) fn meaning_of(word: &str) -> Option<Meaning> {
    if signal_named(word).is_some() || is_in(SIGNALS, word) {
        Some(Meaning::Signal)
    } else if is_in(EXITS, word) {
        Some(Meaning::ExitStatus)
    } else if is_in(STATUSES, word) {
        Some(Meaning::Status)
    } else if is_in(WORKERS, word) {
        Some(Meaning::Worker)
    } else {
        is_in(OTHERS, word).then_some(Meaning::Other)
    }
}

impl Token {
    /// Whether it is one of these words.
    pub(super) fn is_in(&self, words: &str) -> bool {
        matches!(self, Self::Word(word) if is_in(words, word))
    }

    /// The meaning of the numbers after this number, if the number names a signal or an exit
    /// status.
    pub(super) fn claim(&self) -> Option<Meaning> {
        let Self::Word(word) = self else { return None };
        let claims = [Meaning::Signal, Meaning::ExitStatus, Meaning::Status];
        meaning_of(word).filter(|meaning| claims.contains(meaning))
    }
}

/// The signal with this name.
pub(super) fn signal_named(word: &str) -> Option<i64> {
    let signal = match word {
        "segfault" | "segfaulted" | "segmentation" | "segv" => Signal::SIGSEGV,
        "abort" | "aborted" => Signal::SIGABRT,
        "floating" | "fpe" => Signal::SIGFPE,
        _ => Signal::from_str(&word.to_uppercase()).ok()?,
    };
    Some(i64::from(signal as i32))
}

/// Splits a text into words and numbers. `process2` and `process-2` have two tokens each,
/// `SIGUSR1` has one. A number that is not whole or is too large becomes the largest number.
pub(super) fn tokens(line: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = line;
    while let Some(first) = rest.chars().next() {
        let length = |belongs: fn(char) -> bool| {
            let end = rest.find(move |c: char| !belongs(c));
            end.unwrap_or(rest.len())
        };
        let mut end = first.len_utf8();
        if first.is_ascii_digit() {
            end = length(|c| c.is_ascii_alphanumeric() || c == '.');
            let word = rest[..end].trim_end_matches('.');
            let number = match word.strip_prefix("0x") {
                Some(digits) => i64::from_str_radix(digits, 16),
                None => word.parse(),
            };
            let is_negative = line[..line.len() - rest.len()].ends_with(" -");
            let sign = if is_negative { -1 } else { 1 };
            tokens.push(Token::Number(number.unwrap_or(i64::MAX) * sign));
        } else if first.is_alphabetic() {
            end = length(char::is_alphanumeric);
            if signal_named(&rest[..end]).is_none() {
                end = length(char::is_alphabetic);
            }
            tokens.push(Token::Word(rest[..end].into()));
        }
        rest = &rest[end..];
    }
    tokens
}

#[cfg(test)]
mod tests {
    use super::{Token, tokens};

    #[test]
    fn words_and_numbers() {
        let written = |line| -> Vec<String> {
            let tokens = tokens(line).into_iter();
            let written = tokens.map(|token| match token {
                Token::Word(word) => word,
                Token::Number(number) => number.to_string(),
            });
            written.collect()
        };
        assert_eq!(
            written("process2 process-3"),
            ["process", "2", "process", "3"]
        );
        assert_eq!(written("sigusr1: -1"), ["sigusr1", "-1"]);
        assert_eq!(written("status 0x8b."), ["status", "139"]);
        let largest = i64::MAX.to_string();
        assert_eq!(written("1.5 12ab"), [&*largest, &*largest]);
    }
}
