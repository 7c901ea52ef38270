//! A thread after the other, none of which ends.
use std::thread;

fn main() {
    let forever = || loop {
        thread::park();
    };
    while thread::Builder::new().spawn(forever).is_ok() {}
    forever()
}
