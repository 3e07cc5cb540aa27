//! Several runs as areas of the same scale: what one lane does in a long time, many do in a short
//! time, and the area stays the same.

use std::fmt::Write;
use std::time::Duration;

use super::axis::{axis, canvas};
use crate::bars::{Look, Medium, bars};
use crate::layout::Layout;
use crate::markup::Escaped;
use crate::run::Timeline;
use basics::words::plural;

/// How high the run with the most lanes is, in pixels, about.
const HEIGHT: usize = 360;

/// The most lanes that are drawn: each is at least a pixel high.
const MOST_LANES: usize = 1_000;

/// Runs one below the other, on one time axis and with lanes of one height, so that equal areas are
/// equal times; `id` is the number of the first picture.
pub fn areas(runs: &[&Timeline], group: &str, id: usize) -> String {
    let window = runs.iter().map(|run| run.duration).max().unwrap_or_default();
    let window = window.max(Duration::from_nanos(1));
    let canvas = canvas(MOST_LANES);
    let layouts: Vec<Layout> =
        runs.iter().map(|run| Layout::with_window(run, &canvas, window)).collect();
    let most = layouts.iter().map(|layout| layout.rows.len()).max().unwrap_or(0);
    let lane = u32::try_from(HEIGHT / most.max(1)).unwrap_or(1).clamp(1, 24);
    let mut html = format!(
        "<figure class=\"timeline areas\">\n<div class=\"chart\" data-group=\"{}\" \
         data-window=\"{}\" style=\"--lane:{lane}px\">\n",
        Escaped(group),
        window.as_secs_f64(),
    );
    for ((run, layout), id) in runs.iter().zip(&layouts).zip(id..) {
        let lanes = layout.rows.len();
        let program = Escaped(&run.program);
        let count = plural(run.lanes.len() as u64, run.engine.noun());
        let shown = if lanes < run.lanes.len() {
            format!(" (the first {lanes} are drawn)")
        } else {
            String::new()
        };
        let time = run.duration.as_secs_f64();
        let look = Look { id, lane, medium: Medium::Areas };
        let _ = writeln!(
            html,
            "<p class=\"names\"><b>{program}</b><br><small>{count}, {time:.2} s{shown}</small></p>\n\
             <div class=\"plot\" data-noun=\"{}\"><svg class=\"bars\" style=\"--lanes:{lanes}\" \
             role=\"img\" aria-label=\"{program}: {}\" {}</svg></div>\n",
            run.job.noun(),
            Escaped(&run.sentence()),
            bars(run, layout, look),
        );
    }
    if let Some(layout) = layouts.first() {
        html += &axis(layout);
    }
    html + "</div>\n</figure>\n"
}
