//! What it costs to create a worker that does nothing and to wait for its end:
//! a thread, a process, a program, a task of a thread pool. And what memory and
//! open files add to it.
//!
//! Every fork comes from this process while it has a single thread, criterion's
//! own: criterion is built without its feature `rayon`, `assert_single_threaded`
//! looks each time, and the benches of the thread pool come last.

use benches::figures::{DESCRIPTORS, MEMORY_MIB};
use benches::resident::resident;
use benches::workers::{self, assert_single_threaded};
use common::{Array, Pages};
use criterion::{BenchmarkId, Criterion};
use nix::sys::resource::{Resource, getrlimit, setrlimit};
use std::fs::{self, File};
use std::hint::black_box;
use std::process::{Command, Stdio};

mod settings;

fn main() {
    let mut criterion = settings::criterion();
    by_kind(&mut criterion);
    by_memory(&mut criterion);
    by_descriptors(&mut criterion);
    // From here on there are other threads.
    tasks(&mut criterion);
    criterion.final_summary();
}

fn by_kind(criterion: &mut Criterion) {
    assert_single_threaded();
    let mut group = criterion.benchmark_group("spawn");
    group.bench_function("thread", |b| {
        b.iter(|| workers::thread().expect("a thread"))
    });
    group.bench_function("scoped_thread", |b| {
        b.iter(|| workers::scoped_thread().expect("a thread"));
    });
    assert_single_threaded();
    group.bench_function("fork", |b| {
        b.iter(|| workers::process().expect("a process"))
    });
    group.bench_function("fork_of_common", |b| {
        b.iter(|| workers::exercise_process().expect("a process"));
    });
    // Nothing is set that would have to happen between fork and exec, so the
    // standard library uses posix_spawn(3): the child borrows the memory of its
    // parent until it has its own program.
    group.bench_function("command", |b| {
        b.iter(|| {
            let status = Command::new("true").stdin(Stdio::null()).status();
            assert!(status.expect("true(1)").success());
        });
    });
}

/// A fork copies the page table: an entry for each page that is there.
fn by_memory(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("spawn_by_memory");
    for (pages, name) in [(Pages::Small, "small"), (Pages::Huge, "huge")] {
        for &mib in MEMORY_MIB {
            let array: Option<Array> = match mib {
                0 => None,
                _ => match resident(mib, pages, mib) {
                    Ok(array) => Some(array),
                    Err(why) => {
                        settings::skip(&format!("{mib} MiB on {name} pages"), why);
                        continue;
                    }
                },
            };
            assert_single_threaded();
            group.bench_function(BenchmarkId::new(format!("fork_{name}"), mib), |b| {
                b.iter(|| workers::process().expect("a process"));
            });
            group.bench_function(BenchmarkId::new(format!("thread_{name}"), mib), |b| {
                b.iter(|| workers::thread().expect("a thread"));
            });
            black_box(array);
        }
    }
}

/// A fork copies the table of open files, and the child's end closes them.
fn by_descriptors(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("spawn_by_descriptors");
    for &count in DESCRIPTORS {
        let files = match open_files(count) {
            Ok(files) => files,
            Err(why) => {
                settings::skip(&format!("{count} open files"), why);
                continue;
            }
        };
        assert_single_threaded();
        group.bench_function(BenchmarkId::new("fork", count), |b| {
            b.iter(|| workers::process().expect("a process"));
        });
        group.bench_function(BenchmarkId::new("thread", count), |b| {
            b.iter(|| workers::thread().expect("a thread"));
        });
        drop(files);
    }
}

/// As many files as to have `count` of them open.
fn open_files(count: usize) -> std::io::Result<Vec<File>> {
    // What root allows; the soft limit is 1024 for the sake of select(2).
    let (_, hard) = getrlimit(Resource::RLIMIT_NOFILE)?;
    setrlimit(Resource::RLIMIT_NOFILE, hard, hard)?;
    // One of these is that of the folder itself.
    let already_open = fs::read_dir("/proc/self/fd")?.count() - 1;
    if already_open > count {
        return Err(std::io::Error::other(format!(
            "{already_open} are open already"
        )));
    }
    (already_open..count)
        .map(|_| File::open("/dev/null"))
        .collect()
}

/// A thread pool has its threads already: what remains is to hand over the work.
fn tasks(criterion: &mut Criterion) {
    let pool = rayon::ThreadPoolBuilder::new()
        .build()
        .expect("a thread pool");
    let mut group = criterion.benchmark_group("spawn");
    group.bench_function("rayon_task", |b| b.iter(|| pool.install(|| ())));
    group.bench_function("rayon_task_from_within", |b| {
        pool.install(|| b.iter(|| rayon::scope(|scope| scope.spawn(|_| ()))));
    });
}
