//! All that was measured, as one page that needs nothing else.

use crate::claims::{Answer, CLAIMS, Claim};
use crate::figures::{Figure, Y, with_pictures};
use crate::machine::Machine;
use crate::results::Results;
use crate::table::{Table, interval, tables, words};
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
pub fn page(results: &Results, machine: &Machine, pictures: &[(&Figure, String)]) -> String {
    let claims = CLAIMS.iter().map(|claim| row(claim, results)).collect();
    let claims = Table::new(
        &[
            "The guide says",
            "on this machine",
            "ratio",
            "95 % confidence interval",
        ],
        claims,
    );
    let mut missing = machine.lacks();
    let is_missing =
        |figure: &&Figure| !pictures.iter().any(|(other, _)| other.name == figure.name);
    let unmeasured = with_pictures().filter(is_missing);
    missing.extend(unmeasured.map(|Figure { title, bench, .. }| {
        format!("\"{title}\" is not measured: cargo bench -p benches --bench {bench}")
    }));
    let item = |text: &String| format!("<li>{}</li>\n", escaped(text));
    let missing: String = missing.iter().map(item).collect();
    let missing = match missing.as_str() {
        "" => "<p>Nothing.</p>\n".into(),
        _ => format!("<ul>\n{missing}</ul>\n"),
    };
    let pictures = pictures
        .iter()
        .map(|(figure, svg)| format!("<h3>{}</h3>\n{svg}", escaped(figure.title)));
    let tables: String = tables(results).iter().map(Table::html).collect();
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>What threads and processes cost</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n\
         <h1>What threads and processes cost</h1>\n<p>{}</p>\n\
         <h2>What the guide claims</h2>\n{}\
         <h2>What is missing</h2>\n{missing}\
         <h2>Pictures</h2>\n{}\
         <h2>Tables</h2>\n{tables}</main>\n</body>\n</html>\n",
        escaped(&machine.to_string()),
        claims.html(),
        pictures.collect::<String>(),
    )
}

fn row(claim: &Claim, results: &Results) -> Vec<String> {
    let answer = match claim.answer(results) {
        Answer::Holds => "holds".into(),
        Answer::DoesNotHold => "does not hold".into(),
        Answer::Undecided => "cannot be told: measure again".into(),
        Answer::NotMeasured => format!("not measured: --bench {}", claim.bench),
    };
    let (ratio, interval) = match claim.ratio(results) {
        Some(time) => (words(time.median, Y::Ratio), interval(time, Y::Ratio)),
        None => Default::default(),
    };
    vec![claim.words.into(), answer, ratio, interval]
}
