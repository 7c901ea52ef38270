//! Finds a program's reports of workers that did not end well.
//!
//! The judge knows how each worker ended. So it does not parse sentences, which may be in any words:
//! it looks for the worker in the text, by its number behind a word such as `process`, at the start of
//! a line or in a column, or by its process id. The rest of that line belongs to this worker; without
//! a number and a signal in it, so do the next lines. There it looks for the signal, by number, name or
//! description, or for the exit status.
//!
//! A few words decide what a number behind them means: `signal`, `exit`, `status`. Such a number must
//! not contradict the end of the worker, and a worker that ended well must have none but 0.

mod claim;
mod words;

use crate::wait_status::signal_in_words;
use claim::Claim;
use words::{
    BAD, EXITS, FILLERS, KILLED, LISTS, NEW_LINE, OTHERS, SIGNALS, STATUSES, Token, WORKERS, tokens,
};

/// How a worker failed, according to the kernel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// A signal killed it.
    Killed(i32),
    /// It ended with this exit status, which is not 0.
    Exited(i32),
}

impl Fate {
    /// Whether this is the whole wait status, with or without the bit of the core file.
    fn is_wait_status(self, number: i64) -> bool {
        match self {
            Self::Killed(signal) => number & !0x80 == i64::from(signal),
            Self::Exited(status) => number == i64::from(status) << 8,
        }
    }
}

/// A child process of the program, with its descendants.
pub(super) struct Worker {
    /// [`PROGRAM`] for the program itself.
    pub(super) number: usize,
    pub(super) pids: Vec<i32>,
    /// The failures of those processes.
    pub(super) fates: Vec<Fate>,
}

/// The number of the program itself, which has no number.
pub(super) const PROGRAM: usize = usize::MAX;

/// Stands for a process id that no worker has.
const NO_WORKER: i64 = -1;

/// The first mistake in the reports.
#[derive(Debug)]
pub(super) struct Wrong {
    pub(super) message: String,
    /// The wrong line, if there is one.
    pub(super) line: Option<String>,
}

/// A part of the text about some workers.
#[derive(Clone)]
struct Part {
    /// Numbers of workers or process ids.
    about: Vec<i64>,
    line: String,
    claim: Claim,
    /// What the line itself claims, without the next lines.
    own: Claim,
}

/// Checks that the program reports each worker that failed, and no other worker.
pub(super) fn reports(stdout: &str, stderr: &str, workers: &[Worker]) -> Result<(), Wrong> {
    let wrong = |message: String, line: &str| Wrong {
        message,
        line: Some(line.to_owned()).filter(|line| !line.is_empty()),
    };
    let parts = parts(stderr, workers);
    for part in &parts {
        for number in &part.about {
            let Some(worker) = workers.iter().find(|worker| worker.is_called(*number)) else {
                if part.own.is_bad() {
                    let message = "it reports a process that does not exist".into();
                    return Err(wrong(message, &part.line));
                }
                continue;
            };
            if worker.number != PROGRAM && worker.fates.is_empty() && part.own.is_bad() {
                let message = format!("it reports process {}, which ended well", worker.number);
                let others = workers.iter().filter(|other| part.own.fits(other));
                let others: Vec<String> = others.map(|other| other.number.to_string()).collect();
                let happened = match others.as_slice() {
                    [] => String::new(),
                    others => format!(". This happened to process {}", others.join(" or ")),
                };
                return Err(wrong(message + &happened, &part.line));
            }
        }
    }
    for worker in workers.iter().filter(|worker| !worker.fates.is_empty()) {
        let own = worker.parts(&parts, stderr, workers);
        let contradicts = |part: &&Part| !part.claim.fits(worker) && part.claim.contradicts(worker);
        if let Some(part) = own.iter().find(contradicts) {
            return Err(wrong(worker.not_reported(&own), &part.line));
        }
        if own.iter().any(|part| part.claim.fits(worker)) {
            continue;
        }
        let message = worker.not_reported(&own);
        let printed = self::parts(stdout, workers);
        let printed = worker.parts(&printed, stdout, workers);
        if let Some(part) = printed.iter().find(|part| part.claim.fits(worker)) {
            let message = format!("{message} on standard error: standard output is for results");
            return Err(wrong(message, &part.line));
        }
        return Err(wrong(message, stderr.trim()));
    }
    Ok(())
}

fn is_result(line: &str) -> bool {
    line.starts_with("Array sum is: ") || line.starts_with("Time spent: ")
}

