//! Tries forbidden actions, and prints the results.
//!
//! The first argument is another program's folder, the second is the id of its process.
#![allow(
    clippy::multiple_unsafe_ops_per_block,
    reason = "each block has one argument"
)]
use std::env;
use std::fs::{self, File};
use std::io;
use std::net::TcpStream;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

/// `<asm/sockios.h>`
const FIOSETOWN: libc::Ioctl = 0x8901;

fn main() {
    let args: Vec<String> = env::args().collect();
    let (folder, process) = (Path::new(&args[1]), args[2].parse().expect("an id"));
    let kill = |target, signal| {
        // SAFETY: the call has no pointers.
        nothing(|| unsafe { libc::kill(target, signal) })
    };
    tell("write", File::create(folder.join("new")).map(drop));
    tell("read", fs::read(folder.join("file")).map(drop));
    tell("list", fs::read_dir(folder).map(drop));
    tell("remove", fs::remove_file(folder.join("file")));
    tell("remove folder", fs::remove_dir_all(folder));
    tell(
        "execute",
        Command::new(folder.join("file")).status().map(drop),
    );
    let link = symlink(folder.join("file"), "link");
    tell("write by link", link.and_then(|()| fs::write("link", "x")));
    tell("temporary", File::create("/tmp/engine-jail").map(drop));
    let environment = fs::read(format!("/proc/{process}/environ"));
    tell("environment", environment.map(drop));
    tell("kill", kill(process, 0));
    tell("kill all", kill(-1, libc::SIGCONT));
    tell("kill group", kill(-process, libc::SIGCONT));
    tell("network", TcpStream::connect(("127.0.0.1", 9)).map(drop));
    // SAFETY: these calls get no pointers that are used.
    unsafe {
        tell("unshare", nothing(|| libc::unshare(libc::CLONE_NEWUSER)));
        let trace = || i32::from(libc::ptrace(libc::PTRACE_SEIZE, process, 0, 0) == 0) - 1;
        tell("trace", nothing(trace));
        tell("semaphore", nothing(|| libc::semget(1, 1, libc::IPC_CREAT)));
        let priority = || libc::setpriority(libc::PRIO_PROCESS, process.cast_unsigned(), 19);
        tell("priority", nothing(priority));
        let all = || libc::setpriority(libc::PRIO_USER, 0, 19);
        tell("priority of all", nothing(all));
        let mut cpus: libc::cpu_set_t = std::mem::zeroed();
        let size = size_of_val(&cpus);
        libc::sched_getaffinity(0, size, &raw mut cpus);
        let other = libc::sched_setaffinity(process, size, &raw const cpus);
        tell("CPUs", nothing(|| other));
        let own = libc::sched_setaffinity(libc::getpid(), size, &raw const cpus);
        println!("own CPUs: {own}");
        let parameter = std::mem::zeroed();
        let policy = || libc::sched_setscheduler(process, libc::SCHED_BATCH, &raw const parameter);
        tell("policy", nothing(policy));
        tell(
            "parameter",
            nothing(|| libc::sched_setparam(process, &raw const parameter)),
        );
        let attributes: [u32; 12] = [48, libc::SCHED_BATCH as u32, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        let set = || libc::syscall(libc::SYS_sched_setattr, process, attributes.as_ptr(), 0);
        tell("attributes", nothing(|| set().try_into().unwrap_or(0)));
        let core = libc::prctl(
            libc::PR_SCHED_CORE,
            libc::PR_SCHED_CORE_SHARE_TO,
            process,
            0,
            0,
        );
        tell("core scheduling", nothing(|| core));
        let socket = libc::socket(libc::AF_UNIX, libc::SOCK_STREAM, 0);
        let owner = || libc::ioctl(socket, FIOSETOWN, &raw const process);
        tell("owner", nothing(owner));
        libc::close(socket);
    }
    let variables = env::vars().map(|(name, _)| name);
    let secret = variables
        .filter(|name| name == "CARGO_MANIFEST_DIR")
        .count();
    println!("variables of others: {secret}");
    let descriptors = (3..1000).filter(|fd| {
        // SAFETY: it changes nothing.
        unsafe { libc::fcntl(*fd, libc::F_GETFD) >= 0 }
    });
    println!("descriptors: {}", descriptors.count());
    // SAFETY: the name is a C string.
    let memory_files = (0..20).filter(|_| unsafe { libc::memfd_create(c"file".as_ptr(), 0) } >= 0);
    println!("files in memory: {}", memory_files.count());

    let shared = "/dev/shm/engine-jail";
    let is_shared = fs::write(shared, "shared").is_ok() && Path::new("engine-jail").exists();
    let is_removed = fs::remove_file(shared).is_ok() && !Path::new("engine-jail").exists();
    println!("shared memory: {is_shared}, {is_removed}");

    fs::write("own", "mine").expect("it can write here");
    fs::copy("own", "copy").expect("it can copy here");
    let text = fs::read_to_string("copy").expect("it can read here");
    // SAFETY: the call has no pointers.
    let is_signaled = unsafe { libc::kill(libc::getpid(), 0) } == 0;
    let status = Command::new("cat").arg("own").status();
    println!(
        "own: {text}, {is_signaled}, {:?}",
        status.ok().and_then(|s| s.code())
    );
}

fn nothing(call: impl FnOnce() -> i32) -> io::Result<()> {
    match call() {
        -1 => Err(io::Error::last_os_error()),
        _ => Ok(()),
    }
}

fn tell(what: &str, result: io::Result<()>) {
    match result {
        Ok(()) => println!("{what}: DONE"),
        Err(error) => println!("{what}: {}", error.kind()),
    }
}
