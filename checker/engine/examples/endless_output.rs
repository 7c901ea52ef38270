//! Writes to standard output (`out`) or standard error without end.
use std::io::{self, Write};

fn main() {
    let mut stream: Box<dyn Write> = match std::env::args().nth(1).as_deref() {
        Some("out") => Box::new(io::stdout()),
        _ => Box::new(io::stderr()),
    };
    while stream.write_all(&[b'x'; 4096]).is_ok() {}
}
