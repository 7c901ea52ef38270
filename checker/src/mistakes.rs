//! Programs with known mistakes, and unusual right ones.
//!
//! They are in `checker/tests/mistakes/PACKAGE/BINARY/NAME.rs`. The first line of
//! each tells the verdict that it must get: `//! Verdict: did-not-wait`.

use crate::build::{Build, BuildError, Built};
use crate::judge::{Subject, TaskReport, Verdict, plan};
use crate::workspace::Workspace;
use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::{fs, io, iter, thread};

/// So many are run at the same time. Most of them only wait for something.
const AT_ONCE: usize = 8;

/// A program with a known verdict.
#[derive(Clone, Debug)]
pub struct Mistake {
    /// The package that it would be part of.
    pub package: String,
    /// The binary that it would replace.
    pub binary: String,
    /// What it does.
    pub name: String,
    /// The file.
    pub source: PathBuf,
    /// The name of the verdict that it must get.
    pub expected: String,
}

/// A mistake that was judged.
#[derive(Clone, Debug)]
pub struct Judged {
    /// Which one.
    pub mistake: Mistake,
    /// What the lab thinks of it.
    pub report: TaskReport,
}

impl Mistake {
    /// The name of its binary, which no other mistake has.
    #[must_use]
    pub fn target(&self) -> String {
        format!("{}-{}-{}", self.package, self.binary, self.name)
    }
}

impl Judged {
    /// It got its verdict, and all points if and only if that is `passed`.
    #[must_use]
    pub fn is_as_expected(&self) -> bool {
        let verdict = self.report.verdict();
        let has_all_points = self.report.score == self.report.max_score;
        verdict.name() == self.mistake.expected && (verdict == Verdict::Passed) == has_all_points
    }
}

/// All known mistakes.
///
/// # Errors
///
/// When the folder can't be read, or a file does not begin with its verdict.
pub fn mistakes(workspace: &Workspace) -> io::Result<Vec<Mistake>> {
    let mut mistakes = Vec::new();
    for package in entries(&workspace.root().join("checker/tests/mistakes"))? {
        for binary in entries(&package)? {
            for source in entries(&binary)? {
                let text = fs::read_to_string(&source)?;
                let first = text.lines().next().unwrap_or_default();
                let expected = first.strip_prefix("//! Verdict: ").ok_or_else(|| {
                    io::Error::other(format!("{} has no verdict", source.display()))
                })?;
                mistakes.push(Mistake {
                    package: name(&package),
                    binary: name(&binary),
                    name: name(&source),
                    expected: expected.into(),
                    source,
                });
            }
        }
    }
    Ok(mistakes)
}

/// Builds mistakes, as a package of this name: different ones under different names,
/// or two that are built at the same time get into each other's way.
///
/// # Errors
///
/// When one of them does not compile.
pub fn build(
    workspace: &Workspace,
    package: &str,
    mistakes: &[Mistake],
) -> Result<Built, BuildError> {
    let sources: BTreeMap<_, _> = mistakes
        .iter()
        .map(|mistake| (mistake.target(), mistake.source.clone()))
        .collect();
    Build::sources(workspace, package, &sources)?.run()
}

/// Judges these mistakes, which have been built.
#[must_use]
pub fn judge(built: &Built, mistakes: &[Mistake]) -> Vec<Judged> {
    let judge = |mistake: &Mistake| {
        let target = mistake.target();
        let subject = Subject {
            package: &mistake.package,
            binary: &mistake.binary,
            command: &target,
        };
        let plan = plan(&mistake.package, &mistake.binary)?;
        Some(Judged {
            mistake: mistake.clone(),
            report: plan.judge(subject, built.programs.get(&target)?),
        })
    };
    // Each takes the next one as soon as it has done with its last.
    let rest = Mutex::new(mistakes.iter());
    let next = || rest.lock().ok()?.next();
    let mut judged: Vec<Judged> = thread::scope(|scope| {
        let judge_some = || iter::from_fn(next).filter_map(judge).collect::<Vec<_>>();
        let some: Vec<_> = (0..AT_ONCE).map(|_| scope.spawn(judge_some)).collect();
        let done = some.into_iter().filter_map(|some| some.join().ok());
        done.flatten().collect()
    });
    judged.sort_by_key(|judged| judged.mistake.source.clone());
    judged
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
