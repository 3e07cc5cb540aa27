//! One run of a program: its lanes, their items, and the work in them.

use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::job::{Engine, Job};

/// The name of the row that shows what the one thread of all tasks does.
pub(crate) const ONE_THREAD: &str = "the one thread";

/// A stretch that is shorter keeps nobody waiting.
const KEPT: Duration = Duration::from_millis(1);

/// One run of a program.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Timeline {
    /// The program's name, such as `io_threading`.
    pub program: String,
    /// What it does.
    pub job: Job,
    /// What it does that with.
    pub engine: Engine,
    /// The time of the run, as the program printed it.
    pub duration: Duration,
    /// How many cores the program could use.
    pub cores: usize,
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
    /// The time from start to end.
    pub fn length(&self) -> Duration {
        self.end.saturating_sub(self.start)
    }

    /// How much of the stretch was work: 1 if all of it was.
    pub fn share(&self) -> f64 {
        let length = self.length().as_secs_f64();
        if length > 0.0 { (self.worked.as_secs_f64() / length).min(1.0) } else { 1.0 }
    }

    /// Whether a task that did this kept its thread from the others: it slept there, or waited for
    /// something without giving the thread back, or it had no core.
    pub fn keeps(&self) -> bool {
        self.length() >= KEPT && 2 * self.worked < self.length()
    }
}

impl Item {
    /// The time from start to end.
    pub fn length(&self) -> Duration {
        self.end.saturating_sub(self.start)
    }

    /// How much of its length was work.
    pub fn worked(&self) -> Duration {
        self.work.iter().map(|work| work.worked).sum::<Duration>().min(self.length())
    }

    /// How much of its length was not work.
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
    /// The time that tasks kept their thread from all others and did not work, all together.
    pub kept: Duration,
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
    pub fn totals(&self) -> Totals {
        self.items().fold(Totals::default(), |totals, item| {
            let kept = self.kept(item);
            Totals {
                items: totals.items + 1,
                failed: totals.failed + usize::from(item.failure.is_some()),
                worked: totals.worked + item.worked(),
                waited: totals.waited + item.waited().saturating_sub(kept),
                kept: totals.kept + kept,
            }
        })
    }

    /// How long a task kept its thread and did not work.
    fn kept(&self, item: &Item) -> Duration {
        if self.engine != Engine::Task {
            return Duration::ZERO;
        }
        let stretches = item.work.iter().filter(|work| work.keeps());
        stretches.map(|work| work.length().saturating_sub(work.worked)).sum()
    }

    /// All work of the tasks, as the lane of the thread that did it; nothing if the lanes are no
    /// tasks, or if more than one thread did their work.
    pub fn one_thread(&self) -> Option<Lane> {
        if self.engine != Engine::Task {
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
        assert_eq!((totals.items, totals.worked, totals.waited), (160, ms(320), ms(160 * 88)));
    }

    /// A run with one item on each lane, from one millisecond to another.
    pub fn one_each(items: &[(u64, u64)]) -> Timeline {
        let lane = |&(start, end): &(u64, u64)| {
            let (start, end) = (ms(start), ms(end));
            let work = vec![Work { start, end: start + ms(1), worked: ms(1) }];
            Lane { name: "one".into(), items: vec![Item { start, end, work, ..Item::default() }] }
        };
        let lanes = items.iter().map(lane).collect();
        Timeline { lanes, duration: ms(100), ..Timeline::default() }
    }

    #[test]
    fn items_that_overlap_are_counted() {
        for (items, overlap) in [
            (&[][..], (0, 0)),
            (&[(0, 2), (2, 4), (6, 8)], (0, 1)),
            (&[(0, 2), (1, 4), (6, 8)], (2, 2)),
            // The long one meets both of the others, which do not meet.
            (&[(0, 9), (1, 3), (4, 5)], (3, 2)),
            (&[(5, 9), (5, 9), (5, 9), (20, 20)], (3, 3)),
        ] {
            let Overlap { items: met, most } = one_each(items).overlap();
            assert_eq!((met, most), overlap, "{items:?}");
        }
    }

    #[test]
    fn one_thread_does_the_work_of_all_tasks() {
        let tasks = |items| Timeline { engine: Engine::Task, ..one_each(items) };
        let thread = tasks(&[(3, 90), (1, 92), (2, 91)]).one_thread().expect("never two at work");
        let work: Vec<Duration> = thread.items[0].work.iter().map(|work| work.start).collect();
        assert_eq!(work, [ms(1), ms(2), ms(3)]);
        assert_eq!((thread.items[0].start, thread.items[0].end), (ms(1), ms(100)));
        // Two were at work in the same millisecond, on two threads.
        assert_eq!(tasks(&[(3, 90), (3, 92)]).one_thread(), None);
        assert_eq!(downloads(5, 32).one_thread(), None);
        assert_eq!(tasks(&[]).one_thread(), None);
    }
}
