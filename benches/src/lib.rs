//! What the benches share, and what follows from what they measured.
//!
//! | module | what it holds |
//! |---|---|
//! | [`workers`] | one worker that does nothing, from its creation to its end |
//! | [`resident`] | memory that is really there, on pages of a size that is really given |
//! | [`results`] | what criterion has measured, read from its files |
//! | [`figures`] | the figures of the lab in these results, and the slopes |

pub mod figures;
mod line;
pub mod resident;
pub mod results;
pub mod workers;
