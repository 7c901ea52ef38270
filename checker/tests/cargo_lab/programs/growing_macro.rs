//! Does not compile: each step of the macro has twice as many words, up to 2^60.
macro_rules! grow {
    ([] $($x:tt)*) => {};
    ([$step:tt $($steps:tt)*] $($x:tt)*) => {
        grow!([$($steps)*] $($x)* $($x)*);
    };
}

grow!([
    x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x
    x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x
] a);

fn main() {}
