//! A copy of the lab.

use crate::interrupt::heed_interrupts;
pub(crate) use crate::support::Folder as Lab;
use crate::support::{Ran, root, run};
use checker::Workspace;
use checker::handout::{Handout, handouts};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::{env, fs, io};

pub(crate) const THREADS: &str = "wait-for-me/src/bin/threads.rs";

/// A copy of the lab in which both programs of wait-for-me are right, and compiled.
pub(crate) static SOLVED: LazyLock<Lab> = LazyLock::new(|| {
    let lab = Lab::fresh().expect("a copy of the lab");
    lab.solve("threads").expect("a solution");
    lab.solve("processes").expect("a solution");
    lab.run("check wait-for-me").ended(0);
    lab
});

impl Lab {
    /// A copy of the lab as it was handed out.
    pub(crate) fn fresh() -> io::Result<Self> {
        Self::pristine(&root())
    }

    /// A copy of a tree as it is, without files that were built, downloaded or answered.
    pub(crate) fn copy_of(tree: &Path) -> io::Result<Self> {
        let copy = Self::new()?;
        let script = "tar -C \"$0\" --exclude=target --exclude=.git --exclude=node_modules \
                      --exclude=.lab-answers.toml -cf - . | tar -C \"$1\" -xf -";
        let mut tar = Command::new("sh");
        run(tar.args(["-c", script]).arg(tree).arg(copy.path(""))).ended(0);
        Ok(copy)
    }

    /// A copy of a student's tree as it was handed out: the files with a TODO are made from the
    /// solutions, and all that is beside them and does not belong to the lab is removed.
    pub(crate) fn pristine(tree: &Path) -> io::Result<Self> {
        let lab = Self::copy_of(tree)?;
        for handout in lab.handouts() {
            let others = "-mindepth 1 ! -name threads.rs ! -name processes.rs -delete";
            let mut find = Command::new("find");
            find.arg(handout.skeleton.with_file_name(""));
            run(find.args(others.split(' '))).ended(0);
        }
        lab.run("dev skeletons").ended(0);
        Ok(lab)
    }

    /// Another copy, which shares what cargo has made of the dependencies, and has its
    /// own programs.
    pub(crate) fn sibling(&self) -> io::Result<Self> {
        static COUNT: AtomicU32 = AtomicU32::new(1);
        let lab = Self::fresh()?;
        let patch = COUNT.fetch_add(1, Relaxed);
        lab.share_dependencies(&self.path("target/debug"), &format!("0.0.{patch}"))?;
        Ok(lab)
    }

    /// For cargo the packages of all copies are the same, wherever they are. So these
    /// get a version of their own.
    pub(crate) fn share_dependencies(&self, debug: &Path, version: &str) -> io::Result<()> {
        let version = format!("version = \"{version}\"");
        self.edit("Cargo.toml", "version = \"0.1.0\"", &version)?;
        fs::create_dir_all(debug)?;
        fs::create_dir_all(self.path("target"))?;
        symlink(debug, self.path("target/debug"))
    }

    pub(crate) fn handouts(&self) -> Vec<Handout> {
        handouts(&Workspace::open(&self.path("")))
    }

    /// The command `cargo lab ARGS`, with the arguments separated by spaces.
    pub(crate) fn command(&self, args: &str) -> Command {
        let mut command = self.lab(args);
        command
            .env_remove("CARGO_TARGET_DIR")
            .env_remove("RUST_BACKTRACE")
            .current_dir(self.path(""));
        heed_interrupts(&mut command);
        command
    }

    #[track_caller]
    pub(crate) fn run(&self, args: &str) -> Ran {
        run(&mut self.command(args))
    }

    /// The command `cargo ARGS` in this copy. Its programs do not take the place of the original's.
    pub(crate) fn cargo(&self, args: &str) -> Command {
        let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        command
            .args(args.split(' '))
            .env_remove("CARGO_MANIFEST_DIR")
            .env("CARGO_TARGET_DIR", self.path("programs"))
            .env("CARGO_BUILD_BUILD_DIR", self.path("target"))
            .current_dir(self.path(""));
        command
    }

    /// Replaces a part of a file.
    pub(crate) fn edit(&self, name: &str, part: &str, new: &str) -> io::Result<()> {
        let text = self.read(name)?;
        assert!(text.contains(part), "no {part} in {name}");
        self.write(name, text.replacen(part, new, 1))
    }

    /// Puts a file in the place of a program of wait-for-me, if it is not there yet.
    pub(crate) fn replace(&self, binary: &str, source: PathBuf) -> io::Result<()> {
        let program = format!("wait-for-me/src/bin/{binary}.rs");
        let source = fs::read(source)?;
        match fs::read(self.path(&program))? == source {
            true => Ok(()),
            false => self.write(program, source),
        }
    }

    /// Does the same with the solution.
    pub(crate) fn solve(&self, binary: &str) -> io::Result<()> {
        let solution = format!("wait-for-me/solutions/{binary}.rs");
        self.replace(binary, self.path(solution))
    }

    /// Puts this program, named from the folder of the checker, in the place of one of the two
    /// of wait-for-me, and the solution in the place of the other.
    pub(crate) fn put(&self, program: &str, binary: &str) -> io::Result<()> {
        self.solve("threads")?;
        self.solve("processes")?;
        self.replace(binary, root().join("checker").join(program))
    }
}
