//! All that was measured, as one page that needs nothing else.

use crate::claims::{Answer, CLAIMS, Claim};
use crate::figures::{Figure, Y, with_pictures};
use crate::machine;
use crate::results::Results;
use crate::table::{Table, tables, words};
use crate::words::escaped;

const STYLE: &str = "
:root { color-scheme: light dark; }
body { background: Canvas; color: CanvasText; font: 1rem/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 54rem; padding: 1rem; }
svg { height: auto; max-width: 100%; }
div { overflow-x: auto; }
table { border-collapse: collapse; margin: 1rem 0; }
th, td { border: 1px solid; padding: 0.2rem 0.5rem; text-align: start; }
";

/// The page, with these pictures.
#[must_use]
pub fn page(results: &Results, pictures: &[(&Figure, String)]) -> String {
    let columns = [
        "The guide says",
        "on this machine",
        "ratio",
        "95 % confidence interval",
    ];
    let claims = CLAIMS.iter().map(|claim| row(claim, results));
    let claims = Table::new(&columns, claims.collect());
    let mut missing = machine::lacks();
    for Figure {
        name, bench, title, ..
    } in with_pictures()
    {
        if !pictures.iter().any(|(figure, _)| figure.name == *name) {
            missing.push(format!(
                "\"{title}\" is not measured: cargo bench -p benches --bench {bench}"
            ));
        }
    }
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
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>What threads and processes cost</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n\
         <h1>What threads and processes cost</h1>\n<p>{}</p>\n\
         <h2>What the guide claims</h2>\n{}\
         <h2>What is missing</h2>\n{missing}\
         <h2>Pictures</h2>\n{pictures}\
         <h2>Tables</h2>\n{tables}</main>\n</body>\n</html>\n",
        escaped(&machine::caption()),
        claims.html(),
    )
}

fn row(claim: &Claim, results: &Results) -> Vec<String> {
    let answer = match claim.answer(results) {
        Answer::Holds => "holds".into(),
        Answer::DoesNotHold => "does not hold".into(),
        Answer::Undecided => "cannot be told: measure again".into(),
        Answer::NotMeasured => format!("not measured: --bench {}", claim.bench()),
    };
    let ratio = claim.ratio(results).map(|ratio| words(ratio, Y::Ratio));
    let [ratio, interval] = ratio.unwrap_or_default();
    vec![claim.words.into(), answer, ratio, interval]
}
