//! The guide in `book`: what it says is what the programs do.

mod chapters;
mod claims;
mod consoles;
mod examples;
mod glossary;
mod links;
#[path = "../support/programs.rs"]
mod programs;
mod quizzes;
#[path = "../support/run.rs"]
mod support;
mod text;
