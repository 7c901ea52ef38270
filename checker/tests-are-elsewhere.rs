//! `cargo test -p PACKAGE` of an exercise: where its tests are.
//!
//! It is an example, not a test: for a test cargo would compile the programs, which may be
//! half finished.

fn main() {
    let package = env!("CARGO_PKG_NAME");
    println!("{package} has no tests of its own. Its programs are judged by:");
    println!("  cargo lab check {package}");
}
