//! Building and judging the programs of the lab.

use crate::at_once::at_once;
use crate::build::{Build, COMPILE_LIMIT, DoesNotCompile};
use crate::doctor::refusal;
use crate::exercises::Exercise;
use crate::handout::Handout;
use crate::judge::{Problem, Report, Subject, Verdict};
use crate::seed::random_seed;
use crate::terminal::progress;
use crate::workspace::Workspace;
use anyhow::{Result, bail};
use engine::remove_leftovers;
use std::path::{Path, PathBuf};
use std::time::Duration;
use std::{fs, slice};

/// The number of programs that are judged at the same time. Most of them only wait.
pub(crate) const AT_ONCE: usize = 6;

/// A selection of programs to judge.
#[derive(Clone, Debug)]
pub struct Selection {
    /// The selected programs.
    pub exercises: Vec<&'static Exercise>,
    /// The lab's files in `solutions`, instead of the student's files in `src/bin`.
    pub solutions: bool,
    /// The CPU time limit of all compilers together.
    pub compile_limit: Duration,
    /// The seed of all random choices.
    pub seed: u64,
}

impl Selection {
    /// Selects the student's files for these exercises, as `cargo lab check` does.
    #[must_use]
    pub fn of(exercises: Vec<&'static Exercise>) -> Self {
        Self {
            exercises,
            solutions: false,
            compile_limit: COMPILE_LIMIT,
            seed: random_seed(),
        }
    }
}

/// A program to judge.
struct Candidate {
    exercise: &'static Exercise,
    /// The name of the binary: `threads` or `threads-solution`.
    target: String,
    /// The source file, relative to the folder of the lab.
    source: PathBuf,
    /// The name of its binary in the build.
    built_as: String,
    /// The program and how it is built, once it is there, or the reason why it need not be run.
    built: Result<Option<(PathBuf, Build)>, Problem>,
}

/// Builds the selected programs, one package at a time. Then judges all of them at the same
/// time.
///
/// # Errors
///
/// Nothing is selected, or cargo itself fails. Code that does not compile gets a verdict
/// instead of an error.
pub fn check(workspace: &Workspace, selection: &Selection) -> Result<Report> {
    remove_leftovers();
    let candidates = selection.exercises.iter();
    let candidates = candidates.map(|one| Candidate::select(workspace, one, selection.solutions));
    let mut candidates: Vec<_> = candidates.collect::<Result<_>>()?;
    // Build and run nothing if programs can't be traced.
    let refusal = refusal();
    if let Some((seen, _)) = &refusal {
        let message = format!("running and tracing a program (ptrace) {seen}");
        let problem = Problem::new(Verdict::Environment, message);
        for candidate in &mut candidates {
            candidate.built = Err(problem.clone());
        }
    }
    let mut compile_time = selection.compile_limit;
    for of_package in candidates.chunk_by_mut(|a, b| a.exercise.package == b.exercise.package) {
        let package = of_package[0].exercise.package;
        progress(&format!("compiling {package} ..."));
        let all = Build::package(workspace, package, &[]);
        build(&all, of_package, &mut compile_time)?;
    }
    progress("running the programs ...");
    let mut report = judge(&candidates, selection.seed);
    progress("");
    report.remarks.extend(refusal.map(|(_, advice)| advice));
    Ok(report)
}

/// Judges the tasks in untrusted files outside the lab, at the paths of the handouts. The
/// compilers run in this folder and can read only the files that they need. So the files can
/// harm neither the lab nor later submissions.
///
/// # Errors
///
/// Cargo itself fails.
pub fn check_apart(
    workspace: &Workspace,
    handouts: &[Handout],
    folder: &Path,
    seed: u64,
) -> Result<Report> {
    let candidate = |handout: &Handout| Candidate {
        // Two programs may have the same name.
        built_as: handout.exercise.file_name(),
        built: match handout.skeleton.exists() {
            true => attempt(workspace, handout).map(|()| None),
            false => Err(Problem::new(Verdict::NotAttempted, "it was not handed in")),
        },
        ..Candidate::new(handout.exercise)
    };
    let mut candidates: Vec<_> = handouts.iter().map(candidate).collect();
    let sources = candidates.iter().zip(handouts);
    let sources = sources
        .filter(|(candidate, _)| candidate.is_missing())
        .map(|(candidate, handout)| (candidate.built_as.clone(), handout.skeleton.clone()));
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    let all = Build::sources(workspace, &name, &sources.collect())?.apart(folder.into());
    build(&all, &mut candidates, &mut COMPILE_LIMIT.clone())?;
    Ok(judge(&candidates, seed))
}

