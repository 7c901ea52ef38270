//! Programs with known mistakes, and unusual right ones.
//!
//! They are the examples of the package `mistakes`, `PACKAGE-BINARY-NAME.rs`. The first line of
//! each names its expected verdict: `//! Verdict: did-not-wait`.

use crate::at_once::at_once;
use crate::build::{Build, BuildError, Built};
use crate::exercises::{EXERCISES, Exercise};
use crate::judge::{Subject, TaskReport, Verdict};
use crate::seed::random_seed;
use crate::workspace::Workspace;
use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::time::Duration;
use std::{fs, io};

/// The number of programs that run at the same time. Most of them only wait.
const AT_ONCE: usize = 6;

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

/// The built mistakes.
pub struct Compiled {
    /// The programs.
    pub built: Built,
    /// The build of one of them, by the name of its binary.
    one: Box<dyn Fn(&str) -> Build + Sync>,
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
        verdict.name() == self.mistake.expected && (verdict == Verdict::Passed) == has_all_points
    }
}

/// Returns all known mistakes.
///
/// # Errors
///
/// The folder can't be read, or a file does not begin with its verdict.
pub fn mistakes(workspace: &Workspace) -> io::Result<Vec<Mistake>> {
    let mut mistakes = Vec::new();
    for source in entries(&workspace.root().join("checker/mistakes/examples"))? {
        let name = name(&source);
        let is_of = |exercise: &Exercise| {
            let rest = name.strip_prefix(&exercise.file_name())?;
            rest.strip_prefix('-')
        };
        let mut programs = EXERCISES
            .iter()
            .filter_map(|exercise| Some((exercise, is_of(exercise)?)));
        let text = fs::read_to_string(&source)?;
        let first = text.lines().next().unwrap_or_default();
        let verdict = first.strip_prefix("//! Verdict: ");
        let (Some((exercise, short)), Some(verdict)) = (programs.next(), verdict) else {
            let message = format!("{} has no program or no verdict", source.display());
            return Err(io::Error::other(message));
        };
        mistakes.push(Mistake {
            exercise,
            name: short.into(),
            expected: verdict.into(),
            source: source.clone(),
        });
    }
    Ok(mistakes)
}

/// Builds all known mistakes.
///
/// # Errors
///
/// One of them does not compile.
pub fn build_all(workspace: &Workspace) -> Result<Compiled, BuildError> {
    let all = Build::examples(workspace, "mistakes").with_compile_limit(COMPILE_LIMIT_OF_ALL);
    let workspace = workspace.clone();
    Ok(Compiled {
        built: all.run()?,
        one: Box::new(move |name| Build::example(&workspace, "mistakes", name)),
    })
}

/// Builds mistakes as a package with this name. Builds at the same time need different names.
///
/// # Errors
///
/// One of them does not compile.
pub fn build(
    workspace: &Workspace,
    package: &str,
    mistakes: &[Mistake],
) -> Result<Compiled, BuildError> {
    let sources: BTreeMap<_, _> = mistakes
        .iter()
        .map(|mistake| (mistake.target(), mistake.source.clone()))
        .collect();
    let all = Build::sources(workspace, package, &sources)?;
    Ok(Compiled {
        built: all.run()?,
        one: Box::new(move |name| all.clone().only(&[name])),
    })
}

/// Judges these mistakes, which are built already.
#[must_use]
pub fn judge(compiled: &Compiled, mistakes: &[Mistake]) -> Vec<Judged> {
    let Compiled { built, one } = compiled;
    let judge = |mistake: &Mistake| {
        let target = mistake.target();
        let build = one(&target);
        let subject = Subject {
            package: mistake.exercise.package,
            binary: mistake.exercise.binary,
            target: &target,
            source: &mistake.source,
            seed: random_seed(),
            build: Some(&build),
        };
        Some(Judged {
            mistake: mistake.clone(),
            report: mistake
                .exercise
                .plan
                .judge(subject, built.programs.get(&target)?),
        })
    };
    let judged = at_once(AT_ONCE, mistakes, judge);
    judged.into_iter().flatten().collect()
}

fn entries(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut entries: Vec<_> = fs::read_dir(folder)?
        .map(|entry| Ok(entry?.path()))
        .collect::<io::Result<_>>()?;
    entries.sort();
    Ok(entries)
}

/// The name of a file without its extension.
fn name(path: &Path) -> String {
    path.file_stem()
        .map(OsStr::to_string_lossy)
        .unwrap_or_default()
        .into_owned()
}
