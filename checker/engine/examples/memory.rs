//! Asks for 8 GB.
fn main() {
    let mut bytes: Vec<u8> = Vec::new();
    match bytes.try_reserve_exact(8_000_000_000) {
        Ok(()) => println!("got them"),
        Err(_) => println!("refused"),
    }
}
