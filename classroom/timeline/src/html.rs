//! Pages that need nothing but a browser.

use std::fmt::Write;
use std::time::Duration;

use crate::drawing::{STRIPES, drawing, lane_height};
use crate::job::Job;
use crate::layout::{Canvas, Layout, Row};
use crate::markup::{Escaped, micros};
use crate::meaning::{State, states, too_short, typical_work};
use crate::run::{Item, Timeline};
use basics::words::plural;

/// The most lanes of a picture: more than the article has pages.
const MOST_LANES: usize = 400;

/// The most threads of a race: a picture of more is a blur.
const MOST_THREADS: usize = 15;

/// The most lanes of an area: each is at least a pixel high.
const MOST_LANES_OF_AN_AREA: usize = 1_000;

/// How high the area with the most lanes is, in pixels, about.
const AREA: usize = 360;

/// How the names of lanes begin.
const LANES: &str = "<div class=\"lanes\"";

/// The height of the row of the thread of all tasks, in pixels.
const THREAD: u32 = 24;

/// A run as an area among others, with the times that are marked in it.
pub struct Area<'a> {
    /// The run.
    pub run: &'a Timeline,
    /// The least time that it could take, in seconds.
    pub bound: Option<f64>,
    /// The article's time, in seconds.
    pub article: Option<f64>,
}

/// A drawing among those of one time axis.
struct Part<'a> {
    run: &'a Timeline,
    layout: Layout<'a>,
    lane: u32,
    /// What stands beside it.
    names: String,
    /// The lines across it.
    marks: String,
}

/// Runs as a page of their own.
pub fn document(runs: &[Timeline]) -> String {
    let is_race = runs.iter().any(|run| run.job == Job::Race);
    let canvas = if is_race {
        Canvas { legible: 12.0, ..Canvas::page(MOST_THREADS) }
    } else {
        Canvas::page(MOST_LANES)
    };
    let layouts = Layout::of_all(runs, &canvas);
    // Several runs share a screen, not only a page of paper.
    let lanes: usize = layouts.iter().map(|layout| layout.rows.len()).sum();
    let lane = lane_height(lanes * runs.len());
    let mut parts = Vec::new();
    for (run, layout) in runs.iter().zip(layouts) {
        let names = lane_names(&layout.rows, lane);
        parts.push(Part { run, layout, lane, names, marks: String::new() });
    }
    let words = headline(runs) + &runs.iter().map(in_words).collect::<String>();
    let program = runs.first().map_or("", |run| &run.program);
    let title = program.split_once(':').map_or(program, |(program, _)| program);
    page_with_pictures(title, &(words + &picture(&parts) + &table(&parts)))
}

/// What the runs show: the last one, which the others lead to.
fn headline(runs: &[Timeline]) -> String {
    let finding = runs.last().and_then(Timeline::finding);
    finding.map_or(String::new(), |finding| {
        format!("<p class=\"headline\">{}</p>\n", Escaped(&finding))
    })
}

/// The time and the totals of a run.
fn in_words(run: &Timeline) -> String {
    let (program, seconds) = (Escaped(&run.program), run.duration.as_secs_f64());
    let sentence = run.sentence();
    format!("<p><b>{program}: {seconds:.3} s.</b> {}</p>\n", Escaped(&sentence))
}

/// Runs one below the other, on one time axis and with lanes of one height, so that equal areas are
/// equal times.
pub fn areas(areas: &[Area]) -> String {
    let window = areas.iter().map(|area| area.run.duration).max().unwrap_or_default();
    let window = window.max(Duration::from_nanos(1));
    let canvas = Canvas::page(MOST_LANES_OF_AN_AREA);
    let most = areas.iter().map(|area| area.run.lanes.len()).max().unwrap_or(0);
    let most = most.clamp(1, MOST_LANES_OF_AN_AREA);
    let lane = u32::try_from(AREA / most).unwrap_or(1).clamp(1, 24);
    let parts: Vec<Part> = areas.iter().map(|area| area.part(&canvas, window, lane)).collect();
    picture(&parts)
}

