//! Numbers and texts as a reader sees them.

/// As text of XML and HTML.
pub(crate) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

/// A time in nanoseconds in the unit that suits it, with three digits.
pub(crate) fn in_units(ns: f64) -> String {
    let (value, unit) = match ns.abs() {
        ..1e3 => (ns, "ns"),
        ..1e6 => (ns / 1e3, "µs"),
        ..1e9 => (ns / 1e6, "ms"),
        _ => (ns / 1e9, "s"),
    };
    let decimals = match value.abs() {
        ..9.995 => 2,
        ..99.95 => 1,
        _ => 0,
    };
    format!("{value:.decimals$} {unit}")
}

/// A number without needless zeros, with commas between thousands.
pub(crate) fn with_commas(number: f64) -> String {
    if number >= 1000.0 {
        let thousands = (number / 1000.0).floor();
        let rest = number - 1000.0 * thousands;
        return format!("{},{rest:03.0}", with_commas(thousands));
    }
    let digits = format!("{number:.9}");
    digits.trim_end_matches('0').trim_end_matches('.').into()
}

#[cfg(test)]
mod tests {
    use super::{in_units, with_commas};

    #[test]
    fn numbers() {
        for (number, words) in [
            (0.01, "0.01"),
            (1.0, "1"),
            (1.2, "1.2"),
            (999.0, "999"),
            (10.0, "10"),
            (1024.0, "1,024"),
            (1e6, "1,000,000"),
        ] {
            assert_eq!(with_commas(number), words);
        }
        for (ns, words) in [
            (0.1, "0.10 ns"),
            (38.6, "38.6 ns"),
            (1234.0, "1.23 µs"),
            (251_970.0, "252 µs"),
            (48_808_000.0, "48.8 ms"),
            (2.5e9, "2.50 s"),
        ] {
            assert_eq!(in_units(ns), words);
        }
    }
}
