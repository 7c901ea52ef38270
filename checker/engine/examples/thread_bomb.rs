//! Starts one thread after another, up to 3000. If it is not killed, it ends after 20
//! seconds.
use std::thread;
use std::time::Duration;

fn main() {
    let sleep = || thread::sleep(Duration::from_secs(20));
    for _ in 0..3000 {
        if thread::Builder::new().spawn(sleep).is_err() {
            break;
        }
    }
    sleep();
}
