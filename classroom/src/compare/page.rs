//! All programs on one page.

use std::fmt::Write;
use std::time::Duration;

use basics::error::{Error, Result};
use timeline::html::{FigureOptions, areas, controls, figure, key, page, waiting_class};
use timeline::save::{Form, Target};
use timeline::{Escaped, Job, Timeline, percent_of_work, trace};

use super::table::{COLUMNS, Comparison, Row};
use super::verdict::headline;

/// The most lanes of a program: enough for every picture of the article, and the page stays short.
const MOST_LANES: usize = 12;

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
    let mut id = 0;
    for (job, rows) in &jobs {
        if !rows.is_empty() {
            section(&mut html, comparison, *job, rows, &mut id);
        }
    }
    table(&mut html, comparison);
    let _ = writeln!(html, "<p class=\"faint\">{}</p>", Escaped(&comparison.machine));
    page("Programs compared", &html)
}

/// All about one job. Each picture has an `id` of its own.
fn section(html: &mut String, comparison: &Comparison, job: Job, rows: &[&Row], id: &mut usize) {
    let runs: Vec<&Timeline> = rows.iter().filter_map(|row| row.timeline()).collect();
    let (group, heading) = heading(job, &runs);
    let _ = writeln!(html, "<section>\n<h2>{heading}</h2>");
    if job != Job::Race && !runs.is_empty() {
        let _ = writeln!(html, "<p>{}</p>", Escaped(&of_areas(job, &runs)));
        *html += &controls(group);
        *html += &areas(&runs, group, *id + 1);
        *id += runs.len();
    }
    if let Some(sentence) = comparison.sentence(job) {
        let _ = writeln!(html, "<p>{}</p>", Escaped(&sentence));
    }
    if let Some(note) = comparison.note_on_sums().filter(|_| job == Job::Sum) {
        let _ = writeln!(html, "<p class=\"faint\">In these sums {}.</p>", Escaped(&note));
    }
    if job != Job::Race {
        if !runs.is_empty() {
            *html += &key(&runs);
        }
        bars(html, rows);
        // One axis for all of a job, so that their lengths are seen.
        let window = runs.iter().map(|run| run.duration).max().unwrap_or_default();
        let window = Some(window.max(Duration::from_nanos(1)));
        for run in runs {
            *id += 1;
            let options =
                FigureOptions { window, most_lanes: MOST_LANES, group, id: *id, heading: true };
            *html += &figure(run, options);
        }
    }
    html.push_str("</section>\n");
}

/// How the pictures of a job are called among each other, and over them.
fn heading(job: Job, runs: &[&Timeline]) -> (&'static str, &'static str) {
    let totals = runs.iter().map(|run| run.totals());
    let [worked, waited] = totals.fold([Duration::ZERO; 2], |[worked, waited], totals| {
        [worked + totals.worked, waited + totals.waited]
    });
    match job {
        Job::Download if waited < 9 * worked => ("downloads", "Downloads: waiting for answers"),
        Job::Download => ("downloads", "Downloads: nearly all of it is waiting"),
        Job::Sum => ("sums", "Sums: nothing to wait for but a core"),
        Job::Race => ("race", "The race"),
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
        "<details class=\"printed\"><summary>All figures as a table</summary>\n<p>{}</p>\n\
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

/// A bar for each program, as long as its time, divided into waited and worked, with its bound and the
/// article's time.
///
/// The longest time measured here sets the scale. A longer one of the article stands there in words.
fn bars(html: &mut String, rows: &[&Row]) {
    let times = rows.iter().flat_map(|row| [Some(row.seconds()), row.figure("bound_seconds")]);
    let longest = times.flatten().filter(|time| time.is_finite()).fold(0.0, f64::max);
    html.push_str("<div class=\"times\">\n");
    for row in rows {
        bar(html, row, longest);
    }
    html.push_str(
        "</div>\n<p class=\"key faint\">\
         <span><b class=\"bound\"></b>bound: the least time with so many at once</span>",
    );
    if rows.iter().filter_map(|row| row.article()).any(|article| article <= longest) {
        html.push_str("<span><b class=\"article\"></b>the article's time</span>");
    }
    html.push_str("</p>\n");
}

fn bar(html: &mut String, row: &Row, longest: f64) {
    let percent = |time: f64| 100.0 * time / longest;
    let (name, time) = (row.program.name, row.seconds());
    let mut marks = String::new();
    let mut words = Vec::new();
    if let Some(bound) = row.figure("bound_seconds") {
        let _ = write!(marks, "<b class=\"bound\" style=\"left:{:.3}%\"></b>", percent(bound));
        words.push(format!("bound {bound:.3} s"));
    }
    if let Some(article) = row.article() {
        let mut beyond = "";
        if article <= longest {
            let left = percent(article);
            let _ = write!(marks, "<b class=\"article\" style=\"left:{left:.3}%\"></b>");
        } else {
            beyond = " (beyond the scale)";
        }
        words.push(format!("in the article {article:.2} s{beyond}"));
    }
    let mut parts = String::from("<i class=\"unknown\" style=\"width:100%\"></i>");
    if let Some(run) = row.timeline() {
        let totals = run.totals();
        let [worked, waited] = [totals.worked, totals.waited].map(|time| time.as_secs_f64());
        let waited = 100.0 * waited / (worked + waited).max(f64::MIN_POSITIVE);
        parts = format!(
            "<i class=\"{}\" style=\"width:{waited:.3}%\"></i><i class=\"works\" \
             style=\"width:{:.3}%\"></i>",
            waiting_class(run.job),
            100.0 - waited
        );
        words.push(format!("{} of it is work", percent_of_work(totals)));
    }
    let words = words.join(", ");
    let _ = writeln!(
        html,
        "<div role=\"img\" aria-label=\"{name}: {time:.3} s, {words}\"><span>{name}</span>\
         <div class=\"track\"><div style=\"width:{:.3}%\">{parts}</div>{marks}</div>\
         <span class=\"value\">{time:.3} s</span><small>{words}</small></div>",
        percent(time)
    );
}
