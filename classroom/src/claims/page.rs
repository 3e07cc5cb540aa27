//! What was found about the claims, on a page.

use std::fmt::Write;

use classroom::timeline::Escaped;
use classroom::timeline::html::page;

use super::claim::TEXTS;
use super::report::{Report, Tried};

/// How the claims look; all else is the style of every page.
const STYLE: &str = "<style>.claim{margin:1rem 0;padding-left:3.5rem;max-width:50rem}\
    .claim b:first-child{float:left;margin-left:-3.5rem}\
    .claim code{font-size:.875rem}</style>\n";

/// The page of a report.
pub fn document(report: &Report) -> String {
    let mut html = format!("{STYLE}<p class=\"faint\">{}</p>\n", Escaped(&report.machine));
    for text in &TEXTS {
        // A claim of several texts stands with the first of them.
        let is_here = |tried: &&Tried| tried.claim.texts().next() == Some(text.number);
        let mut claims = report.claims.iter().filter(is_here).peekable();
        if claims.peek().is_none() {
            continue;
        }
        let title = Escaped(text.title);
        let _ = writeln!(html, "<h2 class=\"job\">{}: {title}</h2>", text.number);
        claims.for_each(|tried| claim(&mut html, tried));
    }
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
