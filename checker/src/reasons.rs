//! Errors as text.

use std::error::Error;

/// An error with the chain of its causes.
#[must_use]
pub fn reasons(error: &dyn Error) -> String {
    match error.source() {
        Some(source) => format!("{error}: {}", reasons(source)),
        None => error.to_string(),
    }
}
