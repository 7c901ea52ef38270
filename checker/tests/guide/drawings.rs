//! The drawings that explain: `book/src/drawings`. To draw them anew after a change here:
//!
//! ```console
//! $ GUIDE_DRAW=1 cargo test -p checker --test guide drawings
//! ```

use crate::text::{all_text, files, read, root};
use std::ops::RangeInclusive;
use std::{env, fs};

/// The width at which the pages show a drawing, in pixels.
const WIDTH: u32 = 750;

/// The colours are those of the traces. Text has 13 px at least.
const STYLE: &str = include_str!("drawings.css");

struct Drawing(String);

impl Drawing {
    fn new(title: &str, height: u32) -> Self {
        let mut drawing = Self(format!(
            r#"<svg aria-labelledby="title" height="{height}" role="img" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" xmlns="http://www.w3.org/2000/svg">
<title id="title">{title}</title>
<style>

{STYLE}
</style>
"#
        ));
        drawing.rectangle("paper", (0, 0), (WIDTH, height));
        drawing
    }

    fn rectangle(&mut self, class: &str, (x, y): (u32, u32), (width, height): (u32, u32)) {
        self.0 += &format!(
            r#"<rect class="{class}" height="{height}" rx="3" width="{width}" x="{x}" y="{y}"/>"#
        );
        self.0.push('\n');
    }

    fn text(&mut self, class: &str, (x, y): (u32, u32), text: &str) {
        self.0 += &format!("<text class=\"{class}\" x=\"{x}\" y=\"{y}\">{text}</text>\n");
    }

    /// Texts in plain letters: lines of `X Y TEXT`.
    fn texts(&mut self, lines: &str) {
        for line in lines.lines().map(str::trim) {
            let mut words = line.splitn(3, ' ');
            let mut word = || words.next().expect("a word");
            let mut number = || word().parse().expect("a number");
            let at = (number(), number());
            self.text("", at, word());
        }
    }

    /// A box with a text in its middle.
    fn labelled(&mut self, class: &str, at: (u32, u32), size: (u32, u32), text: &str) {
        self.rectangle(class, at, size);
        let middle = (at.0 + size.0 / 2, at.1 + size.1 / 2 + 5);
        self.text("middle", middle, text);
    }

