//! The functions that the compiler calls before each load, store and comparison of the program,
//! and at the beginning of basic blocks (LLVM's `SanitizerCoverage`).

use crate::early_call;
use crate::layout::Kind;
use crate::turn::{Place, point, shared};
use std::arch::naked_asm;

extern "C" fn load(address: u64, pc: u64, size: u32) {
    point(Kind::Load, Place { pc, address, size });
}

extern "C" fn store(address: u64, pc: u64, size: u32) {
    point(Kind::Store, Place { pc, address, size });
}

extern "C" fn edge(pc: u64) {
    if shared().is_none() {
        early_call();
    }
    point(
        Kind::Edge,
        Place {
            pc,
            ..Place::default()
        },
    );
}

/// Defines functions that jump to another one, with their return address as one more argument.
macro_rules! callbacks {
    ($($name:ident $size:literal $target:ident)*) => {$(
        /// The compiler calls it with the address of the next load or store.
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
}

macro_rules! edges {
    ($($name:ident)*) => {$(
        #[unsafe(naked)]
        #[unsafe(no_mangle)]
        extern "C" fn $name() {
            #[cfg(target_arch = "x86_64")]
            naked_asm!("mov rdi, [rsp]", "jmp {edge}", edge = sym edge);
            #[cfg(target_arch = "aarch64")]
            naked_asm!("mov x0, x30", "b {edge}", edge = sym edge);
        }
    )*};
}

// The compiler calls the first one at the beginning of basic blocks, and the others before each
// comparison. Between a load and a branch that depends on it, another task may run.
edges! {
    __sanitizer_cov_trace_pc
    __sanitizer_cov_trace_cmp1
    __sanitizer_cov_trace_cmp2
    __sanitizer_cov_trace_cmp4
    __sanitizer_cov_trace_cmp8
    __sanitizer_cov_trace_const_cmp1
    __sanitizer_cov_trace_const_cmp2
    __sanitizer_cov_trace_const_cmp4
    __sanitizer_cov_trace_const_cmp8
    __sanitizer_cov_trace_switch
}
