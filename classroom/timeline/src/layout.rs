//! Where everything goes in a picture, in a terminal as on a page.

use std::time::Duration;

use crate::job::{Engine, Job};
use crate::run::{Item, Lane, Timeline};
use basics::words::{plural, thousands};

/// What a picture is drawn on. Its unit is a column of a terminal or a pixel of a page.
#[derive(Clone, Copy, Debug)]
pub struct Canvas {
    /// The width of the time axis, in units.
    pub width: f64,
    /// How wide a typical item must be to be legible, in units.
    pub legible: f64,
    /// The most rows that are drawn; other lanes are counted.
    pub most_rows: usize,
    /// The most items that are drawn; the others are counted.
    pub most_items: usize,
    /// The room that the number of a tick needs, in units.
    pub tick: f64,
    /// Whether the axis is in seconds, as all times of a page; or in a unit of its size.
    pub in_seconds: bool,
}

impl Canvas {
    /// A page with so many rows, which stretches what is laid out here.
    pub(super) fn page(most_rows: usize) -> Self {
        Self {
            width: 800.0,
            legible: 1.0,
            most_rows,
            most_items: MOST_ITEMS,
            tick: 80.0,
            in_seconds: true,
        }
    }
}

/// The most items of a page, so that a browser is still quick.
const MOST_ITEMS: usize = 10_000;

/// A picture of a run: which lanes and items are drawn, and where.
#[derive(Clone, Debug)]
pub struct Layout<'a> {
    /// The one thread of all tasks, with all the work of the tasks below it.
    pub thread: Option<Lane>,
    /// The lanes that are drawn, from top to bottom.
    pub rows: Vec<Row<'a>>,
    /// Whether the lanes are tasks. What is not work in a stretch of theirs keeps their thread.
    pub are_tasks: bool,
    /// The time that the width shows, from the start of the run.
    pub window: Duration,
    /// Times that are marked on the axis, with their numbers.
    pub ticks: Vec<(Duration, String)>,
    /// What is not drawn, if anything: `149 more downloads`.
    pub hidden: Option<String>,
    width: f64,
}

/// A lane and those of its items that are drawn.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    /// The lane's name.
    pub name: &'a str,
    /// The first items of the lane.
    pub items: &'a [Item],
}

impl<'a> Layout<'a> {
    /// Places runs on canvases of one size and one time: as much of them as is legible of the first.
    /// A run of tasks that share one thread has that thread as its first row.
    pub fn of_all(runs: &'a [Timeline], canvas: &Canvas) -> Vec<Self> {
        let window = runs.first().map(|run| legible_window(run, canvas)).unwrap_or_default();
        let layout = |run: &'a Timeline| {
            let thread = run.one_thread();
            let most_rows = canvas.most_rows - usize::from(thread.is_some());
            Self { thread, ..Self::with_window(run, &Canvas { most_rows, ..*canvas }, window) }
        };
        runs.iter().map(layout).collect()
    }

    /// Places the lanes of a run on a canvas whose axis shows `window`.
    pub fn with_window(timeline: &'a Timeline, canvas: &Canvas, window: Duration) -> Self {
        let mut room = canvas.most_items;
        let mut rows = Vec::new();
        for lane in timeline.lanes.iter().take(canvas.most_rows) {
            let seen = lane.items.partition_point(|item| item.start < window);
            let items = &lane.items[..seen.min(room)];
            room -= items.len();
            rows.push(Row { name: &lane.name, items });
        }
        if window < timeline.duration {
            rows.retain(|row| !row.items.is_empty());
        }
        let hidden = hidden(timeline, &rows);
        let are_tasks = timeline.engine == Engine::Task;
        let ticks = ticks(window, canvas);
        Self { thread: None, rows, are_tasks, ticks, window, hidden, width: canvas.width }
    }

    /// The one thread as a row, if there is one.
    pub fn thread_row(&self) -> Option<Row<'_>> {
        self.thread.as_ref().map(|lane| Row { name: &lane.name, items: &lane.items })
    }

    /// The one thread, if there is one, and the lanes.
    pub fn all_rows(&self) -> Vec<Row<'_>> {
        self.thread_row().into_iter().chain(self.rows.iter().copied()).collect()
    }

    /// Where a time is on the axis, or how wide a stretch of this length is, in units.
    pub fn x(&self, time: Duration) -> f64 {
        self.width * time.as_secs_f64() / self.window.as_secs_f64()
    }
}

