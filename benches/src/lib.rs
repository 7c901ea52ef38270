//! What the benches share, and the pictures of what they measured.
//!
//! | module | what it holds |
//! |---|---|
//! | [`workers`] | one worker that does nothing, from its creation to its end |
//! | [`resident`] | memory that is really there, on pages of a size that is really given |
//! | [`results`] | what criterion has measured, read from its files |
//! | [`figures`] | the figures of the lab in these results, and the slopes |
//! | [`machine`] | where they were measured |
//! | [`plot`] | the pictures and the table |

pub mod figures;
mod line;
pub mod machine;
pub mod plot;
pub mod resident;
pub mod results;
pub mod workers;
