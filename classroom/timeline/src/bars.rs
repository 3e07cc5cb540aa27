//! The bars of a picture, for a drawing and for a page.

use std::fmt::Write;
use std::time::Duration;

use crate::layout::{Layout, middle};
use crate::markup::{Escaped, micros, pixels};
use crate::patterns::{has_pattern, idle_pattern, waiting_pattern};
use crate::run::{Item, Timeline};
use basics::words::readable;

/// Where an item is narrower than this, in pixels, no lines part the items: the lines would take the
/// place of what is in them. The page's script knows it, too.
const WIDE_ENOUGH: f64 = 12.0;

/// Half the height of the cross of a failure, in pixels, at most.
const CROSS: f64 = 5.0;

/// How bars are drawn.
#[derive(Clone, Copy)]
pub(super) struct Look<'a> {
    /// Tells the pictures of a page apart.
    pub id: usize,
    /// The height of a lane, in pixels.
    pub lane: u32,
    /// What they are drawn for.
    pub medium: Medium<'a>,
}

/// What bars are drawn for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Medium<'a> {
    /// An SVG of its own, in which each bar says what it is.
    Drawing,
    /// A page, which has a table that says it. These are the rows of the first items of each lane.
    Page(&'a [usize]),
    /// Areas to be compared: the lanes touch each other, and no bar says what it is.
    Areas,
}

/// The height of a lane in pixels, so that many lanes still fit.
pub(super) fn lane_height(lanes: usize) -> u32 {
    match lanes {
        0..=12 => 24,
        13..=40 => 14,
        _ => 5,
    }
}

/// Which lanes have room for their names.
pub(super) fn is_named(row: usize, lanes: usize) -> bool {
    row.is_multiple_of(usize::try_from(14_u32.div_ceil(lane_height(lanes))).unwrap_or(1))
}

/// The attributes and the content of the drawing inside a picture: the bars alone.
///
/// Its coordinates are microseconds from left to right and pixels from top to bottom, so a part of
/// the time is seen larger by a change of `viewBox` alone. Nothing is drawn larger than it is: the
/// area of a colour is its share of the time.
pub(super) fn bars(timeline: &Timeline, layout: &Layout, look: Look) -> String {
    let Look { id, lane, medium } = look;
    let scale = layout.micros_per_unit();
    let mut svg = head(timeline, layout, look);
    let run = micros(timeline.duration.min(layout.window));
    let are_specks = are_specks(timeline, layout);
    let has_edges = match medium {
        Medium::Drawing => are_wide(layout),
        // It depends on the width of the page, whose script shows and hides them.
        Medium::Page(_) => true,
        Medium::Areas => false,
    };
    let gap = u32::from(medium != Medium::Areas);
    let mut top = 0;
    for row in &layout.rows {
        let (y, h) = (top + gap, lane - 2 * gap);
        if medium != Medium::Areas && has_pattern(lane) {
            let _ = write!(
                svg,
                "<rect fill=\"url(#idle-{id})\" y=\"{y}\" width=\"{run}\" height=\"{h}\"/>"
            );
        }
        svg.push_str("<g class=\"lane\"");
        if let Medium::Page(first_rows) = medium {
            let _ = write!(svg, " data-first=\"{}\"", first_rows[row.lane]);
        }
        svg.push('>');
        for item in row.items {
            bar(&mut svg, item, (y, h), scale, look);
            if medium == Medium::Drawing {
                let _ = write!(svg, "<title>{}</title>", Escaped(&describe(row.name, item)));
            }
            svg.push_str("</g>");
        }
        if has_edges {
            svg += &edges(row.items, (y, h), scale, medium);
        }
        if are_specks {
            svg += &specks(row.items, (y, h));
        }
        svg.push_str("</g>");
        top += lane;
    }
    svg
}

/// The coordinates, and the patterns of what waits and of what has nothing to do.
fn head(timeline: &Timeline, layout: &Layout, Look { id, lane, .. }: Look) -> String {
    let window = micros(layout.window);
    let plot = (lane * layout.rows.len() as u32).max(1);
    let scale = layout.micros_per_unit();
    format!(
        "viewBox=\"0 0 {window} {plot}\" preserveAspectRatio=\"none\"><defs>{}{}</defs>",
        waiting_pattern(timeline.job, &format!("waiting-{id}"), lane, scale),
        idle_pattern(id, lane, scale),
    )
}

