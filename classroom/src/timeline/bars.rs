//! The bars of a picture, for a drawing and for a page.

use std::fmt::{self, Display, Formatter, Write};
use std::time::Duration;

use super::layout::{Layout, middle};
use super::run::{Item, Timeline, readable};
use super::strip::moments;
use crate::words::{plural, thousands};

/// Where an item is narrower than this, in pixels, no lines part the items: the lines would take the
/// place of what is in them. The page's script knows it, too.
const WIDE_ENOUGH: f64 = 12.0;

/// Half the height of the cross of a failure, in pixels, at most.
const CROSS: f64 = 5.0;

/// The height of a strip, in pixels.
pub(super) const STRIP: u32 = 48;

/// The colours, light and dark.
pub(super) const COLOURS: &str = include_str!("colours.css");

/// Text between two tags or quotation marks.
pub struct Escaped<'a>(pub &'a str);

impl Display for Escaped<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for character in self.0.chars() {
            match character {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                // XML does not allow these, or advises against them.
                _ if character.is_control() => f.write_char(' ')?,
                '\u{fffe}' | '\u{ffff}' => f.write_char(char::REPLACEMENT_CHARACTER)?,
                _ => f.write_char(character)?,
            }
        }
        Ok(())
    }
}

/// How bars are drawn.
#[derive(Clone, Copy, Debug)]
pub(super) struct Look<'a> {
    /// Tells the pictures of a page apart.
    pub id: usize,
    /// The height of a lane, in pixels.
    pub lane: u32,
    /// Whether lanes touch each other, so that areas can be compared.
    pub is_dense: bool,
    /// The row of the table that tells about the first item of each lane; `None` if there is no
    /// table, and each bar says itself what it is.
    pub told: Option<&'a [usize]>,
}

/// The height of a lane in pixels, so that many lanes still fit.
pub(super) fn lane_height(lanes: usize) -> u32 {
    match lanes {
        0..=12 => 24,
        13..=40 => 14,
        _ => 5,
    }
}

