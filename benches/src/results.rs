//! What was measured, in criterion's files: `target/criterion/ID/new/estimates.json`.

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::{env, fs};

/// The results of all benches that have been run, by criterion's id, `switch/threads/2`.
pub type Results = HashMap<String, Time>;

/// A time for one iteration in nanoseconds, or a ratio of times.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
pub struct Time {
    /// The median of the samples.
    #[serde(rename = "point_estimate")]
    pub median: f64,
    /// Its confidence interval (95 %).
    #[serde(rename = "confidence_interval")]
    pub interval: Interval,
}

/// An interval.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
pub struct Interval {
    /// The lower end.
    #[serde(rename = "lower_bound")]
    pub low: f64,
    /// The upper end.
    #[serde(rename = "upper_bound")]
    pub high: f64,
}

impl Time {
    /// A median with its confidence interval.
    #[must_use]
    pub fn new(median: f64, low: f64, high: f64) -> Self {
        let interval = Interval { low, high };
        Self { median, interval }
    }

    /// The same in another unit.
    #[must_use]
    pub fn scaled(self, factor: f64) -> Self {
        let Interval { low, high } = self.interval;
        Self::new(self.median * factor, low * factor, high * factor)
    }

    /// The quotient. Its interval assumes that both times are off in the worst way.
    #[must_use]
    pub fn divided_by(self, other: Self) -> Self {
        Self::new(
            self.median / other.median,
            self.interval.low / other.interval.high,
            self.interval.high / other.interval.low,
        )
    }
}

/// `estimates.json`.
#[derive(Deserialize, Serialize)]
struct Estimates {
    median: Time,
}

/// The id of a function with this value, if there is one.
#[must_use]
pub fn id(function: &str, value: Option<usize>) -> String {
    match value {
        Some(value) => format!("{function}/{value}"),
        None => function.into(),
    }
}

/// Reads the results from the folder where criterion keeps them. Without such a folder, there
/// are no results.
///
/// # Errors
///
/// When a file can't be read or is not criterion's.
pub fn read(folder: &Path) -> Result<Results> {
    let mut results = Results::new();
    let mut paths = vec![folder.to_owned()];
    while let Some(path) = paths.pop() {
        let cannot = || format!("cannot read {}", path.display());
        if path.is_dir() {
            for entry in fs::read_dir(&path).with_context(cannot)? {
                paths.push(entry.with_context(cannot)?.path());
            }
        } else if path.ends_with("new/estimates.json") {
            let json = fs::read(&path).with_context(cannot)?;
            let estimates: Estimates = serde_json::from_slice(&json).with_context(cannot)?;
            let id = path.strip_prefix(folder)?.display().to_string();
            let id = id.trim_end_matches("/new/estimates.json");
            results.insert(id.into(), estimates.median);
        }
    }
    Ok(results)
}

/// Keeps a result beside criterion's own.
///
/// # Errors
///
/// When the file can't be written.
pub fn write(id: &str, time: Time) -> Result<()> {
    let folder = criterion_folder()?.join(id).join("new");
    let cannot = || format!("cannot write to {}", folder.display());
    let json = serde_json::to_vec(&Estimates { median: time })?;
    fs::create_dir_all(&folder).with_context(cannot)?;
    fs::write(folder.join("estimates.json"), json).with_context(cannot)
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
