//! The guide in `book`: what it says is what the programs do.

mod claims;
mod consoles;
mod examples;
mod includes;
mod plain_english;
mod quizzes;
mod text;
