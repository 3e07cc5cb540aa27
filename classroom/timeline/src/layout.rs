//! Where everything goes in a picture, in a terminal as on a page.

use std::time::Duration;

use crate::run::{Item, Timeline};
use basics::words::{plural, thousands};

/// What a picture is drawn on. Its unit is a column of a terminal or a pixel of a page.
#[derive(Clone, Copy, Debug)]
pub struct Canvas {
    /// The width of the time axis, in units.
    pub width: f64,
    /// How wide a typical item must be to be legible, in units.
    pub legible: f64,
    /// The most lanes that are drawn; the others are counted.
    pub most_lanes: usize,
    /// The most items that are drawn; the others are counted.
    pub most_items: usize,
    /// The room that the number of a tick needs, in units.
    pub tick: f64,
}

/// A picture of a run: which lanes and items are drawn, and where.
#[derive(Clone, Debug)]
pub struct Layout<'a> {
    /// The lanes that are drawn, from top to bottom.
    pub rows: Vec<Row<'a>>,
    /// The time that the width shows, from the start of the run.
    pub window: Duration,
    /// Times that are marked on the axis, with their numbers.
    pub ticks: Vec<(Duration, String)>,
    /// Says what is not drawn, if anything, and when the run ends if that is not seen.
    pub more: Option<String>,
    /// What is not drawn, if anything: `149 more downloads`.
    pub hidden: Option<String>,
    width: f64,
}

/// A lane and those of its items that are drawn.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    /// The place of the lane among those of the run.
    pub lane: usize,
    /// The lane's name.
    pub name: &'a str,
    /// The first items of the lane.
    pub items: &'a [Item],
}

impl<'a> Layout<'a> {
    /// Places a run on a canvas, as much of it as is legible there.
    pub fn new(timeline: &'a Timeline, canvas: &Canvas) -> Self {
        Self::with_window(timeline, canvas, legible_window(timeline, canvas))
    }

    /// Places a run on a canvas whose axis shows `window`.
    pub fn with_window(timeline: &'a Timeline, canvas: &Canvas, window: Duration) -> Self {
        let mut room = canvas.most_items;
        let mut rows = Vec::new();
        for (number, lane) in timeline.lanes.iter().enumerate().take(canvas.most_lanes) {
            let seen = lane.items.partition_point(|item| item.start < window);
            let items = &lane.items[..seen.min(room)];
            room -= items.len();
            rows.push(Row { lane: number, name: &lane.name, items });
        }
        if window < timeline.duration {
            rows.retain(|row| !row.items.is_empty());
        }
        let hidden = hidden(timeline, &rows);
        let more = hidden.as_ref().map(|hidden| {
            let end = format!(", until {:.3} s", timeline.duration.as_secs_f64());
            format!("… {hidden}{}", if window < timeline.duration { &end } else { "" })
        });
        Self { rows, ticks: ticks(window, canvas), window, more, hidden, width: canvas.width }
    }

    /// Where a time is on the axis, or how wide a stretch of this length is, in units.
    pub fn x(&self, time: Duration) -> f64 {
        self.width * time.as_secs_f64() / self.window.as_secs_f64()
    }

    /// How many microseconds a unit is.
    pub fn micros_per_unit(&self) -> f64 {
        1.0 / self.x(Duration::from_micros(1))
    }
}

/// The whole run, if its items are legible then, or as much of its beginning as is legible.
fn legible_window(timeline: &Timeline, canvas: &Canvas) -> Duration {
    let end = timeline.items().map(|item| item.end).max().unwrap_or_default();
    let whole = timeline.duration.max(end).max(Duration::from_nanos(1));
    let Some(typical) = typical_item(timeline, canvas.most_lanes) else { return whole };
    let units = canvas.width * (typical.as_secs_f64() / whole.as_secs_f64());
    // Show all items if they are only slightly too narrow.
    if 2.0 * units >= canvas.legible {
        return whole;
    }
    let enough = typical.mul_f64((canvas.width / canvas.legible).max(1.0));
    // Threads of the race begin one by one. The window is long enough to show half of them.
    let drawn = timeline.lanes.iter().take(canvas.most_lanes);
    let first = drawn.filter_map(|lane| lane.items.first()).map(|item| item.end);
    enough.max(middle(first).unwrap_or_default()).min(whole)
}

/// How long half of the items of the first lanes take at least, and half of them at most.
pub fn typical_item(timeline: &Timeline, most_lanes: usize) -> Option<Duration> {
    let shown = timeline.lanes.iter().take(most_lanes).flat_map(|lane| &lane.items);
    middle(shown.map(Item::length)).map(|typical| typical.max(Duration::from_nanos(1)))
}

/// The middle one of these times.
pub(super) fn middle(times: impl Iterator<Item = Duration>) -> Option<Duration> {
    let mut times: Vec<Duration> = times.collect();
    let middle = times.len() / 2;
    (!times.is_empty()).then(|| *times.select_nth_unstable(middle).1)
}

