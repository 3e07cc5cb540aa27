//! Draws runs on a page that needs nothing but a browser.

use std::fmt::Write;
use std::time::Duration;

use crate::bars::{Look, Medium, bars, is_named, lane_height};
use crate::job::Job;
use crate::layout::{Canvas, Layout, middle, typical_item};
use crate::markup::{COLOURS, Escaped};
use crate::meaning::{State, hides_work, states, too_short};
use crate::run::{Item, Timeline};
use crate::strip::{STRIP, counts, strip};
use crate::svg::MOST_LANES;
use basics::words::readable;

mod areas;
mod axis;

pub use areas::areas;
use axis::{axis, canvas};

/// Items that are narrower than this, in pixels, are shown larger in a picture of their own.
const DENSE: f64 = 24.0;

/// How a picture of a page is drawn.
#[derive(Clone, Copy, Debug)]
pub struct FigureOptions<'a> {
    /// The time that the axis shows; `None` for the run's own.
    pub window: Option<Duration>,
    /// The most lanes that are drawn.
    pub most_lanes: usize,
    /// Pictures of one group are made larger together.
    pub group: &'a str,
    /// Tells the pictures of a page apart.
    pub id: usize,
    /// Whether the program's name stands over the picture.
    pub heading: bool,
}

/// A run as a page of its own.
pub fn document(timeline: &Timeline) -> String {
    let options =
        FigureOptions { window: None, most_lanes: MOST_LANES, group: "run", id: 1, heading: false };
    let content = key(&[timeline]) + &controls("run") + &figure(timeline, options);
    page(&timeline.program, &content)
}

/// A page with this title and content.
pub fn page(title: &str, content: &str) -> String {
    format!(
        include_str!("page.html"),
        title = Escaped(title),
        colours = COLOURS,
        style = include_str!("page.css"),
        script = include_str!("page.js"),
        content = content,
    )
}

/// Where the page's script puts what zooms and plays the pictures of a group.
pub fn controls(group: &str) -> String {
    format!("<div class=\"controls\" data-group=\"{}\"></div>\n", Escaped(group))
}

/// The class of what waits, on a page.
pub fn waiting_class(job: Job) -> &'static str {
    match job {
        Job::Download => "waits",
        Job::Sum | Job::Race => "waits core",
    }
}

/// What the colours and patterns of these runs mean.
pub fn key(runs: &[&Timeline]) -> String {
    let mut samples: Vec<(&str, String)> = Vec::new();
    for run in runs {
        for state in states(run, &Layout::new(run, &canvas(MOST_LANES))) {
            let class = match state {
                State::Works => "works",
                State::PartlyWorks => "half",
                State::Waits => waiting_class(run.job),
                State::Idle => "idle",
                State::Speck => "speck",
                State::Fails => "fails",
            };
            let sample = (class, state.meaning(run.job));
            if !samples.contains(&sample) {
                samples.push(sample);
            }
        }
    }
    let cores = "the number of cores, in the strip of how many work and wait at once";
    samples.push(("cores", cores.into()));
    let mut html = String::from("<p class=\"key faint\">");
    for (class, meaning) in samples {
        let _ = write!(html, "<span><i class=\"{class}\"></i>{meaning}</span>");
    }
    html + "</p>\n"
}

/// A run as a figure of a page.
pub fn figure(timeline: &Timeline, options: FigureOptions) -> String {
    let canvas = canvas(options.most_lanes);
    let layout = match options.window {
        Some(window) => Layout::with_window(timeline, &canvas, window),
        None => Layout::new(timeline, &canvas),
    };
    let heading = if options.heading {
        format!("<h3>{}</h3>\n", Escaped(&timeline.program))
    } else {
        String::new()
    };
    let mut html = format!(
        "<figure class=\"timeline\">\n<figcaption>{heading}<p>{:.3} s. {}</p></figcaption>\n",
        timeline.duration.as_secs_f64(),
        Escaped(&timeline.sentence()),
    );
    let mut first_rows = vec![0; timeline.lanes.len()];
    let mut rows = 0;
    for row in &layout.rows {
        first_rows[row.lane] = rows;
        rows += row.items.len();
    }
    html += &chart(timeline, &layout, options.group, options.id, &first_rows);
    html += &short_note(timeline, &layout, ": zoom in");
    for note in layout.more.as_deref().into_iter().chain(timeline.meaning_of_a_race()) {
        let _ = writeln!(html, "<p class=\"note\">{}</p>", Escaped(note));
    }
    if let Some(window) = magnified(timeline, &layout) {
        html += &lens(timeline, &canvas, window, options.id, &first_rows);
    }
    table(&mut html, timeline, &layout);
    html.push_str("</figure>\n");
    html
}

