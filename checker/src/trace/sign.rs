//! The signs that a drawing consists of.

use super::What;
use anstyle::AnsiColor::{self, Blue, Cyan, Green, Magenta, Red, Yellow};

/// A state, an event or an end, for a terminal and for a picture.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Sign {
    /// Its place in the legend.
    place: usize,
    /// In a terminal.
    pub(super) character: char,
    pub(super) color: Option<AnsiColor>,
    pub(super) meaning: &'static str,
    /// In a picture: its style, and its outline around the origin.
    pub(super) class: &'static str,
    pub(super) path: &'static str,
}

const ARROW: &str = "M0,7l-5,-9h10z";
const BAR: &str = "M-10,-7h20v14h-20z";
const CIRCLE: &str = "M-6,0a6,6 0 1 1 12,0a6,6 0 1 1 -12,0z";
const CROSS: &str = "M-5,-5l10,10m0,-10l-10,10";
const DIAMOND: &str = "M0,-6l6,6l-6,6l-6,-6z";
const DOUBLE: &str = "M-5,-6l5,6l-5,6zM1,-6l5,6l-5,6z";
const TICK: &str = "M0,-4v8";
const TRIANGLE: &str = "M-2,-7l10,7l-10,7z";

impl What {
    /// An event without a sign is not drawn.
    pub(super) fn sign(self) -> Option<Sign> {
        let (place, character, color, meaning, class, path) = match self {
            Self::Asked => return None,
            Self::Ran => (0, '━', Some(Green), "runs", "running", BAR),
            Self::Waited(_) => (1, '┄', Some(Yellow), "waits", "waiting", BAR),
            Self::Slept => (2, '·', Some(Blue), "sleeps", "sleeping", BAR),
            Self::Held => (3, '░', None, "not running yet", "held", BAR),
            Self::Wrote(_) => (4, 'w', Some(Cyan), "writes", "mark", TICK),
            Self::Executed => (
                5,
                'x',
                Some(Cyan),
                "becomes another program",
                "execute",
                DOUBLE,
            ),
            Self::Got(_) => (6, '!', Some(Magenta), "gets a signal", "signal", DIAMOND),
            Self::Returned | Self::Exited(0) => {
                (7, '●', Some(Green), "ended (exit status 0)", "well", CIRCLE)
            }
            Self::Exited(_) => (8, '○', Some(Red), "another exit status", "failed", CIRCLE),
            Self::Killed(_) => (9, '✗', Some(Red), "killed", "killed", CROSS),
            Self::StillThere => (10, '▸', Some(Yellow), "still there", "left", TRIANGLE),
            // A picture has an arrow from the creator to the created.
            Self::Created => (11, ' ', None, "is created", "arrow", ARROW),
        };
        Some(Sign {
            place,
            character,
            color,
            meaning,
            class,
            path,
        })
    }
}

/// The signs that were used, each with its column, in lines of this width. The meaning of a sign
/// begins two columns after it.
pub(super) fn legend(mut used: Vec<Sign>, width: usize) -> Vec<Vec<(usize, Sign)>> {
    used.sort_by_key(|sign| sign.place);
    used.dedup();
    let (mut lines, mut free) = (Vec::<Vec<_>>::new(), 0);
    for sign in used {
        let length = 2 + sign.meaning.len();
        match lines.last_mut() {
            Some(line) if free + length <= width => line.push((free, sign)),
            _ => {
                lines.push(vec![(0, sign)]);
                free = 0;
            }
        }
        free += length + 3;
    }
    lines
}
