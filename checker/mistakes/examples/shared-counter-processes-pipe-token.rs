//! Verdict: passed
//!
//! A pipe with one byte in it. Who has read the byte may add, and writes it back.

use anyhow::{Result, anyhow, ensure};
use common::{Children, exit_child, fork, report, set_process_name, waitpid};
use common::{SharedSlice, Stopwatch, WaitStatus, args, print_counter};
use nix::unistd::ForkResult;
use std::io::{self, PipeReader, PipeWriter, Read, Write};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

struct Token {
    take: PipeReader,
    give: PipeWriter,
}

impl Token {
    fn new() -> io::Result<Self> {
        let (take, mut give) = io::pipe()?;
        give.write_all(b"T")?;
        Ok(Self { take, give })
    }

    fn with(&self, work: impl FnOnce()) -> io::Result<()> {
        let mut token = [0];
        (&self.take).read_exact(&mut token)?;
        work();
        (&self.give).write_all(&token)
    }
}

fn main() -> Result<()> {
    let args = args::counter();
    let shared = SharedSlice::<AtomicU64>::zeroed(1)?;
    let counter = &shared[0];
    let token = Token::new()?;

    let stopwatch = Stopwatch::start();
    let mut workers = Children::new();
    for i in 0..args.num {
        match fork().map_err(|error| anyhow!("cannot start process {i}: {error}"))? {
            ForkResult::Child => {
                set_process_name(&format!("worker {i}"));
                let result = work(args, counter, &token);
                if let Err(error) = &result {
                    report(format_args!("worker {i}: {error}"));
                }
                exit_child(i32::from(result.is_err()))
            }
            ForkResult::Parent { child } => workers.push(child),
        }
    }
    for (i, &worker) in workers.iter().enumerate() {
        let status = waitpid(worker)?;
        ensure!(status == 0, "process {i} {}", WaitStatus::from_raw(status));
    }

    print_counter(counter.load(Relaxed), &stopwatch)
}

fn work(args: args::CounterArgs, counter: &AtomicU64, token: &Token) -> io::Result<()> {
    for _ in 0..args.increments {
        if args.is_atomic {
            counter.fetch_add(1, Relaxed);
        } else {
            token.with(|| {
                let value = counter.load(Relaxed);
                counter.store(value + 1, Relaxed);
            })?;
        }
    }
    Ok(())
}