impl<'a> Area<'a> {
    fn part(&self, canvas: &Canvas, window: Duration, lane: u32) -> Part<'a> {
        let Self { run, .. } = *self;
        let layout = Layout::with_window(run, canvas, window);
        let count = plural(run.lanes.len() as u64, run.engine.noun());
        let shown = match layout.rows.len() {
            drawn if drawn < run.lanes.len() => format!(" (the first {drawn} are drawn)"),
            _ => String::new(),
        };
        let seconds = run.duration.as_secs_f64();
        let mut names = format!(
            "<b>{}</b><br><small class=\"told\">{count}, {seconds:.2} s{shown}</small>",
            Escaped(&run.program)
        );
        let mut marks = String::new();
        for (class, what, time) in
            [("bound", "bound", self.bound), ("article", "in the article", self.article)]
        {
            let Some(time) = time else { continue };
            let place = 100.0 * time / window.as_secs_f64();
            let beyond = if place > 100.0 { " (not drawn)" } else { "" };
            let _ = write!(names, "<br><small>{what} {time:.2} s{beyond}</small>");
            if beyond.is_empty() {
                let _ = write!(marks, "<i class=\"{class}\" style=\"left:{place:.3}%\"></i>");
            }
        }
        Part { run, layout, lane, names, marks }
    }
}

/// A page with this title and content, without pictures.
pub fn page(title: &str, content: &str) -> String {
    format!(
        include_str!("page.html"),
        title = Escaped(title),
        style = concat!(include_str!("colours.css"), include_str!("page.css")),
        content = content,
        script = "",
    )
}

/// A page with this title and content, and what its pictures need.
pub fn page_with_pictures(title: &str, content: &str) -> String {
    let defs = format!("<svg class=\"defs\" aria-hidden=\"true\"><defs>{STRIPES}</defs></svg>\n");
    let script = include_str!("page.js");
    format!(
        include_str!("page.html"),
        title = Escaped(title),
        style = concat!(
            include_str!("colours.css"),
            include_str!("drawing.css"),
            include_str!("page.css"),
            include_str!("pictures.css")
        ),
        content = format_args!("{defs}{content}"),
        script = format_args!("<div id=\"tip\" hidden></div>\n<script>\n{script}</script>\n"),
    )
}

/// Drawings of one time axis, in a box that the browser scrolls, with what zooms and plays them.
fn picture(parts: &[Part]) -> String {
    let Some(first) = parts.first() else { return String::new() };
    let Layout { window, ticks, .. } = &first.layout;
    let mut html = format!(
        "<section class=\"group\" data-whole=\"{}\" data-noun=\"{}\">\n{}{}\
         <div class=\"view\" tabindex=\"0\" role=\"region\" aria-label=\"Pictures on one time axis\">\
         <div class=\"canvas\" style=\"--names:{}\">\n",
        micros(*window),
        first.run.job.noun(),
        key(parts),
        include_str!("controls.html"),
        width_of_names(parts),
    );
    for part in parts {
        if parts.len() > 1 && part.names.starts_with(LANES) {
            let _ = writeln!(html, "<p class=\"caption\">{}</p>", Escaped(&part.run.program));
        }
        if let Some(row) = part.layout.thread_row() {
            let names = lane_names(&[row], THREAD);
            plot(&mut html, part, "plot thread", &names, &[row], THREAD);
        }
        plot(&mut html, part, "plot", &part.names, &part.layout.rows, part.lane);
    }
    html.push_str("<div class=\"axis\" aria-hidden=\"true\">");
    for (time, label) in ticks {
        let percent = 100.0 * time.as_secs_f64() / window.as_secs_f64();
        let _ = write!(html, "<span style=\"left:{percent:.3}%\">{label}</span>");
    }
    html.push_str("</div>\n</div></div>\n<div class=\"overview\" hidden><i></i></div>\n");
    // What is too short to see in one area is so in all.
    let noted = if first.names.starts_with(LANES) { parts.len() } else { 1 };
    for part in &parts[..noted] {
        html += &notes(part, parts.len() > 1);
    }
    html + "</section>\n"
}

/// The width of what stands beside the drawings: of the longest name of a lane, or of lines of words.
fn width_of_names(parts: &[Part]) -> String {
    let is_of_lanes = parts.iter().all(|part| part.names.starts_with(LANES));
    let rows = parts.iter().flat_map(|part| part.layout.all_rows());
    let longest = rows.map(|row| row.name.chars().count()).max().unwrap_or(0);
    if is_of_lanes { format!("{}ch", longest.clamp(6, 20)) } else { "11rem".into() }
}

