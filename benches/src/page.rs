//! All that was measured, as one page that needs nothing else.

use crate::claims::{CLAIMS, Claim};
use crate::figures::{Figure, Y};
use crate::machine;
use crate::results::Results;
use crate::table::{INTERVAL, Table, tables, words};
use crate::words::escaped;

/// The page, with these pictures. Some figures may lack one.
#[must_use]
pub fn page(results: &Results, pictures: &[(&Figure, String)], unmeasured: &[&Figure]) -> String {
    let columns = ["The guide says", "on this machine", "ratio", INTERVAL];
    let claims = CLAIMS.iter().map(|claim| row(claim, results));
    let claims = Table::new(&columns, claims.collect()).html();
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
    let pictures: String = pictures
        .iter()
        .map(|(figure, svg)| format!("<h3>{}</h3>\n{svg}", escaped(figure.title)))
        .collect();
    let tables: String = tables(results).iter().map(Table::html).collect();
    let style = include_str!("page.css");
    let machine = escaped(&machine::caption());
    format!(
        r#"<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>What threads and processes cost</title>
<style>
{style}</style>
</head>
<body>
<main>
<h1>What threads and processes cost</h1>
<p>{machine}</p>
<h2>What the guide claims</h2>
{claims}<h2>What is missing</h2>
{missing}<h2>Pictures</h2>
{pictures}<h2>Tables</h2>
{tables}</main>
</body>
</html>
"#
    )
}

fn row(claim: &Claim, results: &Results) -> Vec<String> {
    let ratio = claim.ratio(results).map(|ratio| words(ratio, Y::Ratio));
    let [ratio, interval] = ratio.unwrap_or_default();
    vec![claim.words.into(), claim.answer(results), ratio, interval]
}
