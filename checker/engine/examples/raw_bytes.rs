//! Prints bytes that are not text.
use std::io::Write;

fn main() {
    let _ = std::io::stdout().write_all(b"\xff\x00\x1b[31mred\n");
}
