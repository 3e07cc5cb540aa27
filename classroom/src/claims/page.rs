//! What was found about the claims, on a page.

use std::fmt::Write;

use experiment::Verdict;
use timeline::Escaped;
use timeline::html::page;

use super::claim::TEXTS;
use super::report::{ClaimResult, Report};

/// The page of a report.
pub fn document(report: &Report) -> String {
    let mut html = format!("<p>{}</p>\n<ul>\n", Escaped(&report.headline()));
    for (count, words, meaning) in report.counts() {
        let _ = write!(html, "<li{}><b>{words}</b> ({count}): {meaning}.", class(words));
        // What everybody expects needs no list.
        if is_news(words) {
            for result in report.claims.iter().filter(|result| result.verdict() == Some(words)) {
                let number = result.claim.number;
                let _ = write!(html, " <a href=\"#{number}\">{number}</a>");
            }
        }
        html.push('\n');
    }
    html.push_str("</ul>\n");
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

/// Whether a verdict is one that a reader looks for.
fn is_news(verdict: &str) -> bool {
    [Verdict::DoesNotHoldHere, Verdict::HoldsDifferently, Verdict::Undecided]
        .iter()
        .any(|news| news.words() == verdict)
}

/// The class of what belongs to a verdict, as an attribute.
fn class(verdict: &str) -> &'static str {
    if verdict == Verdict::DoesNotHoldHere.words() { " class=\"against\"" } else { "" }
}

fn claim(html: &mut String, result: &ClaimResult) {
    let claim = result.claim;
    let _ = write!(
        html,
        "<p class=\"claim\" id=\"{0}\"><b>{0}</b>{1}<br><span class=\"faint\">{2}</span><br>\
         <span{3}><b>{4}</b>: {5}</span>",
        claim.number,
        Escaped(claim.wording),
        Escaped(&claim.place()),
        class(result.verdict().unwrap_or_default()),
        result.verdict().unwrap_or_default(),
        Escaped(&result.found()),
    );
    if let Some(command) = result.command() {
        let _ = write!(html, "<br><code>{}</code>", Escaped(&command));
    }
    html.push_str("</p>\n");
}
