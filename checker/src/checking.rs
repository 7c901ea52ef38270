//! Building and judging the programs of the lab.

use crate::at_once::at_once;
use crate::build::{Build, BuildError, Failure};
use crate::doctor::refusal;
use crate::handout::{HandoutError, handouts};
use crate::judge::{Plan, Problem, Report, Subject, TaskReport, Verdict, plan};
use crate::workspace::{ManifestError, Workspace};
use engine::remove_leftovers;
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::time::Duration;

/// The programs of the lab, in its order: package and binary.
pub const PROGRAMS: [(&str, &str); 10] = [
    ("sum-array", "threads"),
    ("sum-array", "processes"),
    ("sum-array", "sequential"),
    ("sum-array", "reduce"),
    ("wait-for-me", "processes"),
    ("wait-for-me", "threads"),
    ("seg-fault", "threads"),
    ("seg-fault", "processes"),
    ("memory-corruption", "threads"),
    ("memory-corruption", "processes"),
];

/// So many are judged at the same time. Most of them only wait for something.
const AT_ONCE: usize = 6;

/// Whose programs are judged where there is a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// The student's, in `src/bin`.
    Student,
    /// The lab's, in `solutions`.
    Solution,
}

/// Which programs are judged.
#[derive(Clone, Copy, Debug)]
pub struct Selection<'a> {
    /// Of this package only.
    pub package: Option<&'a str>,
    /// With this name only.
    pub binary: Option<&'a str>,
    /// Whose.
    pub whose: Whose,
    /// How long the compilers may use CPUs, all together.
    pub compile_limit: Duration,
    /// What is drawn at random is drawn from this number.
    pub seed: u64,
}

