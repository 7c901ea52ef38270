//! The functions of libc that the scheduler replaces.

use libc::{c_int, c_long, c_void};
use std::mem;
use std::sync::atomic::{AtomicPtr, Ordering::Relaxed};

/// The function of libc with this name, looked up at the first call.
///
/// # Safety
///
/// The name ends with a zero byte. `declared` is the declaration of the function, as a pointer.
pub(crate) unsafe fn look_up<F>(name: &str, found: &AtomicPtr<c_void>, _declared: F) -> F {
    let mut function = found.load(Relaxed);
    if function.is_null() {
        // SAFETY: as the caller says.
        function = unsafe { libc::dlsym(libc::RTLD_NEXT, name.as_ptr().cast()) };
        found.store(function, Relaxed);
    }
    // SAFETY: `F` is a pointer to a function. The function has this type, as the caller says.
    unsafe { mem::transmute_copy(&function) }
}

/// Calls the function of libc with this name. The crate `libc` declares its type. After a
/// semicolon, more arguments of a function with a variable number of arguments follow.
macro_rules! real {
    ($name:ident($($arg:expr),*)) => {
        $crate::real::real!(
            $name as unsafe extern "C" fn($($crate::real::inferred!($arg)),*) -> _,
            $($arg),*
        )
    };
    ($name:ident($($arg:expr),*; $($more:expr),*)) => {
        $crate::real::real!(
            $name as unsafe extern "C" fn($($crate::real::inferred!($arg),)* ...) -> _,
            $($arg,)* $($more),*
        )
    };
    ($name:ident as $function:ty, $($arg:expr),*) => {{
        static FOUND: std::sync::atomic::AtomicPtr<libc::c_void> =
            std::sync::atomic::AtomicPtr::new(std::ptr::null_mut());
        let name = concat!(stringify!($name), "\0");
        // SAFETY: libc has this function, and the caller has passed valid arguments.
        unsafe { $crate::real::look_up(name, &FOUND, libc::$name as $function)($($arg),*) }
    }};
}
pub(crate) use real;

/// The type of an argument, which its function shows.
macro_rules! inferred {
    ($arg:expr) => {
        _
    };
}
pub(crate) use inferred;

/// `syscall(2)` of libc.
pub(crate) fn system_call(number: c_long, args: [c_long; 6]) -> c_long {
    let [a, b, c, d, e, f] = args;
    real!(syscall(number; a, b, c, d, e, f))
}

/// The error number of the last failed call of this thread.
pub(crate) fn errno() -> c_int {
    // SAFETY: the address is that of this thread's own variable.
    unsafe { *libc::__errno_location() }
}

/// Sets `errno` and returns -1.
pub(crate) fn fail(errno: c_int) -> c_int {
    // SAFETY: the address is that of this thread's own variable.
    unsafe { *libc::__errno_location() = errno };
    -1
}
