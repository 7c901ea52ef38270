//! It ends itself, by a function of the standard library.

fn main() {
    let numbers = [1, 2, 3];
    if numbers.iter().sum::<i32>() == 6 {
        std::process::abort();
    }
    println!("{numbers:?}");
}
