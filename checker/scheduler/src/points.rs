//! The functions that the compiler calls before each load, store and comparison of the program,
//! and at the beginning of basic blocks (LLVM's `SanitizerCoverage`).

use crate::early_call;
use crate::layout::Kind;
use crate::turn::{point, shared};
use std::arch::naked_asm;

extern "C" fn load(address: u64, pc: u64, size: u32) {
    point(Kind::Load, pc, address, size);
}

extern "C" fn store(address: u64, pc: u64, size: u32) {
    point(Kind::Store, pc, address, size);
}

extern "C" fn edge(_: u64, pc: u64, _: u32) {
    if shared().is_none() {
        early_call();
    }
    point(Kind::Edge, pc, 0, 0);
}

/// Defines functions that jump to another one, with two more arguments: their return address, and
/// the size.
macro_rules! callbacks {
    ($($name:ident $size:literal $target:ident)*) => {$(
        /// Its first argument is the address of the next load or store, if any.
        #[unsafe(naked)]
        #[unsafe(no_mangle)]
        extern "C" fn $name() {
            #[cfg(target_arch = "x86_64")]
            naked_asm!(
                "mov rsi, [rsp]",
                "mov edx, {size}",
                "jmp {target}",
                size = const $size,
                target = sym $target,
            );
            #[cfg(target_arch = "aarch64")]
            naked_asm!(
                "mov x1, x30",
                "mov w2, {size}",
                "b {target}",
                size = const $size,
                target = sym $target,
            );
        }
    )*};
}

// The compiler calls `trace_pc` at the beginning of basic blocks, and the other functions of that
// group before each comparison. Between a load and a branch that depends on it, another task may
// run.
callbacks! {
    __sanitizer_cov_load1 1 load
    __sanitizer_cov_load2 2 load
    __sanitizer_cov_load4 4 load
    __sanitizer_cov_load8 8 load
    __sanitizer_cov_load16 16 load
    __sanitizer_cov_store1 1 store
    __sanitizer_cov_store2 2 store
    __sanitizer_cov_store4 4 store
    __sanitizer_cov_store8 8 store
    __sanitizer_cov_store16 16 store
    __sanitizer_cov_trace_pc 0 edge
    __sanitizer_cov_trace_cmp1 0 edge
    __sanitizer_cov_trace_cmp2 0 edge
    __sanitizer_cov_trace_cmp4 0 edge
    __sanitizer_cov_trace_cmp8 0 edge
    __sanitizer_cov_trace_const_cmp1 0 edge
    __sanitizer_cov_trace_const_cmp2 0 edge
    __sanitizer_cov_trace_const_cmp4 0 edge
    __sanitizer_cov_trace_const_cmp8 0 edge
    __sanitizer_cov_trace_switch 0 edge
}
