//! What a worker has recorded, sent home with its answer.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::record;
use super::run::{Item, Work};
use basics::output;

/// What a worker process has recorded during a job, by its own clock.
pub struct WorkerLog {
    /// When it got the job.
    pub start: Duration,
    /// When it had the answer.
    pub end: Duration,
    /// What it did in between.
    pub items: Vec<Item>,
}

/// Does a job in a worker that does not know whether a picture was asked for, and records it.
pub fn record_job<T>(job: impl FnOnce() -> T) -> (T, Option<WorkerLog>) {
    record::start();
    WorkerLog::of(job)
}

impl WorkerLog {
    /// Does a job, and says what was recorded meanwhile, if this process records.
    pub fn of<T>(job: impl FnOnce() -> T) -> (T, Option<Self>) {
        let start = record::now();
        let answer = job();
        let end = record::now();
        let recorded = start.zip(end);
        (answer, recorded.map(|(start, end)| Self { start, end, items: record::take() }))
    }

    /// The items in the time of this process, which has `asked` for the job and was `answered`.
    ///
    /// The job and its answer are taken to have been equally long on the way. `failure` is what a
    /// panic of the job has said.
    pub fn by_our_clock(
        self,
        (asked, answered): (Duration, Duration),
        failure: Option<&String>,
    ) -> Vec<Item> {
        let there = self.end.saturating_sub(self.start);
        let on_the_way = answered.saturating_sub(asked).saturating_sub(there) / 2;
        let start = self.start;
        let failed =
            |item: Item| Item { failure: item.failure.or_else(|| failure.cloned()), ..item };
        let items = self.items.into_iter().map(failed).collect();
        shifted(items, |time| asked + on_the_way + time.saturating_sub(start))
    }
}

/// The items by another clock.
fn shifted(items: Vec<Item>, ours: impl Fn(Duration) -> Duration) -> Vec<Item> {
    let shift = |item: Item| {
        let work = item.work.iter().map(|work| Work {
            start: ours(work.start),
            end: ours(work.end),
            worked: work.worked,
        });
        Item { work: work.collect(), start: ours(item.start), end: ours(item.end), ..item }
    };
    items.into_iter().map(shift).collect()
}

/// What workers on other machines have recorded, as it comes home.
#[derive(Default)]
pub struct WorkerLogs(BTreeMap<String, Vec<(Duration, WorkerLog)>>);

/// What one worker has done.
pub struct Share<'a> {
    /// The worker's name.
    pub worker: &'a str,
    /// How many items it has done.
    pub items: usize,
    /// How long it has worked for them, by the clock of its thread.
    pub worked: Duration,
}

impl WorkerLogs {
    /// Takes in what a worker has sent just now, and moves the bar of `--quiet` one step.
    pub fn arrived(&mut self, worker: &str, recorded: WorkerLog) {
        let now = record::now().unwrap_or_default();
        self.0.entry(worker.into()).or_default().push((now, recorded));
        output::step();
    }

    /// What each worker has done, in the order of the numbers in their names.
    #[must_use]
    pub fn shares(&self) -> Vec<Share<'_>> {
        let mut shares = Vec::new();
        for (worker, recorded) in &self.0 {
            let items = || recorded.iter().flat_map(|(_, recorded)| &recorded.items);
            let worked = items().map(Item::worked).sum();
            shares.push(Share { worker, items: items().count(), worked });
        }
        shares.sort_by_key(|share| record::number_at_end(share.worker));
        shares
    }

    /// Puts all of it into the picture of this run, if there is to be one.
    pub fn into_picture(self) {
        for (worker, recorded) in self.0 {
            record::add(&worker, by_the_fastest(recorded));
        }
    }
}

/// What a worker has recorded, in the time of this process, with the time when each arrived.
///
/// The worker's clock began at another time than ours. The one that came fastest tells when: it is
/// taken to have been on its way for no time.
fn by_the_fastest(recorded: Vec<(Duration, WorkerLog)>) -> Vec<Item> {
    let last = recorded.iter().map(|(_, recorded)| recorded.end).max().unwrap_or_default();
    let later = |(arrived, recorded): &(Duration, WorkerLog)| {
        (*arrived + last).saturating_sub(recorded.end)
    };
    let later = recorded.iter().map(later).min().unwrap_or_default();
    let items = recorded.into_iter().flat_map(|(_, recorded)| recorded.items).collect();
    shifted(items, |time| (time + later).saturating_sub(last))
}

impl Serialize for WorkerLog {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        (self.start, self.end, &self.items).serialize(to)
    }
}

impl<'de> Deserialize<'de> for WorkerLog {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let (start, end, items) = Deserialize::deserialize(from)?;
        Ok(Self { start, end, items })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::tests::ms;

    fn recorded(start: u64, end: u64) -> WorkerLog {
        let items = vec![Item { start: ms(start), end: ms(end), ..Item::default() }];
        WorkerLog { start: ms(start), end: ms(end), items }
    }

    fn times(items: &[Item]) -> Vec<(Duration, Duration)> {
        items.iter().map(|item| (item.start, item.end)).collect()
    }

    #[test]
    fn a_job_was_in_the_middle_between_its_question_and_its_answer() {
        // Asked at 100 ms by our clock and answered at 200; the worker had it for 60 of them.
        for start in [0, 5, 900] {
            let items = recorded(start, start + 60).by_our_clock((ms(100), ms(200)), None);
            assert_eq!(times(&items), [(ms(120), ms(180))], "a clock that showed {start} ms");
        }
        // Two clocks need not go equally fast.
        let items = recorded(900, 1010).by_our_clock((ms(100), ms(200)), None);
        assert_eq!(times(&items), [(ms(100), ms(210))]);
    }

    #[test]
    fn a_panic_is_the_failure_of_what_has_no_other() {
        let mut log = recorded(0, 60);
        log.items.push(Item { failure: Some("404 Not Found".into()), ..Item::default() });
        let items = log.by_our_clock((ms(0), ms(60)), Some(&"panicked".into()));
        let failures: Vec<Option<&str>> =
            items.iter().map(|item| item.failure.as_deref()).collect();
        assert_eq!(failures, [Some("panicked"), Some("404 Not Found")]);
    }

    #[test]
    fn a_workers_clock_may_have_begun_earlier_or_later() {
        // Its clock shows 900 ms more than ours, and its answers take 2, 1 and 5 ms to come.
        let earlier = [(12, 901, 910), (21, 911, 920), (35, 921, 930)];
        // Its clock shows 100 ms less.
        let later = [(212, 101, 110), (221, 111, 120), (235, 121, 130)];
        for (answers, begin) in [(earlier, 2), (later, 202)] {
            let arrived = answers.map(|(at, start, end)| (ms(at), recorded(start, end)));
            let items = by_the_fastest(arrived.into());
            let at = |begin: u64| (ms(begin), ms(begin + 9));
            assert_eq!(times(&items), [at(begin), at(begin + 10), at(begin + 20)]);
        }
    }

    #[test]
    fn what_a_share_is() {
        let mut all = WorkerLogs::default();
        for (worker, start) in [("worker 10", 0), ("worker 2", 0), ("worker 10", 20)] {
            all.arrived(worker, recorded(start, start + 10));
        }
        let shares: Vec<_> =
            all.shares().iter().map(|share| (share.worker.to_string(), share.items)).collect();
        assert_eq!(shares, [("worker 2".into(), 1), ("worker 10".into(), 2)]);
    }
}
