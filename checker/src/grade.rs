//! `cargo lab grade`: the submissions of a class.
//!
//! Each submission is compiled and judged in a slot, a folder below `target/lab`, several at a
//! time. What is finished is written to a journal at once, and is not graded again.

mod table;

use crate::at_once::at_once;
use crate::checking::{CheckError, Selection, check_apart};
use crate::exercises::EXERCISES;
use crate::handout::{Handout, handouts};
use crate::judge::{Report, Status};
use crate::reasons::reasons;
use crate::workspace::Workspace;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, VecDeque};
use std::fs::{self, File};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

pub use table::{csv, html, json};

/// More than anybody writes for a task.
const MOST_BYTES: u64 = 1 << 20;

/// How deep the lab may lie in a submission.
const DEEPEST: usize = 8;

/// A submission that was graded.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Graded {
    /// The name of its folder.
    pub submission: String,
    /// Of what was handed in: another content is graded again.
    digest: u64,
    /// The points and verdicts; none if it cannot be graded.
    pub report: Option<Report>,
    /// Why it cannot be graded.
    pub problem: Option<String>,
}

/// What was handed in for each task, or why it is not clear.
struct Submission {
    name: String,
    files: Result<Vec<Option<Vec<u8>>>, String>,
}

/// Grades submissions, and tells of each when it is done: how many are, of how many. A single
/// folder without an exercise in it is a folder of submissions.
///
/// # Errors
///
/// When a folder or the journal can't be used.
pub fn grade(
    workspace: &Workspace,
    folders: &[PathBuf],
    journal: &Path,
    jobs: usize,
    tell: impl Fn(usize, usize) + Sync,
) -> io::Result<Vec<Graded>> {
    let tasks = handouts(workspace);
    fs::create_dir_all(workspace.lab_folder())?;
    // Two of these would use the same slots: the second one waits here.
    let lock = File::create(workspace.lab_folder().join("grade.lock"))?;
    lock.lock()?;
    let mut paths = Vec::new();
    for folder in folders {
        match folders.len() == 1 && !has_exercise(folder) {
            true => paths.extend(folders_in(folder)?),
            false => paths.push(folder.clone()),
        }
    }
    let known = read_journal(journal);
    let out = Mutex::new((File::options().create(true).append(true).open(journal)?, 0));
    // What a crash has left of a line ends here.
    out.lock()
        .map_err(|_| io::Error::other("a panic"))?
        .0
        .write_all(b"\n")?;
    let slots = Mutex::new(VecDeque::from_iter(0..jobs));
    let count = paths.len();
    let graded = at_once(jobs, &paths, |path| -> io::Result<Graded> {
        let submission = read_submission(path, &tasks);
        let digest = submission.digest();
        let key = (submission.name.clone(), digest);
        let poisoned = || io::Error::other("a panic in another thread");
        let graded = match known.get(&key) {
            Some(graded) => graded.clone(),
            None => {
                let slot = slots
                    .lock()
                    .map_err(|_| poisoned())?
                    .pop_front()
                    .unwrap_or(jobs);
                let graded = grade_one(workspace, &submission, slot, &tasks);
                slots.lock().map_err(|_| poisoned())?.push_back(slot);
                graded
            }
        };
        let mut out = out.lock().map_err(|_| poisoned())?;
        // Where the machine was at fault, it is tried again next time.
        let status = graded.report.iter().flat_map(|report| &report.tasks);
        let is_final = !status.clone().any(|task| task.status == Status::Error);
        if is_final && !known.contains_key(&key) {
            let line = serde_json::to_string(&graded)? + "\n";
            out.0.write_all(line.as_bytes())?;
        }
        out.1 += 1;
        tell(out.1, count);
        Ok(graded)
    });
    graded.into_iter().collect()
}

/// What was finished before. The last line may be half a line.
fn read_journal(path: &Path) -> BTreeMap<(String, u64), Graded> {
    let text = fs::read_to_string(path).unwrap_or_default();
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

fn read_submission(path: &Path, tasks: &[Handout]) -> Submission {
    let name = path.canonicalize().unwrap_or_else(|_| path.into());
    let name = name.file_name().unwrap_or_default().to_string_lossy();
    Submission {
        name: name.into_owned(),
        files: tasks.iter().map(|task| read_task(path, task)).collect(),
    }
}

/// The file of a task in a submission, in whatever folder the lab lies there: of several the
/// one that is least deep. Links are no files.
fn read_task(submission: &Path, task: &Handout) -> Result<Option<Vec<u8>>, String> {
    let file = format!(
        "{}/src/bin/{}.rs",
        task.exercise.folder, task.exercise.binary
    );
    let mut level = vec![submission.to_owned()];
    for _ in 0..DEEPEST {
        let is_file = |path: &PathBuf| {
            let mut parts = path.clone();
            // No part of the way may be a link.
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
                return read
                    .map(|_| Some(bytes))
                    .map_err(|error| format!("{file}: {error}"));
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

impl Submission {
    fn digest(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.files.hash(&mut hasher);
        hasher.finish()
    }
}

fn grade_one(
    workspace: &Workspace,
    submission: &Submission,
    slot: usize,
    tasks: &[Handout],
) -> Graded {
    let judged = match &submission.files {
        Err(problem) => Err(problem.clone()),
        Ok(files) if files.iter().all(Option::is_none) => {
            Err("none of the files of the tasks is in it".into())
        }
        Ok(files) => judge(workspace, files, slot, tasks).map_err(|error| reasons(&error)),
    };
    let (report, problem) = match judged {
        Ok(report) => (Some(report), None),
        Err(problem) => (None, Some(problem)),
    };
    Graded {
        submission: submission.name.clone(),
        digest: submission.digest(),
        report,
        problem,
    }
}

fn judge(
    workspace: &Workspace,
    files: &[Option<Vec<u8>>],
    slot: usize,
    tasks: &[Handout],
) -> Result<Report, CheckError> {
    let folder = workspace.lab_folder().join(format!("grade-{slot}"));
    let sources = folder.join("sources");
    let handed_in = tasks.iter().zip(files).map(|(task, file)| {
        let name = task.exercise.name().replace(' ', "-");
        let skeleton = sources.join(name).with_extension("rs");
        let _ = fs::create_dir_all(&sources).and_then(|()| fs::remove_file(&skeleton));
        if let Some(file) = file {
            fs::write(&skeleton, file)?;
        }
        let task = task.clone();
        Ok(Handout { skeleton, ..task })
    });
    let handed_in: Vec<Handout> = handed_in.collect::<io::Result<_>>()?;
    let selection = Selection::of(Vec::new());
    check_apart(workspace, &handed_in, &folder, &selection)
}