    fn line(&mut self, class: &str, (x1, y1): (u32, u32), (x2, y2): (u32, u32)) {
        self.0 += &format!(r#"<line class="{class}" x1="{x1}" x2="{x2}" y1="{y1}" y2="{y2}"/>"#);
        self.0.push('\n');
    }
}

/// What two threads share, and what a parent and its child share after a `fork`.
fn address_spaces() -> Drawing {
    let title = "The address space of two threads, and of two processes";
    let mut drawing = Drawing::new(title, 396);
    let top_of = |row: u32| 140 + 36 * row;
    let middle_of = |row: u32| top_of(row) + 14;
    let class_of = |row: u32| if row < 3 { "shared" } else { "private" };

    drawing.text("heading", (20, 28), "Two threads: one process");
    for (x, name) in [(20, "thread 1"), (92, "thread 2")] {
        drawing.labelled("plain", (x, 44), (66, 30), name);
        drawing.line("line", (x + 33, 74), (x + 33, 90));
    }
    drawing.rectangle("area", (12, 90), (154, 236));
    let areas = ["code", "array", "results", "stack 1", "stack 2"];
    for (row, name) in (0..).zip(areas) {
        drawing.labelled(class_of(row), (20, top_of(row)), (138, 28), name);
        drawing.line("line", (158, middle_of(row)), (215, middle_of(row)));
        drawing.labelled(class_of(row), (215, top_of(row)), (74, 28), "frame");
    }
    drawing.text("heading", (330, 28), "Two processes");
    for (x, name) in [(330, "parent"), (616, "child")] {
        drawing.labelled("plain", (x, 44), (116, 30), name);
        drawing.line("line", (x + 58, 74), (x + 58, 90));
        drawing.rectangle("area", (x - 8, 90), (132, 200));
    }
    let areas = ["code", "array", "results, shared", "stack"];
    for (row, name) in (0..).zip(areas) {
        for x in [330, 616] {
            drawing.labelled(class_of(row), (x, top_of(row)), (116, 28), name);
        }
        let frame = if row < 3 { row } else { 4 };
        drawing.line("line", (446, middle_of(row)), (494, middle_of(row)));
        drawing.line("line", (616, middle_of(row)), (568, middle_of(frame)));
    }
    for row in 0..5 {
        drawing.labelled(class_of(row), (494, top_of(row)), (74, 28), "frame");
    }
    for x in [192, 478, 584] {
        drawing.text("middle", (x, 108), "page");
        drawing.text("middle", (x, 124), "table");
    }
    drawing.texts(
        "20 112 address space
        330 112 address space
        616 112 address space
        12 350 A new thread brings a stack.
        12 370 All else is there, and is used by both.
        322 350 fork copies the page table, not the frames of code and array.
        322 370 Both may write to the frame of results: it is a shared mapping.",
    );
    drawing
}

/// The position of a status, its name, a second line, and its fields: the high bit and the low bit
/// of each, both included, its class and its text.
const WAIT_STATUSES: &str = "\
40|exited|WIFEXITED|15 8 shared exit status: WEXITSTATUS|7 7 plain 0|6 0 plain 0
86|killed by a signal|WIFSIGNALED|15 8 plain 0|7 7 private C|6 0 private signal, 1 to 126: WTERMSIG
132|stopped by a signal|WIFSTOPPED|15 8 private signal: WSTOPSIG|7 7 plain 0|6 0 plain 127
178|continued|WIFCONTINUED|15 0 plain 0xffff
282|killed by signal 11|0x000b is 11";

/// The fields of a wait status, and two examples.
fn wait_status() -> Drawing {
    let mut drawing = Drawing::new("The bits of a wait status", 372);
    let x_of = |bit: u32| 190 + 34 * (15 - bit);
    drawing.text("", (12, 28), "bit");
    for bit in 0..16 {
        drawing.text("middle", (x_of(bit) + 17, 28), &bit.to_string());
    }
    // One field for each bit of a status. These bits have a colour.
    let bits = |status: u32, coloured: RangeInclusive<u32>, class| -> String {
        let class_of = |bit| {
            if coloured.contains(&bit) {
                class
            } else {
                "plain"
            }
        };
        let field = |bit| format!("|{bit} {bit} {} {}", class_of(bit), status >> bit & 1);
        (0..16).map(field).collect()
    };
    let killed = bits(0x000b, 0..=6, "private");
    let exited = "328|exited with 3|0x0300 is 768";
    let its_bits = bits(0x0300, 8..=15, "shared");
    let statuses = format!("{WAIT_STATUSES}{killed}\n{exited}{its_bits}");
    let number = |word: &str| word.parse::<u32>().expect("a number");
    for status in statuses.lines() {
        let mut parts = status.split('|');
        let mut part = || parts.next().expect("a part");
        let y = number(part());
        drawing.text("", (12, y + 14), part());
        drawing.text("code", (12, y + 31), part());
        for field in parts {
            let words: Vec<_> = field.splitn(4, ' ').collect();
            let (high, low) = (number(words[0]), number(words[1]));
            let size = (34 * (high - low + 1) - 2, 32);
            drawing.labelled(words[2], (x_of(high) + 1, y), size, words[3]);
        }
    }
    drawing.text("", (190, 236), "C: the child left a core file (WCOREDUMP)");
    drawing.text("heading", (12, 270), "Two examples");
    drawing
}

/// The page tables of a parent and its child, before and after the child writes.
fn copy_on_write() -> Drawing {
    let mut drawing = Drawing::new("Page tables before and after a write", 420);
    const ROW: u32 = 40;
    for (top, heading, is_written) in [
        (20, "After the fork, before the write", false),
        (200, "After the child has written to page 1", true),
    ] {
        drawing.text("heading", (20, top + 12), heading);
        drawing.text("", (20, top + 40), "page table of the parent");
        drawing.text("middle", (375, top + 40), "frames");
        drawing.text("", (530, top + 40), "page table of the child");
        for (page, name) in (0..).zip(["frame A", "frame B"]) {
            let y = top + 52 + ROW * page;
            let middle = y + 15;
            let read_only = format!("page {page}: read-only");
            drawing.labelled("shared", (320, y), (110, 30), name);
            drawing.labelled("shared", (20, y), (200, 30), &read_only);
            drawing.line("line", (220, middle), (320, middle));
            if is_written && page == 1 {
                drawing.labelled("private", (530, y), (200, 30), "page 1: may write");
                drawing.line("new", (530, middle), (430, middle + ROW));
                drawing.labelled("private", (320, y + ROW), (110, 30), "copy of B");
            } else {
                drawing.labelled("shared", (530, y), (200, 30), &read_only);
                drawing.line("line", (530, middle), (430, middle));
            }
        }
    }
    drawing.text("", (20, 394), "The write raises a page fault. The kernel copies frame B, and only the child uses the copy.");
    drawing
}

/// Two workers that add 1: with and without a lock.
fn lost_update() -> Drawing {
    let mut drawing = Drawing::new("An update is lost; a lock prevents it", 340);
    type Step = (u32, &'static str, &'static str, &'static str);
    let without: &[Step] = &[
        (0, "load 7", "plain", "7"),
        (1, "load 7", "plain", "7"),
        (1, "store 8", "plain", "8"),
        (0, "store 8", "wrong", "8"),
    ];
    let with: &[Step] = &[
        (0, "lock", "plain", "7"),
        (0, "load 7", "shared", "7"),
        (1, "lock: waits", "plain", "7"),
        (0, "store 8", "shared", "8"),
        (0, "unlock", "plain", "8"),
        (1, "load 8", "private", "8"),
        (1, "store 9", "private", "9"),
        (1, "unlock", "plain", "9"),
    ];
    for (left, heading, steps) in [(20, "Without a lock", without), (395, "With a lock", with)] {
        drawing.text("heading", (left, 28), heading);
        for (x, name) in [(55, "worker 0"), (168, "counter"), (280, "worker 1")] {
            drawing.text("middle", (left + x, 54), name);
        }
        for (row, &(worker, what, class, counter)) in (0..).zip(steps) {
            let y = 64 + 30 * row;
            drawing.labelled(class, (left + 225 * worker, y), (110, 24), what);
            drawing.text("middle", (left + 168, y + 17), counter);
        }
    }
    drawing.texts(
        "20 208 This store does not know of the other 8.
        395 326 Coloured: the critical section of each worker.",
    );
    drawing
}

/// Each drawing is as it is drawn here, and is shown once.
#[test]
fn drawings_are_as_drawn_here() {
    let text = all_text();
    let drawings = [
        ("address-spaces", address_spaces()),
        ("copy-on-write", copy_on_write()),
        ("lost-update", lost_update()),
        ("wait-status", wait_status()),
    ];
    assert_eq!(files("book/src/drawings", "svg").len(), drawings.len());
    for (name, drawing) in drawings {
        let drawing = drawing.0 + "</svg>\n";
        let file = format!("drawings/{name}.svg");
        let path = root().join("book/src").join(&file);
        if env::var_os("GUIDE_DRAW").is_some() {
            fs::write(&path, &drawing).expect("a file");
        }
        let is_current = read(&path) == drawing;
        assert!(is_current, "{name}: GUIDE_DRAW=1 draws it anew");
        assert_eq!(text.matches(&format!("]({file})")).count(), 1, "{name}");
    }
}
