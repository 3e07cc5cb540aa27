//! One run of a program: its lanes, their items, and the work in them.

use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use basics::words::{plural, thousands};

/// The label of what a thread of the race does.
const INCREMENTS: &str = "increments";

/// The name of the row that shows what the one thread of all tasks does.
const ONE_THREAD: &str = "the one thread";

/// One run of a program.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Timeline {
    /// The program's name, such as `io_threading`.
    pub program: String,
    /// The time of the run, as the program printed it.
    pub duration: Duration,
    /// How many cores the program could use, if that was recorded.
    pub cores: Option<usize>,
    /// Those that did something, in the order of the numbers in their names.
    pub lanes: Vec<Lane>,
}

/// A thread, a task or a worker process. It does one item at a time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lane {
    /// As the program names it: `main thread`, `thread 3`, `task 160`, `SpawnPoolWorker-1`; a worker
    /// on any machine is `worker 1`.
    pub name: String,
    /// What it did, in the order of time.
    pub items: Vec<Item>,
}

/// A download or a sum. All times count from the start of the run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Item {
    /// The address of the page, or the number.
    pub label: String,
    /// When it could have begun, if a lane had been free.
    pub ready: Duration,
    /// When a lane began it.
    pub start: Duration,
    /// When it was done, or had failed.
    pub end: Duration,
    /// When the lane worked for it; the rest of the time it waited.
    pub work: Vec<Work>,
    /// Why it failed, if it did.
    pub failure: Option<String>,
}

/// A stretch of time in which a lane worked, all of it or part of it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Work {
    /// When it began.
    pub start: Duration,
    /// When it ended.
    pub end: Duration,
    /// How much of it was work. A thread that shares its core with others works part of the time,
    /// and its clock does not tell which part.
    pub worked: Duration,
}

impl Work {
    /// How much of the stretch was work: 1 if all of it was.
    #[must_use]
    pub fn share(&self) -> f64 {
        let length = self.end.saturating_sub(self.start).as_secs_f64();
        if length > 0.0 { (self.worked.as_secs_f64() / length).min(1.0) } else { 1.0 }
    }
}

impl Item {
    /// The time from start to end.
    #[must_use]
    pub fn length(&self) -> Duration {
        self.end.saturating_sub(self.start)
    }

    /// How much of its length was work.
    #[must_use]
    pub fn worked(&self) -> Duration {
        self.work.iter().map(|work| work.worked).sum::<Duration>().min(self.length())
    }

    /// How much of its length was not work.
    #[must_use]
    pub fn waited(&self) -> Duration {
        self.length().saturating_sub(self.worked())
    }
}

impl Serialize for Work {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        (self.start, self.end, self.worked).serialize(to)
    }
}

impl<'de> Deserialize<'de> for Work {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let (start, end, worked) = Deserialize::deserialize(from)?;
        Ok(Self { start, end, worked })
    }
}

impl Serialize for Item {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        (&self.label, self.ready, self.start, self.end, &self.work, &self.failure).serialize(to)
    }
}

impl<'de> Deserialize<'de> for Item {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let (label, ready, start, end, work, failure) = Deserialize::deserialize(from)?;
        Ok(Self { label, ready, start, end, work, failure })
    }
}

/// The sums over all items of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Totals {
    /// Items, those that failed included.
    pub items: usize,
    /// Items that failed.
    pub failed: usize,
    /// The time that the lanes worked, all together.
    pub worked: Duration,
    /// The time that the lanes waited with an item under way, all together.
    pub waited: Duration,
}

/// How many items were under way at the same time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Overlap {
    /// The items that were under way while another one was.
    pub items: usize,
    /// The most that were under way at the same time.
    pub most: usize,
}

impl Timeline {
    /// All items, lane by lane.
    pub fn items(&self) -> impl Iterator<Item = &Item> {
        self.lanes.iter().flat_map(|lane| &lane.items)
    }

    /// The sums over all items.
    #[must_use]
    pub fn totals(&self) -> Totals {
        self.items().fold(Totals::default(), |totals, item| Totals {
            items: totals.items + 1,
            failed: totals.failed + usize::from(item.failure.is_some()),
            worked: totals.worked + item.worked(),
            waited: totals.waited + item.waited(),
        })
    }

