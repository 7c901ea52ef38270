//! `cargo lab` as a student uses it, in copies of the lab with edited files.

mod another_exercise;
mod hostile;
#[path = "../support/interrupt.rs"]
mod interrupt;
mod killed;
mod lab;
mod mishaps;
mod student;
#[path = "../support/run.rs"]
mod support;
mod survivors;
mod tree;
mod untraced;
