//! The colours: those of Okabe and Ito, which readers with any kind of colour vision can tell
//! apart, and their counterparts on dark paper.

use plotters::style::RGBColor;
use std::fmt::Write;

pub(crate) const PAPER: RGBColor = RGBColor(0xff, 0xff, 0xff);
pub(crate) const INK: RGBColor = RGBColor(0x1a, 0x1a, 0x1a);
pub(crate) const MUTED: RGBColor = RGBColor(0x59, 0x59, 0x59);
pub(crate) const GRID: RGBColor = RGBColor(0xdd, 0xdd, 0xdd);
pub(crate) const BLUE: RGBColor = RGBColor(0x00, 0x72, 0xb2);
pub(crate) const VERMILION: RGBColor = RGBColor(0xc0, 0x4a, 0x00);
pub(crate) const GREEN: RGBColor = RGBColor(0x00, 0x78, 0x5a);
pub(crate) const PURPLE: RGBColor = RGBColor(0xa8, 0x4a, 0x82);

const DARK: [(RGBColor, RGBColor); 8] = [
    (PAPER, RGBColor(0x16, 0x18, 0x1d)),
    (INK, RGBColor(0xec, 0xec, 0xec)),
    (MUTED, RGBColor(0xa8, 0xa8, 0xa8)),
    (GRID, RGBColor(0x38, 0x3b, 0x42)),
    (BLUE, RGBColor(0x56, 0xb4, 0xe9)),
    (VERMILION, RGBColor(0xff, 0x8a, 0x4c)),
    (GREEN, RGBColor(0x2f, 0xc7, 0x9b)),
    (PURPLE, RGBColor(0xe3, 0x9c, 0xc4)),
];

/// A style sheet. The drawing has the light colours as attributes, which any rule of a style
/// sheet overrides.
pub(crate) fn style_sheet() -> String {
    let mut css = String::from(
        "text { font-family: system-ui, \"DejaVu Sans\", sans-serif; }\n\
         @media (prefers-color-scheme: dark) {\n",
    );
    for (light, dark) in DARK {
        let (light, dark) = (hex(light), hex(dark));
        for property in ["fill", "stroke"] {
            // Writing to a string does not fail.
            let _ = writeln!(css, "  [{property}=\"{light}\"] {{ {property}: {dark}; }}");
        }
    }
    css + "}\n"
}

/// As plotters writes it.
fn hex(RGBColor(red, green, blue): RGBColor) -> String {
    format!("#{red:02X}{green:02X}{blue:02X}")
}