    /// What an item is: a download, a sum, a thread's turn in the race, or another item.
    #[must_use]
    pub fn item_noun(&self) -> &'static str {
        match self.items().next() {
            Some(item) if item.label == INCREMENTS => "turn",
            Some(item) if item.label.contains("://") => "download",
            Some(item) if item.label.parse::<u64>().is_ok() => "sum",
            _ => "item",
        }
    }

    /// What an item waits for: an answer, or a core to work on.
    #[must_use]
    pub fn waits_for(&self) -> &'static str {
        if self.item_noun() == "download" { "an answer" } else { "a core" }
    }

    /// What a lane is: a thread, a task, a process or a worker.
    #[must_use]
    pub fn lane_noun(&self) -> &'static str {
        match self.lanes.first() {
            Some(lane) if lane.name.contains("thread") => "thread",
            Some(lane) if lane.name.starts_with("task") => "task",
            Some(lane) if lane.name.contains("Worker") => "process",
            Some(lane) if lane.name.starts_with("worker") => "worker",
            _ => "lane",
        }
    }

    /// All work of the tasks, as the lane of the thread that did it; nothing if the lanes are no
    /// tasks, or if more than one thread did their work.
    #[must_use]
    pub fn one_thread(&self) -> Option<Lane> {
        if self.lane_noun() != "task" {
            return None;
        }
        let mut work: Vec<Work> = self.items().flat_map(|item| &item.work).copied().collect();
        work.sort_by_key(|work| work.start);
        let (first, last) = (work.first()?, work.last()?);
        let (start, end) = (first.start, last.end.max(self.duration));
        if work.windows(2).any(|pair| pair[1].start < pair[0].end) {
            return None;
        }
        let item = Item { start, end, work, ..Item::default() };
        Some(Lane { name: ONE_THREAD.into(), items: vec![item] })
    }

    /// How many items were under way while another one was.
    #[must_use]
    pub fn overlap(&self) -> Overlap {
        let mut items: Vec<(Duration, Duration)> =
            self.items().map(|item| (item.start, item.end)).collect();
        items.sort_unstable();
        let mut ends: Vec<Duration> = items.iter().map(|(_, end)| *end).collect();
        ends.sort_unstable();
        let mut overlap = Overlap::default();
        let mut latest_end = Duration::ZERO;
        let mut over = 0;
        for (at, &(start, end)) in items.iter().enumerate() {
            let next_begins = items.get(at + 1).is_some_and(|(next, _)| *next < end);
            overlap.items += usize::from(start < latest_end || next_begins);
            latest_end = latest_end.max(end);
            while ends.get(over).is_some_and(|end| *end <= start) {
                over += 1;
            }
            overlap.most = overlap.most.max((at + 1).saturating_sub(over));
        }
        overlap
    }

    /// The totals in two lines: the work and the waiting, and how many items were under way at once.
    #[must_use]
    pub fn sentence(&self) -> String {
        let Totals { items, failed, worked, waited } = self.totals();
        let [run, worked, waited] = [self.duration, worked, waited].map(|time| time.as_secs_f64());
        let part = |part: f64, whole: f64| if whole > 0.0 { part / whole } else { 0.0 };
        let noun = self.item_noun();
        let failed = if failed > 0 { format!(" ({failed} failed)") } else { String::new() };
        let place = if self.lane_noun() == "thread" { "on" } else { "in" };
        let lanes = plural(self.lanes.len() as u64, self.lane_noun());
        let what = self.waits_for().replace("an answer", "answers");
        let totals = format!(
            "{}{failed} {place} {lanes}: {worked:.3} s of work, {waited:.3} s of waiting for {what}",
            plural(items as u64, noun),
        );
        if noun == "turn" {
            return format!("{totals};\n{}", self.meetings());
        }
        let percent = 100.0 * part(worked, worked + waited);
        let digits = if percent < 1.0 { 2 } else { 0 };
        let at_once = part(worked + waited, run);
        let at_once = match self.lanes.len() {
            1 => format!("1 {noun} under way at a time"),
            _ if at_once < 10.0 => format!("{at_once:.2} {noun}s under way at once on average"),
            _ => format!("{at_once:.0} {noun}s under way at once on average"),
        };
        format!("{totals};\n{at_once}; {percent:.digits$} % of that time was work")
    }

    /// Whether the threads of the race have met, in words.
    fn meetings(&self) -> String {
        let Overlap { items, most } = self.overlap();
        let all = thousands(self.lanes.len() as u64);
        let hardly =
            if 5 * items < self.lanes.len() { "threads hardly ever overlap: " } else { "" };
        match items {
            0 => "threads never overlap: none has met another one".into(),
            _ => format!(
                "{hardly}{} of {all} met another one, at most {} at once",
                thousands(items as u64),
                thousands(most as u64),
            ),
        }
    }
}

#[cfg(test)]
pub mod tests {
    use super::*;

    pub fn ms(milliseconds: u64) -> Duration {
        Duration::from_millis(milliseconds)
    }

