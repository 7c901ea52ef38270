//! A panic names its line itself.

fn main() {
    let numbers: Vec<i32> = std::env::args().map(|arg| arg.len() as i32).collect();
    println!("{}", numbers[1]);
}
