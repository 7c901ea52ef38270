//! `cargo lab grade`: the submissions of a class.
//!
//! Each submission is compiled and judged in a slot, a folder below `target/lab`. Several
//! submissions run at the same time. Each result is written to a journal at once, and a
//! submission in the journal is not graded again.

mod table;

use crate::at_once::at_once;
use crate::build::{Build, BuildError};
use crate::checking::{Selection, check_apart};
use crate::doctor::refusal;
use crate::exercises::EXERCISES;
use crate::handout::{Handout, handouts};
use crate::judge::{Report, SCHEMA, Verdict};
use crate::reasons::reasons;
use crate::workspace::Workspace;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fs::{self, File};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, Read, Write};
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Mutex, MutexGuard, PoisonError};

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
    /// The points and verdicts, or `None` if the submission cannot be graded.
    pub report: Option<Report>,
    /// Why it cannot be graded.
    pub problem: Option<String>,
}

/// One of several shares of the submissions, each graded by one machine. The concatenated
/// journals of all shares are the journal of the class.
#[derive(Clone, Copy, Debug)]
pub struct Shard {
    number: NonZero<usize>,
    of: NonZero<usize>,
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let numbers = text.split_once('/').and_then(|(number, of)| {
            let (number, of) = (number.parse().ok()?, of.parse().ok()?);
            (number <= of).then_some(Self { number, of })
        });
        numbers.ok_or_else(|| "a share is a number and how many there are, such as 3/8".into())
    }
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
    shard: Option<Shard>,
    tell: impl Fn(usize, usize) + Sync,
) -> io::Result<Vec<Graded>> {
    let tasks = handouts(workspace);
    prepare(workspace, &tasks)?;
    // Two graders would use the same slots, so the second one waits here.
    let lock = File::create(workspace.lab_folder().join("grade.lock"))?;
    lock.lock()?;
    let mut paths = Vec::new();
    for folder in folders {
        match folders.len() == 1 && !has_exercise(folder) {
            true => paths.extend(folders_in(folder)?),
            false => paths.push(folder.clone()),
        }
    }
    let class = Class {
        workspace,
        rules: rules(&tasks),
        tasks,
        known: read_journal(journal),
        journal: Mutex::new(File::options().create(true).append(true).open(journal)?),
        slots: Mutex::new((0..jobs).collect()),
    };
    // Ends a line that a crash left incomplete.
    held(&class.journal).write_all(b"\n")?;
    let (first, step) = shard.map_or((0, 1), |shard| (shard.number.get() - 1, shard.of.get()));
    let submissions = paths.iter().zip(names(&paths));
    let submissions: Vec<_> = submissions.skip(first).step_by(step).collect();
    let done = AtomicUsize::new(0);
    let graded = at_once(jobs, &submissions, |(path, name)| {
        let graded = class.grade(path, name);
        tell(done.fetch_add(1, Relaxed) + 1, submissions.len());
        graded
    });
    graded.into_iter().collect()
}

/// Checks that programs can run here, and fetches their dependencies: a build in a slot can
/// download nothing.
fn prepare(workspace: &Workspace, tasks: &[Handout]) -> io::Result<()> {
    if let Some((seen, advice)) = refusal() {
        return Err(io::Error::other(format!("tracing {seen}. {advice}")));
    }
    if let Some(Handout { exercise, .. }) = tasks.first() {
        let build = Build::package(workspace, exercise.package, &[exercise.binary]);
        match build.run() {
            Ok(_) | Err(BuildError::DoesNotCompile { .. }) => {}
            Err(error) => return Err(io::Error::other(reasons(&error))),
        }
    }
    fs::create_dir_all(workspace.lab_folder())
}

/// The submissions of a class, and the state of the grading.
struct Class<'a> {
    workspace: &'a Workspace,
    tasks: Vec<Handout>,
    rules: Vec<String>,
    /// The results in the journal, by name and digest.
    known: BTreeMap<(String, u64), Graded>,
    journal: Mutex<File>,
    /// The free slots.
    slots: Mutex<Vec<usize>>,
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Class<'_> {
    fn grade(&self, path: &Path, name: &str) -> io::Result<Graded> {
        let files = self.tasks.iter().map(|task| read_task(path, task));
        let files = files.collect::<Result<Vec<_>, _>>();
        let mut hasher = DefaultHasher::new();
        (&files, &self.rules).hash(&mut hasher);
        let digest = hasher.finish();
        if let Some(graded) = self.known.get(&(name.into(), digest)) {
            return Ok(graded.clone());
        }
        let slot = held(&self.slots).pop();
        let slot = slot.ok_or_else(|| io::Error::other("there is no free slot"))?;
        let judged = files.map_err(Ungraded::Submission);
        let judged = judged.and_then(|files| self.judge(&files, slot));
        held(&self.slots).push(slot);
        let is_final = !matches!(judged, Err(Ungraded::Machine(_)));
        let (report, problem) = match judged {
            Ok(report) => (Some(report), None),
            Err(Ungraded::Submission(why) | Ungraded::Machine(why)) => (None, Some(why)),
        };
        let graded = Graded {
            submission: name.into(),
            digest,
            report,
            problem,
        };
        if is_final {
            let line = serde_json::to_string(&graded)? + "\n";
            held(&self.journal).write_all(line.as_bytes())?;
        }
        Ok(graded)
    }

    fn judge(&self, files: &[Option<Vec<u8>>], slot: usize) -> Result<Report, Ungraded> {
        if files.iter().all(Option::is_none) {
            let why = "none of the files of the tasks is in it";
            return Err(Ungraded::Submission(why.into()));
        }
        let report = judge(self.workspace, files, slot, &self.tasks);
        let report = report.map_err(|error| Ungraded::Machine(reasons(error.as_ref())))?;
        let mut checks = report.tasks.iter().flat_map(|task| &task.checks);
        match checks.find(|check| check.verdict == Verdict::Environment) {
            Some(check) => Err(Ungraded::Machine(check.message.clone())),
            None => Ok(report),
        }
    }
}

