//! The call stack of a task, and its source lines.

use crate::elf::Elf;
use crate::proc::{Mapping, mappings, read_memory};
use crate::stopped::Stopped;
use addr2line::Context;
use addr2line::gimli::{DwarfSections, EndianSlice, NativeEndian, SectionId};
use framehop::{
    CacheNative, ExplicitModuleSectionInfo, MayAllocateDuringUnwind, Module, UnwindRegsNative,
    Unwinder, UnwinderNative,
};
use nix::sys::ptrace;
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::path::{Path, PathBuf};

/// The limit of recorded calls. The innermost calls show the place of a task, even in a deep
/// recursion.
const MOST_FRAMES: usize = 100;

/// The limit of examined files.
const MOST_FILES: usize = 20;

/// Returns the addresses of a stopped task's calls, the innermost first. They are relative to
/// the program's file.
pub(crate) fn stack(task: &Stopped, program: &Path) -> Vec<u64> {
    let Ok(registers) = ptrace::getregs(task.tid()) else {
        return Vec::new();
    };
    #[cfg(target_arch = "x86_64")]
    let (start, registers) = (
        registers.rip,
        UnwindRegsNative::new(registers.rip, registers.rsp, registers.rbp),
    );
    #[cfg(target_arch = "aarch64")]
    let (start, registers) = (
        registers.pc,
        UnwindRegsNative::new(registers.regs[30], registers.sp, registers.regs[29]),
    );
    let mut unwinder = UnwinderNative::<Vec<u8>, MayAllocateDuringUnwind>::new();
    let mut own = (0..0, 0);
    let mut files = BTreeMap::new();
    for Mapping { range, path, .. } in mappings(task.tid()) {
        if let Some(path) = path {
            files.entry(path).or_insert(range.clone()).end = range.end;
        }
    }
    for (path, range) in files.iter().take(MOST_FILES) {
        let path = Path::new(path);
        let Some(elf) = Elf::open(path) else {
            continue;
        };
        let moved_by = if elf.is_moved() { range.start } else { 0 };
        if path == program {
            own = (range.clone(), moved_by);
        }
        let at = |(start, bytes): &(u64, Vec<u8>)| *start..*start + bytes.len() as u64;
        let [unwinding, index] = [".eh_frame", ".eh_frame_hdr"].map(|name| elf.section(name));
        let sections = ExplicitModuleSectionInfo {
            eh_frame_svma: unwinding.as_ref().map(at),
            eh_frame: unwinding.map(|(_, bytes)| bytes),
            eh_frame_hdr_svma: index.as_ref().map(at),
            eh_frame_hdr: index.map(|(_, bytes)| bytes),
            ..ExplicitModuleSectionInfo::default()
        };
        let name = path.display().to_string();
        unwinder.add_module(Module::new(name, range.clone(), moved_by, sections));
    }
    let mut word_at = |address| {
        let word = read_memory(task.tid(), address, size_of::<u64>());
        word.try_into().map(u64::from_ne_bytes).map_err(drop)
    };
    let mut cache = CacheNative::<MayAllocateDuringUnwind>::new();
    let mut frames = unwinder.iter_frames(start, registers, &mut cache, &mut word_at);
    let mut addresses = Vec::new();
    // An address without information on its caller ends the stack.
    while addresses.len() < MOST_FRAMES
        && let Ok(Some(frame)) = frames.next()
    {
        addresses.push(frame.address_for_lookup());
    }
    let (range, moved_by) = own;
    addresses.retain(|address| range.contains(address));
    addresses.iter().map(|address| address - moved_by).collect()
}

/// A call of a program, in its source.
#[derive(Clone, Debug)]
pub struct SourceLine {
    /// The file.
    pub file: PathBuf,
    /// The line, from 1.
    pub line: u32,
    /// The function, by the name that the compiler has given to it.
    pub function: String,
}

/// Returns the places in the source of [stacks](crate::TaskRecord::last_stack) of a program, the
/// innermost call of each first. The program must have been compiled with line information.
#[must_use]
pub fn source_lines(program: &Path, stacks: &[Vec<u64>]) -> Vec<Vec<SourceLine>> {
    let Some(elf) = Elf::open(program) else {
        return vec![Vec::new(); stacks.len()];
    };
    let section = |id: SectionId| {
        elf.section(id.name())
            .map_or(Vec::new(), |(_, bytes)| bytes)
    };
    let sections = DwarfSections::load(|id| Ok::<_, Infallible>(section(id)));
    let sections = sections.unwrap_or_default();
    let sections = sections.borrow(|section| EndianSlice::new(section, NativeEndian));
    let context = Context::from_dwarf(sections);
    let lines_of = |stack: &Vec<u64>| {
        let mut lines = Vec::new();
        for address in stack {
            let frames = context
                .as_ref()
                .map(|context| context.find_frames(*address));
            // Inlined calls are frames too.
            let Some(Ok(mut frames)) = frames.ok().map(|frames| frames.skip_all_loads()) else {
                continue;
            };
            while let Ok(Some(frame)) = frames.next() {
                let name = frame.function.as_ref();
                let name = name.and_then(|function| function.raw_name().ok());
                let function = name.unwrap_or_default().into_owned();
                let place = frame.location.and_then(|at| Some((at.file?, at.line?)));
                lines.extend(place.map(|(file, line)| SourceLine {
                    file: file.into(),
                    line,
                    function,
                }));
            }
        }
        lines
    };
    stacks.iter().map(lines_of).collect()
}