/// Whether a student's file must be compiled. If not, the problem says why.
fn attempt(workspace: &Workspace, handout: &Handout) -> Result<(), Problem> {
    let file = workspace.relative(&handout.skeleton);
    let unusable = |why| Problem::new(Verdict::DoesNotCompile, format!("{file} {why}"));
    let source = fs::read(&handout.skeleton).map_err(|error| {
        let name = handout.exercise.name();
        let problem = unusable(format!("cannot be read: {error}"));
        problem.with(format!("This puts it back: cargo lab reset {name}"))
    })?;
    let source = String::from_utf8(source).map_err(|_| {
        let problem = unusable("is not text in UTF-8, which Rust needs".into());
        problem.with(
            "Save it with the encoding UTF-8: editors have this in the menu File, or in the bar \
             at the bottom",
        )
    })?;
    // Without solutions, the check cannot recognise an unchanged file.
    let handed_out = handout.render();
    let is_untouched = handed_out.is_ok_and(|skeleton| code(&source) == code(&skeleton));
    if is_untouched {
        let message = "the file is as it was handed out";
        return Err(Problem::new(Verdict::NotAttempted, message));
    }
    Ok(())
}

/// Returns the lines of a source without indentation and without comments on their own lines.
fn code(source: &str) -> Vec<&str> {
    // Some Windows editors write a byte order mark at the start.
    let source = source.trim_start_matches('\u{feff}');
    let lines = source.lines().map(str::trim);
    lines
        .filter(|line| !line.is_empty() && !line.starts_with("//"))
        .collect()
}

/// Builds these programs together. If it is unclear which one does not compile, builds them one
/// by one.
fn build(all: &Build, candidates: &mut [Candidate], compile_time: &mut Duration) -> Result<()> {
    let missing = candidates.iter().filter(|candidate| candidate.is_missing());
    let names: Vec<&str> = missing.map(|one| one.built_as.as_str()).collect();
    if names.is_empty() {
        return Ok(());
    }
    let together = all.clone().only(&names).with_compile_limit(*compile_time);
    let (mut built, problem) = match together.run() {
        Ok(built) => (built, None),
        Err(error) => {
            let error: DoesNotCompile = error.downcast()?;
            let mut problem = Problem::new(Verdict::DoesNotCompile, error.failure);
            problem.evidence = error.errors;
            (error.built, Some(problem))
        }
    };
    *compile_time = compile_time.saturating_sub(built.cpu_time);
    for candidate in candidates.iter_mut().filter(|one| one.is_missing()) {
        if let Some(program) = built.programs.remove(&candidate.built_as) {
            let build = all.clone().only(&[&candidate.built_as]);
            candidate.built = Ok(Some((program, build)));
        }
    }
    let Some(problem) = problem else {
        return Ok(());
    };
    let missing = candidates.iter_mut().filter(|one| one.is_missing());
    let mut missing: Vec<_> = missing.collect();
    if let [candidate] = missing.as_mut_slice() {
        let again = format!("see it again: {}", candidate.subject(0).command());
        candidate.built = Err(problem.with(again));
        return Ok(());
    }
    let mut missing = missing.into_iter();
    missing.try_for_each(|candidate| build(all, slice::from_mut(candidate), compile_time))
}

impl Candidate {
    fn new(exercise: &'static Exercise) -> Self {
        Self {
            exercise,
            target: exercise.binary.into(),
            source: exercise.source(),
            built_as: exercise.binary.into(),
            built: Ok(None),
        }
    }

    fn select(workspace: &Workspace, exercise: &'static Exercise, solutions: bool) -> Result<Self> {
        let mut candidate = Self::new(exercise);
        match Handout::of(workspace, exercise) {
            Some(handout) if !solutions => {
                candidate.built = attempt(workspace, &handout).map(|()| None);
            }
            Some(handout) if handout.solution.exists() => {
                candidate.target += "-solution";
                candidate.built_as.clone_from(&candidate.target);
                candidate.source = workspace.relative(&handout.solution).to_string().into();
            }
            Some(_) => bail!("this copy of the lab has no solutions"),
            None => {}
        }
        Ok(candidate)
    }

    /// Whether it must be built.
    fn is_missing(&self) -> bool {
        matches!(self.built, Ok(None))
    }

    fn subject(&self, seed: u64) -> Subject<'_> {
        let built = self.built.as_ref().ok().and_then(Option::as_ref);
        Subject {
            package: self.exercise.package,
            binary: self.exercise.binary,
            target: &self.target,
            source: &self.source,
            seed,
            build: built.map(|(_, build)| build),
        }
    }
}

/// Judges these programs at the same time.
fn judge(candidates: &[Candidate], seed: u64) -> Report {
    let judged = at_once(AT_ONCE, candidates, |_, candidate| {
        let (plan, subject) = (candidate.exercise.plan, candidate.subject(seed));
        let not_built = || Problem::new(Verdict::Environment, "cargo has built no such program");
        match &candidate.built {
            Ok(Some((program, _))) => plan.judge(subject, program),
            Ok(None) => plan.without_a_run(subject, &not_built()),
            Err(problem) => plan.without_a_run(subject, problem),
        }
    });
    Report::new(judged, seed)
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
