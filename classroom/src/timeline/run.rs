//! One run of a program: its lanes, their items, and the work in them.

use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::words::{plural, thousands};

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
    /// As the program names it: `main thread`, `thread 3`, `task 160`, `SpawnPoolWorker-1`.
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
    pub work: Box<[Work]>,
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

    /// What an item is: a download, a sum, or another item.
    #[must_use]
    pub fn item_noun(&self) -> &'static str {
        match self.items().next() {
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

    /// What a lane is: a thread, a task or a process.
    #[must_use]
    pub fn lane_noun(&self) -> &'static str {
        match self.lanes.first() {
            Some(lane) if lane.name.contains("thread") => "thread",
            Some(lane) if lane.name.starts_with("task") => "task",
            Some(lane) if lane.name.contains("Worker") => "process",
            _ => "lane",
        }
    }

    /// The totals in two lines: worked, waited, and how many lanes were busy on average.
    #[must_use]
    pub fn sentence(&self) -> String {
        let Totals { items, failed, worked, waited } = self.totals();
        let [run, worked, waited] = [self.duration, worked, waited].map(|time| time.as_secs_f64());
        let failed = if failed > 0 { format!(" ({failed} failed)") } else { String::new() };
        let lanes = plural(self.lanes.len() as u64, self.lane_noun());
        let together =
            if self.lanes.len() > 1 { format!(", all {lanes} together") } else { String::new() };
        let part = |part: f64, whole: f64| if whole > 0.0 { part / whole } else { 0.0 };
        let percent = 100.0 * part(worked, worked + waited);
        let digits = if percent < 1.0 { 2 } else { 0 };
        format!(
            "{}{failed}: worked {worked:.3} s and waited {waited:.3} s{together};\n{:.2} of {lanes} \
             under way on average, at work for {percent:.digits$} % of that time",
            plural(items as u64, self.item_noun()),
            part(worked + waited, run),
        )
    }
}

/// A time as people read it, with three digits: `91.4 ms`, `2.95 s`.
#[must_use]
pub fn readable(time: Duration) -> String {
    let seconds = time.as_secs_f64();
    let (number, unit) = match time.as_nanos() {
        0..1_000 => return format!("{} ns", time.as_nanos()),
        1_000..1_000_000 => (seconds * 1e6, "µs"),
        1_000_000..1_000_000_000 => (seconds * 1e3, "ms"),
        _ => (seconds, "s"),
    };
    match number {
        ..10.0 => format!("{number:.2} {unit}"),
        10.0..100.0 => format!("{number:.1} {unit}"),
        _ => format!("{} {unit}", thousands(time.as_nanos() / nanoseconds(unit))),
    }
}

/// How many nanoseconds a unit is.
fn nanoseconds(unit: &str) -> u128 {
    match unit {
        "µs" => 1_000,
        "ms" => 1_000_000,
        _ => 1_000_000_000,
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn ms(milliseconds: u64) -> Duration {
        Duration::from_millis(milliseconds)
    }

    /// Items of 90 ms, each with 2 ms of work, one after the other on each lane.
    pub(crate) fn downloads(lanes: usize, items: u64) -> Timeline {
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
            "160 downloads: worked 0.320 s and waited 14.080 s, all 5 threads together;\n5.00 of 5 \
             threads under way on average, at work for 2 % of that time",
        );
    }

    #[test]
    fn nothing_is_no_number_of_lanes() {
        let nothing = Timeline::default().sentence();
        assert!(nothing.contains("0.00 of 0 lanes under way"), "{nothing}");
    }

    #[test]
    fn times_have_three_digits() {
        let times = [0, 999, 1_500, 91_430_000, 999_999_999, 2_946_000_000, 14_673_000_000];
        let read = times.map(|time| readable(Duration::from_nanos(time)));
        assert_eq!(read, ["0 ns", "999 ns", "1.50 µs", "91.4 ms", "999 ms", "2.95 s", "14.7 s"]);
    }
}
