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

use benches::workers::wait;
use common::{exit_child, fork};
use criterion::{Bencher, BenchmarkId};
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
    let (here, there) = (cpus[0], cpus[cpus.len() - 1]);
    let mut group = criterion.benchmark_group("switch");
    for (who, run) in [("processes", processes as RoundTrips), ("threads", threads)] {
        group.bench_function(BenchmarkId::new(who, 1), |b| run(b, here, here));
        if here == there {
            eprintln!("{who} on two CPUs: left out, there is one CPU only");
        } else {
            group.bench_function(BenchmarkId::new(who, 2), |b| run(b, here, there));
        }
    }
}

/// Measures round trips between two CPUs.
type RoundTrips = fn(&mut Bencher<'_>, usize, usize);

fn processes(bencher: &mut Bencher<'_>, here: usize, there: usize) {
    bind_to(here);
    let (question, to_other) = pipe().expect("a pipe");
    let (from_other, answer) = pipe().expect("a pipe");
    match fork().expect("a process") {
        ForkResult::Child => {
            // With its own copy of this end it would never see the end of file.
            drop(to_other);
            answer_all(question, answer, there);
            exit_child(0)
        }
        ForkResult::Parent { child } => {
            drop((question, answer));
            ask(bencher, to_other, from_other);
            wait(child);
        }
    }
}

fn threads(bencher: &mut Bencher<'_>, here: usize, there: usize) {
    bind_to(here);
    let (question, to_other) = pipe().expect("a pipe");
    let (from_other, answer) = pipe().expect("a pipe");
    thread::scope(|scope| {
        scope.spawn(move || answer_all(question, answer, there));
        ask(bencher, to_other, from_other);
    });
}

/// Measures round trips. Both ends are closed when it returns, so the other
/// party ends.
fn ask(bencher: &mut Bencher<'_>, mut to_other: PipeWriter, mut from_other: PipeReader) {
    let mut byte = [7];
    bencher.iter(|| {
        to_other.write_all(&byte).expect("the other party reads");
        from_other.read_exact(&mut byte).expect("an answer");
    });
}

fn answer_all(mut question: PipeReader, mut answer: PipeWriter, cpu: usize) {
    bind_to(cpu);
    let mut byte = [0];
    while question.read(&mut byte).expect("a question") > 0 {
        answer.write_all(&byte).expect("the other party reads");
    }
}

/// Lets this thread run on one CPU only.
fn bind_to(cpu: usize) {
    let mut cpus = CpuSet::new();
    cpus.set(cpu).expect("the number of a CPU");
    sched_setaffinity(SELF, &cpus).expect("the choice of a CPU");
}
