//! The least time that a run of downloads can take.

use crate::site::{Counts, Site};
use crate::words::{plural, thousands};

/// The least time that a run can take.
pub(super) struct Bound {
    pub seconds: f64,
    pub sentence: String,
}

impl Bound {
    pub fn of(counts: &Counts, site: &Site, concurrency: usize) -> Self {
        let behaviour = site.behaviour();
        let width = concurrency.min(behaviour.capacity.unwrap_or(usize::MAX)).max(1);
        // With jitter the requests differ, so what counts is the time of all of them together.
        #[expect(clippy::cast_precision_loss, reason = "no list of addresses is that long")]
        let (rounds, width_f64) = (counts.answered.div_ceil(width) as f64, width as f64);
        let in_rounds = rounds * behaviour.latency.as_secs_f64();
        let seconds = in_rounds.max(counts.service_time.as_secs_f64() / width_f64);

        let mut latency = format!("{} ms", behaviour.latency.as_millis());
        if !behaviour.jitter.is_zero() {
            let most = behaviour.latency + behaviour.jitter;
            latency = format!("{} to {} ms", behaviour.latency.as_millis(), most.as_millis());
        }
        let sentence = format!(
            "{} of {latency}, {} at a time, cannot take less than {seconds:.3} s",
            plural(counts.answered as u64, "request"),
            thousands(width as u64),
        );
        Self { seconds, sentence }
    }
}
