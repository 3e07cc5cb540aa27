//! What was found about the claims, on a page to read.

use std::fmt::Write;

use basics::words::{capitalised, fill};
use experiment::{Text, texts};
use timeline::Escaped;

use super::report::{ClaimResult, Report};

/// The columns of a page in Markdown.
const COLUMNS: usize = 80;

const INTRODUCTION: &str = "The article and the other introductions are full of sentences that a \
    reader can try. Here each of them was tried by an experiment. The experiment computed the verdict \
    from what it had just measured. The reason stands behind the numbers.";

/// How to make the page again.
const COMMANDS: &str = "
```console
$ cargo run -p classroom -- claims                # all of them, in one to two minutes
$ cargo run -p classroom -- claims --only C07,C24 # some
$ cargo run -p classroom -- claims --list         # what there is, without a run
```
";

/// The report as a page in HTML.
pub fn html(report: &Report) -> String {
    let mut html = format!("<p class=\"headline\">{}</p>\n", Escaped(&report.headline()));
    let _ = writeln!(html, "<p>{INTRODUCTION}</p>\n<ul>");
    for (count, words, meaning) in report.counts() {
        let _ = writeln!(html, "<li>{count} × <b>{words}</b>: {meaning}</li>");
    }
    html.push_str("</ul>\n");
    if !report.refuted().is_empty() {
        html.push_str("<section>\n<h2>What does not hold</h2>\n<ul>\n");
        for result in report.refuted() {
            let (number, sentence) = (result.claim.number, Escaped(result.claim.sentence));
            let _ = writeln!(html, "<li><a href=\"#{number}\">{sentence}</a></li>");
        }
        html.push_str("</ul>\n</section>\n");
    }
    for (text, sections) in by_text_and_section(report) {
        let title = heading(text);
        let _ = writeln!(html, "<section>\n<h2>{}</h2>", Escaped(&title));
        let _ = writeln!(html, "<p class=\"faint\">{}</p>", address_in_html(text));
        for section in sections {
            let _ = writeln!(html, "<h3>{}</h3>", Escaped(section[0].claim.section));
            for result in section {
                claim_in_html(&mut html, result);
            }
        }
        html.push_str("</section>\n");
    }
    let _ = writeln!(html, "<p class=\"faint\">{}</p>", Escaped(&report.machine));
    timeline::html::page("Every claim, tried", &html)
}

fn claim_in_html(html: &mut String, result: &ClaimResult) {
    let claim = result.claim;
    let (number, verdict) = (claim.number, verdict(result));
    let tag = if result.is_refuted() { "strong" } else { "i" };
    let (sentence, found) = (Escaped(claim.sentence), result.found());
    let _ = write!(html, "<p class=\"claim\" id=\"{number}\"><b>{number}</b><b>{sentence}</b>");
    let _ = write!(html, "<br><{tag}>{verdict}:</{tag}> {}", Escaped(&found));
    if let Some(command) = result.command() {
        let _ = write!(html, "<br><code>{}</code>", Escaped(&command));
    }
    html.push_str("</p>\n");
}

fn address_in_html(text: &Text) -> String {
    let publisher = Escaped(&capitalised(text.publisher)).to_string();
    match text.link {
        Some(link) => format!("{publisher}, <a href=\"{link}\">{link}</a>"),
        None => publisher,
    }
}

/// The report as a page in Markdown: that of this project, if all claims were tried.
pub fn markdown(report: &Report) -> String {
    let mut page = String::from("# Every claim, tried\n");
    let mut paragraph = |text: &str, first: &str, rest: &str| {
        page.extend(["\n", &fill(text, COLUMNS, first, rest), "\n"]);
    };
    paragraph(INTRODUCTION, "", "");
    page += COMMANDS;
    let _ = writeln!(page, "\n**{}**\n\n| claims | verdict | in words |", report.headline());
    page += "|--:|---|---|\n";
    for (count, words, meaning) in report.counts() {
        let _ = writeln!(page, "| {count} | {words} | {meaning} |");
    }
    if !report.refuted().is_empty() {
        page += "\n## What does not hold\n\n";
        for result in report.refuted() {
            let line = format!("**{}** ({})", result.claim.sentence, result.place());
            page.extend([&*fill(&line, COLUMNS, "- ", "  "), "\n"]);
        }
    }
    for (text, sections) in by_text_and_section(report) {
        let link = text.link.map_or(String::new(), |link| format!(", <{link}>"));
        let _ = writeln!(page, "\n## {}\n\n{}{link}", heading(text), capitalised(text.publisher));
        for section in sections {
            let _ = writeln!(page, "\n### {}\n", section[0].claim.section);
            for result in section {
                claim_in_markdown(&mut page, result);
            }
        }
    }
    let _ = writeln!(
        page,
        "\n{}\n\nBack to [the eight programs](../../README.md).",
        fill(&format!("{}.", report.machine), COLUMNS, "Measured on: ", "")
    );
    page
}

fn claim_in_markdown(page: &mut String, result: &ClaimResult) {
    let claim = result.claim;
    let mut line = |text: &str, first| page.extend([&*fill(text, COLUMNS, first, "  "), "\n"]);
    line(&format!("**{}** ({})", claim.sentence, claim.number), "- ");
    let mark = if result.is_refuted() { "**" } else { "*" };
    line(&format!("{mark}{}:{mark} {}", verdict(result), result.found()), "  ");
    if let Some(command) = result.command() {
        line(&format!("`{command}`"), "  ");
    }
}

/// The verdict in words, as a sentence begins.
fn verdict(result: &ClaimResult) -> String {
    capitalised(result.meaning())
}

fn heading(text: &Text) -> String {
    format!("{}: {}", capitalised(text.short), text.title)
}

/// The claims of each text, a list for each of its sections. A claim of several texts stands with the
/// first of them.
fn by_text_and_section(report: &Report) -> Vec<(&'static Text, Vec<&[ClaimResult]>)> {
    let place = |result: &ClaimResult| (result.claim.texts[0], result.claim.section);
    let sections = report.claims.chunk_by(|one, next| place(one) == place(next));
    let sections: Vec<&[ClaimResult]> = sections.collect();
    let of = |text: &Text| {
        sections
            .iter()
            .copied()
            .filter(|section| section[0].claim.texts[0] == text.number)
            .collect()
    };
    let all = texts().iter().map(|text| (text, of(text)));
    all.filter(|(_, sections): &(_, Vec<_>)| !sections.is_empty()).collect()
}
