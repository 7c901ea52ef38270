//! The figures of the lab. One description of each, in `guide.toml`, gives the names under which
//! its results are kept, its table, its picture and the cost of one unit more.

use crate::claims::Claim;
use crate::results::{Results, Time, id};
use crate::slope::{Per, Slope};
use serde::Deserialize;
use std::sync::LazyLock;

/// What the guide shows and claims.
#[derive(Debug, Deserialize)]
pub struct Guide {
    /// All figures, in the order of the tables.
    pub figures: Vec<Figure>,
    /// All claims, in the order of the chapter.
    pub claims: Vec<Claim>,
}

/// `guide.toml`.
pub static GUIDE: LazyLock<Guide> = LazyLock::new(|| {
    let guide = include_str!("../guide.toml");
    toml::from_str(guide).expect("guide.toml describes figures and claims")
});

/// The data of a picture. Without an x axis, it is only a table.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Figure {
    /// The name of its picture's file, without `.svg`.
    pub name: String,
    /// The bench that measures it.
    pub bench: String,
    /// Its title.
    pub title: String,
    /// What grows, with its unit. Empty if nothing does: then there is no picture.
    #[serde(default)]
    pub x: String,
    /// The values of what grows.
    #[serde(default)]
    pub values: Vec<usize>,
    /// What is measured.
    pub y: Y,
    /// The title of the last column of its table.
    #[serde(default)]
    pub note: String,
    /// Its lines.
    pub series: Vec<Series>,
}

/// What is measured.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum Y {
    /// Times of less than a millisecond.
    Micros,
    /// Longer ones.
    Millis,
    /// How many times faster than the function `sequential` of the same group.
    SpeedUp,
    /// The time of one program divided by that of another.
    Ratio,
}

impl Y {
    /// The unit of the axis, where results are in nanoseconds, and its title.
    #[must_use]
    pub fn axis(self) -> (f64, &'static str) {
        match self {
            Self::Micros => (1e-3, "time, in µs"),
            Self::Millis => (1e-6, "time, in ms"),
            Self::SpeedUp => (1.0, "times as fast as the sequential program"),
            Self::Ratio => (1.0, "ratio of the times"),
        }
    }
}

/// A function of a bench, with all values of what grows.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Series {
    /// Criterion's names of the group and of the function.
    pub id: String,
    /// In the words of a legend.
    pub name: String,
    /// The look of its line: classes of `picture.css`.
    #[serde(default)]
    pub look: String,
    /// The unit of the slope, if the time is expected to lie on a straight line.
    pub per: Option<Per>,
}

/// The array of `copy_on_write`, in MiB.
pub const COW_MIB: usize = 512;

/// The values of what grows in the figure of this name.
///
/// # Panics
///
/// When there is no such figure.
#[must_use]
pub fn values(name: &str) -> &'static [usize] {
    let figure = GUIDE.figures.iter().find(|figure| figure.name == name);
    &figure.expect("a figure of guide.toml").values
}

impl Figure {
    /// The results of a series, with each value that was measured.
    #[must_use]
    pub fn times(&self, series: &Series, results: &Results) -> Vec<(Option<usize>, Time)> {
        let mut values: Vec<_> = self.values.iter().copied().map(Some).collect();
        if values.is_empty() {
            values.push(None);
        }
        let time = |value| Some((value, *results.get(&id(&series.id, value))?));
        values.into_iter().filter_map(time).collect()
    }

    /// What one unit more costs, if that can be said.
    #[must_use]
    pub fn slope(&self, series: &Series, results: &Results) -> Option<Slope> {
        let times = self.times(series, results).into_iter();
        let times = times.filter_map(|(value, time)| Some((value?, time.median)));
        Slope::fit(series.per?, times)
    }
}

impl Series {
    /// Criterion's name of the group.
    #[must_use]
    pub fn group(&self) -> &str {
        self.id.split('/').next().unwrap_or_default()
    }

    /// The time of the program that works alone, on the array of this group.
    #[must_use]
    pub fn sequential(&self, results: &Results) -> Option<Time> {
        let id = format!("{}/sequential", self.group());
        results.get(&id).copied()
    }
}
