//! Starts a thread, and waits for it in the requested way or not at all.
use std::io::{self, Read, Write};
#[cfg(target_arch = "x86_64")]
use std::os::fd::AsRawFd;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::sync::{Barrier, Condvar, Mutex, mpsc};
use std::thread;
use std::time::{Duration, Instant};

/// More than a pipe can hold.
const TOO_MUCH: usize = 128 << 10;

const HOUR: Duration = Duration::from_secs(3600);

static IS_DONE: AtomicBool = AtomicBool::new(false);
static HAS_BEGUN: AtomicBool = AtomicBool::new(false);
static BARRIER: Barrier = Barrier::new(2);
static LOCK: Mutex<bool> = Mutex::new(false);
static CONDITION: Condvar = Condvar::new();

fn main() {
    let (sender, receiver) = mpsc::channel();
    let (mut pipe_end, mut pipe) = io::pipe().expect("a pipe");
    let main = thread::current();
    if std::env::args().nth(1).as_deref() == Some("woken-in-vain") {
        let main = main.clone();
        thread::spawn(move || {
            while !IS_DONE.load(SeqCst) {
                main.unpark();
                thread::sleep(Duration::from_micros(700));
            }
        });
    }
    let worker = thread::spawn(move || {
        HAS_BEGUN.store(true, SeqCst);
        if std::env::args().nth(1).as_deref() == Some("full-pipe") {
            let _ = pipe_end.read_exact(&mut [0; TOO_MUCH]);
        }
        for _ in 0..200 {
            std::hint::spin_loop();
        }
        IS_DONE.store(true, SeqCst);
        let _ = sender.send(());
        *LOCK.lock().expect("a lock") = true;
        CONDITION.notify_one();
        if std::env::args().nth(1).as_deref() == Some("barrier") {
            BARRIER.wait();
        }
        main.unpark();
    });
    match std::env::args().nth(1).as_deref() {
        Some("join") => drop(worker.join()),
        Some("channel") => drop(receiver.recv()),
        Some("barrier") => drop(BARRIER.wait()),
        Some("condition") => {
            let mut is_done = LOCK.lock().expect("a lock");
            while !*is_done {
                is_done = CONDITION.wait(is_done).expect("a lock");
            }
        }
        Some("full-pipe") => {
            let _ = pipe.write_all(&[0; TOO_MUCH]);
            drop(worker.join());
        }
        Some("woken-in-vain") => {
            while !IS_DONE.load(SeqCst) {
                thread::park();
            }
        }
        Some("is_finished") => {
            while !worker.is_finished() {
                thread::yield_now();
            }
        }
        Some("sleepy-flag") => {
            while !IS_DONE.load(SeqCst) {
                thread::sleep(Duration::from_micros(100));
            }
        }
        Some("patient-flag") => {
            while !IS_DONE.load(SeqCst) {
                thread::sleep(Duration::from_millis(100));
            }
        }
        Some("spin") => {
            while !IS_DONE.load(SeqCst) {
                std::hint::spin_loop();
            }
        }
        Some("spin-too-early") => {
            while !HAS_BEGUN.load(SeqCst) {
                std::hint::spin_loop();
            }
        }
        Some("sleep") => thread::sleep(Duration::from_millis(300)),
        Some("timed-out") => drop(receiver.recv_timeout(HOUR)),
        Some("watches-the-clock") => {
            let start = Instant::now();
            while !IS_DONE.load(SeqCst) && start.elapsed() < HOUR {
                std::hint::spin_loop();
            }
        }
        Some("looks-for-a-while") => {
            let start = Instant::now();
            while !IS_DONE.load(SeqCst) && start.elapsed() < Duration::from_secs(30) {
                thread::sleep(Duration::from_millis(10));
            }
        }
        Some("sleeps-until") => {
            let _ = receiver.recv_timeout(HOUR);
            let clock = nix::time::ClockId::CLOCK_MONOTONIC;
            let now = nix::time::clock_gettime(clock).expect("a clock");
            let end = libc::timespec {
                tv_sec: now.tv_sec() + 2,
                tv_nsec: 0,
            };
            // SAFETY: `end` lives during the call, and the other pointer is null.
            unsafe {
                libc::clock_nanosleep(
                    libc::CLOCK_MONOTONIC,
                    libc::TIMER_ABSTIME,
                    &raw const end,
                    std::ptr::null_mut(),
                )
            };
        }
        Some("parks-for-a-while") => {
            let end = Instant::now() + HOUR;
            while !IS_DONE.load(SeqCst) && Instant::now() < end {
                thread::park_timeout(end.saturating_duration_since(Instant::now()));
            }
        }
        #[cfg(target_arch = "x86_64")]
        Some("interrupted-poll") => {
            thread::spawn(|| {
                let process = nix::unistd::getpid();
                let call = format!("/proc/self/task/{process}/syscall");
                let poll = format!("{} ", libc::SYS_poll);
                while !std::fs::read_to_string(&call).is_ok_and(|call| call.starts_with(&poll)) {
                    thread::yield_now();
                }
                // The first thread gets this signal. It has no effect but the interruption.
                let _ = nix::sys::signal::kill(process, nix::sys::signal::Signal::SIGWINCH);
            });
            // The worker closes the other end when it ends.
            let mut fd = libc::pollfd {
                fd: pipe.as_raw_fd(),
                events: 0,
                revents: 0,
            };
            // SAFETY: `fd` lives during the call.
            unsafe { libc::poll(&raw mut fd, 1, -1) };
        }
        _ => {}
    }
    println!("{}", IS_DONE.load(SeqCst));
}
