//! Does not compile, for 30,000 reasons.
macro_rules! twice {
    ([] ) => { compile_error!("no"); };
    ([$step:tt $($steps:tt)*]) => {
        twice!([$($steps)*]);
        twice!([$($steps)*]);
    };
}

twice!([x x x x x x x x x x x x x x x]);

fn main() {}
