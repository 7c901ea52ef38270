//! What the guide claims, and whether it holds on this machine.

use crate::figures::{Figure, GUIDE};
use crate::results::{Interval, Results, Time, id};
use serde::Deserialize;

/// A statement about a ratio.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Claim {
    /// The statement.
    pub words: String,
    /// The ids of a ratio, or of the two times that it is of. Instead of a value, an id may end
    /// with `largest`: the largest value that was measured.
    results: Vec<String>,
    at_least: Option<f64>,
    at_most: Option<f64>,
}

impl Claim {
    /// The bench that measures it.
    #[must_use]
    pub fn bench(&self) -> &'static str {
        figure(&self.results[0]).map_or("", |figure| &figure.bench)
    }

    /// The ratio, if all its results are there.
    #[must_use]
    pub fn ratio(&self, results: &Results) -> Option<Time> {
        let first = time(&self.results[0], results)?;
        match self.results.get(1) {
            None => Some(first),
            Some(second) => Some(first.divided_by(time(second, results)?)),
        }
    }

    /// Whether it holds, in words. It does if the whole interval is on the right side of the bound.
    #[must_use]
    pub fn answer(&self, results: &Results) -> String {
        let Some(ratio) = self.ratio(results) else {
            return format!("not measured: --bench {}", self.bench());
        };
        let Interval { low, high } = ratio.interval;
        let least = self.at_least.unwrap_or(0.0);
        let most = self.at_most.unwrap_or(f64::INFINITY);
        if low >= least && high <= most {
            "holds".into()
        } else if high < least || low > most {
            "does not hold".into()
        } else {
            "cannot be told: measure again".into()
        }
    }
}

fn time(full_id: &str, results: &Results) -> Option<Time> {
    let Some(function) = full_id.strip_suffix("/largest") else {
        return results.get(full_id).copied();
    };
    // With the smallest value alone there is nothing to compare.
    let mut values = figure(full_id)?.values[1..].iter().rev();
    values.find_map(|value| results.get(&id(function, Some(*value))).copied())
}

/// The figure that shows the group of this id.
fn figure(id: &str) -> Option<&'static Figure> {
    let (group, _) = id.split_once('/')?;
    let shows_it = |figure: &&Figure| figure.series.iter().any(|series| series.group() == group);
    GUIDE.figures.iter().find(shows_it)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::Series;

    #[test]
    fn an_answer_needs_the_whole_interval() {
        let results =
            |low: f64, high: f64| Results::from([("g/f".into(), Time::new(1.5, low, high))]);
        let claim = |at_least, at_most| Claim {
            words: String::new(),
            results: vec!["g/f".into()],
            at_least,
            at_most,
        };
        let (at_least, at_most) = (claim(Some(2.0), None), claim(None, Some(2.0)));
        let undecided = "cannot be told: measure again";
        for (low, high, expected) in [
            (2.1, 2.3, ["holds", "does not hold"]),
            (1.9, 2.3, [undecided, undecided]),
            (1.1, 1.9, ["does not hold", "holds"]),
        ] {
            let results = results(low, high);
            let answers = [at_least.answer(&results), at_most.answer(&results)];
            assert_eq!(answers, expected);
        }
        let answer = at_most.answer(&Results::default());
        assert_eq!(answer, "not measured: --bench ");
    }

    #[test]
    fn claims_are_about_figures() {
        for claim in &GUIDE.claims {
            assert!(!claim.bench().is_empty(), "{claim:?}");
            assert!(matches!(claim.results.len(), 1 | 2), "{claim:?}");
            let has_one_bound = claim.at_least.is_some() != claim.at_most.is_some();
            assert!(has_one_bound, "{claim:?}");
            for id in &claim.results {
                let figure = figure(id).expect(id);
                let is_its = |series: &Series| match id.strip_prefix(&series.id) {
                    None => false,
                    Some("") => figure.values.is_empty(),
                    Some("/largest") => figure.values.len() > 1,
                    Some(end) => figure.values.iter().any(|value| end == format!("/{value}")),
                };
                let is_measured = figure.series.iter().any(is_its) || id.ends_with("/sequential");
                assert!(is_measured, "{id}");
            }
        }
    }
}
