//! `cargo lab`: its commands, and the parts that they are made of, mostly in copies of the lab.
//!
//! They are one program, because each one would link the whole checker.

mod another_exercise;
mod build;
mod explore;
mod formats;
mod grading;
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
mod trace;
mod tree;
mod untraced;
mod watch;
