//! All that was measured, as one page that needs nothing else.

use crate::claims::Claim;
use crate::figures::{Figure, GUIDE, Y};
use crate::machine;
use crate::results::Results;
use crate::table::{INTERVAL, Table, tables, words};
use crate::words::escaped;

/// The page, with these pictures. Some figures may lack one.
#[must_use]
pub fn page(results: &Results, pictures: &[(&Figure, String)], unmeasured: &[&Figure]) -> String {
    let columns = ["The guide says", "on this machine", "ratio", INTERVAL];
    let claims = GUIDE.claims.iter().map(|claim| row(claim, results));
    let mut missing = machine::lacks();
    missing.extend(unmeasured.iter().map(|Figure { title, bench, .. }| {
        format!("\"{title}\" is not measured: cargo bench -p benches --bench {bench}")
    }));
    let missing: String = missing
        .iter()
        .map(|text| format!("<li>{}</li>\n", escaped(text)))
        .collect();
    let missing = match missing.as_str() {
        "" => "<p>Nothing.</p>\n".into(),
        _ => format!("<ul>\n{missing}</ul>\n"),
    };
    let pictures = pictures
        .iter()
        .map(|(figure, svg)| format!("<h3>{}</h3>\n{svg}", escaped(&figure.title)));
    let tables = tables(results);
    format!(
        include_str!("page.html"),
        style = include_str!("page.css"),
        machine = escaped(&machine::caption()),
        claims = Table::new(&columns, claims.collect()).html(),
        missing = missing,
        pictures = pictures.collect::<String>(),
        tables = tables.iter().map(Table::html).collect::<String>(),
    )
}

fn row(claim: &Claim, results: &Results) -> Vec<String> {
    let ratio = claim.ratio(results).map(|ratio| words(ratio, Y::Ratio));
    let [ratio, interval] = ratio.unwrap_or_default();
    vec![claim.words.clone(), claim.answer(results), ratio, interval]
}
