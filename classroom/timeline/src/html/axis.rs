//! The time axis of a picture on a page.

use std::fmt::Write;

use crate::layout::{Canvas, Layout};
use crate::svg::MOST_ITEMS;

/// How many pixels a picture is wide when it is laid out; the page stretches it.
const WIDTH: f64 = 800.0;

/// What a picture is laid out on.
pub(super) fn canvas(most_lanes: usize) -> Canvas {
    Canvas { width: WIDTH, legible: 1.0, most_lanes, most_items: MOST_ITEMS, tick: 80.0 }
}

/// The numbers below a picture.
pub(super) fn axis(layout: &Layout) -> String {
    let mut html = String::from("<div class=\"axis\" aria-hidden=\"true\">");
    for (time, label) in &layout.ticks {
        let percent = 100.0 * layout.x(*time) / WIDTH;
        let _ = write!(html, "<span style=\"left:{percent:.3}%\">{label}</span>");
    }
    html + "</div>\n"
}
