//! Verdict: passed
//! A pool of three threads takes boxed jobs out of a shared channel. Each job puts one
//! negative number into a sorted map, and a condition variable tells main when 400 are in.

use anyhow::{Result, anyhow};
use common::args;
use common::pace::work_a_little;
use std::collections::BTreeMap;
use std::sync::{Arc, Condvar, Mutex, mpsc};
use std::thread;

type Job = Box<dyn FnOnce() + Send>;

fn main() -> Result<()> {
    args::none();
    let (jobs, queue) = mpsc::channel::<Job>();
    let queue = Arc::new(Mutex::new(queue));
    for _ in 0..3 {
        let queue = Arc::clone(&queue);
        thread::spawn(move || {
            loop {
                let job = queue.lock().expect("no job panics").recv();
                let Ok(job) = job else { break };
                job();
            }
        });
    }

    let results = Arc::new((Mutex::new(BTreeMap::new()), Condvar::new()));
    for number in (1..=400_i64).rev() {
        let results = Arc::clone(&results);
        jobs.send(Box::new(move || {
            work_a_little();
            results.0.lock().expect("sane").insert(number, -number);
            results.1.notify_one();
        }))
        .map_err(|_| anyhow!("the pool is gone"))?;
    }

    let map = results.0.lock().map_err(|_| anyhow!("poisoned"))?;
    let map = results.1.wait_while(map, |map| map.len() < 400);
    for negative in map.map_err(|_| anyhow!("poisoned"))?.values() {
        print!("{negative} ");
    }
    println!();
    Ok(())
}
