//! The registers of a task that is stopped. Each architecture names them in its own way,
//! `syscall(2)`.

use nix::sys::ptrace;
use nix::unistd::Pid;

/// Changes the first argument of the system call that a task begins. The task may have
/// been killed meanwhile; then there is nothing to do.
pub(super) fn set_first_argument(tid: Pid, value: u64) {
    let Ok(mut registers) = ptrace::getregs(tid) else {
        return;
    };
    #[cfg(target_arch = "x86_64")]
    let argument = &mut registers.rdi;
    #[cfg(target_arch = "aarch64")]
    let argument = &mut registers.regs[0];
    #[cfg(target_arch = "riscv64")]
    let argument = &mut registers.a0;
    *argument = value;
    let _ = ptrace::setregs(tid, registers);
}
