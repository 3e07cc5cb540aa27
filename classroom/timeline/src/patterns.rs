//! How waiting and having nothing to do are drawn: with patterns, so that colour is not all that tells
//! them apart.

use crate::job::Job;

/// Lanes that are lower than this, in pixels, have no room for a pattern.
const ROOM_FOR_A_PATTERN: u32 = 10;

/// Whether a lane has room for patterns. In low lanes waiting is of one colour, and having nothing to
/// do is left blank.
pub(super) fn has_pattern(lane: u32) -> bool {
    lane >= ROOM_FOR_A_PATTERN
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

/// How waiting is drawn: for each thing to wait for a pattern of its own, so that colour is not all
/// that tells them apart. A pattern is not stretched with the time.
pub(super) fn waiting_pattern(job: Job, name: &str, lane: u32, scale: f64) -> String {
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
    } else if job == Job::Download {
        let stripes = "<rect class=\"wait-line\" y=\"1.5\" width=\"8\" height=\"1.5\"/>";
        tile(8.0, stripe(lane), stripes)
    } else {
        tile(6.0, 6.0, "<path class=\"wait-hatch\" d=\"M-1 1L1 -1M0 6L6 0M5 7L7 5\"/>")
    }
}

/// How having nothing to do is drawn.
pub(super) fn idle_pattern(id: usize, lane: u32, scale: f64) -> String {
    format!(
        "<pattern id=\"idle-{id}\" patternUnits=\"userSpaceOnUse\" \
         patternTransform=\"scale({scale:.3} 1)\" width=\"8\" height=\"{lane}\"><rect \
         class=\"idle\" x=\"3\" y=\"{}\" width=\"2\" height=\"2\"/></pattern>",
        f64::from(lane) / 2.0 - 1.0
    )
}
