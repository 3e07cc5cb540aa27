//! How many lanes wait and how many work at each moment of a run.

use std::time::Duration;

use crate::run::Timeline;

/// More moments than this are not told apart: what happened between them is put together.
const MOST_MOMENTS: usize = 1_000;

/// From this moment to the next, so many lanes work and so many wait.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Moment {
    /// Where it begins, in seconds.
    pub time: f64,
    /// How many lanes work; a lane that works half of the time is half a lane.
    pub working: f64,
    /// How many lanes wait, with an item under way.
    pub waiting: f64,
}

/// The run from its start to its end, moment by moment.
///
/// What is put together has the mean of its numbers, so the sums over all of the time stay what
/// they were.
pub fn moments(timeline: &Timeline) -> Vec<Moment> {
    let exact = changes(timeline);
    if exact.len() <= MOST_MOMENTS {
        return exact;
    }
    let end = exact.last().map_or(0.0, |last| last.time);
    let begin = |number: usize| end * number as f64 / MOST_MOMENTS as f64;
    let mut moments = Vec::new();
    let mut at = 0;
    for number in 0..MOST_MOMENTS {
        let (from, to) = (begin(number), begin(number + 1));
        let mut mean = Moment { time: from, ..Moment::default() };
        let mut now = from;
        while now < to {
            let next = exact.get(at + 1).map_or(to, |next| next.time);
            let part = (next.min(to) - now).max(0.0) / (to - from);
            mean.working += part * exact[at].working;
            mean.waiting += part * exact[at].waiting;
            now = next.min(to);
            if next > to || at + 1 == exact.len() {
                break;
            }
            at += 1;
        }
        moments.push(mean);
    }
    moments.push(Moment { time: end, ..Moment::default() });
    moments
}

/// Every moment at which one of the numbers changes.
fn changes(timeline: &Timeline) -> Vec<Moment> {
    // When, how many more work, and how many more wait.
    let mut events: Vec<(Duration, f64, f64)> = vec![(Duration::ZERO, 0.0, 0.0)];
    for item in timeline.items() {
        events.extend([(item.start, 0.0, 1.0), (item.end, 0.0, -1.0)]);
        for work in &item.work {
            let share = work.share();
            events.extend([(work.start, share, -share), (work.end, -share, share)]);
        }
    }
    events.push((timeline.duration, 0.0, 0.0));
    events.sort_by_key(|(time, ..)| *time);
    let mut now = Moment::default();
    let mut moments = Vec::new();
    for at_once in events.chunk_by(|a, b| a.0 == b.0) {
        now.time = at_once[0].0.as_secs_f64();
        for (_, working, waiting) in at_once {
            now.working += working;
            now.waiting += waiting;
        }
        moments.push(now);
    }
    moments
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::tests::downloads;

    /// The time that the lanes worked and waited, in seconds.
    fn sums(moments: &[Moment]) -> (f64, f64) {
        let sum = |of: fn(&Moment) -> f64| -> f64 {
            moments.windows(2).map(|pair| of(&pair[0]) * (pair[1].time - pair[0].time)).sum()
        };
        (sum(|moment| moment.working), sum(|moment| moment.waiting))
    }

    #[test]
    fn the_sums_are_those_of_the_run() {
        for (lanes, items) in [(1, 1), (5, 32), (3, 5_000)] {
            let run = downloads(lanes, items);
            let moments = moments(&run);
            assert!(moments.len() <= MOST_MOMENTS + 1);
            let (worked, waited) = sums(&moments);
            let totals = run.totals();
            assert!((worked - totals.worked.as_secs_f64()).abs() < 1e-6, "{worked}: {totals:?}");
            assert!((waited - totals.waited.as_secs_f64()).abs() < 1e-6, "{waited}: {totals:?}");
        }
    }

    #[test]
    fn five_threads_are_five_at_every_moment() {
        for moment in &moments(&downloads(5, 4))[..8] {
            assert!((moment.working + moment.waiting - 5.0).abs() < 1e-9, "{moment:?}");
        }
        assert_eq!(moments(&Timeline::default()).len(), 1);
    }
}
