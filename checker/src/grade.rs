//! `cargo lab grade`: the submissions of a class.
//!
//! Each submission is compiled and judged in a slot, a folder below `target/lab`. Several
//! submissions run at the same time. Each final result is written to a journal at once. A
//! submission in the journal is graded again only if its files or the checker have changed.

mod table;

use crate::at_once::at_once;
use crate::build::{Build, DoesNotCompile};
use crate::checking::check_apart;
use crate::doctor::refusal;
use crate::exercises::EXERCISES;
use crate::handout::{Handout, handouts};
use crate::judge::{Report, Verdict};
use crate::seed::SEEDS;
use crate::sources::sources;
use crate::workspace::{Workspace, entries};
use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::fs::{self, File};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

pub use table::{csv, html, json};

/// The largest size of a task's file.
const MOST_BYTES: u64 = 1 << 20;

/// The largest depth of the lab's folder in a submission.
const DEEPEST: usize = 8;

/// A submission that was graded.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Graded {
    /// The name of its folder.
    pub submission: String,
    /// The digest of the submitted files: changed files are graded again.
    digest: u64,
    /// The verdicts, or `None` if there are none.
    pub report: Option<Report>,
    /// Why it has no score: at least one of its programs could not be judged.
    pub problem: Option<String>,
}

impl Graded {
    /// The points, unless a program could not be judged.
    fn score(&self) -> Option<u32> {
        let report = self.report.as_ref().filter(|_| self.problem.is_none());
        report.map(|report| report.score)
    }
}

/// Reads a share of the submissions: its number, from 1, and the number of shares. Each share is
/// graded by one machine. The concatenated journals of all shares are the journal of the class.
///
/// # Errors
///
/// The text is not like `3/8`.
pub fn shard(text: &str) -> Result<(usize, usize)> {
    let numbers = text.split_once('/');
    let numbers = numbers.and_then(|(one, of)| Some((one.parse().ok()?, of.parse().ok()?)));
    numbers
        .filter(|(one, of)| (1..=*of).contains(one))
        .context("a share is a number and how many there are, such as 3/8")
}

/// Grades submissions. Calls `tell` after each one with the number of graded submissions and
/// the total. A single folder without an exercise in it is a folder of submissions.
///
/// # Errors
///
/// A folder or the journal can't be used.
pub fn grade(
    workspace: &Workspace,
    folders: &[PathBuf],
    journal: &Path,
    jobs: usize,
    shard: Option<(usize, usize)>,
    tell: impl Fn(usize, usize) + Sync,
) -> Result<Vec<Graded>> {
    let tasks = handouts(workspace);
    prepare(workspace, &tasks)?;
    // Two graders would use the same slots, so the second one waits here.
    let lock = File::create(workspace.lab_folder().join("grade.lock"))?;
    lock.lock()?;
    let paths = match folders {
        [class] if !has_exercise(class) => {
            let mut paths = entries(class)?;
            paths.retain(|path| path.is_dir() || is_archive(path));
            paths
        }
        submissions => submissions.to_vec(),
    };
    let class = Class {
        workspace,
        rules: rules(workspace.root(), &tasks)?,
        tasks,
        known: read_journal(journal),
        journal: File::options().create(true).append(true).open(journal)?,
    };
    // Ends a line that a crash left incomplete.
    (&class.journal).write_all(b"\n")?;
    let (number, step) = shard.unwrap_or((1, 1));
    let submissions = paths.iter().zip(names(&paths));
    let submissions: Vec<_> = submissions.skip(number - 1).step_by(step).collect();
    let done = AtomicUsize::new(0);
    let graded = at_once(jobs, &submissions, |slot, (path, name)| {
        let graded = class.grade(slot, path, name);
        tell(done.fetch_add(1, Relaxed) + 1, submissions.len());
        graded
    });
    graded.into_iter().collect()
}

/// Checks that programs can run here, and fetches their dependencies: a build in a slot can
/// download nothing.
fn prepare(workspace: &Workspace, tasks: &[Handout]) -> Result<()> {
    if let Some((seen, advice)) = refusal() {
        bail!("tracing {seen}. {advice}");
    }
    if let Some(Handout { exercise, .. }) = tasks.first() {
        let build = Build::package(workspace, exercise.package, &[exercise.binary]);
        if let Err(error) = build.run()
            && !error.is::<DoesNotCompile>()
        {
            return Err(error);
        }
    }
    Ok(fs::create_dir_all(workspace.lab_folder())?)
}

