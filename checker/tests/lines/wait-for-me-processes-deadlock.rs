//! It waits for a child that waits for it.

use nix::sys::wait::waitpid;
use nix::unistd::{ForkResult, fork, pipe, read};

fn main() -> anyhow::Result<()> {
    let (reader, _writer) = pipe()?;
    // SAFETY: the program has one thread.
    match unsafe { fork() }? {
        ForkResult::Child => {
            let bytes = read(&reader, &mut [0; 8]);
            println!("{bytes:?}");
        }
        ForkResult::Parent { child } => {
            let status = waitpid(child, None);
            println!("{status:?}");
        }
    }
    Ok(())
}
