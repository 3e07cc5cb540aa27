//! What the colours of a picture mean, in words.

use std::time::Duration;

use crate::job::Job;
use crate::layout::Layout;
use crate::run::{Item, Timeline, Work};
use crate::sentence::percent_of_work;

/// A stretch that was work for less than this part is drawn as partly work.
const NEARLY_ALL: f64 = 0.95;

/// What takes less than this part of all the time is not worth a word of the legend.
const HARDLY_ANY: f64 = 0.005;

/// What a lane can do with an item under way. Where it has none, nothing is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It works.
    Works,
    /// It works part of the time.
    PartlyWorks,
    /// It waits.
    Waits,
    /// It is a task that keeps its thread and does not work.
    Keeps,
    /// Its item fails.
    Fails,
}

impl State {
    /// What it is called in the picture of a run with this job.
    pub fn meaning(self, job: Job) -> &'static str {
        match self {
            Self::Works => job.works(),
            Self::PartlyWorks => "works part of the time",
            Self::Waits => job.waits(),
            Self::Keeps => "keeps the thread without working",
            Self::Fails => "fails",
        }
    }

    /// The class of its sample in the legend of a page.
    pub(super) fn class(self) -> &'static str {
        match self {
            Self::Works => "works",
            Self::PartlyWorks => "half",
            Self::Waits => "waits",
            Self::Keeps => "kept",
            Self::Fails => "failed",
        }
    }
}

/// The states that occur in a picture of a run, in the order of a legend.
pub fn states(layout: &Layout) -> Vec<State> {
    let items = || layout.rows.iter().flat_map(|row| row.items);
    let seconds = |time: fn(&Item) -> Duration| items().map(time).sum::<Duration>().as_secs_f64();
    let (worked, waited) = (seconds(Item::worked), seconds(Item::waited));
    let is_partly = |work: &Work| work.share() < NEARLY_ALL;
    let is_partly = !layout.are_tasks && items().any(|item| item.work.iter().any(is_partly));
    let rows = layout.all_rows();
    let mut drawn = rows.iter().flat_map(|row| row.items).flat_map(|item| &item.work);
    let keeps = layout.are_tasks && drawn.any(Work::keeps);
    let states = [
        (State::Works, worked > 0.0),
        (State::PartlyWorks, is_partly),
        (State::Waits, waited > HARDLY_ANY * (worked + waited)),
        (State::Keeps, keeps),
        (State::Fails, items().any(|item| item.failure.is_some())),
    ];
    states.into_iter().filter(|(_, occurs)| *occurs).map(|(state, _)| state).collect()
}

/// How long a typical stretch of the work in a picture is: of all that is drawn the middle one.
pub fn typical_work(layout: &Layout) -> Option<Duration> {
    let items = layout.rows.iter().flat_map(|row| row.items);
    let mut times: Vec<Duration> = items.flat_map(|item| &item.work).map(Work::length).collect();
    let middle = times.len() / 2;
    (!times.is_empty()).then(|| *times.select_nth_unstable(middle).1)
}

/// Which part of the time is work: to be said where the work is too short to see.
pub fn too_short(timeline: &Timeline) -> String {
    let (share, noun) = (percent_of_work(timeline.totals()), timeline.job.noun());
    format!("Of the time that the {noun}s take, {share} is work: too short to see here")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::job::Engine;
    use crate::layout::Canvas;
    use crate::layout::tests::layout;
    use crate::run::tests::{downloads, ms};

    #[test]
    fn only_what_occurs_is_in_the_legend() {
        let mut run = downloads(2, 4);
        let occur = |run: &Timeline| states(&layout(run, &Canvas::page(12)));
        assert_eq!(occur(&run), [State::Works, State::Waits]);
        run.lanes[0].items[0].failure = Some("status 500".into());
        assert_eq!(occur(&run), [State::Works, State::Waits, State::Fails]);
        for item in run.lanes.iter_mut().flat_map(|lane| &mut lane.items) {
            item.work = vec![Work { start: item.start, end: item.end, worked: ms(30) }];
        }
        assert_eq!(occur(&run)[..3], [State::Works, State::PartlyWorks, State::Waits]);
        run.engine = Engine::Task;
        assert_eq!(occur(&run)[..3], [State::Works, State::Waits, State::Keeps]);
    }

    #[test]
    fn a_share_says_of_what() {
        let run = downloads(1, 10);
        assert_eq!(typical_work(&layout(&run, &Canvas::page(12))), Some(ms(2)));
        let words = "Of the time that the downloads take, 2 % is work: too short to see here";
        assert_eq!(too_short(&run), words);
    }
}
