//! Schedules, and their replay tokens.

use super::layout::{Choice, Random};
use std::fmt;
use std::str::FromStr;

/// A schedule. By default the running task continues, and when it waits or ends, the next one
/// does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Order {
    /// The steps at which another task than the default one continues, with that task.
    pub(crate) choices: Vec<Choice>,
    /// Random priorities in the place of choices.
    pub(crate) random: Random,
}

/// The token of the first schedule, which has no choices.
const FIRST: &str = "first";

/// As a replay token: `12:2,40:1`; `first` without choices.
impl fmt::Display for Order {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.choices.is_empty() {
            return f.write_str(FIRST);
        }
        let choices = self.choices.iter();
        let choices = choices.map(|choice| format!("{}:{}", choice.step, choice.task));
        f.write_str(&choices.collect::<Vec<_>>().join(","))
    }
}

impl FromStr for Order {
    type Err = &'static str;

    fn from_str(token: &str) -> Result<Self, Self::Err> {
        if token == FIRST {
            return Ok(Self::default());
        }
        let choice = |text: &str| {
            let (step, task) = text.split_once(':')?;
            let (step, task) = (step.parse().ok()?, task.parse().ok()?);
            Some(Choice { step, task })
        };
        let choices: Option<Vec<_>> = token.split(',').map(choice).collect();
        let choices = choices.filter(|all| all.is_sorted_by(|a, b| a.step < b.step));
        Ok(Self {
            choices: choices.ok_or("this is no replay token: one looks like 12:2,40:1")?,
            ..Self::default()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Order;

    #[test]
    fn a_token_is_read_as_it_was_written() {
        for token in ["first", "0:1", "12:2,40:1"] {
            let schedule: Order = token.parse().expect("a token");
            assert_eq!(schedule.to_string(), token);
        }
        for token in ["", "1", "1:", "a:1", "1:2,1:3", "5:1,4:1", "1:300", "1:2,"] {
            assert!(token.parse::<Order>().is_err(), "{token:?}");
        }
    }
}