    /// Items of 90 ms, each with 2 ms of work, one after the other on each lane.
    pub fn downloads(lanes: usize, items: u64) -> Timeline {
        let item = |i: u64| Item {
            label: format!("http://127.0.0.1/{i}"),
            start: ms(90 * i),
            end: ms(90 * (i + 1)),
            work: [Work { start: ms(90 * i), end: ms(90 * i + 2), worked: ms(2) }].into(),
            ..Item::default()
        };
        let lane = |number| Lane {
            name: format!("thread {number}"),
            items: (0..items).map(item).collect(),
        };
        let lanes = (1..=lanes).map(lane).collect();
        let program = "downloads".into();
        Timeline { program, duration: ms(90 * items), lanes, ..Timeline::default() }
    }

    #[test]
    fn the_totals_are_sums() {
        let totals = downloads(5, 32).totals();
        assert_eq!(totals.items, 160);
        assert_eq!(totals.worked, ms(320));
        assert_eq!(downloads(5, 32).waits_for(), "an answer");
        assert_eq!(Timeline::default().waits_for(), "a core");
        assert_eq!(totals.waited, ms(160 * 88));
        assert_eq!(
            downloads(5, 32).sentence(),
            "160 downloads on 5 threads: 0.320 s of work, 14.080 s of waiting for answers;\n5.00 \
             downloads under way at once on average; 2 % of that time was work",
        );
    }

    #[test]
    fn nothing_is_no_number_of_lanes() {
        let nothing = Timeline::default().sentence();
        assert!(nothing.contains("0.00 items under way at once"), "{nothing}");
    }

    /// A run with one item on each lane, from one millisecond to another.
    fn one_each(name: &str, label: &str, items: &[(u64, u64)]) -> Timeline {
        let lane = |(number, &(start, end)): (usize, &(u64, u64))| {
            let (start, end) = (ms(start), ms(end));
            let work = [Work { start, end: start + ms(1), worked: ms(1) }].into();
            let item = Item { label: label.into(), start, end, work, ..Item::default() };
            Lane { name: format!("{name} {number}"), items: vec![item] }
        };
        let lanes = items.iter().enumerate().map(lane).collect();
        Timeline { lanes, duration: ms(100), ..Timeline::default() }
    }

    #[test]
    fn threads_that_meet_are_counted() {
        for (items, overlap) in [
            (&[][..], (0, 0)),
            (&[(0, 2), (2, 4), (6, 8)], (0, 1)),
            (&[(0, 2), (1, 4), (6, 8)], (2, 2)),
            // The long one meets both of the others, which do not meet.
            (&[(0, 9), (1, 3), (4, 5)], (3, 2)),
            (&[(5, 9), (5, 9), (5, 9), (20, 20)], (3, 3)),
        ] {
            let Overlap { items: met, most } = one_each("thread", INCREMENTS, items).overlap();
            assert_eq!((met, most), overlap, "{items:?}");
        }
        let race = |items| one_each("thread", INCREMENTS, items).sentence();
        let apart = race(&[(0, 2), (2, 4)]);
        assert!(apart.starts_with("2 turns on 2 threads: 0.002 s of work"), "{apart}");
        assert!(apart.ends_with("\nthreads never overlap: none has met another one"), "{apart}");
        let met = race(&[(0, 2), (1, 4), (6, 8)]);
        assert!(met.ends_with("\n2 of 3 met another one, at most 2 at once"), "{met}");
        let one_after_the_other = (3..12).map(|at| (2 * at, 2 * at + 1));
        let items: Vec<(u64, u64)> =
            [(0, 2), (1, 4)].into_iter().chain(one_after_the_other).collect();
        let met = race(&items);
        let words = "\nthreads hardly ever overlap: 2 of 11 met another one, at most 2 at once";
        assert!(met.ends_with(words), "{met}");
    }

    #[test]
    fn one_thread_does_the_work_of_all_tasks() {
        let run = one_each("task", "http://127.0.0.1/", &[(3, 90), (1, 92), (2, 91)]);
        let thread = run.one_thread().expect("no two tasks were at work at the same time");
        let work: Vec<Duration> = thread.items[0].work.iter().map(|work| work.start).collect();
        assert_eq!(work, [ms(1), ms(2), ms(3)]);
        assert_eq!((thread.items[0].start, thread.items[0].end), (ms(1), ms(100)));
        // Two were at work in the same millisecond, on two threads.
        let run = one_each("task", "http://127.0.0.1/", &[(3, 90), (3, 92)]);
        assert_eq!(run.one_thread(), None);
        assert_eq!(downloads(5, 32).one_thread(), None);
        assert_eq!(Timeline::default().one_thread(), None);
    }
}
