//! Observes a program, and keeps other processes from looking into itself.
use engine::Run;

fn main() {
    nix::sys::prctl::set_dumpable(false).expect("it may do that");
    let observed = Run::new("/bin/sh").args(["-c", ":"]).observe();
    println!("{:?}", observed.expect("it can be observed").end);
}
