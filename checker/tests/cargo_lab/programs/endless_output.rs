//! Writes to standard output without end.
use std::io::{self, Write};

fn main() {
    while io::stdout().write_all(&[b'x'; 4096]).is_ok() {}
}
