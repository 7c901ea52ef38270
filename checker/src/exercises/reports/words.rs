//! Splits a line into words, numbers and signals.

use nix::sys::signal::Signal;
use std::str::FromStr;

/// A part of a line.
#[derive(Clone, Debug)]
pub(super) enum Token {
    /// In lower case.
    Word(String),
    Number(i64),
    /// A signal by its name or its description.
    Signal(i64),
}

/// A number behind one of these denotes a worker.
pub(super) const WORKERS: &str = "arbeiter barnprocess child copil fils hijo işlem kind kindproces kindprozess p pid proc \
    proces proceso procesul process processo processus prozess robotnik subprocess süreç task \
    trabajador trabalhador w werker werkproces worker";
/// These may stand between.
pub(super) const FILLERS: &str = "# id idx index n no nr num numer number nummer numéro número";
/// So do all numbers behind one of these.
pub(super) const LISTS: &str = "children pids processes subprocesses tasks workers";
const SIGNALS: &str = "by killed segnale semnal semnalul señal sig signal signaled signalled signo signum sinal \
    sygnał termsig wtermsig";
const EXITS: &str = "afsluitcode cod code codice codigo codul código ended exit exitcode exited exits exitstatus \
    ieșire kod kodem kódem quit rc retour return returned rückgabewert salida saída slutstatus \
    uscita wexitstatus wyjścia çıkış";
const STATUSES: &str = "estado raw stato status statut wstatus";
const OTHERS: &str =
    "after array core coredump cpu dumped in of part started sum time took wcoredump";
/// A word that stands between two lines.
pub(super) const NEW_LINE: &str = "¶";
pub(super) const KILLED: &str = "killed signaled signalled";
pub(super) const BAD: &str =
    "abnormally crash crashed died dumped failed killed signaled signalled";
pub(super) const GOOD: &str =
    "done fine good normal normally ok okay success successful successfully well";
/// What follows these did not happen.
pub(super) const NEGATIONS: &str = "kein keine never no not t without";
/// What is before these did not happen: `signal: none`.
pub(super) const NOTHING: &str =
    "aucun false geen keines keins niciunul ninguna ninguno no none nothing null";

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

/// What a number means, and what the word before it is about.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    /// A signal by its name.
    Name,
    Signal,
    Exit,
    Status,
    Other,
}

impl Token {
    /// Whether it is one of these words.
    pub(super) fn is_in(&self, words: &str) -> bool {
        matches!(self, Self::Word(word) if words.split_whitespace().any(|other| other == word))
    }

    pub(super) fn number(&self) -> Option<i64> {
        match self {
            Self::Number(number) => Some(*number),
            _ => None,
        }
    }

    /// What a number behind it means.
    pub(super) fn meaning(&self) -> Option<Meaning> {
        let meanings = [
            (SIGNALS, Meaning::Signal),
            (STATUSES, Meaning::Status),
            (EXITS, Meaning::Exit),
            (OTHERS, Meaning::Other),
        ];
        let own = meanings.into_iter().find(|(words, _)| self.is_in(words));
        own.map(|(_, meaning)| meaning)
    }
}

/// Whether a signal ends a process that does not handle it, `signal(7)`. A program may also tell
/// that it has received another one, such as SIGCHLD.
pub(super) fn is_deadly(signal: i64) -> bool {
    use libc::{SIGCHLD, SIGCONT, SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU, SIGURG, SIGWINCH};
    let others = [
        SIGCHLD, SIGCONT, SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU, SIGURG, SIGWINCH,
    ];
    !others.map(i64::from).contains(&signal)
}

/// The signal with this name. Without `SIG` it must be in capitals.
fn signal_named(word: &str) -> Option<Token> {
    let name = match word.starts_with("SIG") || word.to_uppercase() != word {
        true => word.to_uppercase(),
        false => format!("SIG{word}"),
    };
    let signal = Signal::from_str(&name).ok()?;
    Some(Token::Signal(i64::from(signal as i32)))
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
            let mark = (first == '#').then(|| Token::Word("#".into()));
            (first.len_utf8(), mark)
        };
        tokens.extend(token);
        rest = &rest[end..];
    }
    tokens
}
