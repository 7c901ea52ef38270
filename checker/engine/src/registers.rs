//! The registers of a task at the start of a system call. Their names differ between
//! architectures, `syscall(2)`.

use crate::call::SystemCall;
use crate::stopped::Stopped;
use nix::errno::Errno;
use nix::sys::ptrace;

/// The results of interrupted calls, which only a tracer sees: the first, and that of `poll(2)`.
pub(crate) const ERESTARTSYS: i64 = 512;
pub(crate) const ERESTART_RESTARTBLOCK: i64 = 516;

/// The arguments of a call, in their registers.
fn arguments(registers: &mut libc::user_regs_struct) -> [&mut u64; 6] {
    #[cfg(target_arch = "x86_64")]
    let arguments = [
        &mut registers.rdi,
        &mut registers.rsi,
        &mut registers.rdx,
        &mut registers.r10,
        &mut registers.r8,
        &mut registers.r9,
    ];
    #[cfg(target_arch = "aarch64")]
    let [a, b, c, d, e, f, ..] = &mut registers.regs;
    #[cfg(target_arch = "aarch64")]
    let arguments = [a, b, c, d, e, f];
    arguments
}

/// Changes one of the six arguments of the call, counted from 0. The register keeps the new value
/// after the call. The functions of libc that make calls do not use it again.
pub(crate) fn set_argument(task: &Stopped, place: usize, value: u64) {
    if let Ok(mut registers) = ptrace::getregs(task.tid()) {
        *arguments(&mut registers)[place] = value;
        // The task may have been killed. Then there is nothing to change.
        let _ = ptrace::setregs(task.tid(), registers);
    }
}

/// The call that a stop has interrupted, if the kernel makes it again. The kernel ends a few calls
/// with `EINTR` at any stop, signal(7). They are made again too, because without a tracer there is
/// no stop: a signal without a handler interrupts no call.
#[cfg(target_arch = "x86_64")]
pub(crate) fn interrupted_call(task: &Stopped) -> Option<SystemCall> {
    /// The kernel makes such a call again if no handler runs.
    const ERESTARTNOHAND: i64 = 514;
    let mut registers = ptrace::getregs(task.tid()).ok()?;
    let (number, result) = (
        registers.orig_rax.cast_signed(),
        registers.rax.cast_signed(),
    );
    if number >= 0 && result == -i64::from(Errno::EINTR as i32) {
        registers.rax = (-ERESTARTNOHAND).cast_unsigned();
        ptrace::setregs(task.tid(), registers).ok()?;
    } else if result != -ERESTARTSYS {
        return None;
    }
    let args = arguments(&mut registers).map(|argument| *argument);
    Some(SystemCall { number, args })
}

/// The kernel has already prepared the repetition, so the call is not known.
#[cfg(target_arch = "aarch64")]
pub(crate) fn interrupted_call(_: &Stopped) -> Option<SystemCall> {
    None
}

/// Lets the task make the call again that it begins. Signals arrive before that.
#[cfg(target_arch = "x86_64")]
pub(crate) fn begin_again(task: &Stopped) {
    /// The bytes of the instruction `syscall`.
    const LENGTH: u64 = 2;
    if let Ok(mut registers) = ptrace::getregs(task.tid()) {
        (registers.rax, registers.orig_rax) = (registers.orig_rax, u64::MAX);
        registers.rip -= LENGTH;
        let _ = ptrace::setregs(task.tid(), registers);
    }
}

/// Only `pause(2)` begins again, which this architecture does not have.
#[cfg(target_arch = "aarch64")]
pub(crate) fn begin_again(_: &Stopped) {}

/// Makes the kernel skip the call, which fails with this error.
pub(crate) fn fail_call(task: &Stopped, error: Errno) {
    skip_call(task, -i64::from(error as i32));
}

/// Makes the kernel skip the call, which returns this result.
#[cfg(target_arch = "x86_64")]
pub(crate) fn skip_call(task: &Stopped, result: i64) {
    if let Ok(mut registers) = ptrace::getregs(task.tid()) {
        registers.orig_rax = u64::MAX;
        registers.rax = result.cast_unsigned();
        let _ = ptrace::setregs(task.tid(), registers);
    }
}

/// Makes the kernel skip the call, which returns this result.
#[cfg(target_arch = "aarch64")]
pub(crate) fn skip_call(task: &Stopped, result: i64) {
    const NT_ARM_SYSTEM_CALL: libc::c_int = 0x404;
    set_argument(task, 0, result.cast_unsigned());
    let mut number: i32 = -1;
    let mut vector = libc::iovec {
        iov_base: (&raw mut number).cast(),
        iov_len: size_of::<i32>(),
    };
    // SAFETY: the vector names a number that outlives the call.
    unsafe {
        libc::ptrace(
            libc::PTRACE_SETREGSET,
            task.tid().as_raw(),
            NT_ARM_SYSTEM_CALL,
            &raw mut vector,
        )
    };
}