/// Whether a word such as `process` is before this place: `process 2`, `process no. 2`.
fn is_named(tokens: &[Token], place: usize) -> bool {
    match &tokens[..place] {
        [.., worker, filler] if filler.is_in(FILLERS) => worker.is_in(WORKERS),
        [.., worker] => worker.is_in(WORKERS),
        [] => false,
    }
}

fn is_named_number(tokens: &[Token], place: usize) -> bool {
    tokens[place].number().is_some() && is_named(tokens, place)
}

/// The parts of a text about workers that it clearly names.
fn parts(text: &str, workers: &[Worker]) -> Vec<Part> {
    let is_pid = |number: i64| workers.iter().any(|worker| worker.has_pid(number));
    parts_about(text, workers, |line, tokens, place| {
        let number = tokens[place].number()?;
        let mut before = tokens[..place].iter().rev();
        let is_listed = |token: &Token| token.number().is_some() || token.is_in("and");
        let mut words = before.clone().skip_while(|token| is_listed(token));
        let has_others = [place.checked_sub(1), Some(place + 1)]
            .into_iter()
            .flatten();
        let mut has_others = has_others.filter_map(|place| tokens.get(place));
        // `workers failed: 2` may also be an amount.
        let in_list = match words.next() {
            Some(bad) if bad.is_in(BAD) && has_others.any(is_listed) => words.next(),
            word => word,
        };
        let in_list = in_list.is_some_and(|word| word.is_in(LISTS));
        let before = before.next();
        let is_called_pid = before.is_some_and(|token| token.is_in("pid"));
        let is_named = is_named(tokens, place);
        let is_first = place == 0
            && stands_apart(line)
            && !(1..tokens.len()).any(|place| is_named_number(tokens, place));
        match number > 255 && is_pid(number) {
            true => Some(number),
            false if is_called_pid => Some(NO_WORKER),
            false => (is_named || in_list || is_first).then_some(number),
        }
    })
}

/// Whether it is a word before the number of a worker.
fn names(token: &Token) -> bool {
    token.is_in(WORKERS) || token.is_in(FILLERS)
}

/// A place in a line that names workers: `process 2`, `processes 0 and 1`, `process 2 (pid 4713)`.
struct Mention {
    about: Vec<i64>,
    /// The places of the first and the last number.
    first: usize,
    last: usize,
}

/// A line with its mentions of workers.
struct Line {
    text: String,
    tokens: Vec<Token>,
    mentions: Vec<Mention>,
    /// The number of brackets that are open after it.
    open: usize,
}

impl Line {
    fn new(text: &str, open: usize, meant: impl Fn(&str, &[Token], usize) -> Option<i64>) -> Self {
        let tokens = tokens(text);
        let mut mentions: Vec<Mention> = Vec::new();
        for place in 0..tokens.len() {
            let Some(number) = meant(text, &tokens, place) else {
                continue;
            };
            let joins = |token: &Token| names(token) || token.is_in("and");
            match mentions.last_mut() {
                Some(mention) if tokens[mention.last + 1..place].iter().all(joins) => {
                    mention.about.push(number);
                    mention.last = place;
                }
                _ => mentions.push(Mention {
                    about: vec![number],
                    first: place,
                    last: place,
                }),
            }
        }
        Self {
            text: text.into(),
            tokens,
            mentions,
            open: text.chars().fold(open, |open, c| match c {
                '(' | '[' | '{' => open + 1,
                ')' | ']' | '}' => open.saturating_sub(1),
                _ => open,
            }),
        }
    }

    /// The tokens that belong to a mention. Among several mentions, those behind it do, or those
    /// before it.
    fn tokens_of(&self, number: usize) -> Vec<Token> {
        let Mention { first, last, .. } = self.mentions[number];
        let start = self.mentions[..number]
            .last()
            .map_or(0, |before| before.last + 1);
        let end = self.mentions.get(number + 1);
        let end = end.map_or(self.tokens.len(), |next| next.first);
        let (before, after) = (&self.tokens[start..first], &self.tokens[last + 1..end]);
        let named = before.iter().rev().take_while(|token| names(token)).count();
        let before = &before[..before.len() - named];
        match self.mentions.len() {
            1 => [before, after].concat(),
            _ if has_evidence(after) || after.iter().any(|token| token.is_in(KILLED)) => {
                after.to_vec()
            }
            _ => before.to_vec(),
        }
    }

