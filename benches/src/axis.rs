//! An axis with ticks and labels of our own choice.

use crate::words::with_commas;
use plotters::coord::ranged1d::{KeyPointHint, NoDefaultFormatting, Ranged, ValueFormatter};
use std::ops::Range;

/// A logarithmic axis.
#[derive(Clone)]
pub(crate) struct Axis {
    pub(crate) title: String,
    ticks: Vec<(f64, String)>,
    range: Range<f64>,
}

impl Axis {
    /// With a tick at each value, and a bit of room at both ends.
    pub(crate) fn of_values(title: &str, values: &[usize]) -> Self {
        let ticks = values.iter();
        let ticks = ticks.map(|&value| (place(value, values), with_commas(value as f64)));
        let ticks: Vec<_> = ticks.collect();
        let (first, last) = (ticks[0].0, ticks[ticks.len() - 1].0);
        let room = (last / first).powf(0.06);
        Self {
            title: title.into(),
            ticks,
            range: first / room..last * room,
        }
    }

    /// With ticks that enclose all values.
    pub(crate) fn enclosing(title: &str, values: impl Iterator<Item = f64>) -> Self {
        let (low, high) = values
            .filter(|value| *value > 0.0)
            .fold((f64::INFINITY, 0.0_f64), |(low, high), value| {
                (low.min(value), high.max(value))
            });
        // The smaller the range, the more ticks in each power of ten.
        let steps: &[f64] = match high / low {
            ..3.0 => &[1.0, 1.2, 1.5, 2.0, 3.0, 5.0, 7.0],
            ..200.0 => &[1.0, 2.0, 5.0],
            _ => &[1.0],
        };
        let ticks = (-9..12)
            .flat_map(|exponent| steps.iter().map(move |step| step * 10_f64.powi(exponent)));
        let ticks: Vec<f64> = ticks.collect();
        let first = ticks
            .iter()
            .rposition(|tick| *tick <= low * 1.001)
            .unwrap_or(0);
        let last = ticks
            .iter()
            .position(|tick| *tick >= high * 0.999)
            .unwrap_or(ticks.len() - 1);
        // A single tick is no scale.
        let last = last.max(first + 1);
        let ticks = ticks[first..=last].iter();
        let ticks: Vec<_> = ticks.map(|&tick| (tick, with_commas(tick))).collect();
        Self {
            title: title.into(),
            range: ticks[0].0..ticks[ticks.len() - 1].0,
            ticks,
        }
    }
}

impl Ranged for Axis {
    type FormatOption = NoDefaultFormatting;
    type ValueType = f64;

    fn map(&self, value: &f64, (start, end): (i32, i32)) -> i32 {
        let (first, last) = (self.range.start.log10(), self.range.end.log10());
        // A value outside of the range is drawn at the edge.
        let value = value.clamp(self.range.start, self.range.end);
        let part = (value.log10() - first) / (last - first);
        #[allow(clippy::cast_possible_truncation, reason = "it lies between two i32")]
        let pixels = (part * f64::from(end - start)).round() as i32;
        start + pixels
    }

    fn key_points<Hint: KeyPointHint>(&self, hint: Hint) -> Vec<f64> {
        match hint.weight().allow_light_points() {
            true => Vec::new(),
            false => self.ticks.iter().map(|&(at, _)| at).collect(),
        }
    }

    fn range(&self) -> Range<f64> {
        self.range.clone()
    }
}

impl ValueFormatter<f64> for Axis {
    fn format_ext(&self, value: &f64) -> String {
        let tick = self.ticks.iter().find(|(at, _)| at == value);
        tick.map_or_else(String::new, |(_, label)| label.clone())
    }
}

/// Where a value stands. A logarithmic axis has no zero: it stands left of the next value.
pub(crate) fn place(value: usize, values: &[usize]) -> f64 {
    let next = values.iter().find(|&&next| next > 0).copied().unwrap_or(1);
    if value == 0 {
        next as f64 / 8.0
    } else {
        value as f64
    }
}

#[cfg(test)]
mod tests {
    use super::Axis;
    use plotters::coord::ranged1d::Ranged;

    #[test]
    fn ticks_enclose_all_values() {
        let ticks = |values: &[f64]| -> Vec<String> {
            let ticks = Axis::enclosing("", values.iter().copied()).ticks;
            ticks.into_iter().map(|(_, label)| label).collect()
        };
        assert_eq!(
            ticks(&[50.0, 40_000.0]),
            ["10", "100", "1,000", "10,000", "100,000"]
        );
        assert_eq!(ticks(&[0.02, 0.5]), ["0.02", "0.05", "0.1", "0.2", "0.5"]);
        assert_eq!(ticks(&[1.1, 1.4]), ["1", "1.2", "1.5"]);
        assert_eq!(ticks(&[100.0]), ["100", "120"]);
    }

    #[test]
    fn a_factor_is_a_length() {
        let axis = Axis {
            title: String::new(),
            ticks: Vec::new(),
            range: 1.0..100.0,
        };
        let places = [1.0, 10.0, 100.0, 0.0, 1e9].map(|value| axis.map(&value, (40, 240)));
        assert_eq!(places, [40, 140, 240, 40, 240]);
    }

    #[test]
    fn zero_has_a_place() {
        let axis = Axis::of_values("", &[0, 16, 64]);
        let labels: Vec<_> = axis
            .ticks
            .iter()
            .map(|(at, label)| (*at, label.as_str()))
            .collect();
        assert_eq!(labels, [(2.0, "0"), (16.0, "16"), (64.0, "64")]);
    }
}
