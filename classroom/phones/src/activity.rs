//! What phones can do, one after the other: vote, race, play.

use std::time::Instant;

use serde_json::Value;

/// The number of a phone, from 1: all that is ever shown of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Phone(pub u8);

/// What the phones do.
pub(crate) trait Activity {
    /// Does what a button says.
    fn tap(&mut self, phone: Phone, button: &str, now: Instant);
    /// What a phone has to know, and nothing of the others.
    fn view(&self, phone: Phone) -> Value;
    fn advance(&mut self, _now: Instant) {}
    fn forget(&mut self, phone: Phone);
    fn close(&mut self);
}
