//! All programs on one page.

use std::fmt::Write;
use std::time::Duration;

use basics::error::{Error, Result};
use timeline::html::{Area, areas, page_with_pictures};
use timeline::save::{Form, Target};
use timeline::{Escaped, Job, Timeline, trace};

use super::table::{COLUMNS, Comparison, Row};
use super::verdict::headline;

/// What is said of another ending.
const ENDINGS: &str = "the ending of a report must be .html or .json (.svg is for one run)";

/// Reads the name of the file of a report; the error names the endings that there are.
pub fn target(name: &str) -> Result<Target, String> {
    let is_of_a_report = |target: &Target| target.form() != Form::Svg;
    Target::parse(name).ok().filter(is_of_a_report).ok_or_else(|| ENDINGS.into())
}

/// Refuses a form that a report does not have.
pub fn check_form(target: &Target) -> Result<()> {
    match target.form() {
        Form::Html | Form::Json => Ok(()),
        Form::Svg => Err(Error::new(format!("Cannot save a report as {target}: {ENDINGS}"))),
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
    let mut html = String::new();
    let jobs = Job::ALL.map(|job| (job, comparison.rows_of(job)));
    if let Some(headline) = jobs.iter().find_map(|(_, rows)| headline(rows)) {
        let _ = writeln!(html, "<p class=\"headline\">{}</p>", Escaped(&headline));
    }
    for (job, rows) in &jobs {
        if !rows.is_empty() {
            section(&mut html, comparison, *job, rows);
        }
    }
    table(&mut html, comparison);
    let _ = writeln!(html, "<p class=\"faint\">{}</p>", Escaped(&comparison.machine));
    page_with_pictures("Programs compared", &html)
}

/// All about one job.
fn section(html: &mut String, comparison: &Comparison, job: Job, rows: &[&Row]) {
    let runs: Vec<&Timeline> = rows.iter().filter_map(|row| row.timeline()).collect();
    let _ = writeln!(html, "<h2>{}</h2>", heading(job, &runs));
    if !runs.is_empty() {
        let _ = writeln!(html, "<p>{}</p>", Escaped(&of_areas(job, &runs)));
        let pictures = rows.iter().filter_map(|row| {
            let (bound, article) = (row.figure("bound_seconds"), row.article());
            row.timeline().map(|run| Area { run, bound, article })
        });
        *html += &areas(&pictures.collect::<Vec<_>>());
    }
    if let Some(sentence) = comparison.sentence(job) {
        let _ = writeln!(html, "<p>{}</p>", Escaped(&sentence));
    }
    if let Some(note) = comparison.note_on_sums().filter(|_| job == Job::Sum) {
        let _ = writeln!(html, "<p class=\"faint\">In these sums {}.</p>", Escaped(&note));
    }
}

/// What stands over the pictures of a job.
fn heading(job: Job, runs: &[&Timeline]) -> &'static str {
    let totals = runs.iter().map(|run| run.totals());
    let [worked, waited] = totals.fold([Duration::ZERO; 2], |[worked, waited], totals| {
        [worked + totals.worked, waited + totals.waited]
    });
    match job {
        Job::Download if waited < 9 * worked => "Downloads: waiting for answers",
        Job::Download => "Downloads: nearly all of it is waiting",
        Job::Sum => "Sums: nothing to wait for but a core",
        Job::Race => "The race",
    }
}

/// What the areas of a job show.
fn of_areas(job: Job, runs: &[&Timeline]) -> String {
    let is_sum = job == Job::Sum;
    let seconds = |run: &&Timeline| {
        let totals = run.totals();
        if is_sum { totals.worked.as_secs_f64() } else { totals.waited.as_secs_f64() }
    };
    let times = || runs.iter().map(seconds);
    let (least, most) = (times().fold(f64::INFINITY, f64::min), times().fold(0.0, f64::max));
    let (colour, what) = if is_sum { ("Blue", "work") } else { ("Red", "waiting") };
    let is_one_number = most / least < 1.05;
    let digits = if most < 10.0 { 2 } else { 1 };
    let amount = if is_one_number {
        format!("{most:.digits$} s of {what}")
    } else {
        format!("{least:.digits$} to {most:.digits$} s of {what}")
    };
    let drawn = format!("{colour} is {what}, in one scale for all programs: {amount}.");
    if runs.len() == 1 {
        return drawn;
    }
    let lesson = if is_sum {
        "The same work is done sooner when more cores share it."
    } else {
        "The same waiting is over sooner when more of it happens at the same time."
    };
    format!("{drawn} {lesson}")
}

fn table(html: &mut String, comparison: &Comparison) {
    let _ = write!(
        html,
        "<details open><summary>All figures as a table</summary>\n<p>{}</p>\n\
         <div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Table of \
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
    let _ =
        writeln!(html, "</table></div>\n<p class=\"note\">{}.</p></details>", meanings.join("; "));
}
