//! Building and judging the programs of the lab.

use crate::at_once::at_once;
use crate::build::{Build, BuildError, COMPILE_LIMIT, Failure};
use crate::doctor::refusal;
use crate::exercises::Exercise;
use crate::handout::{Handout, handouts};
use crate::judge::{Problem, Report, Subject, TaskReport, Verdict};
use crate::seed::random_seed;
use crate::workspace::Workspace;
use engine::remove_leftovers;
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::time::Duration;

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
#[derive(Clone, Debug)]
pub struct Selection {
    /// These.
    pub exercises: Vec<&'static Exercise>,
    /// Whose.
    pub whose: Whose,
    /// How long the compilers may use CPUs, all together.
    pub compile_limit: Duration,
    /// What is drawn at random is drawn from this number.
    pub seed: u64,
}

impl Selection {
    /// The student's files for these exercises, as `cargo lab check` judges them.
    #[must_use]
    pub fn of(exercises: Vec<&'static Exercise>) -> Self {
        Self {
            exercises,
            whose: Whose::Student,
            compile_limit: COMPILE_LIMIT,
            seed: random_seed(),
        }
    }
}

/// Why nothing can be judged.
#[derive(Debug, thiserror::Error)]
pub enum CheckError {
    /// The lab's solutions were taken out.
    #[error("this copy of the lab has no solutions")]
    NoSolutions,
    /// Cargo did not get as far as the code.
    #[error(transparent)]
    Build(#[from] BuildError),
}

/// A program that is to be judged.
struct Candidate {
    exercise: &'static Exercise,
    /// The name of what is built: `threads` or `threads-solution`.
    target: String,
    /// Why it need not be run.
    obstacle: Option<Problem>,
}

/// Builds the selected programs, package after package, and judges them, all at
/// once.
///
/// # Errors
///
/// When nothing is selected, or cargo itself fails. Code that does not compile is
/// no error, but a verdict.
pub fn check(workspace: &Workspace, selection: &Selection) -> Result<Report, CheckError> {
    remove_leftovers();
    let candidates = candidates(workspace, selection)?;
    let without_a_run = |problem: &Problem| {
        let tasks = candidates.iter().map(|candidate| {
            let subject = candidate.subject(selection.seed);
            candidate.exercise.plan.without_a_run(subject, problem)
        });
        Report::new(tasks.collect(), selection.seed)
    };
    // Nothing is built or run where nothing can be seen.
    if let Some((seen, advice)) = refusal() {
        let problem = Problem::new(
            Verdict::Environment,
            format!("running and tracing a program (ptrace) {seen}"),
        );
        let mut report = without_a_run(&problem);
        report.remarks.push(advice);
        return Ok(report);
    }
    if let Some(problem) = missing_file(workspace) {
        return Ok(without_a_run(&problem));
    }
    let mut built = BTreeMap::new();
    let mut compile_time = selection.compile_limit;
    let packages = candidates
        .iter()
        .map(|candidate| candidate.exercise.package);
    for package in packages {
        let own = candidates.iter().filter(|candidate| {
            candidate.exercise.package == package && candidate.obstacle.is_none()
        });
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

fn candidates(workspace: &Workspace, selection: &Selection) -> Result<Vec<Candidate>, CheckError> {
    let candidate = |exercise: &&'static Exercise| {
        let mut target = exercise.binary.to_owned();
        let mut obstacle = None;
        if let Some(handout) = Handout::of(workspace, exercise) {
            match selection.whose {
                Whose::Solution if !handout.solution.exists() => {
                    return Err(CheckError::NoSolutions);
                }
                Whose::Solution => target += "-solution",
                Whose::Student => obstacle = obstacle_in(workspace, &handout),
            }
        }
        Ok(Candidate {
            exercise,
            target,
            obstacle,
        })
    };
    selection.exercises.iter().map(candidate).collect()
}

/// A file that students edit, and that is not there: cargo builds no program of the lab then.
fn missing_file(workspace: &Workspace) -> Option<Problem> {
    for handout in handouts(workspace) {
        if let Err(error) = fs::read(&handout.skeleton) {
            let file = workspace.relative(&handout.skeleton);
            let message = format!("cargo builds nothing, because {file} cannot be read: {error}");
            let way_back = format!(
                "This puts it back: cargo lab reset {}",
                handout.exercise.name()
            );
            let problem = Problem::new(Verdict::DoesNotCompile, message);
            return Some(problem.with(way_back));
        }
    }
    None
}

/// Why a student's file need not be compiled.
fn obstacle_in(workspace: &Workspace, handout: &Handout) -> Option<Problem> {
    // A file that cannot be read is reported before anything is built.
    let source = fs::read(&handout.skeleton).unwrap_or_default();
    let Ok(source) = String::from_utf8(source) else {
        let file = workspace.relative(&handout.skeleton);
        let message = format!("{file} is not text in UTF-8, which Rust needs");
        let problem = Problem::new(Verdict::DoesNotCompile, message);
        let advice = "Save it with the encoding UTF-8: editors have this in the menu File, or in \
                      the bar at the bottom";
        return Some(problem.with(advice));
    };
    // Where somebody took the solutions out, it cannot be told.
    let handed_out = handout.render();
    let is_untouched = handed_out.is_ok_and(|skeleton| code(&source) == code(&skeleton));
    let message = "the file is as it was handed out";
    is_untouched.then(|| Problem::new(Verdict::NotAttempted, message))
}

/// The lines of a source without comments on lines of their own, and without
/// indentation.
fn code(source: &str) -> Vec<&str> {
    // Some editors of Windows put a byte order mark at the beginning.
    let source = source.trim_start_matches('\u{feff}');
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
    fn subject(&self, seed: u64) -> Subject<'_> {
        Subject {
            package: self.exercise.package,
            binary: self.exercise.binary,
            target: &self.target,
            seed,
        }
    }
}

fn judge(candidate: &Candidate, built: &BTreeMap<&str, Results>, seed: u64) -> TaskReport {
    let Candidate {
        exercise,
        target,
        obstacle,
    } = candidate;
    let Exercise { package, plan, .. } = exercise;
    let subject = candidate.subject(seed);
    if let Some(problem) = obstacle {
        return plan.without_a_run(subject, problem);
    }
    let result = built.get(package).and_then(|results| results.get(target));
    match result {
        Some(Ok(program)) => plan.judge(subject, program),
        Some(Err(NotCompiled { failure, errors })) => {
            let mut problem = Problem::new(Verdict::DoesNotCompile, failure.to_string());
            problem.evidence.clone_from(errors);
            let command = format!("cargo run -p {package} --bin {target}");
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
        assert_eq!(code(handed_out), code(&format!("\u{feff}{handed_out}")));
        assert_ne!(
            code(handed_out),
            code("fn main() {\n    go();\n    wait();\n}\n")
        );
    }
}