/// The lines that part the items of a lane. On a page they stay as thin as they are when the time is
/// seen larger; in a drawing they grow and shrink with it.
fn edges(items: &[Item], (y, h): (u32, u32), scale: f64, medium: Medium) -> String {
    let (class, back) = match medium {
        Medium::Drawing => ("gaps", format!("h-{scale:.3}v-{h}z")),
        Medium::Page(_) | Medium::Areas => ("edges", String::new()),
    };
    let line = |item: &Item| format!("M{} {y}v{h}{back}", micros(item.end));
    let lines: String = items.iter().map(line).collect();
    format!("<path class=\"{class}\" d=\"{lines}\"/>")
}

/// Marks where the items of a lane begin, for a picture in which they are too short to be seen.
fn specks(items: &[Item], (y, h): (u32, u32)) -> String {
    let mark = |item: &Item| format!("M{} {y}v{h}", micros(item.start));
    let marks: String = items.iter().map(mark).collect();
    format!("<path class=\"specks\" d=\"{marks}\"/>")
}

/// Whether the items are so short, with so much time between them, that nothing would be seen of
/// them: the threads of the race.
pub(super) fn are_specks(timeline: &Timeline, layout: &Layout) -> bool {
    let items = || layout.rows.iter().flat_map(|row| row.items);
    let typical = middle(items().map(Item::length)).unwrap_or_default();
    let busy: Duration = items().map(Item::length).sum();
    let all = timeline.duration.as_secs_f64() * layout.rows.len() as f64;
    layout.x(typical) < 1.0 && busy.as_secs_f64() < 0.1 * all
}

/// Whether all items of a picture are so wide that lines can part them.
fn are_wide(layout: &Layout) -> bool {
    let items = layout.rows.iter().flat_map(|row| row.items);
    items.map(|item| layout.x(item.length())).all(|width| width >= WIDE_ENOUGH)
}

/// A bar, whose group is still open.
fn bar(svg: &mut String, item: &Item, (y, h): (u32, u32), scale: f64, look: Look) {
    let width = item.length().as_secs_f64() * 1e6 / scale;
    let fill = if look.medium == Medium::Areas && !has_pattern(look.lane) {
        String::new()
    } else {
        format!(" fill=\"url(#waiting-{})\"", look.id)
    };
    let (x, length) = (micros(item.start), micros(item.length()));
    let _ = write!(
        svg,
        "<g class=\"bar\"><rect class=\"wait\"{fill} x=\"{x}\" y=\"{y}\" \
         width=\"{length}\" height=\"{h}\"/>"
    );
    for work in &item.work {
        let length = work.end.saturating_sub(work.start);
        // A thread that had a core half of the time fills half of the bar.
        let part = f64::from(h) * work.share();
        let _ = write!(
            svg,
            "<rect class=\"work\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"/>",
            micros(work.start),
            pixels(f64::from(y + h) - part),
            micros(length),
            pixels(part),
        );
    }
    if item.failure.is_some() {
        let half = CROSS.min(f64::from(h) / 2.0);
        let (x, y) = (micros(item.start + item.length() / 2), f64::from(y) + f64::from(h) / 2.0);
        // As wide as it is high, if there is room.
        let scale = scale * (width / (2.0 * half)).min(1.0);
        let _ = write!(
            svg,
            "<path class=\"fail\" data-x=\"{x}\" data-y=\"{y}\" data-half=\"{half}\" \
             transform=\"translate({x} {y}) scale({scale:.3} 1)\" \
             d=\"M-{half} -{half}L{half} {half}M-{half} {half}L{half} -{half}\"/>"
        );
    }
}

/// What, where, when and how long, as one sentence.
fn describe(lane: &str, item: &Item) -> String {
    let mut sentence = format!(
        "{}: {lane}, from {} to {}, {} long: worked {}, waited {}",
        item.label,
        readable(item.start),
        readable(item.end),
        readable(item.length()),
        readable(item.worked()),
        readable(item.waited()),
    );
    if let Some(failure) = &item.failure {
        let _ = write!(sentence, "; failed: {failure}");
    }
    sentence
}
