//! All programs on one page.

use std::fmt::Write;
use std::time::Duration;

use classroom::error::{Error, Result};
use classroom::timeline::html::{FigureOptions, KEY, figure, page};
use classroom::timeline::save::{Form, Target};
use classroom::timeline::svg::Escaped;
use classroom::timeline::trace;

use super::table::{COLUMNS, Comparison, JOBS, Job, Row};

/// The most lanes of a program: enough for every picture of the article, and the page stays short.
const MOST_LANES: usize = 12;

/// Reads the name of the file of a report; the error names the endings that there are.
pub fn target(name: &str) -> Result<Target, String> {
    let of_a_report = |target: &Target| target.form() != Form::Svg;
    Target::parse(name)
        .ok()
        .filter(of_a_report)
        .ok_or_else(|| "the ending of a report must be .html or .json (.svg is for one run)".into())
}

/// Refuses a form that a report does not have.
pub fn check_form(target: &Target) -> Result<()> {
    match target.form() {
        Form::Html | Form::Json => Ok(()),
        Form::Svg => Err(Error::new(format!(
            "Cannot save a report as {target}: it takes .html or .json (.svg is for one run)"
        ))),
    }
}

/// Writes a comparison in the form that the file's ending names.
pub fn save(comparison: &Comparison, target: &Target) -> Result<()> {
    target.write(|file| match target.form() {
        Form::Json => {
            let runs: Vec<_> = comparison.rows.iter().filter_map(Row::timeline).cloned().collect();
            trace::write(&runs, &comparison.to_json(), file)
        }
        Form::Html | Form::Svg => file.write_all(document(comparison).as_bytes()),
    })
}

fn document(comparison: &Comparison) -> String {
    let mut html = format!("<p class=\"faint\">{}</p>\n", Escaped(&comparison.machine));
    table(&mut html, comparison);
    let mut id = 0;
    for job in JOBS {
        let rows = comparison.rows_of(job);
        if rows.is_empty() {
            continue;
        }
        let (name, heading) = heading(job);
        let _ = writeln!(html, "<h2 class=\"job\">{heading}</h2>");
        if let Some(sentence) = comparison.sentence(job) {
            let _ = writeln!(html, "<p>{}</p>", Escaped(&sentence));
        }
        if let Some(note) = comparison.note_on_sums().filter(|_| job == Job::Sum) {
            let _ = writeln!(html, "<p class=\"faint\">In these sums {}.</p>", Escaped(&note));
        }
        if job == Job::Race {
            continue;
        }
        bars(&mut html, &rows);
        html += KEY;
        // One axis for all of a job, so that their lengths are seen.
        let runs = rows.iter().filter_map(|row| row.timeline());
        let window = runs.map(|run| run.duration).max().unwrap_or_default();
        for row in rows {
            let Some(timeline) = row.timeline() else { continue };
            id += 1;
            let window = Some(window.max(Duration::from_nanos(1)));
            html += &figure(
                timeline,
                FigureOptions { window, most_lanes: MOST_LANES, group: name, id, heading: true },
            );
        }
    }
    page("Programs compared", &html)
}

/// How the pictures of a job are called among each other, and over them.
fn heading(job: Job) -> (&'static str, &'static str) {
    match job {
        Job::Download => ("downloads", "Downloads: nearly all of it is waiting"),
        Job::Sum => ("sums", "Sums: nothing to wait for but a core"),
        Job::Race => ("race", "The race"),
    }
}

fn table(html: &mut String, comparison: &Comparison) {
    let _ = write!(
        html,
        "<p>{}</p>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Table of \
         times\"><table>\n<thead><tr><th>program",
        Escaped(&comparison.what_counts())
    );
    for (head, _) in COLUMNS {
        let _ = write!(html, "<th>{head}");
    }
    html.push_str("</thead>\n");
    for row in &comparison.rows {
        let _ = write!(html, "<tr><th scope=\"row\">{}", row.program.name);
        for cell in row.cells() {
            let _ = write!(html, "<td>{cell}");
        }
        html.push('\n');
    }
    let meanings = COLUMNS.map(|(head, meaning)| format!("{head}: {meaning}"));
    let _ = writeln!(html, "</table></div>\n<p class=\"more\">{}.</p>", meanings.join("; "));
}

/// A bar for each program, as long as its time, with its bound and the article's time marked.
///
/// The longest time measured here sets the scale. A longer one of the article stands there in words.
fn bars(html: &mut String, rows: &[&Row]) {
    let times = rows.iter().flat_map(|row| [Some(row.seconds()), row.figure("bound_seconds")]);
    let longest = times.flatten().filter(|time| time.is_finite()).fold(0.0, f64::max);
    let percent = |time: f64| 100.0 * time / longest;
    html.push_str("<div class=\"times\">\n");
    for row in rows {
        let (name, time) = (row.program.name, row.seconds());
        let mut marks = String::new();
        let mut label = format!("{name}: {time:.3} s");
        let (mut beyond, mut style) = (String::new(), "");
        if let Some(bound) = row.figure("bound_seconds") {
            let _ = write!(marks, "<b class=\"bound\" style=\"left:{:.3}%\"></b>", percent(bound));
            let _ = write!(label, ", bound {bound:.3} s");
        }
        if let Some(article) = row.article() {
            if article <= longest {
                let left = percent(article);
                let _ = write!(marks, "<b class=\"article\" style=\"left:{left:.3}%\"></b>");
            } else {
                beyond = format!("<br><small class=\"faint\">article: {article:.2} s</small>");
                // Two lines are higher than a row.
                style = " style=\"height:auto\"";
            }
            let _ = write!(label, ", in the article {article:.2} s");
        }
        let _ = writeln!(
            html,
            "<div role=\"img\" aria-label=\"{label}\"{style}><span>{name}{beyond}</span>\
             <div class=\"track\"><i style=\"width:{:.3}%\"></i>{marks}</div>\
             <span class=\"value\">{time:.3} s</span></div>",
            percent(time)
        );
    }
    html.push_str(
        "</div>\n<p class=\"key faint\"><span><i class=\"works\"></i>measured</span>\
         <span><b class=\"bound\"></b>bound: the least time with so many at once</span>",
    );
    if rows.iter().filter_map(|row| row.article()).any(|article| article <= longest) {
        html.push_str("<span><b class=\"article\"></b>the article's time</span>");
    }
    html.push_str("</p>\n");
}
