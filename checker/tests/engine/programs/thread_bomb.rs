//! A thread after the other, none of which ends. If nobody ends them, there are
//! 3000 in the end, and that comes after 20 seconds.
use std::array;
use std::hint::black_box;
use std::thread;
use std::time::Duration;

fn main() {
    // Somebody may look for them, which takes time.
    let numbers: [i32; 400] = array::from_fn(|index| index as i32 + 1);
    let sleep = || thread::sleep(Duration::from_secs(20));
    for _ in 0..3000 {
        if thread::Builder::new().spawn(sleep).is_err() {
            break;
        }
    }
    sleep();
    black_box(numbers);
}
