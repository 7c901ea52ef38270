//! Its thread writes where nothing is.

use std::ptr;
use std::thread;

fn main() {
    let worker = thread::spawn(|| sum(8));
    println!("{:?}", worker.join());
}

#[inline(never)]
fn sum(address: usize) -> i32 {
    let nowhere = ptr::without_provenance_mut::<i32>(address);
    // SAFETY: none. The program is to be killed.
    unsafe { nowhere.write_volatile(1) };
    address as i32
}
