//! Two threads take two locks in two orders.

mod two_threads;

use std::sync::Mutex;
use two_threads::two;

static A: Mutex<u64> = Mutex::new(0);
static B: Mutex<u64> = Mutex::new(0);

fn main() {
    two(|i| {
        let (first, second) = if i == 0 { (&A, &B) } else { (&B, &A) };
        let _first = first.lock().expect("a lock");
        *second.lock().expect("a lock") += 1;
    });
    println!("{}", A.lock().expect("a lock"));
}
