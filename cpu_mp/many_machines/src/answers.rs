//! The answers to one run's sums, as they come back.

use redis::streams::StreamId;
use timeline::worker_log::WorkerLogs;

pub struct Answers {
    first: u64,
    sums: Vec<Option<u128>>,
    recordings: WorkerLogs,
    pub done: u64,
}

impl Answers {
    /// For so many numbers from `first` on.
    pub fn new(first: u64, count: u64) -> Self {
        let sums = (0..count).map(|_| None).collect();
        Self { first, sums, recordings: WorkerLogs::default(), done: 0 }
    }

    pub fn take(&mut self, answer: &StreamId) {
        let text = |name: &str| answer.get::<String>(name).unwrap_or_default();
        let number = text("number").parse::<u64>().ok();
        let place = number.and_then(|number| usize::try_from(number.checked_sub(self.first)?).ok());
        let place = place.and_then(|place| self.sums.get_mut(place));
        // Two workers have done the same sum if one was silent for too long. The first one counts.
        let (Some(sum @ None), Ok(found)) = (place, text("sum").parse()) else { return };
        *sum = Some(found);
        self.done += 1;
        if let Ok(Some(recorded)) = serde_json::from_str(&text("recorded")) {
            self.recordings.arrived(&text("worker"), recorded);
        }
    }

    /// Which of so many first numbers have no sum yet.
    pub fn missing(&self, first: u64) -> Vec<u64> {
        let sums = (self.first..self.first + first).zip(&self.sums);
        sums.filter(|(_, sum)| sum.is_none()).map(|(number, _)| number).collect()
    }

    /// The sums in the order of their numbers, and what the workers have recorded.
    pub fn into_parts(self) -> (Vec<u128>, WorkerLogs) {
        (self.sums.into_iter().flatten().collect(), self.recordings)
    }
}