/// The submissions of a class, and the state of the grading.
struct Class<'a> {
    workspace: &'a Workspace,
    tasks: Vec<Handout>,
    /// The digest of everything else that decides a grade.
    rules: u64,
    /// The results in the journal, by name and digest.
    known: BTreeMap<(String, u64), Graded>,
    journal: File,
}

/// Why the first program that could not be judged was not.
fn not_judged(report: &Report) -> Option<String> {
    let mut checks = report.tasks.iter().flat_map(|task| &task.checks);
    let check = checks.find(|check| check.verdict == Verdict::Environment);
    check.map(|check| check.message.clone())
}

impl Class<'_> {
    /// Grades a submission. No other one uses this slot now.
    fn grade(&self, slot: usize, path: &Path, name: &str) -> Result<Graded> {
        let files = self.tasks.iter().map(|task| read_task(path, task));
        let files = files.collect::<Result<Vec<_>, _>>();
        let mut hasher = DefaultHasher::new();
        (&files, &self.rules).hash(&mut hasher);
        let digest = hasher.finish();
        if let Some(graded) = self.known.get(&(name.into(), digest)) {
            return Ok(graded.clone());
        }
        let files = files.and_then(|files| match files.iter().all(Option::is_none) {
            true if is_archive(path) => Err("it is packed: unpack it into a folder".into()),
            true => Err("none of the files of the tasks is in it".into()),
            false => Ok(files),
        });
        let has_files = files.is_ok();
        let judge = |files: Vec<_>| self.judge(slot, &files);
        let judged = files.and_then(|files| judge(files).map_err(|error| format!("{error:#}")));
        let problem = match &judged {
            Ok(report) => not_judged(report),
            Err(problem) => Some(problem.clone()),
        };
        // If a program could not be judged, the next run tries again.
        let is_final = problem.is_none() || !has_files;
        let graded = Graded {
            submission: name.into(),
            digest,
            report: judged.ok(),
            problem,
        };
        if is_final {
            let line = serde_json::to_string(&graded)? + "\n";
            // One system call appends the whole line, so no other thread can write into it.
            (&self.journal).write_all(line.as_bytes())?;
        }
        Ok(graded)
    }

    /// Judges the files of the tasks. An error is the fault of the machine.
    fn judge(&self, slot: usize, files: &[Option<Vec<u8>>]) -> Result<Report> {
        let folder = self.workspace.lab_folder().join(format!("grade-{slot}"));
        clear(&folder)?;
        let mut handed_in = self.tasks.clone();
        for (task, file) in handed_in.iter_mut().zip(files) {
            let name = format!("sources/{}.rs", task.exercise.file_name());
            task.skeleton = folder.join(name);
            if let Some(file) = file {
                fs::write(&task.skeleton, file)?;
            }
        }
        // The same random choices for all submissions, so that equal programs get equal grades.
        let seed = self.rules % SEEDS;
        check_apart(self.workspace, &handed_in, &folder, seed)
    }
}

/// Reads the finished results. The last line may be incomplete.
fn read_journal(path: &Path) -> BTreeMap<(String, u64), Graded> {
    let text = fs::read(path).unwrap_or_default();
    let lines = text.split(|byte| *byte == b'\n');
    let all = lines.filter_map(|line| serde_json::from_slice(line).ok());
    all.map(|graded: Graded| ((graded.submission.clone(), graded.digest), graded))
        .collect()
}

fn has_exercise(folder: &Path) -> bool {
    let mut tops = EXERCISES
        .iter()
        .filter_map(|one| one.folder.split('/').next());
    tops.any(|top| folder.join(top).is_dir())
}

/// The names of the folders, or their whole paths if two folders have the same name.
fn names(paths: &[PathBuf]) -> Vec<String> {
    let name = |path: &PathBuf| {
        let path = path.canonicalize().unwrap_or_else(|_| path.clone());
        let name = path.file_name().unwrap_or_default();
        name.to_string_lossy().into_owned()
    };
    let names: Vec<String> = paths.iter().map(name).collect();
    let distinct: BTreeSet<&String> = names.iter().collect();
    if distinct.len() == names.len() {
        return names;
    }
    paths.iter().map(|one| one.display().to_string()).collect()
}

