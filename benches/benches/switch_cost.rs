//! The cost of a context switch: two workers send a byte to each other and back.
//!
//! One party writes a byte to a pipe and waits for the answer in another pipe;
//! the other party reads and answers. Each time one of them blocks in `read(2)`
//! and the other one is woken up. On one CPU that is two context switches for a
//! round trip; on two CPUs each of the parties sleeps and is woken by the other
//! CPU. The parties are two threads or two processes, and each of them is bound
//! to its CPU with `sched_setaffinity(2)`.
//!
//! Every fork comes from this process while it has a single thread: criterion is
//! built without its feature `rayon`, and the processes come first.

use anyhow::{Context, Result, anyhow, ensure};
use common::{Children, WaitStatus, exit_child, fork, waitpid};
use criterion::{Bencher, BenchmarkId, Criterion};
use nix::sched::{CpuSet, sched_getaffinity, sched_setaffinity};
use nix::unistd::{ForkResult, Pid};
use std::io::{PipeReader, PipeWriter, Read, Write, pipe};
use std::thread;

mod settings;

/// Stands for the calling thread in sched_setaffinity(2).
const SELF: Pid = Pid::from_raw(0);

fn main() {
    let mut criterion = settings::criterion();
    let allowed = sched_getaffinity(SELF).expect("the CPUs of this process");
    let is_allowed = |&cpu: &usize| allowed.is_set(cpu) == Ok(true);
    let cpus: Vec<usize> = (0..CpuSet::count()).filter(is_allowed).collect();
    // First and last: neighbours are often two halves of one core.
    let (Some(&here), Some(&there)) = (cpus.first(), cpus.last()) else {
        unreachable!("a process has a CPU");
    };
    bench(&mut criterion, "processes", processes, here, there);
    bench(&mut criterion, "threads", threads, here, there);
    criterion.final_summary();
}

type RoundTrips = fn(&mut Bencher<'_>, usize, usize) -> Result<()>;

fn bench(criterion: &mut Criterion, who: &str, run: RoundTrips, here: usize, there: usize) {
    let mut group = criterion.benchmark_group("switch");
    group.bench_function(BenchmarkId::new(who, 1), |b| {
        run(b, here, here).expect("round trips");
    });
    if here == there {
        settings::skip(&format!("{who} on two CPUs"), "there is one CPU only");
        return;
    }
    group.bench_function(BenchmarkId::new(who, 2), |b| {
        run(b, here, there).expect("round trips");
    });
}

fn processes(bencher: &mut Bencher<'_>, here: usize, there: usize) -> Result<()> {
    bind_to(here)?;
    let (question, to_other) = pipe().context("cannot get a pipe")?;
    let (from_other, answer) = pipe().context("cannot get a pipe")?;
    let mut children = Children::new();
    match fork().context("cannot fork")? {
        ForkResult::Child => {
            // With its own copy of this end it would never see the end of file.
            drop(to_other);
            let answered = answer_all(question, answer, there);
            exit_child(answered.is_err().into())
        }
        ForkResult::Parent { child } => children.push(child),
    }
    drop((question, answer));
    ask(bencher, to_other, from_other);
    let status = waitpid(children[0])?;
    ensure!(
        status == 0,
        "the other process {}",
        WaitStatus::from_raw(status)
    );
    Ok(())
}

fn threads(bencher: &mut Bencher<'_>, here: usize, there: usize) -> Result<()> {
    bind_to(here)?;
    let (question, to_other) = pipe().context("cannot get a pipe")?;
    let (from_other, answer) = pipe().context("cannot get a pipe")?;
    thread::scope(|scope| {
        let other = thread::Builder::new()
            .spawn_scoped(scope, move || answer_all(question, answer, there))
            .context("cannot start a thread")?;
        ask(bencher, to_other, from_other);
        other
            .join()
            .map_err(|_| anyhow!("the other thread panicked"))?
    })
}

/// Measures round trips. Both ends are closed when it returns, so the other
/// party ends.
fn ask(bencher: &mut Bencher<'_>, mut to_other: PipeWriter, mut from_other: PipeReader) {
    let mut byte = [7];
    bencher.iter(|| {
        to_other.write_all(&byte).expect("the other party reads");
        from_other
            .read_exact(&mut byte)
            .expect("the other party answers");
    });
}

fn answer_all(mut question: PipeReader, mut answer: PipeWriter, cpu: usize) -> Result<()> {
    bind_to(cpu)?;
    let mut byte = [0];
    while question.read(&mut byte).context("cannot read")? > 0 {
        answer.write_all(&byte).context("cannot answer")?;
    }
    Ok(())
}

/// Lets this thread run on one CPU only.
fn bind_to(cpu: usize) -> Result<()> {
    let mut cpus = CpuSet::new();
    cpus.set(cpu).context("no such CPU")?;
    sched_setaffinity(SELF, &cpus).context("cannot choose a CPU")
}