/// The whole of a run of which a part is drawn, on a scale that all runs of its job have.
#[derive(Clone, Debug, PartialEq)]
pub struct WholeRun {
    /// The columns that the run is long.
    pub length: usize,
    /// How many of them are the part that is drawn.
    pub drawn: usize,
    /// The time of a column: `500 ms`.
    pub scale: String,
    /// The run's time and what is not drawn of it: `2.880 s, 149 more downloads`.
    pub words: String,
}

impl WholeRun {
    /// The whole of a run in fewer than so many columns; nothing if all of it is drawn.
    ///
    /// A column stands for 0.5 s of downloads, or 5 ms of other items, which are much shorter: so a
    /// run that takes longer has a longer line. If that does not fit, it is ten times as much.
    pub fn of(timeline: &Timeline, layout: &Layout, columns: usize) -> Option<Self> {
        let hidden = layout.hidden.as_ref()?;
        let whole = timeline.duration;
        let is_download = timeline.job == Job::Download;
        let mut scale = Duration::from_millis(if is_download { 500 } else { 5 });
        while whole.div_duration_f64(scale) >= columns as f64 {
            scale *= 10;
        }
        let at = |time: Duration| time.div_duration_f64(scale).round() as usize;
        let length = at(whole).max(1);
        let drawn = at(layout.window).clamp(1, length);
        let scale = match scale.as_millis() {
            ms @ 0..1_000 => format!("{ms} ms"),
            ms => format!("{} s", ms / 1_000),
        };
        let words = format!("{:.3} s, {hidden}", whole.as_secs_f64());
        Some(Self { length, drawn, scale, words })
    }
}

/// The whole run, if its items are legible then, or as much of its beginning as is legible.
fn legible_window(timeline: &Timeline, canvas: &Canvas) -> Duration {
    let end = timeline.items().map(|item| item.end).max().unwrap_or_default();
    let whole = timeline.duration.max(end).max(Duration::from_nanos(1));
    let Some(typical) = typical_item(timeline, canvas.most_rows) else { return whole };
    let units = canvas.width * (typical.as_secs_f64() / whole.as_secs_f64());
    // Show all items if they are only slightly too narrow.
    if 2.0 * units >= canvas.legible {
        return whole;
    }
    let enough = typical.mul_f64((canvas.width / canvas.legible).max(1.0));
    let drawn = timeline.lanes.iter().take(canvas.most_rows);
    let firsts = drawn.filter_map(|lane| lane.items.first()).map(|item| item.end);
    // Threads of the race begin one by one, with time between them: as many are shown as there are
    // rows. Of other jobs at least one item is shown, however late it begins.
    let needed = if timeline.job == Job::Race { firsts.max() } else { firsts.min() };
    enough.max(needed.unwrap_or_default()).min(whole)
}

