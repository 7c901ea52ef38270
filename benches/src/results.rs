//! What criterion has measured, read from its files:
//! `target/criterion/**/new/{benchmark,estimates}.json`.

use anyhow::{Context, Result};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::path::{Path, PathBuf};
use std::time::SystemTime;
use std::{env, fs};

/// A time for one iteration, in nanoseconds unless it is scaled.
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
}

/// The results of all benches that have been run.
#[derive(Clone, Debug, Default)]
pub struct Results {
    measured: Vec<Measured>,
}

#[derive(Clone, Debug)]
struct Measured {
    id: Id,
    time: Time,
    at: SystemTime,
}

/// `benchmark.json`.
#[derive(Clone, Debug, Deserialize)]
struct Id {
    group_id: String,
    function_id: Option<String>,
    value_str: Option<String>,
}

/// `estimates.json`.
#[derive(Deserialize)]
struct Estimates {
    median: Estimate,
}

#[derive(Deserialize)]
struct Estimate {
    confidence_interval: Interval,
    point_estimate: f64,
}

#[derive(Deserialize)]
struct Interval {
    lower_bound: f64,
    upper_bound: f64,
}

impl Results {
    /// Reads them from the folder where criterion keeps them. No results where
    /// there is no such folder.
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
                let estimates_path = path.join("estimates.json");
                let estimates: Estimates = read(&estimates_path)?;
                let at = estimates_path.metadata().and_then(|file| file.modified());
                let Estimate {
                    confidence_interval: interval,
                    point_estimate: median,
                } = estimates.median;
                let (low, high) = (interval.lower_bound, interval.upper_bound);
                self.measured.push(Measured {
                    id: read(&id)?,
                    time: Time { median, low, high },
                    at: at.with_context(cannot)?,
                });
            } else if path.is_dir() {
                self.add_below(&path)?;
            }
        }
        Ok(())
    }

    /// Those that were measured after a moment.
    #[must_use]
    pub fn since(mut self, moment: SystemTime) -> Self {
        self.measured.retain(|measured| measured.at >= moment);
        self
    }

    /// The time of a function of a group.
    #[must_use]
    pub fn time(&self, group: &str, function: &str) -> Option<Time> {
        self.find(group, function, None)
    }

    /// The time of a function of a group with a parameter.
    #[must_use]
    pub fn time_with(&self, group: &str, function: &str, value: usize) -> Option<Time> {
        self.find(group, function, Some(&value.to_string()))
    }

    fn find(&self, group: &str, function: &str, value: Option<&str>) -> Option<Time> {
        let is_it = |id: &Id| {
            id.group_id == group
                && id.function_id.as_deref() == Some(function)
                && id.value_str.as_deref() == value
        };
        let measured = self.measured.iter().find(|measured| is_it(&measured.id))?;
        Some(measured.time)
    }
}

fn read<T: DeserializeOwned>(path: &Path) -> Result<T> {
    let json = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    serde_json::from_slice(&json).with_context(|| format!("cannot understand {}", path.display()))
}

/// Cargo's folder for everything that is built, `target` if nothing else is set.
///
/// # Errors
///
/// When cargo does not tell.
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
