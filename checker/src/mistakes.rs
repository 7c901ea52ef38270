//! Programs with known mistakes, and unusual right ones.
//!
//! They are the examples of the package `mistakes`, `PACKAGE-BINARY-NAME.rs`. The first line of
//! each names its expected verdict: `//! Verdict: did-not-wait`.

use crate::at_once::at_once;
use crate::build::Build;
use crate::checking::AT_ONCE;
use crate::exercises::{EXERCISES, Exercise};
use crate::judge::{Subject, TaskReport, Verdict};
use crate::seed::random_seed;
use crate::workspace::{Workspace, entries, read};
use anyhow::{Context, Result};
use std::path::PathBuf;
use std::time::Duration;

/// A high limit, because there are many and they are trusted.
const COMPILE_LIMIT_OF_ALL: Duration = Duration::from_secs(3600);

/// A program with a known verdict.
#[derive(Clone, Debug)]
pub struct Mistake {
    /// The program that it replaces.
    pub exercise: &'static Exercise,
    /// A description of the mistake.
    pub name: String,
    /// Its source file.
    pub source: PathBuf,
    /// The name of its expected verdict.
    pub expected: String,
}

/// A judged mistake.
#[derive(Clone, Debug)]
pub struct Judged {
    /// The mistake.
    pub mistake: Mistake,
    /// The report on it.
    pub report: TaskReport,
}

impl Mistake {
    /// The unique name of its binary.
    #[must_use]
    pub fn target(&self) -> String {
        format!("{}-{}", self.exercise.file_name(), self.name)
    }
}

impl Judged {
    /// Whether it got its expected verdict. It gets all points if and only if that is `passed`.
    #[must_use]
    pub fn is_as_expected(&self) -> bool {
        let verdict = self.report.verdict();
        let has_all_points = self.report.score == self.report.max_score;
        verdict.to_string() == self.mistake.expected
            && (verdict == Verdict::Passed) == has_all_points
    }
}

/// Returns all known mistakes.
///
/// # Errors
///
/// The folder can't be read, or a file does not begin with its verdict.
pub fn mistakes(workspace: &Workspace) -> Result<Vec<Mistake>> {
    let mistake = |source: PathBuf| {
        let file = source.file_stem().unwrap_or_default().to_string_lossy();
        let text = read(&source)?;
        let known = EXERCISES.iter().find_map(|exercise| {
            let name = file.strip_prefix(&exercise.file_name())?;
            Some(Mistake {
                exercise,
                name: name.strip_prefix('-')?.into(),
                expected: text.lines().next()?.strip_prefix("//! Verdict: ")?.into(),
                source: source.clone(),
            })
        });
        known.with_context(|| format!("{} has no program or no verdict", source.display()))
    };
    let all = entries(&workspace.root().join("checker/mistakes/examples"))?;
    all.into_iter().map(mistake).collect()
}

/// The build of all known mistakes.
#[must_use]
pub fn build_all(workspace: &Workspace) -> Build {
    Build::examples(workspace, "mistakes").with_compile_limit(COMPILE_LIMIT_OF_ALL)
}

/// The build of mistakes as a package with this name. Builds at the same time need different
/// names.
///
/// # Errors
///
/// The package can't be written to `target/lab`.
pub fn build(workspace: &Workspace, package: &str, mistakes: &[Mistake]) -> Result<Build> {
    let sources = mistakes.iter();
    let sources = sources.map(|mistake| (mistake.target(), mistake.source.clone()));
    Build::sources(workspace, package, &sources.collect())
}

/// Builds these mistakes, and judges them.
///
/// # Errors
///
/// One of them does not compile.
pub fn judge(build: &Build, mistakes: &[Mistake]) -> Result<Vec<Judged>> {
    let programs = build.run()?.programs;
    let judged = at_once(AT_ONCE, mistakes, |_, mistake| {
        let target = mistake.target();
        let program = programs.get(&target)?;
        let subject = Subject {
            package: mistake.exercise.package,
            binary: mistake.exercise.binary,
            target: &target,
            source: &mistake.source,
            seed: random_seed(),
            build: Some(&build.clone().only(&[&target])),
        };
        Some(Judged {
            mistake: mistake.clone(),
            report: mistake.exercise.plan.judge(subject, program),
        })
    });
    Ok(judged.into_iter().flatten().collect())
}
