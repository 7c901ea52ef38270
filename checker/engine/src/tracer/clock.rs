//! The clock of the program.
//!
//! If all other tasks wait or are held, nothing happens until a sleep ends or a time limit is
//! reached. So the engine lets the task continue at once, and puts the clock that the program reads
//! forward by this time. While a worker is held, the clock of a task that looks at it repeatedly
//! goes faster and faster. So the engine sees the end of most waits with a time limit, even if the
//! limit is an hour. The limits of `poll(2)` and its relatives keep their time.

use super::Tracer;
use crate::End;
use crate::call::{SystemCall, int};
use crate::proc::{duration_at, read_memory, write_memory};
use crate::registers::skip_call;
use crate::stopped::Stopped;
use nix::errno::Errno;
use nix::time::{ClockId, clock_gettime};
use nix::unistd::Pid;
use std::time::Duration;

/// The beginning of a program's stack, with its arguments and variables.
const MOST_OF_THE_STACK: usize = 64 * 1024;

/// The nth look at the clock without a skipped sleep or wait skips n times this time.
const PER_LOOK: Duration = Duration::from_micros(20);

/// The types of two entries of the auxiliary vector, `getauxval(3)`.
const AT_IGNORE: usize = 1;
const AT_SYSINFO_EHDR: usize = 33;

/// A time limit that the engine has changed in the memory of a task.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shortened {
    address: u64,
    limit: Duration,
    /// The time until the limit, if nothing else can end the wait.
    skipped: Duration,
    /// The result of the call if the limit is reached.
    over: i64,
}

impl Tracer<'_> {
    /// Whether nothing can happen before a sleep of this task ends.
    pub(super) fn skips_a_sleep_of(&self, tid: Pid) -> bool {
        self.has_order() && self.all_others_wait(tid)
    }

    /// The engine has skipped this time. If there is no other task, it counts.
    pub(super) fn note_skipped(&mut self, stopped: &Stopped, time: Duration) {
        self.ahead = self.ahead.saturating_add(time);
        self.watch.looks = 0;
        if self.alive.len() > 1 {
            self.watch.slept = self.watch.slept.saturating_add(time);
        } else {
            let most = self.run.limits.time;
            let task = self.task(stopped.tid());
            task.slept = task.slept.saturating_add(time);
            let index = task.index;
            if task.slept > most {
                // It is stopped here. So the end of the run cannot stop it to find out its place.
                let stack = self.stack(stopped);
                self.end(End::TimedOut);
                self.observed.tasks[index].last_stack = stack;
            }
        }
    }

    /// A task reads a clock. Returns whether this was such a call.
    pub(super) fn tell_time(&mut self, stopped: &Stopped, call: SystemCall) -> bool {
        let SystemCall { number, args } = call;
        let (clock, address) = match number {
            libc::SYS_clock_gettime => (int(args[0]), args[1]),
            libc::SYS_gettimeofday => (libc::CLOCK_REALTIME, args[0]),
            #[cfg(target_arch = "x86_64")]
            libc::SYS_time => (libc::CLOCK_REALTIME, args[0]),
            _ => return false,
        };
        let tid = stopped.tid();
        if self.holds_a_worker() && !self.alive[&tid].is_worker && self.skips_a_sleep_of(tid) {
            // A short piece of work may be measured too. So this is no sign of polling.
            self.changes_nothing = true;
            self.watch.looks += 1;
            let skipped = PER_LOOK.saturating_mul(self.watch.looks);
            self.ahead = self.ahead.saturating_add(skipped);
            let task = self.task(tid);
            task.looked = task.looked.saturating_add(skipped);
        }
        if let Some(now) = real_time(clock).filter(|_| !self.ahead.is_zero()) {
            let now = now.saturating_add(self.ahead);
            let seconds = now.as_secs();
            #[cfg(target_arch = "x86_64")]
            if number == libc::SYS_time {
                write_memory(tid, address, &seconds.to_ne_bytes());
                skip_call(stopped, seconds.cast_signed());
                return true;
            }
            match number {
                libc::SYS_gettimeofday => write_time(tid, address, seconds, now.subsec_micros()),
                _ => write_time(tid, address, seconds, now.subsec_nanos()),
            };
            skip_call(stopped, 0);
        }
        true
    }

    /// A task begins to wait, with a time limit.
    pub(super) fn shorten_wait(&mut self, tid: Pid, call: SystemCall) {
        let Some((clock, address, over)) = limit_of(call) else {
            return;
        };
        let skips = self.skips_a_sleep_of(tid);
        if !skips && self.ahead.is_zero() {
            return;
        }
        let limit = duration_at(tid, address);
        let (time, new) = match (clock, skips) {
            (None, true) => (limit, Duration::ZERO),
            (None, false) => return,
            (Some(clock), true) => {
                let now = real_time(clock).unwrap_or_default() + self.ahead;
                (limit.saturating_sub(now), Duration::from_nanos(1))
            }
            (Some(_), false) => (Duration::ZERO, limit.saturating_sub(self.ahead)),
        };
        if write_limit(tid, address, new) {
            self.task(tid).shortened = Some(Shortened {
                address,
                limit,
                skipped: time,
                over,
            });
        }
    }

    /// A wait with a time limit has ended.
    pub(super) fn restore_limit(&mut self, stopped: &Stopped, result: i64) {
        let tid = stopped.tid();
        let Some(shortened) = self.task(tid).shortened.take() else {
            return;
        };
        write_limit(tid, shortened.address, shortened.limit);
        if result == shortened.over {
            self.watch.rounds += u64::from(!self.alive[&tid].is_worker);
            self.note_skipped(stopped, shortened.skipped);
        }
    }
}

