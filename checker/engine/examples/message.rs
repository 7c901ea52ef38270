//! A child writes a message to a file. The program waits in the requested way or not at all,
//! and prints the message.
#![allow(
    clippy::multiple_unsafe_ops_per_block,
    reason = "each block has one argument"
)]
use std::fs;
use std::time::Duration;

fn main() {
    let how = std::env::args().nth(1).unwrap_or_default();
    // SAFETY: there is one thread.
    let child = unsafe { libc::fork() };
    if child == 0 {
        std::thread::sleep(Duration::from_secs(1));
        fs::write("unfinished", "hello from the child").expect("it can be written");
        fs::rename("unfinished", "message").expect("it can be renamed");
        // SAFETY: it ends the child.
        unsafe { libc::_exit(0) };
    }
    // SAFETY: there is nothing to write to.
    let wait = || unsafe { libc::waitid(libc::P_ALL, 0, std::ptr::null_mut(), libc::WEXITED) };
    match how.as_str() {
        "wait" => drop(wait()),
        "sleep" => std::thread::sleep(Duration::from_secs(30)),
        "wait-if-missing" if !fs::exists("message").unwrap_or(false) => drop(wait()),
        "poll" | "poll-slowly" => {
            let pause = Duration::from_millis(if how == "poll" { 10 } else { 2000 });
            while !fs::exists("message").unwrap_or(false) {
                std::thread::sleep(pause);
            }
        }
        _ => {}
    }
    let message = fs::read_to_string("message");
    println!("{}", message.as_deref().unwrap_or("nothing"));
    if how.starts_with("poll") {
        wait();
    }
}
