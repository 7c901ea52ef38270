//! `cargo lab`: builds, checks and explains the exercises.
//!
//! | module | what it does |
//! |---|---|
//! | [`exercises`] | the packages, programs, tasks and hints, and the judge of each program |
//! | [`workspace`] | the folder of the lab |
//! | [`skeleton`] | makes a skeleton from a solution |
//! | [`handout`] | the files with a task: writes their skeletons, and checks that they are in step with the solutions |
//! | [`student_copy`] | makes a copy of the lab without solutions, for `cargo lab dev handout` |
//! | [`build`] | compiles the programs of one package, apart from all others |
//! | [`judge`] | derives verdicts from runs |
//! | [`checking`] | builds the programs and judges them |
//! | [`grade`](mod@grade) | grades a class |
//! | [`format`](mod@format) | writes reports for people and for programs |
//! | [`trace`] | draws a run |
//! | [`explore`] | tries schedules of a program, and shows one that fails |
//! | [`seed`] | random choices that can be repeated |
//! | [`wait_status`] | puts the end of a process into words |
//! | [`terminal`] | the width and the colours of standard output |
//! | [`mod@watch`] | checks again after every save of a source file |
//! | [`doctor`] | says whether the lab works on this machine |
//! | [`mistakes`] | programs with known mistakes, which prove that the verdicts are right |
//! | [`quiz`] | asks the questions of the guide |
//!
//! The package does not link with the exercises. It builds them and runs them with the package
//! `engine`.

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
pub mod seed;
pub mod skeleton;
mod sources;
pub mod student_copy;
pub mod terminal;
pub mod trace;
pub mod wait_status;
pub mod watch;
pub mod workspace;

pub use build::{Build, Built, DoesNotCompile};
pub use workspace::Workspace;