/// Why a submission has no grade.
enum Ungraded {
    /// The submitted files are ambiguous or invalid.
    Submission(String),
    /// The machine is at fault. The next run tries again.
    Machine(String),
}

/// Reads the finished results. The last line may be incomplete.
fn read_journal(path: &Path) -> BTreeMap<(String, u64), Graded> {
    let text = fs::read(path).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let all = text
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok());
    all.map(|graded: Graded| ((graded.submission.clone(), graded.digest), graded))
        .collect()
}

fn has_exercise(folder: &Path) -> bool {
    let mut tops = EXERCISES
        .iter()
        .filter_map(|one| one.folder.split('/').next());
    tops.any(|top| folder.join(top).is_dir())
}

fn folders_in(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder)?.map(|entry| Ok(entry?.path()));
    let mut folders: Vec<PathBuf> = entries.collect::<io::Result<_>>()?;
    folders.retain(|path| path.is_dir());
    folders.sort();
    Ok(folders)
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
    let whole = paths.iter().map(|path| path.display().to_string());
    whole.collect()
}

/// All inputs of a grade other than the submission.
fn rules(tasks: &[Handout]) -> Vec<String> {
    let skeletons = tasks.iter().map(|task| task.render().unwrap_or_default());
    let version = format!("{} {SCHEMA}", env!("CARGO_PKG_VERSION"));
    skeletons.chain([version]).collect()
}

/// The file of a task in a submission, in any folder that contains the lab. If there are
/// several, the least deep one. Links do not count.
fn read_task(submission: &Path, task: &Handout) -> Result<Option<Vec<u8>>, String> {
    let file = format!(
        "{}/src/bin/{}.rs",
        task.exercise.folder, task.exercise.binary
    );
    let mut level = vec![submission.to_owned()];
    for _ in 0..DEEPEST {
        let is_file = |path: &PathBuf| {
            let mut parts = path.clone();
            // No component of the path may be a link.
            file.split('/').all(|part| {
                parts.push(part);
                parts
                    .symlink_metadata()
                    .is_ok_and(|part| !part.is_symlink())
            }) && parts.is_file()
        };
        let found: Vec<_> = level.iter().filter(|path| is_file(path)).collect();
        match found.as_slice() {
            [] => {}
            [folder] => {
                let mut bytes = Vec::new();
                let read = File::open(folder.join(&file));
                let read = read.and_then(|file| file.take(MOST_BYTES).read_to_end(&mut bytes));
                return match read {
                    Ok(read) if read as u64 == MOST_BYTES => Err(format!("{file} is too large")),
                    Ok(_) => Ok(Some(bytes)),
                    Err(error) => Err(format!("{file}: {error}")),
                };
            }
            several => return Err(format!("there are {} files {file}", several.len())),
        }
        let folders = level.iter().filter_map(|folder| fs::read_dir(folder).ok());
        let entries = folders.flatten().flatten();
        let is_folder = |kind: fs::FileType| kind.is_dir();
        level = entries
            .filter(|entry| entry.file_type().is_ok_and(is_folder) && entry.file_name() != "target")
            .map(|entry| entry.path())
            .collect();
    }
    Ok(None)
}

fn judge(
    workspace: &Workspace,
    files: &[Option<Vec<u8>>],
    slot: usize,
    tasks: &[Handout],
) -> Result<Report, Box<dyn Error>> {
    let folder = workspace.lab_folder().join(format!("grade-{slot}"));
    let sources = folder.join("sources");
    clear(&folder)?;
    let handed_in = tasks.iter().zip(files).map(|(task, file)| {
        let name = task.exercise.file_name();
        let skeleton = sources.join(name).with_extension("rs");
        if let Some(file) = file {
            fs::write(&skeleton, file)?;
        }
        let task = task.clone();
        Ok(Handout { skeleton, ..task })
    });
    let handed_in: Vec<Handout> = handed_in.collect::<io::Result<_>>()?;
    let selection = Selection::of(Vec::new());
    Ok(check_apart(workspace, &handed_in, &folder, &selection)?)
}

/// Removes the last submission's files from a slot. The compiler of the next submission could
/// read them. The dependencies stay, because they are libraries.
fn clear(slot: &Path) -> io::Result<()> {
    for folder in ["sources", "programs", "tmp"] {
        let folder = slot.join(folder);
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        fs::create_dir_all(&folder)?;
    }
    let name = slot.file_name().unwrap_or_default().to_string_lossy();
    let build = slot.join("build/debug");
    let entries = |folder: &str| {
        fs::read_dir(build.join(folder))
            .into_iter()
            .flatten()
            .flatten()
    };
    for entry in entries("deps") {
        if !entry.file_name().to_string_lossy().starts_with("lib") {
            fs::remove_file(entry.path())?;
        }
    }
    for entry in entries(".fingerprint") {
        if entry.file_name().to_string_lossy().starts_with(&*name) {
            fs::remove_dir_all(entry.path())?;
        }
    }
    Ok(())
}
