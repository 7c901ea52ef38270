//! A straight line through measured points.

/// `at_zero + slope * x`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Line {
    /// The value where x is 0.
    pub(crate) at_zero: f64,
    /// How much the value grows with each x.
    pub(crate) slope: f64,
}

impl Line {
    /// The line with the smallest sum of squared relative errors: the points
    /// range over several powers of ten, and with absolute errors nothing but
    /// the largest would count.
    ///
    /// `None` for fewer than two different x, or a value that is not positive.
    pub(crate) fn fit(points: &[(f64, f64)]) -> Option<Self> {
        if points.iter().any(|&(_, y)| y <= 0.0) {
            return None;
        }
        // Least squares with the weight 1/y², in its usual closed form.
        let sum = |term: &dyn Fn(f64, f64) -> f64| -> f64 {
            points.iter().map(|&(x, y)| term(x, y) / (y * y)).sum()
        };
        let weight = sum(&|_, _| 1.0);
        let x = sum(&|x, _| x) / weight;
        let y = sum(&|_, y| y) / weight;
        let xx = sum(&|other, _| (other - x).powi(2));
        let xy = sum(&|other, value| (other - x) * (value - y));
        if points.iter().all(|&(x, _)| x == points[0].0) {
            return None;
        }
        let slope = xy / xx;
        Some(Self {
            at_zero: y - slope * x,
            slope,
        })
    }

    /// The value at `x`.
    pub(crate) fn at(&self, x: f64) -> f64 {
        self.at_zero + self.slope * x
    }
}

#[cfg(test)]
mod tests {
    use super::Line;

    #[test]
    fn points_on_a_line() {
        let points = [0.0, 16.0, 64.0, 262_144.0].map(|x| (x, 40_000.0 + 31.0 * x));
        let line = Line::fit(&points).expect("a line");
        assert!((line.slope - 31.0).abs() < 1e-6, "{line:?}");
        assert!((line.at_zero - 40_000.0).abs() < 1e-3, "{line:?}");
        assert!((line.at(2.0) - 40_062.0).abs() < 1e-3, "{line:?}");
    }

    #[test]
    fn small_points_count_as_much_as_large_ones() {
        // Each is off by five percent, which is 5,000 for the last one.
        let points = [
            (0.0, 105.0),
            (10.0, 104.5),
            (1000.0, 1155.0),
            (1e5, 95_095.0),
        ];
        let line = Line::fit(&points).expect("a line");
        assert!((line.at_zero - 100.0).abs() < 10.0, "{line:?}");
        assert!((line.slope - 1.0).abs() < 0.1, "{line:?}");
    }

    #[test]
    fn no_line() {
        assert_eq!(Line::fit(&[]), None);
        assert_eq!(Line::fit(&[(3.0, 1.0)]), None);
        assert_eq!(Line::fit(&[(3.0, 1.0), (3.0, 2.0)]), None);
        assert_eq!(Line::fit(&[(0.0, 0.0), (1.0, 2.0)]), None);
    }
}
