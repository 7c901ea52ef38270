//! The commands of `cargo lab`, one file each.

pub(crate) mod check;
pub(crate) mod dev;
pub(crate) mod doctor;
pub(crate) mod hint;
pub(crate) mod quiz;
pub(crate) mod reset;
pub(crate) mod show;
pub(crate) mod status;
pub(crate) mod trace;
pub(crate) mod watch;

use checker::Workspace;
use checker::handout::{Handout, handouts};
use std::error::Error;

/// How a command went, and with which exit status it says so.
pub(crate) enum Outcome {
    /// 0
    Passed,
    /// 1
    Failed,
}

/// What a command returns; an error means exit status 2.
pub(crate) type CommandResult = Result<Outcome, Box<dyn Error>>;

/// The task that is meant by a package and a binary, one of which may be left out
/// if the other one tells.
fn task(
    workspace: &Workspace,
    package: Option<&str>,
    binary: Option<&str>,
) -> Result<Handout, Box<dyn Error>> {
    let all = handouts(workspace)?;
    let is_meant = |handout: &&Handout| {
        package.is_none_or(|name| name == handout.package)
            && binary.is_none_or(|name| name == handout.binary)
    };
    let meant: Vec<&Handout> = all.iter().filter(is_meant).collect();
    match meant.as_slice() {
        [only] => Ok((*only).clone()),
        [] => {
            let all: Vec<&Handout> = all.iter().collect();
            Err(format!("there is no such task; there are:{}", list(&all)).into())
        }
        several => Err(format!("which one is meant?{}", list(several)).into()),
    }
}

fn list(handouts: &[&Handout]) -> String {
    let name = |handout: &&Handout| format!("\n  {} --bin {}", handout.package, handout.binary);
    handouts.iter().map(name).collect()
}