/// Why nothing can be judged.
#[derive(Debug, thiserror::Error)]
pub enum CheckError {
    /// The workspace can't be read.
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    /// The skeletons can't be made.
    #[error(transparent)]
    Handout(#[from] HandoutError),
    /// No program is selected.
    #[error("there is no such program; there are:{}", all_programs())]
    NoSuchProgram,
    /// Cargo did not get as far as the code.
    #[error(transparent)]
    Build(#[from] BuildError),
}

fn all_programs() -> String {
    let name = |(package, binary)| format!("\n  {package} {binary}");
    PROGRAMS.map(name).concat()
}

/// A program that is to be judged.
struct Candidate {
    package: &'static str,
    binary: &'static str,
    plan: &'static dyn Plan,
    /// The name of what is built: `threads` or `threads-solution`.
    target: String,
    is_untouched: bool,
}

/// Builds the selected programs, package after package, and judges them, all at
/// once.
///
/// # Errors
///
/// When nothing is selected, or cargo itself fails. Code that does not compile is
/// no error, but a verdict.
pub fn check(workspace: &Workspace, selection: Selection<'_>) -> Result<Report, CheckError> {
    remove_leftovers();
    let candidates = candidates(workspace, selection)?;
    // Nothing is built or run where nothing can be seen.
    if let Some((seen, advice)) = refusal() {
        let problem = Problem::new(
            Verdict::Environment,
            format!("running and tracing a program (ptrace) {seen}"),
        );
        let tasks = candidates.iter().map(|candidate| {
            let subject = candidate.subject("", selection.seed);
            candidate.plan.without_a_run(subject, &problem)
        });
        let mut report = Report::new(tasks.collect(), selection.seed);
        report.remarks.push(advice);
        return Ok(report);
    }
    let mut built = BTreeMap::new();
    let mut compile_time = selection.compile_limit;
    for (package, _) in PROGRAMS {
        let own = candidates
            .iter()
            .filter(|candidate| candidate.package == package);
        let targets: Vec<&str> = own.map(|candidate| candidate.target.as_str()).collect();
        if !targets.is_empty() && !built.contains_key(package) {
            let results = build(workspace, package, &targets, &mut compile_time)?;
            built.insert(package, results);
        }
    }
    let judge = |candidate: &Candidate| judge(candidate, &built, selection.seed);
    let judged = at_once(AT_ONCE, &candidates, judge);
    Ok(Report::new(judged, selection.seed))
}

fn candidates(
    workspace: &Workspace,
    selection: Selection<'_>,
) -> Result<Vec<Candidate>, CheckError> {
    let handouts = handouts(workspace)?;
    let mut candidates = Vec::new();
    for (package, binary) in PROGRAMS {
        let is_selected = selection.package.is_none_or(|name| name == package)
            && selection.binary.is_none_or(|name| name == binary);
        let Some(plan) = plan(package, binary).filter(|_| is_selected) else {
            continue;
        };
        let is_it = |(p, b): (&str, &str)| p == package && b == binary;
        let handout = handouts
            .iter()
            .find(|handout| is_it((&handout.package, &handout.binary)));
        let mut target = binary.to_owned();
        let mut is_untouched = false;
        if let Some(handout) = handout {
            match selection.whose {
                Whose::Solution => target += "-solution",
                Whose::Student => {
                    let source = fs::read_to_string(&handout.skeleton).unwrap_or_default();
                    is_untouched = code(&source) == code(&handout.render()?);
                }
            }
        }
        candidates.push(Candidate {
            package,
            binary,
            plan,
            target,
            is_untouched,
        });
    }
    if candidates.is_empty() {
        return Err(CheckError::NoSuchProgram);
    }
    Ok(candidates)
}

/// The lines of a source without comments on lines of their own, and without
/// indentation.
fn code(source: &str) -> Vec<&str> {
    let lines = source.lines().map(str::trim);
    lines
        .filter(|line| !line.is_empty() && !line.starts_with("//"))
        .collect()
}

/// Programs by the names of what is built.
type Results = BTreeMap<String, Result<PathBuf, NotCompiled>>;

/// Why a program can't be compiled.
struct NotCompiled {
    failure: Failure,
    errors: Vec<String>,
}

/// What became of each program of a package: all of them, or one by one where it is
/// not clear which one does not compile.
fn build(
    workspace: &Workspace,
    package: &str,
    targets: &[&str],
    compile_time: &mut Duration,
) -> Result<Results, BuildError> {
    let build_these = Build::package(workspace, package, targets);
    let (built, failed) = match build_these.with_compile_limit(*compile_time).run() {
        Ok(built) => (built, None),
        Err(BuildError::DoesNotCompile {
            failure,
            errors,
            built,
        }) => (built, Some(NotCompiled { failure, errors })),
        Err(error) => return Err(error),
    };
    *compile_time = compile_time.saturating_sub(built.cpu_time);
    let is_missing = |target: &&&str| !built.programs.contains_key(**target);
    let missing: Vec<&str> = targets.iter().filter(is_missing).copied().collect();
    let mut results: Results = built
        .programs
        .into_iter()
        .map(|(target, program)| (target, Ok(program)))
        .collect();
    match (failed, missing.as_slice()) {
        (Some(failed), &[target]) => drop(results.insert(target.into(), Err(failed))),
        (Some(_), missing) => {
            for target in missing {
                results.extend(build(workspace, package, &[target], compile_time)?);
            }
        }
        (None, _) => {}
    }
    Ok(results)
}

impl Candidate {
    fn subject<'a>(&self, command: &'a str, seed: u64) -> Subject<'a> {
        Subject {
            package: self.package,
            binary: self.binary,
            command,
            seed,
        }
    }
}

fn judge(candidate: &Candidate, built: &BTreeMap<&str, Results>, seed: u64) -> TaskReport {
    let Candidate {
        package,
        plan,
        ref target,
        is_untouched,
        ..
    } = *candidate;
    let command = format!("cargo run -p {package} --bin {target}");
    let subject = candidate.subject(&command, seed);
    if is_untouched {
        let message = "the file is as it was handed out";
        let problem = Problem::new(Verdict::NotAttempted, message);
        return plan.without_a_run(subject, &problem);
    }
    let result = built.get(package).and_then(|results| results.get(target));
    match result {
        Some(Ok(program)) => plan.judge(subject, program),
        Some(Err(NotCompiled { failure, errors })) => {
            let mut problem = Problem::new(Verdict::DoesNotCompile, failure.to_string());
            problem.evidence.clone_from(errors);
            plan.without_a_run(subject, &problem.with(format!("see it again: {command}")))
        }
        None => {
            let problem = Problem::new(Verdict::Environment, "cargo has built no such program");
            plan.without_a_run(subject, &problem)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::code;

    #[test]
    fn comments_and_indentation_are_no_attempt() {
        let handed_out = "// TODO: wait\nfn main() {\n    go();\n}\n";
        let looked_at = "// TODO: wait\n// how?\n\nfn main() {\n        go();\n}\n";
        assert_eq!(code(handed_out), code(looked_at));
        assert_ne!(
            code(handed_out),
            code("fn main() {\n    go();\n    wait();\n}\n")
        );
    }
}
