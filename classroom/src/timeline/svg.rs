//! Draws a run as an SVG.

use std::fmt::{self, Display, Formatter, Write};
use std::time::Duration;

use console::{measure_text_width, truncate_str};

use super::layout::{Canvas, Layout};
use super::run::{Item, Timeline, readable};

/// The width of a picture, in pixels.
const WIDTH: f64 = 960.0;

/// The distance between the picture and its edge, in pixels.
const EDGE: f64 = 16.0;

/// The width of a letter, in pixels, on average.
const LETTER: f64 = 7.2;

/// The most letters of a lane's name.
const MOST_LETTERS: usize = 24;

/// The most lanes that are drawn: more than the article has pages.
pub(super) const MOST_LANES: usize = 400;

/// The most items that are drawn, so that a browser is still quick.
pub(super) const MOST_ITEMS: usize = 5_000;

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

/// A run as an SVG of its own.
#[must_use]
pub fn document(timeline: &Timeline) -> String {
    let names = timeline.lanes.iter().take(MOST_LANES).map(|lane| measure_text_width(&lane.name));
    #[expect(clippy::cast_precision_loss, reason = "no name is that long")]
    let labels = LETTER * names.max().unwrap_or(0).min(MOST_LETTERS) as f64 + 8.0;
    let width = WIDTH - 2.0 * EDGE - labels;
    let canvas =
        Canvas { width, legible: 2.0, most_lanes: MOST_LANES, most_items: MOST_ITEMS, tick: 60.0 };
    let layout = Layout::new(timeline, &canvas);
    let lanes = layout.rows.len();
    let height = lane_height(lanes);
    #[expect(clippy::cast_precision_loss, reason = "few lanes are drawn")]
    let plot = f64::from(height) * lanes as f64;
    let (left, top) = (EDGE + labels, 64.0);
    let mut svg = String::new();
    let program = Escaped(&timeline.program);
    let sentence = timeline.sentence();
    let _ = write!(svg, "<title>{program}</title><desc>{}</desc>", Escaped(&sentence));
    let _ =
        write!(svg, "<style>{STYLE}</style><rect class=\"page\" width=\"100%\" height=\"100%\"/>");
    let _ = write!(svg, "<text class=\"head\" x=\"{EDGE}\" y=\"30\">{program}</text>");
    for (time, label) in &layout.ticks {
        let x = left + layout.x(*time);
        let _ = write!(
            svg,
            "<path class=\"tick\" d=\"M{x:.1} {top}v{plot:.0}\"/>\
             <text x=\"{x:.1}\" y=\"{:.0}\">{label}</text>",
            top - 8.0
        );
    }
    let _ = write!(
        svg,
        "<svg x=\"{left:.1}\" y=\"{top}\" width=\"{width:.1}\" height=\"{plot:.0}\" {}</svg>",
        bars(&layout, 1)
    );
    let mut y = top;
    for (number, row) in layout.rows.iter().enumerate() {
        if is_named(number, lanes) {
            let baseline = y + f64::from(height.clamp(10, 24)) / 2.0 + 4.0;
            let name = truncate_str(row.name, MOST_LETTERS, "…");
            let name = Escaped(&name);
            let _ = write!(svg, "<text x=\"{EDGE}\" y=\"{baseline:.1}\">{name}</text>");
        }
        y += f64::from(height);
    }
    for line in layout.more.as_deref().into_iter().chain(sentence.lines()) {
        y += 22.0;
        let line = Escaped(line);
        let _ = write!(svg, "<text x=\"{left:.1}\" y=\"{y:.0}\">{line}</text>");
    }
    y += 22.0;
    svg.push_str(&legend(left, y));
    let height = y + EDGE;
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" width=\"{WIDTH}\" \
         height=\"{height:.0}\" viewBox=\"0 0 {WIDTH} {height:.0}\">{svg}</svg>\n"
    )
}