/// The time limit of a call, in a form that the engine can change: the clock of an absolute one,
/// its address, and the result of the call when the limit is reached.
fn limit_of(call: SystemCall) -> Option<(Option<i32>, u64, i64)> {
    let SystemCall { number, args } = call;
    let flags = int(args[1]);
    match number {
        libc::SYS_futex => {
            let clock = match call.futex_operation() {
                libc::FUTEX_WAIT => None,
                libc::FUTEX_LOCK_PI => Some(libc::CLOCK_REALTIME),
                _ if flags & libc::FUTEX_CLOCK_REALTIME != 0 => Some(libc::CLOCK_REALTIME),
                _ => Some(libc::CLOCK_MONOTONIC),
            };
            Some((clock, args[3], -i64::from(Errno::ETIMEDOUT as i32)))
        }
        libc::SYS_clock_nanosleep if flags & libc::TIMER_ABSTIME != 0 => {
            Some((Some(int(args[0])), args[2], 0))
        }
        _ => None,
    }
}

/// The time of a clock that goes at the same speed as all others.
fn real_time(clock: i32) -> Option<Duration> {
    let is_known = !matches!(
        clock,
        ..0 | libc::CLOCK_PROCESS_CPUTIME_ID | libc::CLOCK_THREAD_CPUTIME_ID
    );
    let time = clock_gettime(ClockId::from_raw(clock)).ok();
    time.filter(|_| is_known).map(Duration::from)
}

fn write_limit(tid: Pid, address: u64, limit: Duration) -> bool {
    write_time(tid, address, limit.as_secs(), limit.subsec_nanos())
}

/// Writes a `timespec` or a `timeval`.
fn write_time(tid: Pid, address: u64, seconds: u64, fraction: u32) -> bool {
    let time = [seconds, fraction.into()];
    write_memory(tid, address, &time.map(u64::to_ne_bytes).concat())
}

/// A program that has just begun finds no vDSO, `vdso(7)`. So it reads the clock by system calls.
pub(super) fn hide_vdso(stopped: &Stopped) {
    const WORD: usize = size_of::<usize>();
    let (tid, start) = (stopped.tid(), stopped.stack_pointer());
    let stack = read_memory(tid, start, MOST_OF_THE_STACK);
    let (words, _) = stack.as_chunks::<WORD>();
    let words: Vec<usize> = words
        .iter()
        .map(|word| usize::from_ne_bytes(*word))
        .collect();
    // The number of the arguments, the arguments and 0, the variables and 0, and then pairs.
    let variables = words.first().map_or(0, |count| count.saturating_add(2));
    let mut places = (variables..words.len()).skip_while(|place| words[*place] != 0);
    let vector = places.next().map_or(words.len(), |zero| zero + 1);
    let mut entries = (vector..words.len()).step_by(2);
    if let Some(place) = entries.find(|place| words[*place] == AT_SYSINFO_EHDR) {
        let address = start + (place * WORD) as u64;
        write_memory(tid, address, &AT_IGNORE.to_ne_bytes());
    }
}
