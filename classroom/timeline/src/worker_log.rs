//! What a worker has recorded, sent home with its answer.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::job::{Engine, Job};
use crate::record;
use crate::run::Item;
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
    // A worker draws nothing itself, so it does not matter what its own run is called.
    record::start(Job::default(), Engine::Worker);
    WorkerLog::of(job)
}

impl WorkerLog {
    /// Does a job, and says what was recorded meanwhile, if this process records.
    pub fn of<T>(job: impl FnOnce() -> T) -> (T, Option<Self>) {
        let start = record::now();
        let answer = job();
        let times = start.zip(record::now());
        (answer, times.map(|(start, end)| Self { start, end, items: record::take() }))
    }

    /// The items by the clock of this process, which sent the job and received its answer at these
    /// times. `failure` is what a panic of the job has said.
    ///
    /// The job and its answer are taken to have been equally long on the way.
    pub fn by_our_clock(
        mut self,
        (sent, received): (Duration, Duration),
        failure: Option<&String>,
    ) -> Vec<Item> {
        for item in &mut self.items {
            item.failure = item.failure.take().or_else(|| failure.cloned());
        }
        let there = self.end.saturating_sub(self.start);
        let on_the_way = received.saturating_sub(sent).saturating_sub(there) / 2;
        shifted(self.items, |time| sent + on_the_way + time.saturating_sub(self.start))
    }
}

/// The items by another clock.
fn shifted(mut items: Vec<Item>, shift: impl Fn(Duration) -> Duration) -> Vec<Item> {
    for item in &mut items {
        for work in &mut item.work {
            (work.start, work.end) = (shift(work.start), shift(work.end));
        }
        (item.start, item.end) = (shift(item.start), shift(item.end));
    }
    items
}

/// What workers on other machines have recorded: each log with the time when it arrived.
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
    pub fn arrived(&mut self, worker: &str, log: WorkerLog) {
        let now = record::now().unwrap_or_default();
        self.0.entry(worker.into()).or_default().push((now, log));
        output::step();
    }

    /// What each worker has done, in the order of the numbers in their names.
    pub fn shares(&self) -> Vec<Share<'_>> {
        let mut shares = Vec::new();
        for (worker, logs) in &self.0 {
            let items = || logs.iter().flat_map(|(_, log)| &log.items);
            let worked = items().map(Item::worked).sum();
            shares.push(Share { worker, items: items().count(), worked });
        }
        shares.sort_by_key(|share| record::number_at_end(share.worker));
        shares
    }

    /// Puts all of it into the picture of this run, if there is to be one.
    pub fn into_picture(self) {
        for (worker, logs) in self.0 {
            record::add(&worker, by_the_fastest(logs));
        }
    }
}

/// The items of a worker's logs by the clock of this process.
///
/// The worker's clock began at another time than ours. The log that came fastest tells when: it is
/// taken to have been on its way for no time.
fn by_the_fastest(logs: Vec<(Duration, WorkerLog)>) -> Vec<Item> {
    let last = logs.iter().map(|(_, log)| log.end).max().unwrap_or_default();
    // How much more our clock shows than the worker's; `last` keeps it from being negative.
    let more = logs.iter().map(|(arrived, log)| (*arrived + last).saturating_sub(log.end));
    let more = more.min().unwrap_or_default();
    let items = logs.into_iter().flat_map(|(_, log)| log.items).collect();
    shifted(items, |time| (time + more).saturating_sub(last))
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
    use crate::run::Work;
    use crate::run::tests::ms;

    fn log(start: u64, end: u64) -> WorkerLog {
        let items = vec![Item { start: ms(start), end: ms(end), ..Item::default() }];
        WorkerLog { start: ms(start), end: ms(end), items }
    }

    fn times(items: &[Item]) -> Vec<(Duration, Duration)> {
        items.iter().map(|item| (item.start, item.end)).collect()
    }

    #[test]
    fn a_job_and_its_answer_are_equally_long_on_the_way() {
        // Sent at 100 ms by our clock and answered at 200; the worker had it for 60 of them.
        for start in [0, 5, 900] {
            let work = |start| Work { start: ms(start), end: ms(start + 9), worked: ms(1) };
            let mut there = log(start, start + 60);
            there.items[0].work.push(work(start));
            let items = there.by_our_clock((ms(100), ms(200)), None);
            assert_eq!(times(&items), [(ms(120), ms(180))], "a clock that showed {start} ms");
            assert_eq!(items[0].work, [work(120)]);
        }
    }

    #[test]
    fn a_panic_is_the_failure_of_what_has_no_other() {
        let mut there = log(0, 60);
        there.items.push(Item { failure: Some("404 Not Found".into()), ..Item::default() });
        let items = there.by_our_clock((ms(0), ms(60)), Some(&"panicked".into()));
        let failures: Vec<_> = items.iter().map(|item| item.failure.as_deref()).collect();
        assert_eq!(failures, [Some("panicked"), Some("404 Not Found")]);
    }

    #[test]
    fn a_workers_clock_may_have_begun_earlier_or_later() {
        // Its clock shows 900 ms more than ours, and its answers take 2, 1 and 5 ms to come.
        let earlier = [(12, 901, 910), (21, 911, 920), (35, 921, 930)];
        // Its clock shows 100 ms less.
        let later = [(212, 101, 110), (221, 111, 120), (235, 121, 130)];
        for (answers, begin) in [(earlier, 2), (later, 202)] {
            let logs = answers.map(|(at, start, end)| (ms(at), log(start, end)));
            let at = |begin: u64| (ms(begin), ms(begin + 9));
            let expected = [at(begin), at(begin + 10), at(begin + 20)];
            assert_eq!(times(&by_the_fastest(logs.into())), expected);
        }
    }

    #[test]
    fn shares_are_in_the_order_of_the_workers() {
        let mut all = WorkerLogs::default();
        for (worker, start) in [("worker 10", 0), ("worker 2", 0), ("worker 10", 20)] {
            all.arrived(worker, log(start, start + 10));
        }
        let shares: Vec<_> =
            all.shares().into_iter().map(|share| (share.worker, share.items)).collect();
        assert_eq!(shares, [("worker 2", 1), ("worker 10", 2)]);
    }
}
