//! The signs that a drawing consists of.

use super::What;
use anstyle::AnsiColor::{self, Blue, Cyan, Green, Magenta, Red, Yellow};

/// A state, an event or an end, for a terminal and for a picture.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Sign {
    /// In a terminal.
    pub(super) character: char,
    pub(super) color: Option<AnsiColor>,
    pub(super) meaning: &'static str,
    /// In a picture: its style, and its outline around the origin.
    pub(super) class: &'static str,
    pub(super) path: &'static str,
}

const BAR: &str = "M-10,-7h20v14h-20z";
const CIRCLE: &str = "M-6,0a6,6 0 1 1 12,0a6,6 0 1 1 -12,0z";
const CROSS: &str = "M-5,-5l10,10m0,-10l-10,10";
const DIAMOND: &str = "M0,-6l6,6l-6,6l-6,-6z";
const DOUBLE: &str = "M-5,-6l5,6l-5,6zM1,-6l5,6l-5,6z";
const TICK: &str = "M0,-4v8";
const TRIANGLE: &str = "M-2,-7l10,7l-10,7z";

/// A picture has an arrow from the creator to the created.
pub(super) const BORN: Sign = sign(' ', None, "is created", "arrow", "M0,7l-5,-9h10z");

/// All of them, in the order of the legend.
const SIGNS: [Sign; 12] = [
    sign('━', Some(Green), "runs", "running", BAR),
    sign('┄', Some(Yellow), "waits", "waiting", BAR),
    sign('·', Some(Blue), "sleeps", "sleeping", BAR),
    sign('░', None, "not running yet", "held", BAR),
    sign('w', Some(Cyan), "writes", "mark", TICK),
    sign(
        'x',
        Some(Cyan),
        "becomes another program",
        "execute",
        DOUBLE,
    ),
    sign('!', Some(Magenta), "gets a signal", "signal", DIAMOND),
    sign('●', Some(Green), "ended (exit status 0)", "well", CIRCLE),
    sign('○', Some(Red), "another exit status", "failed", CIRCLE),
    sign('✗', Some(Red), "killed", "killed", CROSS),
    sign('▸', Some(Yellow), "still there", "left", TRIANGLE),
    BORN,
];

const fn sign(
    character: char,
    color: Option<AnsiColor>,
    meaning: &'static str,
    class: &'static str,
    path: &'static str,
) -> Sign {
    Sign {
        character,
        color,
        meaning,
        class,
        path,
    }
}

impl What {
    /// An event without a sign is not drawn.
    pub(super) fn sign(self) -> Option<Sign> {
        let place = match self {
            Self::Created | Self::Asked => return None,
            Self::Ran => 0,
            Self::Waited(_) => 1,
            Self::Slept => 2,
            Self::Held => 3,
            Self::Wrote(_) => 4,
            Self::Executed => 5,
            Self::Got(_) => 6,
            Self::Returned | Self::Exited(0) => 7,
            Self::Exited(_) => 8,
            Self::Killed(_) => 9,
            Self::StillThere => 10,
        };
        Some(SIGNS[place])
    }
}

/// The signs that were used, each with its column, in lines of this width. The meaning of a sign
/// begins two columns after it.
pub(super) fn legend(used: &[Sign], width: usize) -> Vec<Vec<(usize, Sign)>> {
    let (mut lines, mut line, mut free) = (Vec::new(), Vec::new(), 0);
    for sign in SIGNS.into_iter().filter(|sign| used.contains(sign)) {
        let length = 2 + sign.meaning.len();
        if free > 0 && free + length > width {
            lines.push(std::mem::take(&mut line));
            free = 0;
        }
        line.push((free, sign));
        free += length + 3;
    }
    lines.push(line);
    lines
}