/// Some rows of a drawing and what stands beside them.
fn plot(html: &mut String, part: &Part, class: &str, names: &str, rows: &[Row], lane: u32) {
    let Part { run, layout, marks, .. } = part;
    let _ = writeln!(
        html,
        "<div class=\"names\">{names}</div><div class=\"{class}\"><svg role=\"img\" \
         style=\"height:{}px\" aria-label=\"{}: {}\" {}</svg>{marks}</div>",
        lane * rows.len() as u32,
        Escaped(&run.program),
        Escaped(&run.sentence()),
        drawing(layout, rows.iter().copied(), lane),
    );
}

/// What is not drawn, or cannot be seen.
fn notes(Part { run, layout, .. }: &Part, are_several: bool) -> String {
    let program = if are_several { format!("{}: ", Escaped(&run.program)) } else { String::new() };
    let mut html = String::new();
    if let Some(hidden) = layout.hidden.as_ref().filter(|_| layout.window < run.duration) {
        let seconds = run.duration.as_secs_f64();
        let _ = writeln!(html, "<p class=\"note\">{program}… {hidden}, until {seconds:.3} s</p>");
    }
    // The page's script shows it, because pictures are not everywhere of the same width.
    if let Some(work) = typical_work(layout).filter(|_| run.job == Job::Download) {
        let _ = writeln!(
            html,
            "<p class=\"note short\" data-work=\"{}\" hidden>{program}{}. <button type=\"button\" \
             data-do=\"work\">Zoom to it</button></p>",
            micros(work),
            too_short(run),
        );
    }
    html
}

/// The names of the rows that have room for them.
fn lane_names(rows: &[Row], lane: u32) -> String {
    let mut html = format!("{LANES} aria-hidden=\"true\">");
    let every = 14_u32.div_ceil(lane) as usize;
    for (number, row) in rows.iter().enumerate().step_by(every) {
        let top = number as u32 * lane;
        let name = Escaped(row.name);
        let _ = write!(
            html,
            "<span style=\"top:{top}px;line-height:{}px\">{name}</span>",
            lane.max(12)
        );
    }
    html + "</div>"
}

/// What the colours and patterns mean.
fn key(parts: &[Part]) -> String {
    let mut samples: Vec<(State, &str)> = Vec::new();
    for Part { run, layout, .. } in parts {
        for state in states(layout) {
            let sample = (state, state.meaning(run.job));
            if !samples.contains(&sample) {
                samples.push(sample);
            }
        }
    }
    let mut html = String::from("<p class=\"key\">");
    for (state, meaning) in samples {
        let _ = write!(html, "<span><i class=\"{}\"></i>{meaning}</span>", state.class());
    }
    for (class, meaning) in [("bound", "bound"), ("article", "the article's time")] {
        let mark = format!("<i class=\"{class}\"");
        if parts.iter().any(|part| part.marks.contains(&mark)) {
            let _ = write!(html, "<span>{mark}></i>{meaning}</span>");
        }
    }
    html + "</p>\n"
}

/// The items that are drawn, as a table: who does not see the picture reads it here.
fn table(parts: &[Part]) -> String {
    let Some(Part { run, .. }) = parts.first() else { return String::new() };
    let mut html = format!(
        "<details><summary>The bars as a table</summary><div class=\"scroll\" tabindex=\"0\" \
         role=\"region\" aria-label=\"Table of the bars\"><table class=\"items\">\n<thead><tr><th>{}\
         <th>{}<th>start (s)<th>end (s)<th>took (s)<th>worked (s)<th>waited (s)<th>failed</thead>\
         <tbody>",
        run.engine.noun(),
        run.job.noun(),
    );
    for row in parts.iter().flat_map(|part| &part.layout.rows) {
        for item in row.items {
            let Item { start, end, .. } = *item;
            let _ = write!(html, "<tr><td>{}<td>{}", Escaped(row.name), Escaped(&item.label));
            for time in [start, end, item.length(), item.worked(), item.waited()] {
                let _ = write!(html, "<td>{:.6}", time.as_secs_f64());
            }
            let failure = item.failure.as_deref().unwrap_or_default();
            // No end of a line here: it would be part of the last cell.
            let _ = write!(html, "<td>{}", Escaped(failure));
        }
    }
    html + "</table></div></details>\n"
}
