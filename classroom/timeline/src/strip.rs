//! The strip below the bars: how many lanes wait and how many work at each moment.

use std::fmt::Write;

use crate::layout::Layout;
use crate::markup::{micros, pixels};
use crate::moments::moments;
use crate::patterns::waiting_pattern;
use crate::run::Timeline;
use basics::words::{plural, thousands};

/// The height of a strip, in pixels.
pub(super) const STRIP: u32 = 48;

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
    let window = micros(layout.window);
    let mut svg = format!(
        "viewBox=\"0 0 {window} {STRIP}\" preserveAspectRatio=\"none\"><defs>{}</defs>\
         <path class=\"wait\" fill=\"url(#waiting-strip-{id})\" d=\"{together}\"/><path class=\"work\" d=\"{working}\"/>",
        waiting_pattern(
            timeline.job,
            &format!("waiting-strip-{id}"),
            STRIP / 2,
            layout.micros_per_unit()
        ),
    );
    let y = pixels(height * (1.0 - part(timeline, timeline.cores)));
    let _ = write!(svg, "<path class=\"cores\" d=\"M0 {y}H{window}\"/>");
    svg
}

/// The numbers beside a strip and how high in it they stand: how many lanes were under way at once,
/// and how many cores there were.
pub(super) fn counts(timeline: &Timeline) -> Vec<(String, f64)> {
    let (most, cores) = (timeline.overlap().most, timeline.cores);
    let [most_at, cores_at] = [most, cores].map(|lanes| part(timeline, lanes));
    let mut counts = vec![(format!("{} at once", thousands(most as u64)), most_at)];
    // Two numbers at one place cannot be read.
    if (most_at - cores_at).abs() > 0.25 {
        counts.push((plural(cores as u64, "core"), cores_at));
    }
    counts
}

/// How many lanes a strip has room for: as many as were under way at once, and as many as there are
/// cores.
fn room(timeline: &Timeline) -> usize {
    timeline.overlap().most.max(timeline.cores).max(1)
}

/// A number of lanes as a part of the height of a strip.
fn part(timeline: &Timeline, lanes: usize) -> f64 {
    lanes as f64 / room(timeline) as f64
}
