//! Never ends, and uses all of its CPU.
fn main() {
    loop {
        std::hint::spin_loop();
    }
}
