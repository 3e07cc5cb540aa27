//! The least time that a run of downloads can take.

use std::time::Duration;

use basics::words::{plural, thousands};
use site::{Behaviour, Counts};

use crate::failure::Failure;

/// The least time that a run can take.
pub struct Bound {
    pub seconds: f64,
    pub sentence: String,
}

impl Bound {
    /// The bound of these downloads, of which at most `width` were under way at the same time; `None`
    /// if they had nothing to wait for.
    pub fn of(
        downloads: &[Result<(), Failure>],
        width: usize,
        timeout: Duration,
        counts: &Counts,
        behaviour: &Behaviour,
    ) -> Option<Self> {
        let number = |is: fn(&Failure) -> bool| {
            downloads.iter().filter(|download| download.as_ref().err().is_some_and(is)).count()
        };
        let answered = downloads.len() - number(|failure| !failure.answered);
        let timed_out = number(|failure| failure.timed_out);
        let Behaviour { latency, jitter, capacity, .. } = *behaviour;
        let capacity = capacity.unwrap_or(usize::MAX);

        // The site may have answered somebody who had just given up, so what counts is its time for
        // one answer.
        let each = counts.service_time.as_secs_f64() / float(counts.answered.max(1));
        let serving = each * float(answered);
        let waiting = serving + timeout.as_secs_f64() * float(timed_out);
        let mut seconds = (waiting / float(width)).max(serving / float(capacity));
        if jitter.is_zero() {
            // Equal answers come in rounds.
            seconds = seconds.max(each * float(answered.div_ceil(width.min(capacity))));
        }
        if timed_out > 0 {
            seconds = seconds.max(timeout.as_secs_f64());
        }

        let requests = plural(answered as u64, "request");
        let each = match (latency.as_millis(), (latency + jitter).as_millis()) {
            (least, most) if least == most => format!("{least} ms"),
            (least, most) => format!("{least} to {most} ms"),
        };
        let width = if timed_out == 0 { width.min(capacity) } else { width };
        let at_a_time = format!("{} at a time,", thousands(width as u64));
        let bound = format!("cannot take less than {seconds:.3} s");
        let sentence = if timed_out == 0 {
            format!("{requests} of {each}, {at_a_time} {bound}")
        } else {
            let time_outs = plural(timed_out as u64, "time-out");
            let limit = timeout.as_secs_f64();
            format!("{requests} of {each} and {time_outs} of {limit} s, {at_a_time}\n{bound}")
        };
        (seconds > 0.0).then_some(Self { seconds, sentence })
    }
}

fn float(count: usize) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bound(
        answered: u32,
        timed_out: usize,
        width: usize,
        behaviour: &Behaviour,
    ) -> Option<Bound> {
        let failure =
            Failure { url: String::new(), reason: String::new(), answered: false, timed_out: true };
        let mut downloads = vec![Ok(()); answered as usize];
        downloads.extend(vec![Err(failure); timed_out]);
        // The site has answered one more, whose client had just given up.
        let requests = answered + u32::from(timed_out > 0);
        let service_time = (behaviour.latency + behaviour.jitter / 2) * requests;
        let counts = Counts { answered: requests as usize, service_time, ..Counts::default() };
        Bound::of(&downloads, width, Duration::from_millis(500), &counts, behaviour)
    }

    #[track_caller]
    fn assert_sentence(bound: Option<Bound>, sentence: &str) {
        assert_eq!(bound.expect("there is something to wait for").sentence, sentence);
    }

    #[test]
    fn equal_answers_come_in_rounds() {
        let sentence = "160 requests of 90 ms, 7 at a time, cannot take less than 2.070 s";
        assert_sentence(bound(160, 0, 7, &Behaviour::default()), sentence);
    }

    #[test]
    fn answers_that_differ_share_the_time_of_all() {
        let jitter = Duration::from_millis(20);
        let jittery = Behaviour { jitter, ..Behaviour::default() };
        let sentence = "160 requests of 90 to 110 ms, 7 at a time, cannot take less than 2.286 s";
        assert_sentence(bound(160, 0, 7, &jittery), sentence);
    }

    #[test]
    fn time_outs_count() {
        let sentence = "15 requests of 90 ms and 5 time-outs of 0.5 s, 2 at a time,\n\
                        cannot take less than 1.925 s";
        assert_sentence(bound(15, 5, 2, &Behaviour::default()), sentence);
    }

    #[test]
    fn a_capacity_limits_what_is_served_and_not_who_gives_up() {
        let one_at_a_time = Behaviour { capacity: Some(1), ..Behaviour::default() };
        let sentence = "10 requests of 90 ms, 1 at a time, cannot take less than 0.900 s";
        assert_sentence(bound(10, 0, 20, &one_at_a_time), sentence);
        let sentence = "10 requests of 90 ms and 90 time-outs of 0.5 s, 100 at a time,\n\
                        cannot take less than 0.900 s";
        assert_sentence(bound(10, 90, 100, &one_at_a_time), sentence);
    }

    #[test]
    fn nothing_has_no_bound() {
        assert!(bound(0, 0, 5, &Behaviour::default()).is_none());
    }
}
