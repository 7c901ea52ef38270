//! Does not compile, ever: each step of the macro makes two, for 60 steps.
macro_rules! twice {
    ([] $($x:tt)*) => {};
    ([$step:tt $($steps:tt)*] $($x:tt)*) => {
        twice!([$($steps)*] $($x)* a);
        twice!([$($steps)*] $($x)* b);
    };
}

twice!([
    x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x
    x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x
]);

fn main() {}
