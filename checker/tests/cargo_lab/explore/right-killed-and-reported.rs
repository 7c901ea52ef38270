//! A child is killed, and the parent says so.

use common::{fork, waitpid};
use nix::sys::signal::{Signal, raise};
use nix::unistd::ForkResult;

fn main() {
    match fork().expect("a process") {
        ForkResult::Child => {
            let _ = raise(Signal::SIGKILL);
        }
        ForkResult::Parent { child } => {
            let status = waitpid(child).expect("a child");
            println!("{status}");
        }
    }
}
