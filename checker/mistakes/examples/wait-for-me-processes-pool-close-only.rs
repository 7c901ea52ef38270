//! Verdict: did-not-wait
//!
//! Like multiprocessing.Pool(2): apply_async and close, but no join: close only ends the queue.
//! main reads the file at once, while the worker still sleeps.

use anyhow::{Result, anyhow};
use common::{Children, NewFile, args, exit_child, fork, print_line};
use nix::unistd::ForkResult;
use std::io::{PipeWriter, Read, Write, pipe};
use std::thread;
use std::time::Duration;

fn main() -> Result<()> {
    let file = NewFile::at(args::file_name())?;

    let mut pool = Pool::new(2, |_task| write_message(&file))?;
    pool.apply_async(1)?;
    pool.close();
    eprintln!("the pool of {} is closed", pool.workers.len());

    print_line(file.read()?)?;
    file.remove()
}

struct Pool {
    tasks: Option<PipeWriter>,
    workers: Children,
}

impl Pool {
    /// Forks workers. Each takes bytes (the numbers of tasks) from one pipe until its end.
    fn new(processes: usize, run: impl Fn(u8) -> Result<()>) -> Result<Self> {
        let (mut queue, tasks) = pipe()?;
        let mut workers = Children::new();
        let mut tasks = Some(tasks);
        for i in 0..processes {
            match fork().map_err(|error| anyhow!("cannot start worker {i}: {error}"))? {
                ForkResult::Child => {
                    tasks.take();
                    let mut task = [0];
                    let mut status = 0;
                    while let Ok(1) = queue.read(&mut task) {
                        if run(task[0]).is_err() {
                            status = 1;
                        }
                    }
                    exit_child(status)
                }
                ForkResult::Parent { child } => workers.push(child),
            }
        }
        Ok(Pool { tasks, workers })
    }

    fn apply_async(&mut self, task: u8) -> Result<()> {
        let tasks = self.tasks.as_mut().expect("Pool not running");
        tasks.write_all(&[task])?;
        Ok(())
    }

    fn close(&mut self) {
        self.tasks = None;
    }
}

fn write_message(file: &NewFile) -> Result<()> {
    thread::sleep(Duration::from_secs(1));
    file.write("Now you see me, now you don't")
}