    /// The tokens without the mentions, if all of them are about these workers.
    fn goes_on(&self, about: &[i64], workers: &[Worker]) -> Option<impl Iterator<Item = &Token>> {
        let mut numbers = self.mentions.iter().flat_map(|mention| &mention.about);
        let is_same = numbers.all(|number| {
            let both =
                |worker: &Worker, other| worker.is_called(*number) && worker.is_called(other);
            about
                .iter()
                .any(|other| workers.iter().any(|worker| both(worker, *other)))
        });
        let is_named = |place: usize| {
            let mut mentions = self.mentions.iter();
            mentions.any(|mention| (mention.first..=mention.last).contains(&place))
        };
        let rest = self.tokens.iter().enumerate();
        let rest = rest.filter(move |(place, _)| !is_named(*place));
        (is_same && !self.text.trim().is_empty()).then(|| rest.map(|(_, token)| token))
    }
}

/// The parts of a text about the workers that are meant.
fn parts_about(
    text: &str,
    workers: &[Worker],
    meant: impl Fn(&str, &[Token], usize) -> Option<i64>,
) -> Vec<Part> {
    let text = anstream::adapter::strip_str(text).to_string();
    let mut lines: Vec<Line> = Vec::new();
    for line in text.lines().filter(|line| !is_result(line)) {
        let open = lines.last().map_or(0, |line| line.open);
        lines.push(Line::new(line, open, &meant));
    }
    let mut parts = Vec::new();
    for (place, line) in lines.iter().enumerate() {
        for (number, mention) in line.mentions.iter().enumerate() {
            let about = mention.about.clone();
            let mut tokens = line.tokens_of(number);
            let mut own = Claim::of(&tokens);
            let mut text = line.text.clone();
            if !has_evidence(&tokens) {
                let mut open = line.open;
                for next in &lines[place + 1..] {
                    // What follows a bracket is not about a worker in it.
                    let has_left = line.open > 0 && open == 0;
                    let Some(rest) = next.goes_on(&about, workers).filter(|_| !has_left) else {
                        break;
                    };
                    open = next.open;
                    tokens.push(Token::Word(NEW_LINE.into()));
                    tokens.extend(rest.cloned());
                    text = format!("{text} {}", next.text.trim());
                }
                let is_of_name = |token: &Token| names(token) || token.number().is_some();
                let is_heading = line.text.trim_end().ends_with([':', '(', '[', '{'])
                    || line.tokens.iter().any(names) && line.tokens.iter().all(is_of_name);
                if is_heading {
                    own = Claim::of(&tokens);
                }
            }
            parts.push(Part {
                about,
                line: text,
                claim: Claim::of(&tokens),
                own,
            });
        }
    }
    parts
}

/// Whether there is a number or a signal.
fn has_evidence(tokens: &[Token]) -> bool {
    tokens.iter().any(|token| !matches!(token, Token::Word(_)))
}

/// Whether the number at the start of a line stands apart: `2: `, `[2] `, `| 2 |`, `2   `.
fn stands_apart(line: &str) -> bool {
    let line = line
        .trim_start()
        .trim_start_matches(['#', '[', '(', '|', ' ', '│']);
    let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let is_time = rest
        .strip_prefix(':')
        .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    let separators = [':', ']', ')', ',', ';', '|', '\t', '│'];
    let has_words = rest.contains(char::is_alphanumeric);
    !is_time && has_words && (rest.trim_start().starts_with(separators) || rest.starts_with("  "))
}

impl Worker {
    fn is_called(&self, number: i64) -> bool {
        self.has_pid(number) || usize::try_from(number) == Ok(self.number)
    }

    fn has_pid(&self, number: i64) -> bool {
        self.pids.iter().any(|pid| i64::from(*pid) == number)
    }

    /// The parts about this worker. If the text does not name it clearly, its bare number counts, in a
    /// table or beside words for its end.
    fn parts(&self, parts: &[Part], text: &str, workers: &[Worker]) -> Vec<Part> {
        let is_about = |part: &&Part| part.about.iter().any(|number| self.is_called(*number));
        let named: Vec<Part> = parts.iter().filter(is_about).cloned().collect();
        if !named.is_empty() {
            return named;
        }
        let mut parts = parts_about(text, workers, |_, tokens, place| {
            let before = tokens[..place].last();
            let is_claim = before.is_some_and(|token| {
                token.is_in(SIGNALS)
                    || token.is_in(EXITS)
                    || token.is_in(STATUSES)
                    || token.is_in(OTHERS)
            });
            let is_amount = tokens.get(place + 1).is_some_and(|token| token.is_in("of"));
            let number = tokens[place].number()?;
            (!is_claim && !is_amount && self.is_called(number)).then_some(number)
        });
        parts.retain(|part| {
            !part.claim.has_only_numbers() || !part.line.contains(char::is_alphabetic)
        });
        parts
    }