/// How long half of the items of the first lanes take at least, and half of them at most.
fn typical_item(timeline: &Timeline, most_lanes: usize) -> Option<Duration> {
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
    let at = |nanos: u128, label: String| {
        (Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX)), label)
    };
    if canvas.in_seconds {
        // As many digits as the step has.
        let digits = 9_u32.saturating_sub(step.ilog10()) as usize;
        let number = |time: u128| match time {
            0 => "0 s".into(),
            _ => format!("{:.digits$}", time as f64 / 1e9),
        };
        return (0..=end / step).map(|tick| at(tick * step, number(tick * step))).collect();
    }
    let (unit, in_unit) = match step {
        0..1_000 => ("ns", 1),
        1_000..1_000_000 => ("µs", 1_000),
        1_000_000..1_000_000_000 => ("ms", 1_000_000),
        _ => ("s", 1_000_000_000),
    };
    let tick = |number: u128| {
        let time = number * step;
        let label = if time == 0 { format!("0 {unit}") } else { thousands(time / in_unit) };
        at(time, label)
    };
    (0..=end / step).map(tick).collect()
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// The layout of one run.
    pub fn layout<'a>(run: &'a Timeline, canvas: &Canvas) -> Layout<'a> {
        Layout::of_all(std::slice::from_ref(run), canvas).remove(0)
    }

    use crate::run::tests::{downloads, ms};

    const TERMINAL: Canvas = Canvas {
        width: 60.0,
        legible: 8.0,
        most_rows: 12,
        most_items: 1_000,
        tick: 9.0,
        in_seconds: false,
    };

    fn labels(window: Duration) -> Vec<String> {
        ticks(window, &TERMINAL).into_iter().map(|(_, label)| label).collect()
    }

    #[test]
    fn what_is_legible_is_drawn_whole() {
        let timeline = downloads(2, 10);
        let placed = layout(&timeline, &TERMINAL);
        assert_eq!(placed.window, ms(900));
        assert_eq!(placed.rows[1].items.len(), 10);
        assert_eq!(placed.hidden, None);
        assert!((placed.x(ms(450)) - 30.0).abs() < 1e-9);
    }

    #[test]
    fn of_many_items_the_first_are_drawn() {
        let timeline = downloads(1, 160);
        let placed = layout(&timeline, &TERMINAL);
        assert_eq!(placed.window, ms(675), "as long as 60 / 8 items");
        assert_eq!(placed.rows[0].items.len(), 8);
        assert_eq!(placed.hidden.as_deref(), Some("152 more downloads"));
    }

    #[test]
    fn an_item_that_begins_late_is_drawn() {
        let mut timeline = downloads(1, 1);
        let item = &mut timeline.lanes[0].items[0];
        (item.start, item.end) = (ms(2_000), ms(2_001));
        timeline.duration = ms(3_000);
        let placed = layout(&timeline, &TERMINAL);
        assert_eq!((placed.window, placed.rows.len()), (ms(2_001), 1));
    }

    #[test]
    fn of_many_lanes_the_first_are_drawn() {
        let timeline = downloads(160, 1);
        let placed = layout(&timeline, &TERMINAL);
        assert_eq!(placed.rows.len(), 12);
        assert_eq!(placed.window, ms(90));
        assert_eq!(placed.hidden.as_deref(), Some("148 more threads like these"));
        let timeline = downloads(20, 2);
        let placed = layout(&timeline, &TERMINAL);
        assert_eq!(placed.hidden.as_deref(), Some("16 more downloads, 8 more threads"));
    }

    #[test]
    fn no_more_items_than_asked_for_are_drawn() {
        let timeline = downloads(4, 100);
        let few = Canvas { legible: 0.0, most_items: 250, ..TERMINAL };
        let placed = layout(&timeline, &few);
        let drawn: Vec<usize> = placed.rows.iter().map(|row| row.items.len()).collect();
        assert_eq!(drawn, [100, 100, 50, 0]);
        assert_eq!(placed.hidden.as_deref(), Some("150 more downloads"));
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
        let page = Canvas { in_seconds: true, ..TERMINAL };
        let seconds = ticks(Duration::from_micros(29_000), &page);
        let labels: Vec<String> = seconds.into_iter().map(|(_, label)| label).collect();
        assert_eq!(labels, ["0 s", "0.005", "0.010", "0.015", "0.020", "0.025"]);
    }

    #[test]
    fn an_empty_run_has_a_picture_too() {
        assert_eq!(layout(&Timeline::default(), &TERMINAL).rows.len(), 0);
        let mut timeline = downloads(1, 1);
        timeline.lanes[0].items[0].end = Duration::ZERO;
        timeline.duration = Duration::ZERO;
        assert!(layout(&timeline, &TERMINAL).x(Duration::ZERO).is_finite());
    }
}
