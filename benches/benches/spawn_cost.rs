//! What it costs to create a worker that does nothing and to wait for its end:
//! a thread, a process, a program, a task of a thread pool. And what memory and
//! open files add to it.
//!
//! Every fork comes from this process while it has a single thread, criterion's
//! own: criterion is built without its feature `rayon`, `assert_single_threaded`
//! looks each time, and the benches of the thread pool come last.

use benches::figures::values;
use benches::resident::resident;
use benches::workers::{self, assert_single_threaded};
use common::Pages;
use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, BenchmarkId, Criterion};
use nix::sys::resource::{Resource, getrlimit, setrlimit};
use std::fs::{self, File};
use std::io;
use std::process::{Command, Stdio};

mod settings;

fn main() {
    let mut criterion = settings::criterion();
    by_kind(&mut criterion);
    by_memory(&mut criterion);
    by_descriptors(&mut criterion);
    // From here on there are other threads.
    tasks(&mut criterion);
}

fn by_kind(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("spawn");
    for (name, worker) in [
        ("thread", workers::thread as fn()),
        ("scoped_thread", workers::scoped_thread),
        ("fork", workers::process),
        ("fork_of_common", workers::exercise_process),
        ("command", command),
    ] {
        assert_single_threaded();
        group.bench_function(name, |b| b.iter(worker));
    }
}

/// Nothing is set that would have to happen between fork and exec, so the
/// standard library uses posix_spawn(3): the child borrows the memory of its
/// parent until it has its own program.
fn command() {
    let status = Command::new("true").stdin(Stdio::null()).status();
    assert!(status.expect("true(1)").success());
}

/// A fork copies the page table: an entry for each page that is there.
fn by_memory(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("spawn_by_memory");
    for (pages, name) in [(Pages::Small, "small"), (Pages::Huge, "huge")] {
        for &mib in values("thread-and-fork") {
            match resident(mib, pages, mib) {
                // The array is there until both have run.
                Ok(_array) => fork_and_thread(&mut group, &format!("_{name}"), mib),
                Err(why) => eprintln!("{mib} MiB on {name} pages: left out, {why}"),
            }
        }
    }
}

/// A fork copies the table of open files, and the child's end closes them.
fn by_descriptors(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("spawn_by_descriptors");
    for &count in values("open-files") {
        match open_files(count) {
            // They are open until both have run.
            Ok(_files) => fork_and_thread(&mut group, "", count),
            Err(why) => eprintln!("{count} open files: left out, {why}"),
        }
    }
}

fn fork_and_thread(group: &mut BenchmarkGroup<'_, WallTime>, suffix: &str, value: usize) {
    assert_single_threaded();
    let id = |kind| BenchmarkId::new(format!("{kind}{suffix}"), value);
    group.bench_function(id("fork"), |b| b.iter(workers::process));
    group.bench_function(id("thread"), |b| b.iter(workers::thread));
}

/// As many files as to have `count` of them open.
fn open_files(count: usize) -> io::Result<Vec<File>> {
    // What root allows; the soft limit is 1024 for the sake of select(2).
    let (_, hard) = getrlimit(Resource::RLIMIT_NOFILE)?;
    setrlimit(Resource::RLIMIT_NOFILE, hard, hard)?;
    // One of these is that of the folder itself.
    let open = fs::read_dir("/proc/self/fd")?.count() - 1;
    if open > count {
        return Err(io::Error::other(format!("{open} are open already")));
    }
    (open..count).map(|_| File::open("/dev/null")).collect()
}

/// A thread pool has its threads already: what remains is to hand over the work.
fn tasks(criterion: &mut Criterion) {
    let pool = rayon::ThreadPoolBuilder::new().build();
    let pool = pool.expect("a thread pool");
    let mut group = criterion.benchmark_group("spawn");
    group.bench_function("rayon_task", |b| b.iter(|| pool.install(|| ())));
    group.bench_function("rayon_task_from_within", |b| {
        pool.install(|| b.iter(|| rayon::scope(|scope| scope.spawn(|_| ()))));
    });
}
