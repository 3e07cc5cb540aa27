//! What a worker process has recorded, sent home with its answer.

use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::run::{Item, Work};

/// What a worker process has recorded during a job, by its own clock.
pub(crate) struct Recorded {
    /// When it got the job.
    pub start: Duration,
    /// When it had the answer.
    pub end: Duration,
    /// What it did in between.
    pub items: Vec<Item>,
}

impl Recorded {
    /// The items in the time of this process, which has `asked` for the job and was `answered`.
    ///
    /// The job and its answer are taken to have been equally long on the way. `failure` is what a
    /// panic of the job has said.
    pub(crate) fn by_our_clock(
        self,
        (asked, answered): (Duration, Duration),
        failure: Option<&String>,
    ) -> Vec<Item> {
        let there = self.end.saturating_sub(self.start);
        let on_the_way = answered.saturating_sub(asked).saturating_sub(there) / 2;
        let ours = |time: Duration| asked + on_the_way + time.saturating_sub(self.start);
        let shifted = |item: Item| {
            let work = item.work.iter().map(|work| Work {
                start: ours(work.start),
                end: ours(work.end),
                worked: work.worked,
            });
            Item {
                work: work.collect(),
                start: ours(item.start),
                end: ours(item.end),
                failure: item.failure.or_else(|| failure.cloned()),
                ..item
            }
        };
        self.items.into_iter().map(shifted).collect()
    }
}

impl Serialize for Recorded {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        (self.start, self.end, &self.items).serialize(to)
    }
}

impl<'de> Deserialize<'de> for Recorded {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let (start, end, items) = Deserialize::deserialize(from)?;
        Ok(Self { start, end, items })
    }
}
