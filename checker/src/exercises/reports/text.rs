//! A text as a row of tokens, and the parts that are about certain workers.

use super::words::{Token, tokens};
use super::{Fate, Worker};
use std::fmt::{self, Display, Formatter};
use std::mem;

/// A report has at most this number of lines.
const MOST_LINES: usize = 12;

/// Reports are learned from this number of lines of a run.
const MOST_LEARNED: usize = 4000;

/// A number behind one of these words is no signal.
const EXITS: [&str; 4] = ["exit", "exited", "returned", "status"];

/// The worker is one of this number of numbers in a line.
const MOST_NUMBERS: usize = 6;

/// A token in its place.
#[derive(Clone, Debug)]
struct Spot {
    token: Token,
    line: usize,
    /// The word directly before it.
    label: String,
}

struct Line {
    text: String,
    spots: Vec<Spot>,
}

pub(super) struct Text(Vec<Line>);

/// Some lines of a text.
pub(super) struct Block<'a>(&'a [Line]);

/// Lines that begin with one that names a worker.
pub(super) struct About<'a> {
    pub(super) block: Block<'a>,
    /// The number or the process id.
    pub(super) id: i64,
    /// The end of the worker, if it is told.
    pub(super) told: Option<Fate>,
}

impl Spot {
    fn number(&self) -> Option<i64> {
        match self.token {
            Token::Number(number) => Some(number),
            _ => None,
        }
    }

    fn signal(&self) -> Option<i64> {
        match self.token {
            Token::Signal(signal) => Some(signal),
            _ => None,
        }
    }

    fn is_in(&self, words: &[&str]) -> bool {
        matches!(&self.token, Token::Word(word) if words.contains(&word.as_str()))
    }

    fn is_id_of(&self, worker: &Worker) -> bool {
        self.number().is_some_and(|number| {
            worker.is_called(number) && (worker.has_pid(number) || self.label != "pid")
        })
    }

    /// Whether it names another one of these workers.
    fn names_another(&self, worker: &Worker, all: &[Worker]) -> bool {
        let mut others = all.iter().filter(|other| other.number != worker.number);
        others.any(|other| self.is_id_of(other))
    }

    /// Whether a number in this place means the same: `process 2`, `processes 3`.
    fn is_like(&self, other: &Self) -> bool {
        let [one, other] = [self, other].map(|spot| spot.label.as_str());
        one == other
            || !one.is_empty()
                && !other.is_empty()
                && (one.starts_with(other) || other.starts_with(one))
    }
}

/// The end of the worker, if this part of a text tells it, and no other one.
fn told(spots: &[&Spot], worker: &Worker) -> Option<Fate> {
    let mut fates = worker.fates.iter();
    fates.find(|fate| tells(spots, worker, **fate)).copied()
}

fn tells(spots: &[&Spot], worker: &Worker, fate: Fate) -> bool {
    let own = fate.number();
    let numbers = spots.iter().filter(|spot| !spot.is_id_of(worker));
    let mut numbers = numbers.filter_map(|spot| Some((spot.number()?, &spot.label)));
    let is_none = |number: i64| [0, -1].contains(&number);
    let is_own = |(number, label): (i64, &String)| {
        number == own
            && match fate {
                Fate::Killed(_) => says_killed(spots) || !EXITS.contains(&label.as_str()),
                Fate::Exited(_) => !label.starts_with("sig"),
            }
    };
    let has_number = numbers.clone().any(is_own);
    if !fate.is_kill() {
        return has_number;
    }
    let signals: Vec<i64> = spots.iter().filter_map(|spot| spot.signal()).collect();
    let is_wrong = |(number, label): (i64, &String)| {
        let is_signal = label.starts_with("sig") && !is_none(number) && number != own;
        is_signal || label == "pid" && usize::try_from(number) == Ok(worker.number)
    };
    let is_told = has_number
        || signals.contains(&own)
        || is_described(spots, fate) && numbers.clone().all(|(number, _)| is_none(number));
    is_told && signals.iter().all(|signal| *signal == own) && !numbers.any(is_wrong)
}

/// Whether a number behind `exit` or `status` may be a signal: another word says so.
fn says_killed(spots: &[&Spot]) -> bool {
    let is_kill = |word: &str| {
        ["sig", "kill", "term"]
            .iter()
            .any(|start| word.starts_with(start))
    };
    let mut spots = spots.iter();
    spots.any(|spot| matches!(&spot.token, Token::Word(word) if is_kill(word)))
}