/// The distance between the stripes of what waits, in pixels.
///
/// A lane is a multiple of it, so that all lanes look the same.
fn stripe(height: u32) -> f64 {
    match height {
        24 => 4.0,
        14 => 3.5,
        height => f64::from(height),
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
    let Look { id, lane, is_dense, told } = look;
    let window = micros(layout.window.end);
    #[expect(clippy::cast_possible_truncation, reason = "few lanes are drawn")]
    let plot = (lane * layout.rows.len() as u32).max(1);
    let scale = micros_per_pixel(layout);
    let gap = u32::from(!is_dense);
    let mut svg = format!("viewBox=\"0 0 {window} {plot}\" preserveAspectRatio=\"none\">");
    let _ = write!(
        svg,
        "<defs>{}{}</defs>",
        waiting_pattern(timeline, &format!("waiting-{id}"), lane, scale),
        idle_pattern(id, lane, scale),
    );
    let run = micros(timeline.duration.min(layout.window.end));
    let are_wide = are_wide(layout);
    let are_specks = are_specks(timeline, layout);
    let mut top = 0;
    for row in &layout.rows {
        let (y, h) = (top + gap, lane - 2 * gap);
        if !is_dense && has_pattern(lane) {
            let _ = write!(
                svg,
                "<rect fill=\"url(#idle-{id})\" y=\"{y}\" width=\"{run}\" height=\"{h}\"/>"
            );
        }
        let first = told.and_then(|told| told.get(row.lane));
        let first = first.map(|first| format!(" data-first=\"{first}\"")).unwrap_or_default();
        let _ = write!(svg, "<g class=\"lane\"{first}>");
        for item in row.items {
            bar(&mut svg, item, (y, h), scale, look);
            if told.is_none() {
                let said = describe(row.name, item);
                let _ = write!(svg, "<title>{}</title>", Escaped(&said));
            }
            svg.push_str("</g>");
        }
        // On a page it depends on its width.
        if !is_dense && (told.is_some() || are_wide) {
            svg += &edges(row.items, (y, h), scale, look);
        }
        if are_specks {
            svg += &specks(row.items, (y, h));
        }
        svg.push_str("</g>");
        top += lane;
    }
    svg
}

/// The lines that part the items of a lane. On a page they stay as thin as they are when the time is
/// seen larger; in a drawing they grow and shrink with it.
fn edges(items: &[Item], (y, h): (u32, u32), scale: f64, look: Look) -> String {
    let is_page = look.told.is_some();
    let line = |item: &Item| match micros(item.end) {
        end if is_page => format!("M{end} {y}v{h}"),
        end => format!("M{end} {y}v{h}h-{scale:.3}v-{h}z"),
    };
    let lines: String = items.iter().map(line).collect();
    let class = if is_page { "edges" } else { "gaps" };
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
    #[expect(clippy::cast_precision_loss, reason = "few lanes are drawn")]
    let all = timeline.duration.as_secs_f64() * layout.rows.len() as f64;
    layout.width_of(typical) < 1.0 && busy.as_secs_f64() < 0.1 * all
}

/// Whether all items of a picture are so wide that lines can part them.
fn are_wide(layout: &Layout) -> bool {
    let items = layout.rows.iter().flat_map(|row| row.items);
    items.map(|item| layout.width_of(item.length())).all(|width| width >= WIDE_ENOUGH)
}

/// A bar, whose group is still open.
fn bar(svg: &mut String, item: &Item, (y, h): (u32, u32), scale: f64, look: Look) {
    let width = item.length().as_secs_f64() * 1e6 / scale;
    let fill = if look.is_dense && !has_pattern(look.lane) {
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

/// Lanes that are lower than this, in pixels, have no room for a pattern.
const ROOM_FOR_A_PATTERN: u32 = 10;

/// Whether a lane has room for patterns. In low lanes waiting is of one colour, and having nothing to
/// do is left blank.
pub(super) fn has_pattern(lane: u32) -> bool {
    lane >= ROOM_FOR_A_PATTERN
}

/// How waiting is drawn: for each thing to wait for a pattern of its own, so that colour is not all
/// that tells them apart. A pattern is not stretched with the time.
fn waiting_pattern(timeline: &Timeline, name: &str, lane: u32, scale: f64) -> String {
    let start = format!(
        "<pattern id=\"{name}\" patternUnits=\"userSpaceOnUse\" \
         patternTransform=\"scale({scale:.3} 1)\""
    );
    let tile = |width: f64, height: f64, drawn: &str| {
        format!(
            "{start} width=\"{width}\" height=\"{height}\"><rect class=\"wait-ground\" \
             width=\"{width}\" height=\"{height}\"/>{drawn}</pattern>"
        )
    };
    if !has_pattern(lane) {
        let stripes = "<rect class=\"wait-line\" fill-opacity=\".6\" width=\"8\" height=\"8\"/>";
        tile(8.0, 8.0, stripes)
    } else if timeline.waits_for() == "an answer" {
        let stripes = "<rect class=\"wait-line\" y=\"1.5\" width=\"8\" height=\"1.5\"/>";
        tile(8.0, stripe(lane), stripes)
    } else {
        tile(6.0, 6.0, "<path class=\"wait-hatch\" d=\"M-1 1L1 -1M0 6L6 0M5 7L7 5\"/>")
    }
}

/// How having nothing to do is drawn.
fn idle_pattern(id: usize, lane: u32, scale: f64) -> String {
    format!(
        "<pattern id=\"idle-{id}\" patternUnits=\"userSpaceOnUse\" \
         patternTransform=\"scale({scale:.3} 1)\" width=\"8\" height=\"{lane}\"><rect \
         class=\"idle\" x=\"3\" y=\"{}\" width=\"2\" height=\"2\"/></pattern>",
        f64::from(lane) / 2.0 - 1.0
    )
}

/// The attributes and the content of the drawing of how many wait and how many work, over the same
/// time as the bars of the same number.
pub(super) fn strip(timeline: &Timeline, layout: &Layout, id: usize) -> String {
    let moments = moments(timeline);
    let height = f64::from(STRIP);
    let one = part(timeline, 1);
    let y = |lanes: f64| pixels(height * (1.0 - lanes * one));
    let mut steps = [String::new(), String::new()];
    for moment in &moments {
        let time = moment.time * 1e6;
        let together = moment.working + moment.waiting;
        for (path, lanes) in steps.iter_mut().zip([together, moment.working]) {
            let _ = write!(path, "H{}V{}", pixels(time), y(lanes.max(0.0)));
        }
    }
    let [together, working] = steps.map(|steps| format!("M0 {STRIP}{steps}V{STRIP}Z"));
    let window = micros(layout.window.end);
    let mut svg = format!(
        "viewBox=\"0 0 {window} {STRIP}\" preserveAspectRatio=\"none\"><defs>{}</defs>\
         <path class=\"wait\" fill=\"url(#waiting-strip-{id})\" d=\"{together}\"/><path class=\"work\" d=\"{working}\"/>",
        waiting_pattern(
            timeline,
            &format!("waiting-strip-{id}"),
            STRIP / 2,
            micros_per_pixel(layout)
        ),
    );
    if let Some(cores) = timeline.cores {
        let y = pixels(height * (1.0 - part(timeline, cores)));
        let _ = write!(svg, "<path class=\"cores\" d=\"M0 {y}H{window}\"/>");
    }
    svg
}

/// The numbers beside a strip and how high in it they stand: how many lanes were under way at once,
/// and how many cores there were.
pub(super) fn counts(timeline: &Timeline) -> Vec<(String, f64)> {
    let most = timeline.overlap().most;
    let most = (format!("{} at once", thousands(most as u64)), part(timeline, most));
    let cores = timeline
        .cores
        .map(|cores| (plural(cores as u64, "core"), part(timeline, cores)))
        // Two numbers at one place cannot be read.
        .filter(|(_, part)| (part - most.1).abs() > 0.25);
    [Some(most), cores].into_iter().flatten().collect()
}

/// How many lanes a strip has room for: as many as were under way at once, and as many as there are
/// cores.
fn room(timeline: &Timeline) -> usize {
    timeline.overlap().most.max(timeline.cores.unwrap_or(1))
}

/// A number of lanes as a part of the height of a strip.
#[expect(clippy::cast_precision_loss, reason = "nobody has that many lanes or cores")]
fn part(timeline: &Timeline, lanes: usize) -> f64 {
    lanes as f64 / room(timeline) as f64
}

/// What, where, when and how long, as one sentence.
pub(super) fn describe(lane: &str, item: &Item) -> String {
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

/// How many microseconds a pixel is.
fn micros_per_pixel(layout: &Layout) -> f64 {
    1.0 / layout.width_of(Duration::from_micros(1))
}

/// Microseconds, to the nanosecond, without zeros at the end.
pub(super) fn micros(time: Duration) -> String {
    let text = format!("{}.{:03}", time.as_micros(), time.subsec_nanos() % 1_000);
    text.trim_end_matches('0').trim_end_matches('.').into()
}

/// A number with two digits behind the point, without zeros at the end.
fn pixels(number: f64) -> String {
    let text = format!("{number:.2}");
    text.trim_end_matches('0').trim_end_matches('.').into()
}