/// Whether it has a name that teaching platforms give to a packed submission.
fn is_archive(path: &Path) -> bool {
    let extension = path.extension().and_then(OsStr::to_str);
    matches!(
        extension,
        Some("zip" | "tar" | "gz" | "tgz" | "xz" | "7z" | "rar")
    )
}

/// A digest of all inputs of a grade other than the submission: the skeletons, and the sources of
/// the checker and of the library. It is the same on each machine that grades a share.
fn rules(root: &Path, tasks: &[Handout]) -> Result<u64> {
    let mut hasher = DefaultHasher::new();
    for task in tasks {
        task.render().unwrap_or_default().hash(&mut hasher);
    }
    for folder in [
        "checker/src",
        "checker/engine",
        "checker/scheduler",
        "common",
    ] {
        // The path of the lab does not count.
        let contents = sources(&root.join(folder)).into_values();
        contents.for_each(|content| content.hash(&mut hasher));
    }
    fs::read(root.join("Cargo.lock"))?.hash(&mut hasher);
    Ok(hasher.finish())
}

/// The file of a task in a submission, in any folder that contains the lab. If there are
/// several, the least deep one. Links do not count.
fn read_task(submission: &Path, task: &Handout) -> Result<Option<Vec<u8>>, String> {
    let file = task.exercise.source();
    let shown = file.display();
    let is_link = |path: &Path| path.symlink_metadata().is_ok_and(|file| file.is_symlink());
    let is_in = |folder: &&PathBuf| {
        let path = folder.join(&file);
        let mut of_submission = path.ancestors().take_while(|path| path != folder);
        path.is_file() && !of_submission.any(is_link)
    };
    let mut level = vec![submission.to_owned()];
    for _ in 0..DEEPEST {
        let found: Vec<_> = level.iter().filter(is_in).collect();
        match found.as_slice() {
            [] => {}
            [folder] => {
                let mut bytes = Vec::new();
                let read = File::open(folder.join(&file));
                let read = read.and_then(|file| file.take(MOST_BYTES).read_to_end(&mut bytes));
                return match read {
                    Ok(read) if read as u64 == MOST_BYTES => Err(format!("{shown} is too large")),
                    Ok(_) => Ok(Some(bytes)),
                    Err(error) => Err(format!("{shown}: {error}")),
                };
            }
            several => return Err(format!("there are {} files {shown}", several.len())),
        }
        let paths = level.iter().filter_map(|folder| entries(folder).ok());
        let is_visited =
            |path: &PathBuf| path.is_dir() && !is_link(path) && !path.ends_with("target");
        level = paths.flatten().filter(is_visited).collect();
    }
    Ok(None)
}

/// Removes the last submission's files from a slot. The compiler of the next submission could
/// read them. The dependencies stay, because they are libraries.
fn clear(slot: &Path) -> Result<()> {
    for folder in ["sources", "programs", "tmp"] {
        let folder = slot.join(folder);
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        fs::create_dir_all(&folder)?;
    }
    let name = slot.file_name().unwrap_or_default();
    let build = slot.join("build/debug");
    for path in entries(&build.join("deps")).unwrap_or_default() {
        let file = path.file_name().unwrap_or_default();
        if !file.as_encoded_bytes().starts_with(b"lib") {
            fs::remove_file(path)?;
        }
    }
    for path in entries(&build.join(".fingerprint")).unwrap_or_default() {
        let file = path.file_name().unwrap_or_default();
        if file.as_encoded_bytes().starts_with(name.as_encoded_bytes()) {
            fs::remove_dir_all(path)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::rules;
    use crate::workspace::write;
    use tempfile::TempDir;

    /// If it has changed, submissions are graded again.
    #[test]
    fn the_checker_is_a_rule() -> anyhow::Result<()> {
        let root = TempDir::new()?;
        let file = |name: &str, text: &str| write(&root.path().join(name), text).map(drop);
        for name in ["checker/src/a.rs", "checker/engine/src/b.rs", "Cargo.lock"] {
            file(name, "first")?;
        }
        file("checker/scheduler/src/c.rs", "first")?;
        file("common/src/d.rs", "first")?;
        let before = rules(root.path(), &[])?;
        assert_eq!(before, rules(root.path(), &[])?);
        file("checker/engine/src/b.rs", "second")?;
        assert_ne!(before, rules(root.path(), &[])?);
        Ok(())
    }
}
