//! Births and ends of threads and processes, and waits for them.

use super::{give_way, point_at};
use crate::caller::stack_begins_at;
use crate::choice::{children, ended_child};
use crate::layout::{Kind, State, Task};
use crate::life::{end_all, is_of_first_process};
use crate::real::real;
use crate::turn::{add_task, become_task, block, end, forget_me, me, shared, wait_for_turn};
use libc::{c_int, c_void, id_t, idtype_t, pid_t, pthread_attr_t, pthread_t, rusage, siginfo_t};
use std::sync::atomic::Ordering::Relaxed;
use std::{mem, ptr};

struct Start {
    function: extern "C" fn(*mut c_void) -> *mut c_void,
    argument: *mut c_void,
    task: usize,
}

extern "C" fn run_thread(start: *mut c_void) -> *mut c_void {
    // SAFETY: the value comes from `pthread_create` below, for this thread only.
    let start = unsafe { Box::from_raw(start.cast::<Start>()) };
    if let Some(shared) = shared() {
        stack_begins_at(&raw const start);
        become_task(&shared.run, start.task);
        wait_for_turn(&shared.run, start.task);
        // The destructors of a thread run in the reverse order, so this is the last one.
        // SAFETY: the function needs no argument, and its code is never unloaded.
        unsafe {
            __cxa_thread_atexit_impl(end_thread, ptr::null_mut(), &raw const __dso_handle);
        }
    }
    (start.function)(start.argument)
}

// Of libc: registers a destructor of the calling thread.
unsafe extern "C" {
    static __dso_handle: u8;
    fn __cxa_thread_atexit_impl(
        destructor: extern "C" fn(*mut c_void),
        argument: *mut c_void,
        library: *const u8,
    ) -> c_int;
}

/// Ends this thread for the scheduler. From now on it runs only code of libc, beside the next
/// task.
extern "C" fn end_thread(_: *mut c_void) {
    if let Some((run, me)) = me() {
        forget_me();
        end(run, me);
    }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn pthread_create(
    thread: *mut pthread_t,
    attributes: *const pthread_attr_t,
    function: extern "C" fn(*mut c_void) -> *mut c_void,
    argument: *mut c_void,
) -> c_int {
    let create = |function, argument| real!(pthread_create(thread, attributes, function, argument));
    let Some((run, me)) = me() else {
        return create(function, argument);
    };
    let task = add_task(run);
    let new = &run.tasks[task];
    new.pid.store(run.tasks[me].pid.load(Relaxed), Relaxed);
    let start = Box::into_raw(Box::new(Start {
        function,
        argument,
        task,
    }));
    let result = create(run_thread, start.cast());
    if result == 0 {
        // SAFETY: the call has succeeded.
        new.thread.store(unsafe { *thread }, Relaxed);
        point_at(Kind::Birth, task as u64);
    } else {
        new.set_state(State::Ended);
        // SAFETY: no thread has received it.
        drop(unsafe { Box::from_raw(start) });
    }
    result
}

#[unsafe(no_mangle)]
unsafe extern "C" fn pthread_join(thread: pthread_t, result: *mut *mut c_void) -> c_int {
    if let Some((run, me)) = me() {
        let pid = run.tasks[me].pid.load(Relaxed);
        let is_meant = |task: &Task| {
            task.thread.load(Relaxed) == thread
                && task.pid.load(Relaxed) == pid
                && task.reaped.load(Relaxed) == 0
        };
        if let Some(task) = run.tasks.iter().position(is_meant) {
            if run.tasks[task].state() != State::Ended {
                block(State::Thread, task as u64, Kind::Join);
            }
            run.tasks[task].reaped.store(1, Relaxed);
        }
    }
    real!(pthread_join(thread, result))
}

#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn fork() -> pid_t {
    let fork = || real!(fork());
    let Some((run, me)) = me() else {
        return fork();
    };
    let task = add_task(run);
    let new = &run.tasks[task];
    let parent = run.tasks[me].pid.load(Relaxed);
    new.parent.store(parent, Relaxed);
    match fork() {
        0 => {
            become_task(run, task);
            wait_for_turn(run, task);
            0
        }
        -1 => {
            new.reaped.store(1, Relaxed);
            new.set_state(State::Ended);
            -1
        }
        child => {
            new.pid.store(child as u32, Relaxed);
            new.tid.store(child as u32, Relaxed);
            point_at(Kind::Birth, task as u64);
            child
        }
    }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn vfork() -> pid_t {
    // SAFETY: `vfork` allows fewer actions in the child than `fork`, so `fork` can replace it.
    unsafe { fork() }
}

/// Ends all threads of this process.
pub(crate) extern "C" fn end_process() {
    let Some((run, me)) = me() else { return };
    forget_me();
    let task = &run.tasks[me];
    if !is_of_first_process(run, task) {
        end_all(run, task.pid.load(Relaxed));
        end(run, me);
    }
}

#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn _exit(status: c_int) -> ! {
    end_process();
    real!(_exit(status))
}

#[unsafe(no_mangle)]
unsafe extern "C" fn waitpid(pid: pid_t, status: *mut c_int, options: c_int) -> pid_t {
    // SAFETY: this call does less.
    unsafe { wait4(pid, status, options, ptr::null_mut()) }
}

/// Waits for the end of a child in the scheduler, with these options of `waitid(2)`. Returns its
/// process id, or 0 if none has ended. Returns `None` if no task is meant.
fn wait_for_child(pid: pid_t, options: c_int) -> Option<pid_t> {
    let (run, me) = me()?;
    let own = run.tasks[me].pid.load(Relaxed);
    children(run, own, pid).next()?;
    let next = || ended_child(run, own, pid);
    if options & libc::WNOHANG == 0 {
        while next().is_none() {
            block(State::Process, pid as u64, Kind::Join);
        }
    } else if next().is_none() {
        give_way(0);
    }
    let Some(child) = next() else {
        return Some(0);
    };
    let is_reaped = options & libc::WNOWAIT == 0;
    child.reaped.store(is_reaped.into(), Relaxed);
    Some(child.pid.load(Relaxed) as pid_t)
}

#[unsafe(no_mangle)]
unsafe extern "C" fn wait(status: *mut c_int) -> pid_t {
    // SAFETY: it is a shorter name.
    unsafe { waitpid(-1, status, 0) }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn wait4(
    pid: pid_t,
    status: *mut c_int,
    options: c_int,
    usage: *mut rusage,
) -> pid_t {
    let wait = |pid, options| real!(wait4(pid, status, options, usage));
    match wait_for_child(pid, options) {
        None => wait(pid, options),
        Some(0) => 0,
        Some(child) => wait(child, options & !libc::WNOHANG),
    }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn waitid(
    kind: idtype_t,
    id: id_t,
    info: *mut siginfo_t,
    options: c_int,
) -> c_int {
    let wait = |kind, id, options| real!(waitid(kind, id, info, options));
    let pid = match kind {
        libc::P_PID => id as pid_t,
        libc::P_ALL => -1,
        _ => return wait(kind, id, options),
    };
    match wait_for_child(pid, options) {
        None => wait(kind, id, options),
        Some(0) => {
            // SAFETY: the pointer is null, or that of a `siginfo_t`.
            if let Some(info) = unsafe { info.as_mut() } {
                // SAFETY: zeroes are a `siginfo_t`.
                *info = unsafe { mem::zeroed() };
            }
            0
        }
        Some(child) => wait(libc::P_PID, child as id_t, options & !libc::WNOHANG),
    }
}
