//! Verdict: passed
//!
//! By a Go programmer: one goroutine sends the places over an unbuffered channel, another one
//! ranges over them and negates, and closes `done` at the end. `main` receives from `done`.

use anyhow::Result;
use common::args;
use common::pace::{print_slowly, work_a_little};
use std::sync::atomic::{AtomicI32, Ordering::Relaxed};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

static NUMBERS: [AtomicI32; 400] = [const { AtomicI32::new(0) }; 400];

macro_rules! go {
    ($body:block) => {
        // The handle is dropped: a goroutine has none.
        drop(thread::spawn(move || $body))
    };
}

/// make(chan T)
fn make_chan<T>() -> (SyncSender<T>, Receiver<T>) {
    sync_channel(0)
}

fn main() -> Result<()> {
    args::none();
    for (number, value) in NUMBERS.iter().zip(1..) {
        number.store(value, Relaxed);
    }

    let (jobs_in, jobs) = make_chan::<usize>();
    let (close_done, done) = make_chan::<()>();

    go!({
        for first in (0..NUMBERS.len()).step_by(40).rev() {
            if jobs_in.send(first).is_err() {
                break;
            }
        }
        // close(jobs)
        drop(jobs_in);
    });

    go!({
        // for place := range jobs
        for first in jobs {
            for number in NUMBERS[first..first + 40].iter().rev() {
                number.store(-number.load(Relaxed), Relaxed);
                work_a_little();
            }
        }
        // close(done)
        drop(close_done);
    });

    // <-done: nothing is ever sent, so this is Err when the channel has been closed.
    let _closed = done.recv();

    print_slowly(&NUMBERS)
}