/// `155 more downloads, 8 more threads`.
fn hidden(timeline: &Timeline, rows: &[Row]) -> Option<String> {
    let drawn: usize = rows.iter().map(|row| row.items.len()).sum();
    let items = timeline.items().count() - drawn;
    let lanes = timeline.lanes.len() - rows.len();
    let more = |count: usize, noun: &str| plural(count as u64, &format!("more {noun}"));
    let more_items = more(items, timeline.job.noun());
    let more_lanes = more(lanes, timeline.engine.noun());
    match (items, lanes) {
        (0, _) => None,
        (_, 0) => Some(more_items),
        _ if items == lanes => Some(format!("{more_lanes} like these")),
        _ => Some(format!("{more_items}, {more_lanes}")),
    }
}

/// Round times, as many as there is room for; the first number has its unit.
fn ticks(window: Duration, canvas: &Canvas) -> Vec<(Duration, String)> {
    let end = window.as_nanos();
    let most = (canvas.width / canvas.tick).max(1.0) as u128;
    let decades = (0..20).map(|exponent| 10_u128.pow(exponent));
    let steps = decades.flat_map(|decade| [decade, 2 * decade, 5 * decade]);
    let mut steps = steps.skip_while(|step| end / step > most);
    let step = steps.next().unwrap_or(end).max(1);
    let (unit, in_unit) = match step {
        0..1_000 => ("ns", 1),
        1_000..1_000_000 => ("µs", 1_000),
        1_000_000..1_000_000_000 => ("ms", 1_000_000),
        _ => ("s", 1_000_000_000),
    };
    let tick = |number: u128| {
        let time = number * step;
        let label = if time == 0 { format!("0 {unit}") } else { thousands(time / in_unit) };
        (Duration::from_nanos(u64::try_from(time).unwrap_or(u64::MAX)), label)
    };
    (0..=end / step).map(tick).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::tests::{downloads, ms};

    const TERMINAL: Canvas =
        Canvas { width: 60.0, legible: 8.0, most_lanes: 12, most_items: 1_000, tick: 9.0 };

    fn labels(window: Duration) -> Vec<String> {
        ticks(window, &TERMINAL).into_iter().map(|(_, label)| label).collect()
    }

    #[test]
    fn what_is_legible_is_drawn_whole() {
        let timeline = downloads(2, 10);
        let layout = Layout::new(&timeline, &TERMINAL);
        assert_eq!(layout.window, ms(900));
        assert_eq!(layout.rows[1].items.len(), 10);
        assert_eq!(layout.more, None);
        assert!((layout.x(ms(450)) - 30.0).abs() < 1e-9);
    }

    #[test]
    fn of_many_items_the_first_are_drawn() {
        let timeline = downloads(1, 160);
        let layout = Layout::new(&timeline, &TERMINAL);
        assert_eq!(layout.window, ms(675), "as long as 60 / 8 items");
        assert_eq!(layout.rows[0].items.len(), 8);
        assert_eq!(layout.more.as_deref(), Some("… 152 more downloads, until 14.400 s"));
    }

    #[test]
    fn of_many_lanes_the_first_are_drawn() {
        let timeline = downloads(160, 1);
        let layout = Layout::new(&timeline, &TERMINAL);
        assert_eq!(layout.rows.len(), 12);
        assert_eq!(layout.window, ms(90));
        assert_eq!(layout.more.as_deref(), Some("… 148 more threads like these"));
        let timeline = downloads(20, 2);
        let layout = Layout::new(&timeline, &TERMINAL);
        assert_eq!(layout.more.as_deref(), Some("… 16 more downloads, 8 more threads"));
    }

    #[test]
    fn no_more_items_than_asked_for_are_drawn() {
        let timeline = downloads(4, 100);
        let few = Canvas { legible: 0.0, most_items: 250, ..TERMINAL };
        let layout = Layout::new(&timeline, &few);
        let drawn: Vec<usize> = layout.rows.iter().map(|row| row.items.len()).collect();
        assert_eq!(drawn, [100, 100, 50, 0]);
        assert_eq!(layout.more.as_deref(), Some("… 150 more downloads"));
    }

    #[test]
    fn ticks_are_round_and_have_room() {
        assert_eq!(labels(ms(675)), ["0 ms", "100", "200", "300", "400", "500", "600"]);
        assert_eq!(
            labels(ms(127)),
            ["0 ms", "20", "40", "60", "80", "100", "120"].map(String::from)
        );
        assert_eq!(labels(ms(14_673)), ["0 s", "5", "10"]);
        assert_eq!(labels(Duration::from_nanos(3)), ["0 ns", "1", "2", "3"]);
        assert_eq!(labels(Duration::from_micros(9_000)), ["0 ms", "2", "4", "6", "8"]);
    }

    #[test]
    fn an_empty_run_has_a_picture_too() {
        assert_eq!(Layout::new(&Timeline::default(), &TERMINAL).rows.len(), 0);
        let mut timeline = downloads(1, 1);
        timeline.lanes[0].items[0].end = Duration::ZERO;
        timeline.duration = Duration::ZERO;
        assert!(Layout::new(&timeline, &TERMINAL).x(Duration::ZERO).is_finite());
    }
}