/// The names, the bars, the strip and the axis of a picture.
fn chart(
    timeline: &Timeline,
    layout: &Layout,
    group: &str,
    id: usize,
    first_rows: &[usize],
) -> String {
    let lanes = layout.rows.len();
    let lane = lane_height(lanes);
    let mut html = format!(
        "<div class=\"chart\" data-group=\"{}\" data-window=\"{}\" \
         style=\"--lanes:{lanes};--lane:{lane}px\">\n<div class=\"names\" aria-hidden=\"true\">",
        Escaped(group),
        layout.window.as_secs_f64(),
    );
    for (number, row) in layout.rows.iter().enumerate() {
        let class = if is_named(number, lanes) { "" } else { " class=\"skipped\"" };
        let _ = write!(html, "<span{class}>{}</span>", Escaped(row.name));
    }
    let look = Look { id, lane, medium: Medium::Page(first_rows) };
    let _ = write!(
        html,
        "</div>\n<div class=\"plot\" data-noun=\"{}\"><svg class=\"bars\" role=\"group\" aria-label=\"{}: {}\" {}\
         </svg></div>\n<div class=\"names counts\" aria-hidden=\"true\">",
        timeline.job.noun(),
        Escaped(&timeline.program),
        Escaped(&timeline.sentence()),
        bars(timeline, layout, look),
    );
    let counts = counts(timeline);
    for (count, part) in &counts {
        let _ = write!(html, "<span style=\"bottom:{:.0}%\">{count}</span>", 100.0 * part);
    }
    let counts: Vec<String> = counts.into_iter().map(|(count, _)| count).collect();
    let _ = write!(
        html,
        "</div>\n<div class=\"plot\"><svg class=\"strip\" style=\"height:{STRIP}px\" role=\"img\" \
         aria-label=\"How many wait and how many work ({})\" {}</svg></div>\n",
        counts.join(", "),
        strip(timeline, layout, id),
    );
    html + &axis(layout) + "</div>\n"
}

/// Says where the work is, if it cannot be seen. The page's script shows it and hides it, because a
/// picture is not everywhere of the same width.
fn short_note(timeline: &Timeline, layout: &Layout, advice: &str) -> String {
    let hidden = if hides_work(layout) { "" } else { " hidden" };
    format!("<p class=\"note short\"{hidden}>{}{advice}.</p>\n", too_short(timeline))
}

/// The beginning of a run that is worth a picture of its own, because the items are too narrow to
/// be read in the picture of the whole.
fn magnified(timeline: &Timeline, layout: &Layout) -> Option<Duration> {
    let typical = typical_item(timeline, layout.rows.len())?;
    let round = round_up(typical.mul_f64(1.5));
    // If no item ends in that time, there is nothing to see in it.
    layout.rows.iter().flat_map(|row| row.items).find(|item| item.end <= round)?;
    (layout.x(typical) < DENSE && 3 * round < layout.window).then_some(round)
}

/// The least of 1, 2, 5, 10, 20, … nanoseconds that is not less.
fn round_up(time: Duration) -> Duration {
    let decades = (0..19).map(|exponent| 10_u64.pow(exponent));
    let steps = decades.flat_map(|decade| [1, 2, 5].map(|times| decade.saturating_mul(times)));
    steps.map(Duration::from_nanos).find(|step| *step >= time).unwrap_or(time)
}

/// The beginning of a run under the magnifying glass.
fn lens(
    timeline: &Timeline,
    canvas: &Canvas,
    window: Duration,
    id: usize,
    first_rows: &[usize],
) -> String {
    let layout = Layout::with_window(timeline, canvas, window);
    let typical = |time: fn(&Item) -> Duration| {
        let items = layout.rows.iter().flat_map(|row| row.items);
        readable(middle(items.map(time)).unwrap_or_default())
    };
    let mut html = format!(
        "<p class=\"lens\">The first {} under the magnifying glass: a {} takes {} here, and {} of \
         that is work.</p>\n",
        readable(window),
        timeline.job.noun(),
        typical(Item::length),
        typical(Item::worked),
    );
    html += &chart(timeline, &layout, &format!("lens-{id}"), 1_000 + id, first_rows);
    html + &short_note(timeline, &layout, "")
}

/// The items that are drawn, as a table.
fn table(html: &mut String, timeline: &Timeline, layout: &Layout) {
    let _ = writeln!(
        html,
        "<details><summary>The bars as a table</summary><div class=\"scroll\"><table \
         class=\"items\">\n<thead><tr><th>{}<th>{}<th>ready<th>start<th>end<th>took<th>worked\
         <th>waited<th></thead><tbody>",
        timeline.engine.noun(),
        timeline.job.noun(),
    );
    for row in &layout.rows {
        for item in row.items {
            let Item { ready, start, end, .. } = *item;
            let _ = write!(html, "<tr><td>{}<td>{}", Escaped(row.name), Escaped(&item.label));
            for time in [ready, start, end, item.length(), item.worked(), item.waited()] {
                let _ = write!(html, "<td>{}", readable(time));
            }
            if let Some(reason) = &item.failure {
                let _ = write!(html, "<td>failed: {}", Escaped(reason));
            }
            // No end of a line here: it would be part of the last cell.
        }
    }
    html.push_str("</table></div></details>\n");
}