/// What the bars mean, in a line of samples and words that stands on `y`.
fn legend(left: f64, y: f64) -> String {
    let mut svg = String::new();
    let mut x = left;
    let top = y - 11.0;
    // How much of the sample's height is work, and whether it is crossed out.
    for (meaning, work, fails) in [
        ("works", 12.0, false),
        ("works part of the time", 6.0, false),
        ("waits", 0.0, false),
        ("fails", 0.0, true),
    ] {
        let _ = write!(
            svg,
            "<rect class=\"wait\" fill=\"url(#waiting-1)\" x=\"{x:.1}\" y=\"{top:.0}\" \
             width=\"14\" height=\"12\"/>"
        );
        if work > 0.0 {
            let _ = write!(
                svg,
                "<rect class=\"work\" x=\"{x:.1}\" y=\"{:.0}\" width=\"14\" height=\"{work}\"/>",
                top + 12.0 - work,
            );
        }
        if fails {
            let _ = write!(svg, "<path class=\"fail\" d=\"M{x:.1} {top:.0}l14 12m-14 0l14 -12\"/>");
        }
        x += 20.0;
        let _ = write!(svg, "<text x=\"{x:.1}\" y=\"{y:.0}\">{meaning}</text>");
        #[expect(clippy::cast_precision_loss, reason = "the words are short")]
        let word = LETTER * meaning.len() as f64;
        x += word + 20.0;
    }
    svg
}

/// The attributes and the content of the drawing inside a picture: the bars alone.
///
/// Its coordinates are microseconds from left to right and pixels from top to bottom, so a part of
/// the time is seen larger by a change of `viewBox` alone.
pub(super) fn bars(layout: &Layout, id: usize) -> String {
    let height = lane_height(layout.rows.len());
    let window = micros(layout.window.end);
    #[expect(clippy::cast_possible_truncation, reason = "few lanes are drawn")]
    let plot = (height * layout.rows.len() as u32).max(1);
    let stripe = stripe(height);
    let mut svg = format!(
        "viewBox=\"0 0 {window} {plot}\" preserveAspectRatio=\"none\"><defs>\
         <pattern id=\"waiting-{id}\" patternUnits=\"userSpaceOnUse\" width=\"{window}\" \
         height=\"{stripe}\"><rect class=\"wait-ground\" width=\"{window}\" \
         height=\"{stripe}\"/><rect class=\"wait-line\" y=\"1.5\" width=\"{window}\" \
         height=\"1.5\"/></pattern></defs>"
    );
    let mut top = 0;
    for row in &layout.rows {
        let (y, h) = (top + 1, height - 2);
        for item in row.items {
            let _ = write!(
                svg,
                "<g class=\"bar\" role=\"img\" aria-label=\"{}\"><rect class=\"wait\" \
                 fill=\"url(#waiting-{id})\" x=\"{}\" y=\"{y}\" width=\"{}\" height=\"{h}\"/>",
                Escaped(&describe(row.name, item)),
                micros(item.start),
                micros(item.length()),
            );
            for work in &item.work {
                let length = work.end.saturating_sub(work.start);
                // A thread that had a core half of the time fills half of the bar.
                let part = f64::from(h) * work.share();
                let _ = write!(
                    svg,
                    "<rect class=\"work\" x=\"{}\" y=\"{:.1}\" width=\"{}\" height=\"{part:.1}\"/>",
                    micros(work.start),
                    f64::from(y + h) - part,
                    micros(length),
                );
            }
            if item.failure.is_some() {
                let (start, end) = (micros(item.start), micros(item.end));
                let _ = write!(
                    svg,
                    "<path class=\"fail\" d=\"M{start} {y}L{end} {0}M{start} {0}L{end} {y}\"/>",
                    y + h
                );
            }
            svg.push_str("</g>");
        }
        top += height;
    }
    svg
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

/// Microseconds, to the nanosecond, without zeros at the end.
fn micros(time: Duration) -> String {
    let text = format!("{}.{:03}", time.as_micros(), time.subsec_nanos() % 1_000);
    text.trim_end_matches('0').trim_end_matches('.').into()
}

/// The colours, light and dark; the page has the same.
pub(super) const STYLE: &str = include_str!("colours.css");
