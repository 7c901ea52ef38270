//! `cargo lab`: what the lab does with its exercises from the outside.
//!
//! | module | what it does |
//! |---|---|
//! | [`exercises`] | what there is: packages, programs, tasks, hints, and how each is judged |
//! | [`workspace`] | where it is |
//! | [`skeleton`] | makes a skeleton from a solution |
//! | [`handout`] | writes the skeletons that students get, and checks them |
//! | [`student_copy`] | makes a copy of the lab without solutions |
//! | [`build`] | compiles the programs of one package, apart from all others |
//! | [`judge`] | says what that means |
//! | [`checking`] | builds the programs and judges them |
//! | [`grade`](mod@grade) | does so for a class |
//! | [`format`](mod@format) | shows it, to people and to programs |
//! | [`trace`] | draws a run |
//! | [`reasons`](mod@reasons) | puts errors into words |
//! | [`seed`] | what is drawn at random, and can be repeated |
//! | [`wait_status`] | puts the end of a process into words |
//! | [`terminal`] | what standard output can show |
//! | [`mod@watch`] | does so again whenever a source file is saved |
//! | [`doctor`] | says whether the lab works on this machine |
//! | [`mistakes`] | programs with known mistakes, which prove that the verdicts are right |
//! | [`quiz`] | asks the questions of the guide |
//!
//! It does not link with any of the exercises: it builds them, and runs them with the
//! package `engine`.

mod at_once;
pub mod build;
pub mod checking;
pub mod doctor;
pub mod exercises;
pub mod explore;
pub mod format;
pub mod grade;
pub mod handout;
pub mod judge;
pub mod mistakes;
pub mod quiz;
pub mod reasons;
pub mod seed;
pub mod skeleton;
mod sources;
pub mod student_copy;
pub mod terminal;
pub mod trace;
pub mod wait_status;
pub mod watch;
pub mod workspace;

pub use build::{Build, BuildError, Built, Profile};
pub use workspace::Workspace;
