//! Writes a file without end.
use std::io::Write;

fn main() {
    let mut file = std::fs::File::create("huge").expect("a file");
    while file.write_all(&[0; 1 << 16]).is_ok() {}
}