/// Whether there is the description of `strsignal(3)` for these two signals. It is a common word
/// in reports on other signals too.
fn is_described<'a>(spots: impl IntoIterator<Item = &'a &'a Spot>, fate: Fate) -> bool {
    let description = match fate {
        Fate::Killed(libc::SIGKILL) => "killed",
        Fate::Killed(libc::SIGTERM) => "terminated",
        _ => return false,
    };
    let mut spots = spots.into_iter();
    spots.any(|spot| spot.is_in(&[description]))
}

impl Text {
    pub(super) fn new(text: &str) -> Self {
        let text = anstream::adapter::strip_str(text).to_string();
        let spots = |line: usize, text: &str| {
            let mut label = String::new();
            let spots = tokens(text).into_iter().map(|token| {
                let next = match &token {
                    Token::Word(word) => word.clone(),
                    _ => String::new(),
                };
                let label = mem::replace(&mut label, next);
                Spot { token, line, label }
            });
            spots.collect()
        };
        let lines = text.lines().enumerate();
        let lines = lines.map(|(line, text)| Line {
            text: text.into(),
            spots: spots(line, text),
        });
        Self(lines.collect())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.iter().all(|line| line.text.trim().is_empty())
    }

    /// The first of these workers whose end the text does not tell.
    pub(super) fn lacks<'a>(&self, victims: &'a [Worker]) -> Option<&'a Worker> {
        // What a text says of a worker stands either behind all their names, or before them.
        let [lacks, lacks_before] = [false, true].map(|is_before| {
            let mut lines: Vec<Vec<&Spot>> = self
                .0
                .iter()
                .map(|line| line.spots.iter().collect())
                .collect();
            if is_before {
                lines.reverse();
                lines.iter_mut().for_each(|line| line.reverse());
            }
            let lacks = |worker: &&Worker| {
                !(0..lines.len()).any(|start| tells_end(&lines[start..], worker, victims))
            };
            victims.iter().find(lacks)
        });
        lacks.filter(|_| lacks_before.is_some())
    }

    /// The lines that name this worker.
    pub(super) fn lines_about(&self, worker: &Worker) -> Vec<&str> {
        let own = |line: &&Line| line.spots.iter().any(|spot| spot.is_id_of(worker));
        let lines = self.0.iter().filter(own);
        lines.map(|line| line.text.as_str()).collect()
    }

    /// The lists of two numbers or more behind one of these words, each with its line.
    pub(super) fn lists_behind(
        &self,
        words: &[&str],
    ) -> impl Iterator<Item = (Block<'_>, Vec<i64>)> {
        let places = 0..self.0.len();
        places.flat_map(move |place| {
            let line = Block(&self.0[place..=place]);
            let groups = line.0[0].spots.split(move |spot| spot.is_in(words)).skip(1);
            let lists = groups.map(|spots| {
                let goes_on = |spot: &&Spot| spot.number().is_some() || spot.is_in(&["and"]);
                let list = spots.iter().take_while(goes_on);
                list.filter_map(Spot::number).collect()
            });
            let lists = lists.filter(|list: &Vec<i64>| list.len() > 1);
            lists.map(move |list| (Block(line.0), list))
        })
    }

    /// The blocks that begin at this line.
    fn blocks_at(&self, start: usize) -> impl Iterator<Item = Block<'_>> {
        let most = MOST_LINES.min(self.0.len() - start);
        (1..=most).map(move |len| Block(&self.0[start..start + len]))
    }

    /// All blocks, each with the numbers that may be the one of a worker.
    pub(super) fn blocks(&self) -> impl Iterator<Item = (Block<'_>, i64)> {
        let starts = self.0.iter().enumerate().take(MOST_LEARNED);
        starts.flat_map(move |(start, line)| {
            let numbers = line.spots.iter().filter_map(Spot::number);
            let numbers = numbers.take(MOST_NUMBERS);
            numbers.flat_map(move |id| self.blocks_at(start).map(move |block| (block, id)))
        })
    }

    /// The blocks about this worker. The last one that begins at a line tells its end, or is before
    /// a line that names another worker.
    pub(super) fn about(&self, worker: &Worker, all: &[Worker]) -> Vec<About<'_>> {
        let mut blocks = Vec::new();
        for (start, line) in self.0.iter().enumerate().take(MOST_LEARNED) {
            let own = line.spots.iter().filter(|spot| spot.is_id_of(worker));
            for own in own.take(MOST_NUMBERS) {
                let is_other = |spot: &Spot| {
                    spot.line > start && spot.is_like(own) && spot.names_another(worker, all)
                };
                let goes_on = |block: &Block| !block.spots().any(is_other);
                for block in self.blocks_at(start).take_while(goes_on) {
                    let id = own.number().unwrap_or_default();
                    let spots: Vec<&Spot> = block.spots().collect();
                    let told = told(&spots, worker);
                    blocks.push(About { block, id, told });
                    if told.is_some() {
                        break;
                    }
                }
            }
        }
        blocks
    }
}

