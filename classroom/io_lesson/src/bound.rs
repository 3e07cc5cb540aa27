//! The least time that a run of downloads can take.

use std::time::Duration;

use basics::words::{plural, thousands};
use site::{Behaviour, Counts};

/// The least time that a run can take, with so many downloads at a time.
pub struct Bound {
    pub seconds: f64,
    pub sentence: String,
}

/// What a run had to wait for.
pub struct Waits {
    /// Downloads that got an answer, with an error status or without.
    pub answered: usize,
    /// Downloads that were given up after `timeout`.
    pub timed_out: usize,
    pub timeout: Duration,
    /// The most downloads that can have been under way at the same time.
    pub width: usize,
}

impl Bound {
    /// The bound of a run; `None` if it had nothing to wait for.
    pub fn of(waits: &Waits, counts: &Counts, behaviour: &Behaviour) -> Option<Self> {
        let Waits { answered, timed_out, timeout, width } = *waits;
        let Behaviour { latency, jitter, .. } = *behaviour;
        let capacity = behaviour.capacity.unwrap_or(usize::MAX);
        // With jitter the requests differ, so what counts is the time of all of them together. A
        // request whose client gave up just before its answer is in that time, and is taken out.
        let too_late = counts.answered.saturating_sub(answered);
        let serving = if jitter.is_zero() {
            times(latency, answered)
        } else {
            (counts.service_time.as_secs_f64() - times(latency + jitter, too_late)).max(0.0)
        };
        let waiting = serving + times(timeout, timed_out);
        let mut seconds = (waiting / float(width)).max(serving / float(capacity));
        if jitter.is_zero() {
            // Equal answers come in rounds.
            seconds = seconds.max(times(latency, answered.div_ceil(width.min(capacity))));
        }
        if timed_out > 0 {
            seconds = seconds.max(timeout.as_secs_f64());
        }

        let requests = plural(answered as u64, "request");
        let mut each = format!("{} ms", latency.as_millis());
        if !jitter.is_zero() {
            each = format!("{} to {} ms", latency.as_millis(), (latency + jitter).as_millis());
        }
        let at_a_time = |width: usize| format!("{} at a time", thousands(width as u64));
        let sentence = if timed_out == 0 {
            let width = at_a_time(width.min(capacity));
            format!("{requests} of {each}, {width}, cannot take less than {seconds:.3} s")
        } else {
            format!(
                "{requests} of {each} and {} of {} s, {},\ncannot take less than {seconds:.3} s",
                plural(timed_out as u64, "time-out"),
                timeout.as_secs_f64(),
                at_a_time(width),
            )
        };
        (seconds > 0.0).then_some(Self { seconds, sentence })
    }
}

/// So many times as long, in seconds.
fn times(time: Duration, count: usize) -> f64 {
    time.as_secs_f64() * float(count)
}

#[expect(clippy::cast_precision_loss, reason = "no list of addresses is that long")]
fn float(count: usize) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(milliseconds: u64) -> Duration {
        Duration::from_millis(milliseconds)
    }

    fn bound(answered: usize, timed_out: usize, width: usize, behaviour: &Behaviour) -> Bound {
        let counts = Counts { answered, ..Counts::default() };
        let waits = Waits { answered, timed_out, timeout: ms(500), width };
        Bound::of(&waits, &counts, behaviour).expect("there is something to wait for")
    }

    #[test]
    fn equal_answers_come_in_rounds() {
        let bound = bound(160, 0, 7, &Behaviour::default());
        let sentence = "160 requests of 90 ms, 7 at a time, cannot take less than 2.070 s";
        assert_eq!(bound.sentence, sentence);
    }

    #[test]
    fn time_outs_count() {
        let bound = bound(15, 5, 2, &Behaviour::default());
        let sentence = "15 requests of 90 ms and 5 time-outs of 0.5 s, 2 at a time,\n\
                        cannot take less than 1.925 s";
        assert_eq!(bound.sentence, sentence);
    }

    #[test]
    fn a_capacity_limits_what_is_served_and_not_who_gives_up() {
        let one_at_a_time = Behaviour { capacity: Some(1), ..Behaviour::default() };
        assert!((bound(10, 0, 20, &one_at_a_time).seconds - 0.9).abs() < 1e-9);
        assert!((bound(10, 90, 100, &one_at_a_time).seconds - 0.9).abs() < 1e-9);
    }

    #[test]
    fn nothing_has_no_bound() {
        let waits = Waits { answered: 0, timed_out: 0, timeout: ms(500), width: 5 };
        assert!(Bound::of(&waits, &Counts::default(), &Behaviour::default()).is_none());
    }
}
