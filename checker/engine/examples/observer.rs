//! Observes a program, and prevents other processes from inspecting this one.
use engine::Run;

fn main() {
    nix::sys::prctl::set_dumpable(false).expect("it may do that");
    let observed = Run::new("/bin/sh").args(["-c", ":"]).observe();
    println!("{:?}", observed.expect("it can be observed").end);
}
