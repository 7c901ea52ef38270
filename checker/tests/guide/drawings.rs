//! The drawings that explain: `book/src/drawings`. To draw them anew after a change here:
//!
//! ```console
//! $ GUIDE_DRAW=1 cargo test -p checker --test guide drawings
//! ```

use crate::text::{files, pages, read, root};
use std::env;
use std::fs;
use svg::Document;
use svg::node::element::{Element, Line, Rectangle, Style, Text, Title};

/// The width at which the pages show a drawing, in pixels.
const WIDTH: u32 = 750;

/// The colours are those of the traces. Text has 13 px at least.
const STYLE: &str = "
text { font: 13px system-ui, \"DejaVu Sans\", sans-serif; fill: #1a1a1a; }
.heading { font-size: 15px; font-weight: 600; }
.code { font-family: ui-monospace, \"DejaVu Sans Mono\", monospace; }
.middle { text-anchor: middle; }
.paper { fill: #ffffff; }
.plain { fill: #eeeef4; stroke: #77778a; }
.shared { fill: #d9ecf7; stroke: #0072b2; }
.private { fill: #fdeac4; stroke: #b87f00; }
.wrong { fill: #fbe0d3; stroke: #c04a00; stroke-width: 2; }
.area { fill: none; stroke: #77778a; stroke-dasharray: 4 3; }
.line { stroke: #595959; stroke-width: 1.5; }
.new { stroke: #b87f00; stroke-width: 3; }
@media (prefers-color-scheme: dark) {
  text { fill: #ececec; }
  .paper { fill: #16181d; }
  .plain { fill: #2b2d38; stroke: #9a9ab4; }
  .shared { fill: #12374c; stroke: #56b4e9; }
  .private { fill: #3d3110; stroke: #c99416; }
  .wrong { fill: #4a2210; stroke: #f0804a; }
  .area { stroke: #9a9ab4; }
  .line { stroke: #a8a8a8; }
  .new { stroke: #c99416; }
}
";

struct Drawing {
    height: u32,
    title: &'static str,
    parts: Vec<Element>,
}

impl Drawing {
    fn new(title: &'static str, height: u32) -> Self {
        let mut drawing = Self {
            height,
            title,
            parts: Vec::new(),
        };
        drawing.rectangle("paper", (0, 0), (WIDTH, height));
        drawing
    }

    fn rectangle(&mut self, class: &str, (x, y): (u32, u32), (width, height): (u32, u32)) {
        let rectangle = Rectangle::new()
            .set("class", class)
            .set("x", x)
            .set("y", y)
            .set("width", width)
            .set("height", height)
            .set("rx", 3);
        self.parts.push(rectangle.into());
    }

    fn text(&mut self, class: &str, (x, y): (u32, u32), text: &str) {
        let text = Text::new(text).set("class", class).set("x", x).set("y", y);
        self.parts.push(text.into());
    }

    /// A box with a text in its middle.
    fn labelled(&mut self, class: &str, at: (u32, u32), size: (u32, u32), text: &str) {
        self.rectangle(class, at, size);
        let middle = (at.0 + size.0 / 2, at.1 + size.1 / 2 + 5);
        self.text("middle", middle, text);
    }

    fn line(&mut self, class: &str, (x1, y1): (u32, u32), (x2, y2): (u32, u32)) {
        let line = Line::new()
            .set("class", class)
            .set("x1", x1)
            .set("y1", y1)
            .set("x2", x2)
            .set("y2", y2);
        self.parts.push(line.into());
    }

    fn finish(self) -> String {
        let document = Document::new()
            .set("width", WIDTH)
            .set("height", self.height)
            .set("viewBox", (0, 0, WIDTH, self.height))
            .set("role", "img")
            .set("aria-labelledby", "title")
            .add(Title::new(self.title).set("id", "title"))
            .add(Style::new(STYLE));
        let document = self.parts.into_iter().fold(document, Document::add);
        format!("{document}\n")
    }
}

/// What two threads share, and what a parent and its child share after a `fork`.
fn address_spaces() -> String {
    let mut drawing = Drawing::new(
        "The address space of two threads, and of two processes",
        396,
    );
    const TOP: u32 = 140;
    const ROW: u32 = 36;
    let middle_of = |row: u32| TOP + ROW * row + 14;

    drawing.text("heading", (20, 28), "Two threads: one process");
    for (x, name) in [(20, "thread 1"), (92, "thread 2")] {
        drawing.labelled("plain", (x, 44), (66, 30), name);
        drawing.line("line", (x + 33, 74), (x + 33, 90));
    }
    drawing.rectangle("area", (12, 90), (154, 236));
    let areas = ["code", "array", "results", "stack 1", "stack 2"];
    for (row, name) in (0..).zip(areas) {
        let class = if row < 3 { "shared" } else { "private" };
        drawing.labelled(class, (20, TOP + ROW * row), (138, 28), name);
        drawing.line("line", (158, middle_of(row)), (215, middle_of(row)));
        drawing.labelled(class, (215, TOP + ROW * row), (74, 28), "frame");
    }
    drawing.text("", (20, 112), "address space");
    drawing.text("middle", (192, 108), "page");
    drawing.text("middle", (192, 124), "table");
    drawing.text("", (12, 350), "A new thread brings a stack.");
    drawing.text("", (12, 370), "All else is there, and is used by both.");

    drawing.text("heading", (330, 28), "Two processes");
    for (x, name) in [(330, "parent"), (616, "child")] {
        drawing.labelled("plain", (x, 44), (116, 30), name);
        drawing.line("line", (x + 58, 74), (x + 58, 90));
        drawing.rectangle("area", (x - 8, 90), (132, 200));
        drawing.text("", (x, 112), "address space");
    }
    let areas = ["code", "array", "results, shared", "stack"];
    for (row, name) in (0..).zip(areas) {
        let class = if row < 3 { "shared" } else { "private" };
        drawing.labelled(class, (330, TOP + ROW * row), (116, 28), name);
        drawing.labelled(class, (616, TOP + ROW * row), (116, 28), name);
        let frame = if row < 3 { row } else { 4 };
        drawing.line("line", (446, middle_of(row)), (494, middle_of(row)));
        drawing.line("line", (616, middle_of(row)), (568, middle_of(frame)));
    }
    for row in 0..5 {
        let class = if row < 3 { "shared" } else { "private" };
        drawing.labelled(class, (494, TOP + ROW * row), (74, 28), "frame");
    }
    for x in [478, 584] {
        drawing.text("middle", (x, 108), "page");
        drawing.text("middle", (x, 124), "table");
    }
    drawing.text(
        "",
        (322, 350),
        "fork copies the page table, not the frames of code and array.",
    );
    drawing.text(
        "",
        (322, 370),
        "Both may write to the frame of results: it is a shared mapping.",
    );
    drawing.finish()
}

/// The fields of a wait status, and two examples.
fn wait_status() -> String {
    let mut drawing = Drawing::new("The bits of a wait status", 372);
    const LEFT: u32 = 190;
    const BIT: u32 = 34;
    let x_of = |bit: u32| LEFT + BIT * (15 - bit);
    // From the high bit to the low one, both included.
    let field = |drawing: &mut Drawing, class: &str, (high, low): (u32, u32), y, text: &str| {
        let width = BIT * (high - low + 1) - 2;
        drawing.labelled(class, (x_of(high) + 1, y), (width, 32), text);
    };
    drawing.text("", (12, 28), "bit");
    for bit in 0..16 {
        drawing.text("middle", (x_of(bit) + BIT / 2, 28), &bit.to_string());
    }
    type Field = ((u32, u32), &'static str, &'static str);
    let rows: [(&str, &str, &[Field]); 4] = [
        (
            "exited",
            "WIFEXITED",
            &[
                ((15, 8), "shared", "exit status: WEXITSTATUS"),
                ((7, 7), "plain", "0"),
                ((6, 0), "plain", "0"),
            ],
        ),
        (
            "killed by a signal",
            "WIFSIGNALED",
            &[
                ((15, 8), "plain", "0"),
                ((7, 7), "private", "C"),
                ((6, 0), "private", "signal, 1 to 126: WTERMSIG"),
            ],
        ),
        (
            "stopped by a signal",
            "WIFSTOPPED",
            &[
                ((15, 8), "private", "signal: WSTOPSIG"),
                ((7, 7), "plain", "0"),
                ((6, 0), "plain", "127"),
            ],
        ),
        ("continued", "WIFCONTINUED", &[((15, 0), "plain", "0xffff")]),
    ];
    for (row, (name, test, fields)) in (0..).zip(rows) {
        let y = 40 + 46 * row;
        drawing.text("", (12, y + 14), name);
        drawing.text("code", (12, y + 31), test);
        for &(bits, class, text) in fields {
            field(&mut drawing, class, bits, y, text);
        }
    }
    drawing.text("", (LEFT, 236), "C: the child left a core file (WCOREDUMP)");
    drawing.text("heading", (12, 270), "Two examples");
    let examples = [
        (
            0x000b_u32,
            (6, 0),
            "private",
            "killed by signal 11",
            "0x000b is 11",
        ),
        (0x0300, (15, 8), "shared", "exited with 3", "0x0300 is 768"),
    ];
    for (row, (status, (high, low), class, name, number)) in (0..).zip(examples) {
        let y = 282 + 46 * row;
        drawing.text("", (12, y + 14), name);
        drawing.text("code", (12, y + 31), number);
        for bit in 0..16 {
            let class = if (low..=high).contains(&bit) {
                class
            } else {
                "plain"
            };
            let digit = (status >> bit & 1).to_string();
            field(&mut drawing, class, (bit, bit), y, &digit);
        }
    }
    drawing.finish()
}

/// The page tables of a parent and its child, before and after the child writes.
fn copy_on_write() -> String {
    let mut drawing = Drawing::new("Page tables before and after a write", 420);
    const ROW: u32 = 40;
    let entry = |drawing: &mut Drawing, x, y, page: u32, is_writable: bool| {
        let class = if is_writable { "private" } else { "shared" };
        let access = if is_writable {
            "may write"
        } else {
            "read-only"
        };
        drawing.labelled(class, (x, y), (200, 30), &format!("page {page}: {access}"));
    };
    for (top, heading, is_written) in [
        (20, "After the fork, before the write", false),
        (200, "After the child has written to page 1", true),
    ] {
        drawing.text("heading", (20, top + 12), heading);
        drawing.text("", (20, top + 40), "page table of the parent");
        drawing.text("middle", (375, top + 40), "frames");
        drawing.text("", (530, top + 40), "page table of the child");
        let y = top + 52;
        for (row, name) in (0..).zip(["frame A", "frame B"]) {
            drawing.labelled("shared", (320, y + ROW * row), (110, 30), name);
        }
        for page in 0..2 {
            let middle = y + ROW * page + 15;
            let is_copied = is_written && page == 1;
            entry(&mut drawing, 20, y + ROW * page, page, false);
            entry(&mut drawing, 530, y + ROW * page, page, is_copied);
            drawing.line("line", (220, middle), (320, middle));
            if is_copied {
                drawing.line("new", (530, middle), (430, middle + ROW));
                let (at, size) = ((320, y + ROW * 2), (110, 30));
                drawing.labelled("private", at, size, "copy of B");
            } else {
                drawing.line("line", (530, middle), (430, middle));
            }
        }
    }
    drawing.text("", (20, 394), "The write raises a page fault. The kernel copies frame B, and only the child uses the copy.");
    drawing.finish()
}

/// Two workers that add 1: with and without a lock.
fn lost_update() -> String {
    let mut drawing = Drawing::new("An update is lost; a lock prevents it", 340);
    const ROW: u32 = 30;
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
            let y = 64 + ROW * row;
            let x = left + 225 * worker;
            drawing.labelled(class, (x, y), (110, 24), what);
            drawing.text("middle", (left + 168, y + 17), counter);
        }
    }
    drawing.text("", (20, 208), "This store does not know of the other 8.");
    drawing.text(
        "",
        (395, 326),
        "Coloured: the critical section of each worker.",
    );
    drawing.finish()
}

fn drawings() -> [(&'static str, String); 4] {
    [
        ("address-spaces", address_spaces()),
        ("copy-on-write", copy_on_write()),
        ("lost-update", lost_update()),
        ("wait-status", wait_status()),
    ]
}

#[test]
fn drawings_are_as_drawn_here() {
    for (name, drawing) in drawings() {
        let path = root().join(format!("book/src/drawings/{name}.svg"));
        if env::var_os("GUIDE_DRAW").is_some() {
            fs::write(&path, &drawing).expect("a file");
        }
        let is_current = read(&path) == drawing;
        assert!(is_current, "{name}: GUIDE_DRAW=1 draws it anew");
    }
}

#[test]
fn each_drawing_is_shown_once() {
    let text: String = pages().iter().map(|page| read(page)).collect();
    let files = files("book/src/drawings", "svg");
    assert_eq!(files.len(), drawings().len());
    for (name, _) in drawings() {
        let link = format!("](drawings/{name}.svg)");
        assert_eq!(text.matches(&link).count(), 1, "{name}");
    }
}
