//! What was measured, in criterion's files:
//! `target/criterion/**/new/{benchmark,estimates}.json`.

use anyhow::{Context, Result};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use std::{env, fs};

/// A time for one iteration in nanoseconds, or a ratio of times.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Time {
    /// The median of the samples.
    pub median: f64,
    /// The lower end of its confidence interval (95 %).
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

impl Time {
    /// The same in another unit.
    #[must_use]
    pub fn scaled(self, factor: f64) -> Self {
        Self {
            median: self.median * factor,
            low: self.low * factor,
            high: self.high * factor,
        }
    }

    /// The quotient. Its interval assumes that both times are off in the worst way.
    #[must_use]
    pub fn divided_by(self, other: Self) -> Self {
        Self {
            median: self.median / other.median,
            low: self.low / other.high,
            high: self.high / other.low,
        }
    }
}

/// The results of all benches that have been run.
#[derive(Debug, Default)]
pub struct Results {
    measured: Vec<(Id, Time)>,
}

/// `benchmark.json`.
#[derive(Debug, Deserialize, PartialEq, Serialize)]
struct Id {
    group_id: String,
    function_id: Option<String>,
    value_str: Option<String>,
}

impl Id {
    fn new(group: &str, function: &str, value: Option<usize>) -> Self {
        Self {
            group_id: group.into(),
            function_id: Some(function.into()),
            value_str: value.map(|value| value.to_string()),
        }
    }
}

/// `estimates.json`.
#[derive(Deserialize, Serialize)]
struct Estimates {
    median: Estimate,
}

#[derive(Deserialize, Serialize)]
struct Estimate {
    confidence_interval: Interval,
    point_estimate: f64,
}

#[derive(Deserialize, Serialize)]
struct Interval {
    lower_bound: f64,
    upper_bound: f64,
}

impl Results {
    /// Reads them from the folder where criterion keeps them. No results where there is no
    /// such folder.
    ///
    /// # Errors
    ///
    /// When a file can't be read or is not criterion's.
    pub fn read(folder: &Path) -> Result<Self> {
        let mut results = Self::default();
        if folder.exists() {
            results.add_below(folder)?;
        }
        Ok(results)
    }

    fn add_below(&mut self, folder: &Path) -> Result<()> {
        let cannot = || format!("cannot read {}", folder.display());
        for entry in fs::read_dir(folder).with_context(cannot)? {
            let path = entry.with_context(cannot)?.path();
            let id = path.join("benchmark.json");
            if path.ends_with("new") && id.exists() {
                let Estimates { median } = read(&path.join("estimates.json"))?;
                let time = Time {
                    median: median.point_estimate,
                    low: median.confidence_interval.lower_bound,
                    high: median.confidence_interval.upper_bound,
                };
                self.measured.push((read(&id)?, time));
            } else if path.is_dir() {
                self.add_below(&path)?;
            }
        }
        Ok(())
    }

    /// A single result.
    #[cfg(test)]
    pub(crate) fn of(group: &str, function: &str, value: Option<usize>, time: Time) -> Self {
        let measured = vec![(Id::new(group, function, value), time)];
        Self { measured }
    }

    /// The time of a function of a group, with a value if it has some.
    #[must_use]
    pub fn time(&self, group: &str, function: &str, value: Option<usize>) -> Option<Time> {
        let id = Id::new(group, function, value);
        let mut measured = self.measured.iter();
        measured.find_map(|(other, time)| (*other == id).then_some(*time))
    }
}

/// Keeps a result beside criterion's own.
///
/// # Errors
///
/// When a file can't be written.
pub fn write(group: &str, function: &str, value: Option<usize>, time: Time) -> Result<()> {
    let mut folder = criterion_folder()?.join(group).join(function);
    folder.extend(value.map(|value| value.to_string()));
    let folder = folder.join("new");
    let cannot = || format!("cannot write to {}", folder.display());
    let median = Estimate {
        confidence_interval: Interval {
            lower_bound: time.low,
            upper_bound: time.high,
        },
        point_estimate: time.median,
    };
    fs::create_dir_all(&folder).with_context(cannot)?;
    let files = [
        ("estimates.json", serde_json::to_vec(&Estimates { median })?),
        (
            "benchmark.json",
            serde_json::to_vec(&Id::new(group, function, value))?,
        ),
    ];
    for (name, json) in files {
        fs::write(folder.join(name), json).with_context(cannot)?;
    }
    Ok(())
}

fn read<T: DeserializeOwned>(path: &Path) -> Result<T> {
    let json = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    serde_json::from_slice(&json).with_context(|| format!("cannot understand {}", path.display()))
}

/// Cargo's folder for everything that is built, `target` if nothing else is set.
///
/// # Errors
///
/// When cargo does not say.
pub fn target_folder() -> Result<PathBuf> {
    let metadata = cargo_metadata::MetadataCommand::new()
        .manifest_path(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml"))
        .no_deps()
        .exec()
        .context("cannot ask cargo for the target folder")?;
    Ok(metadata.target_directory.into())
}

/// Where criterion keeps its results.
///
/// # Errors
///
/// As [`target_folder`].
pub fn criterion_folder() -> Result<PathBuf> {
    match env::var_os("CRITERION_HOME") {
        Some(folder) => Ok(folder.into()),
        None => Ok(target_folder()?.join("criterion")),
    }
}
