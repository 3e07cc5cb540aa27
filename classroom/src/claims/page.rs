//! What was found about the claims, on a page.

use std::fmt::Write;

use timeline::Escaped;
use timeline::html::page;

use super::claim::TEXTS;
use super::report::{ClaimResult, Report};

/// The page of a report.
pub fn document(report: &Report) -> String {
    let mut html = format!("<p class=\"headline\">{}</p>\n<p>", Escaped(&report.headline()));
    for (_, words, meaning) in report.counts() {
        let _ = writeln!(html, "<b>{words}</b>: {meaning}.");
    }
    html.push_str("</p>\n");
    for text in &TEXTS {
        // A claim of several texts stands with the first of them.
        let is_here = |result: &&ClaimResult| result.claim.texts().next() == Some(text.number);
        let mut claims = report.claims.iter().filter(is_here).peekable();
        if claims.peek().is_none() {
            continue;
        }
        let title = Escaped(text.title);
        let _ = writeln!(html, "<section>\n<h2>{}: {title}</h2>", text.number);
        claims.for_each(|result| claim(&mut html, result));
        html.push_str("</section>\n");
    }
    let _ = writeln!(html, "<p class=\"faint\">{}</p>", Escaped(&report.machine));
    page("Claims tried", &html)
}

fn claim(html: &mut String, result: &ClaimResult) {
    let claim = result.claim;
    let _ = write!(
        html,
        "<p class=\"claim\"><b>{}</b>{}<br><span class=\"faint\">{}</span><br><b>{}</b>: {}",
        claim.number,
        Escaped(claim.wording),
        Escaped(&claim.place()),
        result.verdict().unwrap_or_default(),
        Escaped(&result.found()),
    );
    if let Some(command) = result.command() {
        let _ = write!(html, "<br><code>{}</code>", Escaped(&command));
    }
    html.push_str("</p>\n");
}
