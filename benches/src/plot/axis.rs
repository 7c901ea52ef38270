//! An axis with ticks and labels of our own choice.

use super::chart::in_words;
use plotters::coord::ranged1d::{KeyPointHint, NoDefaultFormatting, Ranged, ValueFormatter};
use std::ops::Range;

/// An axis, linear or logarithmic.
#[derive(Clone)]
pub(super) struct Axis {
    /// With the unit.
    pub(super) title: String,
    ticks: Vec<(f64, String)>,
    range: Range<f64>,
    scale: fn(f64) -> f64,
}

impl Axis {
    /// From zero to `end`, with ticks at these places.
    pub(super) fn linear(title: &str, ticks: Vec<(f64, String)>, end: f64) -> Self {
        Self {
            title: title.into(),
            ticks,
            range: 0.0..end,
            scale: |value| value,
        }
    }

    /// A logarithmic axis from a bit before the first tick to a bit after the
    /// last one: that part of its whole length.
    pub(super) fn logarithmic(title: &str, ticks: Vec<(f64, String)>, a_bit: f64) -> Self {
        let first = ticks.first().map_or(1.0, |&(at, _)| at);
        let last = ticks.last().map_or(10.0, |&(at, _)| at);
        let a_bit = (last / first).powf(a_bit);
        Self {
            title: title.into(),
            ticks,
            range: first / a_bit..last * a_bit,
            scale: f64::log10,
        }
    }

    /// A logarithmic axis with ticks at powers of ten that enclose all values.
    pub(super) fn powers_of_ten(title: &str, values: impl Iterator<Item = f64>) -> Self {
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        for value in values.filter(|&value| value > 0.0) {
            low = low.min(value.log10().floor());
            high = high.max(value.log10().ceil());
        }
        let mut ticks = Vec::new();
        let mut exponent = low;
        while exponent <= high.max(low + 1.0) {
            let value = 10_f64.powf(exponent);
            ticks.push((value, in_words(value)));
            exponent += 1.0;
        }
        Self::logarithmic(title, ticks, 0.0)
    }
}

impl Ranged for Axis {
    type FormatOption = NoDefaultFormatting;
    type ValueType = f64;

    fn map(&self, value: &f64, (start, end): (i32, i32)) -> i32 {
        let (first, last) = ((self.scale)(self.range.start), (self.scale)(self.range.end));
        // What is outside is drawn at the edge.
        let value = value.clamp(self.range.start, self.range.end);
        let part = ((self.scale)(value) - first) / (last - first);
        #[allow(clippy::cast_possible_truncation, reason = "it lies between two i32")]
        let pixels = (part * f64::from(end - start)).round() as i32;
        start + pixels
    }

    fn key_points<Hint: KeyPointHint>(&self, hint: Hint) -> Vec<f64> {
        if hint.weight().allow_light_points() {
            return Vec::new();
        }
        self.ticks.iter().map(|&(at, _)| at).collect()
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

#[cfg(test)]
mod tests {
    use super::Axis;
    use plotters::coord::ranged1d::{Ranged, ValueFormatter};

    #[test]
    fn powers_of_ten_enclose_all_values() {
        let ticks = |values: &[f64]| -> Vec<String> {
            let axis = Axis::powers_of_ten("", values.iter().copied());
            axis.ticks
                .iter()
                .map(|(at, _)| axis.format_ext(at))
                .collect()
        };
        assert_eq!(
            ticks(&[50.0, 40_000.0]),
            ["10", "100", "1,000", "10,000", "100,000"]
        );
        assert_eq!(ticks(&[0.02, 0.5]), ["0.01", "0.1", "1"]);
        assert_eq!(ticks(&[100.0]), ["100", "1,000"]);
    }

    #[test]
    fn a_factor_is_a_length() {
        let ticks = [1.0, 10.0, 100.0].map(|at| (at, String::new())).to_vec();
        let axis = Axis::logarithmic("", ticks, 0.0);
        let places = [1.0, 10.0, 100.0, 0.0, 1e9].map(|value| axis.map(&value, (40, 240)));
        assert_eq!(places, [40, 140, 240, 40, 240]);
        let axis = Axis::linear("", Vec::new(), 4.0);
        assert_eq!(
            [0.0, 1.0, 4.0].map(|value| axis.map(&value, (200, 0))),
            [200, 150, 0]
        );
    }
}
