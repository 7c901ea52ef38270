//! A timeline in columns: the one model of the drawing for a terminal and of the picture.

use super::sign::Sign;
use super::{Fact, Lane, Timeline, What, axis, words};
use crate::format::escape::cut;
use crate::wait_status::signal_name;
use engine::TaskIndex;
use std::ops::Range;
use std::time::Duration;

/// More lanes are not drawn.
const MOST_LANES: usize = 40;

/// A run in columns. Each column is the same part of its time.
pub(super) struct Drawing {
    /// The columns of round times, and the times in ms.
    pub(super) ticks: Vec<(usize, String)>,
    pub(super) rows: Vec<Row>,
    /// The lanes that are not drawn.
    pub(super) more: usize,
}

/// A lane.
pub(super) struct Row {
    pub(super) creator: Option<usize>,
    pub(super) born: usize,
    /// What the task did for some time.
    pub(super) spans: Vec<Piece>,
    /// What took no time, a column each. The last one is the end.
    pub(super) events: Vec<Piece>,
}

pub(super) struct Piece {
    pub(super) columns: Range<usize>,
    pub(super) sign: Sign,
    /// What stands there, if there is room.
    pub(super) label: String,
    /// What happened, and when.
    pub(super) tip: String,
}

impl Drawing {
    pub(super) fn new(timeline: &Timeline, columns: u32, most_ticks: u32) -> Self {
        let scale = Scale { timeline, columns };
        let ticks = axis::ticks(timeline.length, most_ticks).into_iter();
        Self {
            ticks: ticks.map(|(at, label)| (scale.column(at), label)).collect(),
            rows: drawn(timeline).map(|lane| scale.row(lane)).collect(),
            more: timeline.lanes.len().saturating_sub(MOST_LANES),
        }
    }

    /// All signs that are in it.
    pub(super) fn signs(&self) -> Vec<Sign> {
        let of_row = |row: &Row| {
            let pieces = row.spans.iter().chain(&row.events);
            let birth = row.creator.and_then(|_| What::Created.sign());
            pieces
                .map(|piece| piece.sign)
                .chain(birth)
                .collect::<Vec<_>>()
        };
        self.rows.iter().flat_map(of_row).collect()
    }
}

fn drawn(timeline: &Timeline) -> impl Iterator<Item = &Lane> + Clone {
    timeline.lanes.iter().take(MOST_LANES)
}

/// What stands beside the lanes: their labels, if each has room, or their names.
/// None has more than `most` characters.
pub(super) fn labels(timeline: &Timeline, most: usize) -> Vec<String> {
    let has_room = drawn(timeline).all(|lane| lane.label.chars().count() <= most);
    let text = |lane: &Lane| cut(if has_room { &lane.label } else { &lane.name }, most);
    drawn(timeline).map(text).collect()
}

struct Scale<'a> {
    timeline: &'a Timeline,
    columns: u32,
}

impl Scale<'_> {
    fn column(&self, at: Duration) -> usize {
        let length = self.timeline.length.as_nanos();
        let column = at.as_nanos() * u128::from(self.columns) / length;
        let last = u128::from(self.columns.saturating_sub(1));
        usize::try_from(column.min(last)).unwrap_or_default()
    }

    /// When a column begins.
    fn start(&self, column: usize) -> Duration {
        self.timeline.length * u32::try_from(column).unwrap_or_default() / self.columns
    }

    fn row(&self, lane: &Lane) -> Row {
        // The picture shows a birth beside the created task.
        let is_event = |fact: &&Fact| !fact.what.takes_time() && fact.what != What::Created;
        let events = lane.facts.iter().filter(is_event);
        let mut events: Vec<_> = events.filter_map(|fact| self.piece(*fact)).collect();
        // Those that would hide each other are one.
        events.dedup_by(|a, b| a.columns == b.columns && a.label == b.label && a.sign == b.sign);
        Row {
            creator: lane.creator,
            born: self.column(lane.born),
            spans: self.spans(lane),
            events,
        }
    }

    fn piece(&self, fact: Fact) -> Option<Piece> {
        let sign = fact.what.sign()?;
        let name = |task: TaskIndex| self.timeline.lanes[task].name.as_str();
        let words = match fact.what {
            What::Waited(what) => format!("waits {}", words::awaited(what, fact.object.map(name))),
            what if what.takes_time() => sign.meaning.into(),
            what => words::in_words(what, None, false),
        };
        let [from, to] = [fact.from, fact.to].map(|at| axis::time(at, self.timeline.length));
        Some(Piece {
            columns: self.column(fact.from)..self.column(fact.to) + 1,
            sign,
            tip: match from == to {
                true => format!("{words}, {from}"),
                false => format!("{words}, {from} to {to}"),
            },
            label: match fact.what {
                What::Got(signal) => signal_name(signal),
                What::Wrote(_) | What::Executed => String::new(),
                _ => words,
            },
        })
    }

    /// In each column stands what the task did for the longest part of it.
    fn spans(&self, lane: &Lane) -> Vec<Piece> {
        let mut shares = vec![Vec::<(Fact, Duration)>::new(); self.column(lane.end().0) + 1];
        for fact in lane.facts.iter().filter(|fact| fact.what.takes_time()) {
            let columns = self.column(fact.from)..=self.column(fact.to);
            // What it does, at any time.
            let state = Fact {
                from: Duration::ZERO,
                to: Duration::ZERO,
                ..*fact
            };
            for (column, shares) in columns.clone().zip(&mut shares[columns]) {
                let (from, to) = (self.start(column), self.start(column + 1));
                let share = to.min(fact.to).saturating_sub(from.max(fact.from));
                match shares.iter_mut().find(|(other, _)| *other == state) {
                    Some((_, sum)) => *sum += share,
                    None => shares.push((state, share)),
                }
            }
        }
        let states = shares.iter().map(|shares| {
            let longest = shares.iter().max_by_key(|(_, share)| *share);
            Some(longest.filter(|(_, share)| !share.is_zero())?.0)
        });
        let states: Vec<_> = states.collect();
        let mut end = 0;
        let spans = states.chunk_by(PartialEq::eq).filter_map(|several| {
            let columns = end..end + several.len();
            end = columns.end;
            let state = several[0]?;
            let (from, to) = (self.start(columns.start), self.start(columns.end));
            let piece = self.piece(Fact { from, to, ..state })?;
            Some(Piece { columns, ..piece })
        });
        spans.collect()
    }
}
