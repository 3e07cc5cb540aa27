//! Draws runs on a page that needs nothing but a browser.

use std::fmt::Write;
use std::time::Duration;

use super::layout::{Canvas, Layout};
use super::run::{Item, Timeline, readable};
use super::svg::{Escaped, MOST_ITEMS, MOST_LANES, STYLE, bars, is_named, lane_height};

/// The page around the pictures: its style, and what makes the bars larger and tells about them.
const PAGE: &str = include_str!("page.html");

/// What the bars of the pictures mean.
pub const KEY: &str = "<p class=\"key faint\"><span><i class=\"works\"></i>works (at least a pixel \
    wide; of a download it is drawn at the start)</span><span><i class=\"half\"></i>works part of the time</span><span>\
    <i class=\"waits\"></i>waits</span><span><i class=\"fails\"></i>fails</span></p>\n";

/// How many pixels a picture is wide when it is laid out; the page stretches it.
const WIDTH: f64 = 800.0;

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
#[must_use]
pub fn document(timeline: &Timeline) -> String {
    let options =
        FigureOptions { window: None, most_lanes: MOST_LANES, group: "run", id: 1, heading: false };
    page(&timeline.program, &(KEY.to_string() + &figure(timeline, options)))
}

/// A page with this title and content.
#[must_use]
pub fn page(title: &str, content: &str) -> String {
    let title = Escaped(title).to_string();
    let fillings = [("{{title}}", &*title), ("{{colours}}", STYLE), ("{{content}}", content)];
    let mut page = String::new();
    let mut rest = PAGE;
    // In one pass, so that nothing is looked for in what was filled in.
    while let Some(at) = rest.find("{{") {
        page += &rest[..at];
        rest = &rest[at..];
        let filling = fillings.iter().find(|(name, _)| rest.starts_with(name));
        let (name, text) = filling.unwrap_or(&("{{", "{{"));
        page += text;
        rest = &rest[name.len()..];
    }
    page + rest
}

/// A run as a figure of a page.
#[must_use]
pub fn figure(timeline: &Timeline, options: FigureOptions) -> String {
    let canvas = Canvas {
        width: WIDTH,
        legible: 1.0,
        most_lanes: options.most_lanes,
        most_items: MOST_ITEMS,
        tick: 80.0,
    };
    let layout = match options.window {
        Some(window) => Layout::with_window(timeline, &canvas, Duration::ZERO..window),
        None => Layout::new(timeline, &canvas),
    };
    let lanes = layout.rows.len();
    let height = lane_height(lanes);
    let program = Escaped(&timeline.program).to_string();
    let sentence = timeline.sentence();
    let heading = if options.heading { format!("<h2>{program}</h2>\n") } else { String::new() };
    let mut html = format!(
        "<figure class=\"timeline\" data-group=\"{}\" data-window=\"{}\">\n<figcaption>\
         {heading}<p>{:.3} s. {}</p></figcaption>\n<div class=\"chart\">\
         <div class=\"names\" style=\"grid-auto-rows:{height}px\" aria-hidden=\"true\">",
        Escaped(options.group),
        layout.window.end.as_secs_f64(),
        timeline.duration.as_secs_f64(),
        Escaped(&sentence),
    );
    for (number, row) in layout.rows.iter().enumerate() {
        let name = if is_named(number, lanes) { row.name } else { "" };
        let _ = write!(html, "<span>{}</span>", Escaped(name));
    }
    let _ = write!(
        html,
        "</div><div class=\"plot\"><svg class=\"bars\" role=\"group\" aria-label=\"{program}: {}\" \
         style=\"height:{}px\" {}</svg><div class=\"axis\" aria-hidden=\"true\">",
        Escaped(&sentence),
        height as usize * lanes,
        bars(&layout, options.id),
    );
    for (time, label) in &layout.ticks {
        let percent = 100.0 * layout.x(*time) / WIDTH;
        let _ = write!(html, "<span style=\"left:{percent:.3}%\">{label}</span>");
    }
    html.push_str("</div></div></div>\n");
    if let Some(more) = &layout.more {
        let _ = writeln!(html, "<p class=\"more\">{}</p>", Escaped(more));
    }
    table(&mut html, timeline, &layout);
    html.push_str("</figure>\n");
    html
}

/// The items that are drawn, as a table.
fn table(html: &mut String, timeline: &Timeline, layout: &Layout) {
    let _ = writeln!(
        html,
        "<details><summary>The bars as a table</summary><div class=\"scroll\"><table>\n\
         <thead><tr><th>{}<th>{}<th>ready<th>start<th>end<th>worked<th>waited<th></thead>",
        timeline.lane_noun(),
        timeline.item_noun(),
    );
    for row in &layout.rows {
        for item in row.items {
            let Item { ready, start, end, .. } = *item;
            let _ = write!(html, "<tr><td>{}<td>{}", Escaped(row.name), Escaped(&item.label));
            for time in [ready, start, end, item.worked(), item.waited()] {
                let _ = write!(html, "<td>{}", readable(time));
            }
            let failure = item.failure.as_ref().map(|reason| format!("failed: {reason}"));
            let _ = writeln!(html, "<td>{}", Escaped(&failure.unwrap_or_default()));
        }
    }
    html.push_str("</table></div></details>\n");
}
