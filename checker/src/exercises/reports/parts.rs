//! The parts of a text, and the workers that they are about.

use super::Worker;
use super::claim::Claim;
use super::words::{BAD, FILLERS, LISTS, NEW_LINE, Token, WORKERS, tokens};

/// Stands for a process id that no worker has.
const NO_WORKER: i64 = -1;

/// A part of the text about some workers.
#[derive(Clone)]
pub(super) struct Part {
    /// Numbers of workers or process ids.
    pub(super) about: Vec<i64>,
    pub(super) line: String,
    pub(super) claim: Claim,
    /// What the line itself claims, without the next lines.
    pub(super) own: Claim,
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

/// The parts of a text about workers that it clearly names.
pub(super) fn parts(text: &str, workers: &[Worker]) -> Vec<Part> {
    let is_pid = |number: i64| workers.iter().any(|worker| worker.has_pid(number));
    parts_about(text, workers, |line, tokens, place| {
        let number = tokens[place].number()?;
        let mut before = tokens[..place].iter().rev();
        let is_listed = |token: &Token| token.number().is_some() || token.is_in("and");
        let mut words = before.clone().skip_while(|token| is_listed(token));
        let near = [place.wrapping_sub(1), place + 1].map(|place| tokens.get(place));
        // `workers failed: 2` may also be an amount.
        let in_list = match words.next() {
            Some(bad) if bad.is_in(BAD) && near.into_iter().flatten().any(is_listed) => {
                words.next()
            }
            word => word,
        };
        let in_list = in_list.is_some_and(|word| word.is_in(LISTS));
        let before = before.next();
        let is_called_pid = before.is_some_and(|token| token.is_in("pid"));
        let is_first = place == 0
            && stands_apart(line)
            && !(1..tokens.len())
                .any(|place| tokens[place].number().is_some() && is_named(tokens, place));
        match number > 255 && is_pid(number) {
            true => Some(number),
            false if is_called_pid => Some(NO_WORKER),
            false => (is_named(tokens, place) || in_list || is_first).then_some(number),
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
        let mut tokens = tokens(text);
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
        // `1) worker 2`
        let is_label = mentions.first().is_some_and(|first| {
            first.first > 0 && is_named(&tokens, first.first) && stands_apart(text)
        });
        if is_label && tokens[0].number().is_some() {
            tokens.remove(0);
            for mention in &mut mentions {
                mention.first -= 1;
                mention.last -= 1;
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
        let start = self.mentions[..number].last().map_or(0, |one| one.last + 1);
        let next = self.mentions.get(number + 1);
        let end = next.map_or(self.tokens.len(), |next| next.first);
        let (before, after) = (&self.tokens[start..first], &self.tokens[last + 1..end]);
        let named = before.iter().rev().take_while(|token| names(token)).count();
        let before = &before[..before.len() - named];
        match self.mentions.len() {
            1 => [before, after].concat(),
            _ if after.is_empty() => before.to_vec(),
            _ => after.to_vec(),
        }
    }

    /// The tokens without the mentions, if all of them are about these workers.
    fn goes_on(&self, about: &[i64], workers: &[Worker]) -> Option<impl Iterator<Item = &Token>> {
        let same = |number: &i64| {
            let worker = workers.iter().find(|worker| worker.is_called(*number));
            worker.is_some_and(|worker| about.iter().any(|other| worker.is_called(*other)))
        };
        let mut mentions = self.mentions.iter();
        let is_same = mentions.all(|mention| mention.about.iter().all(same));
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
                    // The text behind a bracket is not about a worker in it.
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

/// The parts about this worker. If the text does not name it clearly, its bare number counts, in a
/// table or beside words for its end.
pub(super) fn parts_about_one(
    worker: &Worker,
    parts: &[Part],
    text: &str,
    workers: &[Worker],
) -> Vec<Part> {
    let is_about = |part: &&Part| part.about.iter().any(|number| worker.is_called(*number));
    let named: Vec<Part> = parts.iter().filter(is_about).cloned().collect();
    if !named.is_empty() {
        return named;
    }
    let mut parts = parts_about(text, workers, |_, tokens, place| {
        let before = tokens[..place].last();
        let is_claim = before.is_some_and(|token| token.meaning().is_some());
        let is_amount = tokens.get(place + 1).is_some_and(|token| token.is_in("of"));
        let number = tokens[place].number()?;
        (!is_claim && !is_amount && worker.is_called(number)).then_some(number)
    });
    parts.retain(|part| !part.claim.has_only_numbers() || !part.line.contains(char::is_alphabetic));
    parts
}
