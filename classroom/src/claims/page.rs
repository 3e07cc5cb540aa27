//! What was found about the claims, on a page.

use std::fmt::Write;

use timeline::Escaped;
use timeline::html::page;

use super::claim::TEXTS;
use super::report::{Report, Tried};

/// The page of a report.
pub fn document(report: &Report) -> String {
    let mut html = format!("<p class=\"headline\">{}</p>\n<p>", Escaped(&report.headline()));
    for (_, words, meaning) in report.counts() {
        let _ = writeln!(html, "<b>{words}</b>: {meaning}.");
    }
    html.push_str("</p>\n");
    for text in &TEXTS {
        // A claim of several texts stands with the first of them.
        let is_here = |tried: &&Tried| tried.claim.texts().next() == Some(text.number);
        let mut claims = report.claims.iter().filter(is_here).peekable();
        if claims.peek().is_none() {
            continue;
        }
        let title = Escaped(text.title);
        let _ = writeln!(html, "<section>\n<h2>{}: {title}</h2>", text.number);
        claims.for_each(|tried| claim(&mut html, tried));
        html.push_str("</section>\n");
    }
    let _ = writeln!(html, "<p class=\"faint\">{}</p>", Escaped(&report.machine));
    page("Claims tried", &html)
}

fn claim(html: &mut String, tried: &Tried) {
    let claim = tried.claim;
    let _ = write!(
        html,
        "<p class=\"claim\"><b>{}</b>{}<br><span class=\"faint\">{}</span><br><b>{}</b>: {}",
        claim.number,
        Escaped(claim.wording),
        Escaped(&claim.place()),
        tried.verdict().unwrap_or_default(),
        Escaped(&tried.found()),
    );
    if let Some(command) = tried.command() {
        let _ = write!(html, "<br><code>{}</code>", Escaped(&command));
    }
    html.push_str("</p>\n");
}
