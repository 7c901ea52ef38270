//! Verdict: passed
//!
//! A server process counts the bytes that the workers send through a socket. It ends when the
//! last worker has ended, and leaves the result in shared memory.

use anyhow::{Context, Result, anyhow, ensure};
use common::{Children, exit_child, fork, set_process_name, waitpid};
use common::{SharedSlice, Stopwatch, WaitStatus, args, print_counter};
use nix::unistd::ForkResult;
use std::io::{self, Read, Write};
use std::os::unix::net::UnixStream;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

fn main() -> Result<()> {
    let args = args::counter();
    let shared = SharedSlice::<AtomicU64>::zeroed(1)?;
    let counter = &shared[0];
    let (requests, to_server) = UnixStream::pair().context("no sockets")?;

    let stopwatch = Stopwatch::start();
    let mut processes = Children::new();
    match fork().map_err(|error| anyhow!("cannot start the server: {error}"))? {
        ForkResult::Child => {
            set_process_name("server");
            // Otherwise it would wait for itself.
            drop(to_server);
            exit_child(serve(requests, counter).is_err().into())
        }
        ForkResult::Parent { child } => processes.push(child),
    }
    drop(requests);
    for i in 0..args.num {
        match fork().map_err(|error| anyhow!("cannot start process {i}: {error}"))? {
            ForkResult::Child => {
                set_process_name(&format!("worker {i}"));
                for _ in 0..args.increments {
                    if args.is_atomic {
                        counter.fetch_add(1, Relaxed);
                    } else if (&to_server).write_all(&[1]).is_err() {
                        exit_child(1);
                    }
                }
                exit_child(0)
            }
            ForkResult::Parent { child } => processes.push(child),
        }
    }
    drop(to_server);

    // The server is the first of them, and waits for the others to close the socket.
    for &process in processes.iter() {
        let status = waitpid(process)?;
        ensure!(
            status == 0,
            "process {process} {}",
            WaitStatus::from_raw(status)
        );
    }

    print_counter(counter.load(Relaxed), &stopwatch)
}

fn serve(mut requests: UnixStream, counter: &AtomicU64) -> io::Result<()> {
    let mut buffer = [0; 4096];
    let mut sum = 0u64;
    loop {
        let read = requests.read(&mut buffer)?;
        if read == 0 {
            break;
        }
        sum += buffer[..read]
            .iter()
            .map(|&byte| u64::from(byte))
            .sum::<u64>();
    }
    counter.fetch_add(sum, Relaxed);
    Ok(())
}
