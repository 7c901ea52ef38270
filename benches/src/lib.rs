//! What the benches measure, and what their results show: tables, pictures and claims.

mod axis;
pub mod chart;
pub mod claims;
mod colours;
pub mod figures;
mod line;
pub mod machine;
pub mod page;
pub mod pairs;
pub mod programs;
pub mod resident;
pub mod results;
pub mod table;
mod words;
pub mod workers;
