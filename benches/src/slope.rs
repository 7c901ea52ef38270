//! What one unit more costs: the slope of a straight line through measured points.

use crate::figures::COW_MIB;
use crate::resident::{MIB, huge_page, page};
use crate::words::in_units;
use serde::Deserialize;
use std::fmt;

/// The unit of a slope.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Per {
    /// A page of the creator's memory.
    SmallPage,
    /// The same, of the larger size.
    HugePage,
    /// An open file of the creator.
    File,
    /// A page that a child writes to first.
    WrittenPage,
}

impl Per {
    /// How many of them there are where this value is measured.
    #[must_use]
    pub fn count(self, value: usize) -> usize {
        match self {
            Self::SmallPage => value * MIB / page(),
            Self::HugePage => value * MIB / huge_page(),
            Self::File => value,
            Self::WrittenPage => COW_MIB * MIB / page() * value / 100,
        }
    }
}

impl fmt::Display for Per {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kib = page() / 1024;
        match self {
            Self::SmallPage => write!(f, "page of {kib} KiB"),
            Self::HugePage => write!(f, "page of {} MiB", huge_page() / MIB),
            Self::File => f.write_str("open file"),
            Self::WrittenPage => write!(f, "written page of {kib} KiB"),
        }
    }
}

/// What one unit more costs: the time is `at_zero + slope * units`, in nanoseconds.
#[derive(Clone, Copy, Debug)]
pub struct Slope {
    /// The unit.
    pub per: Per,
    at_zero: f64,
    slope: f64,
    /// The largest number of units that was measured.
    most: f64,
}

impl Slope {
    /// The line with the smallest sum of squared relative errors: the times
    /// range over several powers of ten, and with absolute errors nothing but
    /// the largest would count.
    ///
    /// `None` for fewer than two different values, or a time that is not positive.
    #[must_use]
    pub fn fit(per: Per, times: impl Iterator<Item = (usize, f64)>) -> Option<Self> {
        let points = Vec::from_iter(times.map(|(value, time)| (per.count(value) as f64, time)));
        let &(most, _) = points.last()?;
        if points.iter().all(|&(x, _)| x == most) || points.iter().any(|&(_, y)| y <= 0.0) {
            return None;
        }
        // Least squares with the weight 1/y², in its usual closed form.
        let sum = |term: &dyn Fn(f64, f64) -> f64| -> f64 {
            points.iter().map(|&(x, y)| term(x, y) / (y * y)).sum()
        };
        let weight = sum(&|_, _| 1.0);
        let mean_x = sum(&|x, _| x) / weight;
        let mean_y = sum(&|_, y| y) / weight;
        let xx = sum(&|x, _| (x - mean_x).powi(2));
        let slope = sum(&|x, y| (x - mean_x) * (y - mean_y)) / xx;
        Some(Self {
            per,
            at_zero: mean_y - slope * mean_x,
            slope,
            most,
        })
    }

    /// The time where this value is measured, in nanoseconds.
    #[must_use]
    pub fn at(&self, value: usize) -> f64 {
        self.at_zero + self.slope * self.per.count(value) as f64
    }

    /// The cost of one unit in words: nothing, if all units together add less than half to the
    /// time. Such a difference may be noise.
    #[must_use]
    pub fn cost(&self) -> String {
        match self.slope * self.most < self.at_zero / 2.0 {
            true => "nothing".into(),
            false => in_units(self.slope),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Per, Slope};

    fn fit(times: &[(usize, f64)]) -> Option<Slope> {
        Slope::fit(Per::File, times.iter().copied())
    }

    #[test]
    fn points_on_a_line() {
        let times = [0_u32, 16, 64, 262_144].map(|x| (x as usize, 40_000.0 + 31.0 * f64::from(x)));
        let line = fit(&times).expect("a line");
        assert!((line.slope - 31.0).abs() < 1e-6, "{line:?}");
        assert!((line.at_zero - 40_000.0).abs() < 1e-3, "{line:?}");
        assert!((line.at(2) - 40_062.0).abs() < 1e-3, "{line:?}");
        assert_eq!(line.cost(), "31.0 ns");
    }

    #[test]
    fn small_points_count_as_much_as_large_ones() {
        // Each is off by five percent, which is 5,000 for the last one.
        let times = [(0, 105.0), (10, 104.5), (1000, 1155.0), (100_000, 95_095.0)];
        let line = fit(&times).expect("a line");
        assert!((line.at_zero - 100.0).abs() < 10.0, "{line:?}");
        assert!((line.slope - 1.0).abs() < 0.1, "{line:?}");
    }

    #[test]
    fn noise_costs_nothing() {
        let cost = |last| fit(&[(0, 100.0), (10, last)]).map(|line| line.cost());
        assert_eq!(cost(149.0).as_deref(), Some("nothing"));
        assert_eq!(cost(151.0).as_deref(), Some("5.10 ns"));
        assert_eq!(cost(50.0).as_deref(), Some("nothing"));
    }

    #[test]
    fn no_line() {
        assert!(fit(&[]).is_none());
        assert!(fit(&[(3, 1.0)]).is_none());
        assert!(fit(&[(3, 1.0), (3, 2.0)]).is_none());
        assert!(fit(&[(0, 0.0), (1, 2.0)]).is_none());
    }
}
