//! Does not compile.
fn main() {
    let number: i32 = "Score: 100/100";
}
