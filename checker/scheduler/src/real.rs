//! The functions of libc that the scheduler replaces.

use libc::{c_char, c_int, c_long, c_void};
use std::ffi::CStr;
use std::sync::atomic::{AtomicPtr, Ordering::Relaxed};

/// A function of libc, looked up at its first call.
pub(crate) struct Real {
    name: &'static CStr,
    found: AtomicPtr<c_void>,
}

impl Real {
    pub(crate) const fn new(name: &'static CStr) -> Self {
        let found = AtomicPtr::new(std::ptr::null_mut());
        Self { name, found }
    }

    /// Its address.
    pub(crate) fn get(&self) -> *mut c_void {
        let mut function = self.found.load(Relaxed);
        if function.is_null() {
            // SAFETY: the name ends with a zero byte.
            function = unsafe { libc::dlsym(libc::RTLD_NEXT, self.name.as_ptr().cast::<c_char>()) };
            self.found.store(function, Relaxed);
        }
        function
    }
}

/// Calls the function of libc with this name and type.
macro_rules! real {
    ($name:ident: fn($($type:ty),*) -> $result:ty, $($arg:expr),*) => {{
        const NAME: &[u8] = concat!(stringify!($name), "\0").as_bytes();
        static REAL: $crate::real::Real = $crate::real::Real::new(
            match std::ffi::CStr::from_bytes_with_nul(NAME) {
                Ok(name) => name,
                Err(_) => panic!("a name without zero bytes"),
            },
        );
        let function = REAL.get();
        // SAFETY: libc has this function, and its manual page shows this type. The caller has
        // passed valid arguments.
        unsafe {
            let function: unsafe extern "C" fn($($type),*) -> $result =
                std::mem::transmute(function);
            function($($arg),*)
        }
    }};
}
pub(crate) use real;

/// `syscall(2)` of libc.
pub(crate) fn system_call(number: c_long, args: [c_long; 6]) -> c_long {
    let [a, b, c, d, e, f] = args;
    real!(
        syscall: fn(c_long, c_long, c_long, c_long, c_long, c_long, c_long) -> c_long,
        number, a, b, c, d, e, f
    )
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
