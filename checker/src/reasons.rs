//! Errors in words.

use std::error::Error;

/// An error, and each reason behind it.
#[must_use]
pub fn reasons(error: &dyn Error) -> String {
    match error.source() {
        Some(source) => format!("{error}: {}", reasons(source)),
        None => error.to_string(),
    }
}
