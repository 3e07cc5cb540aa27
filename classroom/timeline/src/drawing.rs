//! The one drawing of a run: for the page and for the `.svg`.

use std::fmt::Write;
use std::time::Duration;

use crate::layout::{Layout, Row};
use crate::markup::{micros, pixels};
use crate::run::{Item, Work};

/// Where an item is narrower than this, in pixels, no lines part the items: the lines would take the
/// place of what is in them. The page's script knows it, too.
pub(super) const WIDE_ENOUGH: f64 = 12.0;

/// Lanes that are lower than this, in pixels, have no room for the stripes of what waits.
const ROOM_FOR_STRIPES: u32 = 8;

/// The dot of a failure, in pixels, at most.
const DOT: u32 = 10;

/// The stripes of what waits, so that colour is not all that tells waiting from work.
///
/// A repeating gradient, and not a `pattern`: it needs no scale of its own when the time is drawn
/// wider, and Firefox paints the tile of a scaled pattern thousands of pixels large.
pub(super) const STRIPES: &str = "<linearGradient id=\"waiting\" \
    gradientUnits=\"userSpaceOnUse\" spreadMethod=\"repeat\" x1=\"0\" y1=\"0\" x2=\"0\" y2=\"4\">\
    <stop class=\"ground\" offset=\"0\"/><stop class=\"ground\" offset=\".25\"/>\
    <stop class=\"line\" offset=\".25\"/><stop class=\"line\" offset=\".75\"/>\
    <stop class=\"ground\" offset=\".75\"/><stop class=\"ground\" offset=\"1\"/></linearGradient>";

/// The attributes and the content of an `<svg>`: rows of a layout, each so many pixels high.
///
/// Its coordinates are microseconds from left to right and pixels from top to bottom, so it is wider
/// for a closer look, and nothing in it changes. Nothing is drawn larger than it is: the area of a
/// colour is its share of the time. All of a lane that has one colour is one path: a browser gives a
/// path exactly the part of each pixel that it covers, and gaps and work that are shorter than a
/// pixel tint it.
pub(super) fn drawing<'a>(
    layout: &Layout,
    rows: impl ExactSizeIterator<Item = Row<'a>>,
    lane: u32,
) -> String {
    let class = if lane < ROOM_FOR_STRIPES { "bars low" } else { "bars" };
    let height = (lane * rows.len() as u32).max(1);
    let window = micros(layout.window);
    let mut svg = format!(
        "class=\"{class}\" viewBox=\"0 0 {window} {height}\" preserveAspectRatio=\"none\">"
    );
    for (number, row) in rows.enumerate() {
        draw_row(&mut svg, row, layout.are_tasks, number as u32 * lane, lane);
    }
    svg
}

fn draw_row(svg: &mut String, row: Row, are_tasks: bool, top: u32, lane: u32) {
    let gap = u32::from(lane >= ROOM_FOR_STRIPES);
    let (y, h) = (top + gap, lane - 2 * gap);
    let whole = |start, end| rectangle(start, end, f64::from(y), f64::from(h));
    let items = || row.items.iter();
    let waits: String = items().map(|item| whole(item.start, item.end)).collect();
    let stretches = || items().flat_map(|item| &item.work);
    let keeps = stretches().filter(|work| are_tasks && work.keeps());
    let keeps: String = keeps.map(|work| whole(work.start, work.end)).collect();
    // A thread that had a core half of the time fills half of the bar.
    let work = |work: &Work| {
        let part = f64::from(h) * work.share();
        rectangle(work.start, work.end, f64::from(y + h) - part, part)
    };
    let works: String = stretches().map(work).collect();
    let edge = |item: &Item| format!("M{} {y}v{h}", micros(item.start));
    let edges: String = items().map(edge).collect();
    let middle = f64::from(y) + f64::from(h) / 2.0;
    let dot = |item: &Item| format!("M{} {middle}h0", micros(item.start + item.length() / 2));
    let fails: String = items().filter(|item| item.failure.is_some()).map(dot).collect();
    svg.push_str("<g class=\"lane\">");
    for (class, path) in [("wait", waits), ("keeps", keeps), ("work", works), ("edges", edges)] {
        if !path.is_empty() {
            let _ = write!(svg, "<path class=\"{class}\" d=\"{path}\"/>");
        }
    }
    if !fails.is_empty() {
        let size = DOT.min(lane);
        let _ = write!(svg, "<path class=\"fails\" stroke-width=\"{size}\" d=\"{fails}\"/>");
    }
    svg.push_str("</g>\n");
}

fn rectangle(start: Duration, end: Duration, y: f64, h: f64) -> String {
    let [x, w] = [start, end.saturating_sub(start)].map(micros);
    let [y, h] = [y, h].map(pixels);
    format!("M{x} {y}h{w}v{h}h-{w}z")
}

/// Whether all items of a layout are so wide that lines can part them.
pub(super) fn are_wide(layout: &Layout) -> bool {
    let items = layout.rows.iter().flat_map(|row| row.items);
    items.map(|item| layout.x(item.length())).all(|width| width >= WIDE_ENOUGH)
}

/// The height of a lane in pixels, so that all lanes of these runs fit on a page of paper.
pub(super) fn lane_height(lanes: usize) -> u32 {
    u32::try_from(720 / lanes.max(1)).unwrap_or(1).clamp(1, 24)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::Canvas;
    use crate::layout::tests::layout;
    use crate::run::Timeline;
    use crate::run::tests::{downloads, ms};

    fn drawn(run: &Timeline) -> String {
        let layout = layout(run, &Canvas::page(12));
        drawing(&layout, layout.rows.iter().copied(), 24)
    }

    #[test]
    fn each_colour_of_a_lane_is_one_path_and_as_large_as_its_time() {
        let mut run = downloads(1, 2);
        let svg = drawn(&run);
        assert!(svg.contains("viewBox=\"0 0 180000 24\""), "{svg}");
        for path in [
            "class=\"wait\" d=\"M0 1h90000v22h-90000zM90000 1h90000v22h-90000z\"",
            "class=\"work\" d=\"M0 1h2000v22h-2000zM90000 1h2000v22h-2000z\"",
        ] {
            assert!(svg.contains(path), "{svg}");
        }
        assert!(!svg.contains("fails") && !svg.contains("keeps"), "{svg}");
        // Half of the time: half of the height.
        run.lanes[0].items[0].work = vec![Work { start: ms(0), end: ms(90), worked: ms(45) }];
        run.lanes[0].items[1].failure = Some("status 500".into());
        let svg = drawn(&run);
        assert!(svg.contains("class=\"work\" d=\"M0 12h90000v11h-90000z"), "{svg}");
        assert!(svg.contains("class=\"fails\" stroke-width=\"10\" d=\"M135000 12h0\""), "{svg}");
    }
}
