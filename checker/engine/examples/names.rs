//! Starts threads and child processes with and without a name, one after the other.
//! With an argument, it starts a thread that sleeps, and kills itself.
#![allow(
    clippy::multiple_unsafe_ops_per_block,
    reason = "each block has one argument"
)]
use std::ffi::CStr;
use std::sync::mpsc;
use std::thread;

fn set_name(name: &CStr) {
    // SAFETY: the string ends with a zero.
    unsafe { libc::prctl(libc::PR_SET_NAME, name.as_ptr()) };
}

fn run_child(work: impl FnOnce()) {
    // SAFETY: this is the only thread.
    let child = unsafe { libc::fork() };
    if child == 0 {
        work();
        // SAFETY: it ends the process at once.
        unsafe { libc::_exit(0) };
    }
    // SAFETY: no address is used.
    unsafe { libc::waitpid(child, std::ptr::null_mut(), 0) };
}

fn main() {
    if std::env::args().len() > 1 {
        let (ready, is_ready) = mpsc::channel();
        thread::spawn(move || {
            set_name(c"sleeper");
            let _ = ready.send(());
            thread::park();
        });
        let _ = is_ready.recv();
        // SAFETY: no address is used.
        unsafe { libc::raise(libc::SIGTERM) };
    }
    let _ = thread::spawn(|| ()).join();
    let _ = thread::spawn(|| set_name(c"fifteen bytes ..")).join();
    run_child(|| set_name(c"a\x1b[31m\x9bb"));
    run_child(|| {
        set_name(c"worker 2");
        run_child(|| ());
    });
}
