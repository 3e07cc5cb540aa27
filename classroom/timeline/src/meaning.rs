//! What the colours and patterns of a picture mean, in words.

use std::time::Duration;

use crate::bars::{are_specks, lane_height};
use crate::job::Job;
use crate::layout::{Layout, middle};
use crate::patterns::has_pattern;
use crate::run::{Item, Timeline, Work};
use crate::sentence::percent_of_work;

/// A stretch that was work for less than this part is drawn as partly work.
const NEARLY_ALL: f64 = 0.95;

/// What takes less than this part of all the time is not worth a word of the legend.
const HARDLY_ANY: f64 = 0.005;

/// What a lane can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It works.
    Works,
    /// It works part of the time.
    PartlyWorks,
    /// It waits, with an item under way.
    Waits,
    /// It has no item under way.
    Idle,
    /// Its item is too short to be seen; it is marked.
    Speck,
    /// Its item fails.
    Fails,
}

impl State {
    /// What it is called in the picture of a run with this job.
    pub fn meaning(self, job: Job) -> String {
        match self {
            Self::Works => job.works().into(),
            Self::PartlyWorks => "works part of the time".into(),
            Self::Waits => job.waits().into(),
            Self::Idle => "nothing to do".into(),
            Self::Speck => format!("{}, too short to see its colours here", job.begins()),
            Self::Fails => "fails".into(),
        }
    }
}

/// The states that occur in a picture of a run, in the order of a legend.
pub fn states(timeline: &Timeline, layout: &Layout) -> Vec<State> {
    let items = || layout.rows.iter().flat_map(|row| row.items);
    let seconds = |time: fn(&Item) -> Duration| items().map(time).sum::<Duration>().as_secs_f64();
    let (worked, waited) = (seconds(Item::worked), seconds(Item::waited));
    let lanes = layout.rows.len() as f64;
    let all = lanes * timeline.duration.min(layout.window).as_secs_f64();
    let lane = lane_height(layout.rows.len());
    let is_partly = |work: &Work| work.share() < NEARLY_ALL;
    let states = [
        (State::Works, worked > 0.0),
        (State::PartlyWorks, items().any(|item| item.work.iter().any(is_partly))),
        (State::Waits, waited > HARDLY_ANY * (worked + waited)),
        (State::Idle, all - worked - waited > HARDLY_ANY * all && has_pattern(lane)),
        (State::Speck, are_specks(timeline, layout)),
        (State::Fails, items().any(|item| item.failure.is_some())),
    ];
    states.into_iter().filter(|(_, occurs)| *occurs).map(|(state, _)| state).collect()
}

/// Whether the work is too short to see: a typical stretch of it is narrower than a unit of the
/// picture.
pub fn hides_work(layout: &Layout) -> bool {
    let seen = |work: &Work| (work.end.saturating_sub(work.start)).mul_f64(work.share());
    let work = layout.rows.iter().flat_map(|row| row.items).flat_map(|item| &item.work);
    middle(work.map(seen)).is_some_and(|typical| layout.x(typical) < 1.0)
}

/// What a legend says where the work is too short to see.
pub fn too_short(timeline: &Timeline) -> String {
    let share = percent_of_work(timeline.totals());
    format!("Work is {share} of the time, too short to see here")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::Canvas;
    use crate::run::tests::{downloads, ms};

    fn canvas(width: f64) -> Canvas {
        Canvas { width, legible: 1.0, most_lanes: 12, most_items: 1_000, tick: 60.0 }
    }

    #[test]
    fn only_what_occurs_is_in_the_legend() {
        let mut run = downloads(2, 4);
        let occur = |run: &Timeline| states(run, &Layout::new(run, &canvas(800.0)));
        assert_eq!(occur(&run), [State::Works, State::Waits]);
        run.lanes[1].items.pop();
        run.lanes[0].items[0].failure = Some("status 500".into());
        assert_eq!(occur(&run), [State::Works, State::Waits, State::Idle, State::Fails]);
        for item in run.lanes.iter_mut().flat_map(|lane| &mut lane.items) {
            item.work = vec![Work { start: item.start, end: item.end, worked: ms(30) }];
        }
        assert_eq!(occur(&run)[..3], [State::Works, State::PartlyWorks, State::Waits]);
    }

    #[test]
    fn work_that_is_narrower_than_a_pixel_is_too_short_to_see() {
        let run = downloads(1, 10);
        assert!(!hides_work(&Layout::new(&run, &canvas(800.0))));
        assert!(hides_work(&Layout::new(&run, &canvas(390.0))));
        assert_eq!(too_short(&run), "Work is 2 % of the time, too short to see here");
    }
}