/// Whether the end of the worker is told in the first line, which names it first, or between a
/// place in it that names the worker and the next worker.
fn tells_end(lines: &[Vec<&Spot>], worker: &Worker, victims: &[Worker]) -> bool {
    let is_own = |spot: &Spot| spot.is_id_of(worker);
    let is_other = |spot: &Spot| spot.names_another(worker, victims);
    let is_evidence = |spot: &Spot| {
        let is_told =
            |fate: &Fate| spot.number() == Some(fate.number()) || is_described([&spot], *fate);
        spot.signal().is_some() || worker.fates.iter().any(is_told)
    };
    // In a list with a worker per line, the cause is above or below all of them.
    let is_name = |line: &[&Spot]| {
        let numbers = line.iter().filter(|spot| spot.number().is_some());
        let is_short = line.len() <= 2 && numbers.count() == 1;
        is_short
            && line.iter().all(|spot| spot.signal().is_none())
            && line.iter().any(|spot| is_other(spot))
    };
    let line = &lines[0];
    let places = (0..line.len()).filter(|place| is_own(line[*place]));
    places.take(MOST_NUMBERS).any(|place| {
        let own = line[place];
        let mut before = line[..place].iter().filter(|spot| spot.is_like(own));
        let is_first = !before.any(|spot| is_other(spot));
        let mut evidence = None;
        let rest = lines[1..].iter().take(MOST_LINES);
        let rest = rest.filter(|line| !is_name(line)).flatten();
        let after = line[place + 1..].iter().chain(rest).take_while(|spot| {
            let goes_on = match evidence {
                Some(line) => spot.line == line && !is_other(spot),
                // `processes 2, 3 and 4`
                None => spot.line == own.line || !is_other(spot) || !spot.is_like(own),
            };
            evidence = evidence.or(is_evidence(spot).then_some(spot.line));
            goes_on
        });
        let after: Vec<&Spot> = after.copied().collect();
        is_first && told(line, worker).is_some() || told(&after, worker).is_some()
    })
}

impl Block<'_> {
    fn spots(&self) -> impl Iterator<Item = &Spot> {
        self.0.iter().flat_map(|line| &line.spots)
    }

    /// Whether it tells the end of this worker, and calls it so.
    pub(super) fn tells(&self, id: i64, worker: &Worker) -> bool {
        worker.is_called(id) && self.has(worker)
    }

    /// Whether it tells the end of this worker. Another one may be named.
    pub(super) fn has(&self, worker: &Worker) -> bool {
        let spots: Vec<&Spot> = self.spots().collect();
        told(&spots, worker).is_some()
    }

    /// Its text, with `@` for the id of a worker and `#` for other numbers, which differ from report
    /// to report. With a signal or a status, this number becomes `=`, and 0 stays.
    pub(super) fn shape(&self, id: i64, own: Option<i64>) -> String {
        let text = self.to_string();
        let mut shape = String::new();
        let mut rest = text.as_str();
        while let Some(first) = rest.chars().next() {
            let is_number = first.is_ascii_digit();
            let end = rest.find(|c: char| c.is_ascii_digit() != is_number);
            let (part, after) = rest.split_at(end.unwrap_or(rest.len()));
            match part.parse::<i64>() {
                Ok(number) if number == id => shape.push('@'),
                Ok(number) if own == Some(number) => shape.push('='),
                Ok(0) if own.is_some() => shape.push('0'),
                _ if is_number => shape.push('#'),
                // The columns of a table are wider for longer numbers.
                _ => shape.extend(part.split(' ').filter(|word| !word.is_empty())),
            }
            rest = after;
        }
        shape
    }
}

impl Display for Block<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let lines: Vec<&str> = self
            .0
            .iter()
            .map(|line| line.text.trim_matches(' '))
            .collect();
        f.write_str(&lines.join(" "))
    }
}

impl Display for Text {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(Block(&self.0).to_string().trim())
    }
}
