//! A thread executes another program: this program again, with an argument.
use std::os::unix::process::CommandExt;
use std::process::Command;
use std::thread;

fn main() {
    if std::env::args().len() > 1 {
        println!("again");
        return;
    }
    let again = || Command::new("/proc/self/exe").arg("again").exec();
    let _ = thread::spawn(again).join();
}
