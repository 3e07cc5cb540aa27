//! What phones can do, one after the other: vote, race, play.

use std::collections::BTreeMap;
use std::time::Instant;

use crate::view::View;

/// The number of a phone, from 1: all that is ever shown of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Phone(pub u8);

/// What can be done with phones.
pub(crate) trait Activity {
    /// Does what a button says.
    fn tap(&mut self, phone: Phone, button: &str, now: Instant);
    /// What a phone shows.
    fn view(&self, phone: Phone, is_open: bool) -> View;
    /// Does what is due.
    fn advance(&mut self, _now: Instant, _is_open: bool) {}
    /// Forgets what a phone has done.
    fn forget(&mut self, phone: Phone);
}

/// How often each of these comes.
pub(crate) fn counts<T: Ord>(all: impl Iterator<Item = T>) -> BTreeMap<T, usize> {
    let mut counts = BTreeMap::new();
    for one in all {
        *counts.entry(one).or_default() += 1;
    }
    counts
}
