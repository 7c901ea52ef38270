//! What the benches measure, and what their results show: tables, pictures and claims.

pub mod chart;
pub mod claims;
pub mod figures;
pub mod machine;
pub mod page;
pub mod programs;
pub mod progress;
pub mod resident;
pub mod results;
pub mod slope;
pub mod table;
mod words;
pub mod workers;
