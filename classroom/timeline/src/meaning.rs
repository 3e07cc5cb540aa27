//! What the colours and patterns of a picture mean, in words.

use std::time::Duration;

use super::bars::{are_specks, lane_height};
use super::layout::{Layout, middle};
use super::legend::Legend;
use super::patterns::has_pattern;
use super::run::{Item, Timeline, Totals, Work};

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
    /// What it is called in the picture of a run.
    #[must_use]
    pub fn meaning(self, timeline: &Timeline) -> String {
        let words = Legend::of(timeline);
        match self {
            Self::Works => words.works,
            Self::PartlyWorks => words.partly,
            Self::Waits => words.waits,
            Self::Idle => "nothing to do".into(),
            Self::Speck => format!("{}, too short to see its colours here", words.begins),
            Self::Fails => words.fails,
        }
    }
}

/// The states that occur in a picture of a run, in the order of a legend.
#[must_use]
pub fn states(timeline: &Timeline, layout: &Layout) -> Vec<State> {
    let items = || layout.rows.iter().flat_map(|row| row.items);
    let seconds = |time: fn(&Item) -> Duration| items().map(time).sum::<Duration>().as_secs_f64();
    let (worked, waited) = (seconds(Item::worked), seconds(Item::waited));
    #[expect(clippy::cast_precision_loss, reason = "few lanes are drawn")]
    let lanes = layout.rows.len() as f64;
    let all = lanes * timeline.duration.min(layout.window.end).as_secs_f64();
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
#[must_use]
pub fn hides_work(layout: &Layout) -> bool {
    let seen = |work: &Work| (work.end.saturating_sub(work.start)).mul_f64(work.share());
    let work = layout.rows.iter().flat_map(|row| row.items).flat_map(|item| &item.work);
    middle(work.map(seen)).is_some_and(|typical| layout.width_of(typical) < 1.0)
}

/// What a legend says where the work is too short to see.
#[must_use]
pub fn too_short(timeline: &Timeline) -> String {
    let share = percent_of_work(timeline.totals());
    format!("Work is {share} of the time, too short to see here")
}

/// How much of the time with an item under way was work: `0.06 %`, `97 %`.
#[must_use]
pub fn percent_of_work(totals: Totals) -> String {
    let [worked, waited] = [totals.worked, totals.waited].map(|time| time.as_secs_f64());
    let all = worked + waited;
    let percent = if all > 0.0 { 100.0 * worked / all } else { 0.0 };
    let digits = if percent < 1.0 { 2 } else { 0 };
    format!("{percent:.digits$} %")
}

/// What it means for a race that its lanes met as often as they did; nothing for another job.
#[must_use]
pub fn meaning_of_a_race(timeline: &Timeline) -> Option<&'static str> {
    if timeline.item_noun() != "turn" || timeline.lanes.len() < 2 {
        return None;
    }
    Some(if 5 * timeline.overlap().items < timeline.lanes.len() {
        "An update can only be lost where two threads overlap. So by chance few are lost, or none."
    } else {
        "Where two threads overlap, one can write between the other's read and its write. Then an \
         update is lost."
    })
}

#[cfg(test)]
mod tests {
    use super::super::layout::Canvas;
    use super::super::run::tests::{downloads, ms};
    use super::*;

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
        assert_eq!(State::Waits.meaning(&run), "waits for an answer");
        for item in run.lanes.iter_mut().flat_map(|lane| &mut lane.items) {
            item.label = "5000000".into();
            item.work = [Work { start: item.start, end: item.end, worked: ms(30) }].into();
        }
        assert_eq!(occur(&run)[..3], [State::Works, State::PartlyWorks, State::Waits]);
        assert_eq!(State::Waits.meaning(&run), "waits for a core");
    }

    #[test]
    fn work_that_is_narrower_than_a_pixel_is_too_short_to_see() {
        let run = downloads(1, 10);
        assert!(!hides_work(&Layout::new(&run, &canvas(800.0))));
        assert!(hides_work(&Layout::new(&run, &canvas(390.0))));
        assert_eq!(too_short(&run), "Work is 2 % of the time, too short to see here");
    }

    #[test]
    fn a_race_can_only_be_lost_where_threads_meet() {
        let mut run = downloads(10, 1);
        assert_eq!(meaning_of_a_race(&run), None);
        for (at, lane) in (0..).zip(&mut run.lanes) {
            let (start, end) = (ms(20 * at), ms(20 * at + 10));
            lane.items[0] = Item { label: "increments".into(), start, end, ..Item::default() };
        }
        let said = meaning_of_a_race(&run).expect("it is a race");
        assert!(said.ends_with("So by chance few are lost, or none."), "{said}");
        for lane in &mut run.lanes[..6] {
            lane.items[0].end = ms(200);
        }
        let said = meaning_of_a_race(&run).expect("it is a race");
        assert!(said.starts_with("Where two threads overlap"), "{said}");
    }
}