    /// Says that none of these parts is a right report, and why.
    fn not_reported(&self, parts: &[Part]) -> String {
        let end = match self.fates.first() {
            None => "ended well".into(),
            Some(Fate::Killed(signal)) => format!("was killed by {}", signal_in_words(*signal)),
            Some(Fate::Exited(status)) => format!("exited with status {status}"),
        };
        let slips = self
            .fates
            .iter()
            .flat_map(|fate| parts.iter().map(|part| part.claim.slip(*fate)));
        let slip = slips.flatten().next().map(|slip| format!(". {slip}"));
        format!(
            "it does not report that process {} {end}{}",
            self.number,
            slip.unwrap_or_default()
        )
    }
}

#[cfg(test)]
mod tests {
    use super::{Fate, PROGRAM, Worker, Wrong, reports};
    use std::iter;

    /// Whether these are the right reports on worker 2 of four. The process ids are 4711 to
    /// 4714. `fate` is the end of worker 2; without one, it ended well.
    pub(super) fn is_right(text: &str, fate: impl Into<Option<Fate>>) -> bool {
        let fates = [None, None, fate.into(), None];
        of_workers("Array sum is: 3\nTime spent: 2.003 ms\n", text, fates).is_ok()
    }

    pub(super) fn of_workers(
        stdout: &str,
        stderr: &str,
        fates: impl IntoIterator<Item = Option<Fate>>,
    ) -> Result<(), Wrong> {
        let program = iter::once(((PROGRAM, 4710), None));
        let workers = program.chain((0..).zip(4711..).zip(fates));
        let workers = workers.map(|((number, pid), fate)| Worker {
            number,
            pids: vec![pid],
            fates: fate.into_iter().collect(),
        });
        reports(stdout, stderr, &workers.collect::<Vec<_>>())
    }

    #[test]
    fn what_is_no_report() {
        for text in [
            "",
            "waiting for process 2",
            "process 3 started with pid 4714",
            "process 1 was not killed",
            "process 1 wasn't killed by a signal",
            "process 0 terminated normally",
            "process 3: ok",
            "level=info msg=\"worker done\" worker=3 exit_status=0",
            "Process 2\n\nProcess 3",
            "process 1 has finished\n0 of 4 failed with a status",
            "0 of 4 processes crashed, 0 failed",
            "process 3 took 1.003 ms",
            "Score: 11 of 15",
            "all 4 processes ended",
            "{4711: 0, 4712: 1, 4714: 3, 4713: 2}",
        ] {
            assert!(is_right(text, None), "{text}");
            assert!(!is_right(text, Fate::Killed(11)), "{text}");
            assert!(!is_right(text, Fate::Exited(3)), "{text}");
        }
        let listed = "{4711: 0, 4712: 1, 4714: 3, 4713: 2}\nworker 2 terminated by signal 11";
        assert!(is_right(listed, Fate::Killed(11)));
        assert!(!is_right(listed, Fate::Killed(9)));
        assert!(!is_right("process 1 died", None));
        assert!(!is_right("process 9 was killed by signal 9", None));
    }

    #[test]
    fn a_report_on_another_process_names_the_right_one() {
        let fates = [None, Some(Fate::Killed(9)), Some(Fate::Killed(9)), None];
        let message = |stderr| of_workers("", stderr, fates).expect_err("wrong").message;
        assert_eq!(
            message("process 0 was killed by signal 9"),
            "it reports process 0, which ended well. This happened to process 1 or 2"
        );
        assert_eq!(
            message("process 3 exited with status 5"),
            "it reports process 3, which ended well"
        );
    }

    #[test]
    fn all_victims_are_reported_on_standard_error() {
        let fates = [Some(Fate::Killed(9)), Some(Fate::Exited(9)), None];
        let first = "process 0 was killed by SIGKILL\n";
        let second = "process 1 exited with status 9\n";
        let both = format!("{first}{second}");
        assert!(of_workers("", &both, fates).is_ok());
        for text in [first, second] {
            assert!(of_workers("", text, fates).is_err(), "{text}");
        }
        let wrong = of_workers(&both, "", fates).expect_err("on standard output");
        assert!(wrong.message.contains("standard error"), "{wrong:?}");
    }
}
