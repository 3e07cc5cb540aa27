//! A level of the game on the phones: each plays alone, or the class steers.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::activity::{Activity, Phone};
use crate::level::Level;

/// How long votes for a step are collected, from the first one.
const COLLECTED: Duration = Duration::from_secs(3);

/// A level, and what the phones have made of it.
pub struct Game {
    level: Level,
    is_open: bool,
    claims: BTreeSet<Phone>,
    /// The orders that reach the goal, where each plays alone.
    found: BTreeMap<Phone, String>,
    steering: Option<Steering>,
}

/// Where the class has steered to.
#[derive(Default)]
struct Steering {
    order: String,
    votes: BTreeMap<Phone, usize>,
    until: Option<Instant>,
}

impl Game {
    pub(crate) fn new(level: Level, is_steered: bool) -> Self {
        Self {
            level,
            is_open: true,
            claims: BTreeSet::new(),
            found: BTreeMap::new(),
            steering: is_steered.then(Steering::default),
        }
    }

    /// Whether the class steers; else each plays alone.
    pub fn is_steered(&self) -> bool {
        self.steering.is_some()
    }

    /// How many phones claim that the goal cannot be reached.
    pub fn claims(&self) -> usize {
        self.claims.len()
    }

    /// How many phones have reached the goal.
    pub fn successes(&self) -> usize {
        self.found.len()
    }

    /// The different orders that reach the goal, those first that most have found, and how many have.
    pub fn orders(&self) -> Vec<(&str, usize)> {
        let mut orders: Vec<_> =
            counts(self.found.values().map(String::as_str)).into_iter().collect();
        orders.sort_by_key(|(_, phones)| Reverse(*phones));
        orders
    }

    /// The steps that the class has taken so far, as the numbers of the threads.
    pub fn order(&self) -> &str {
        self.steering.as_ref().map_or("", |steering| &steering.order)
    }

    /// The votes for the next step, by the numbers of the threads.
    pub fn votes(&self) -> BTreeMap<usize, usize> {
        counts(self.steering.iter().flat_map(|steering| steering.votes.values().copied()))
    }

    /// The board for the projector, as the class has steered it.
    pub fn board(&self) -> String {
        self.level.after(self.order()).map_or(String::new(), |state| self.level.board(state))
    }

    /// How it has ended, and whether that is the goal; nothing while a thread can take a step.
    pub fn end(&self) -> Option<(&str, bool)> {
        let state = self.level.after(self.order())?;
        Some((state.end.as_deref()?, state.is_goal))
    }
}

impl Activity for Game {
    fn tap(&mut self, phone: Phone, button: &str, now: Instant) {
        if !self.is_open {
            return;
        }
        match (button.split_once('/'), &mut self.steering) {
            (None, _) if button == "impossible" => drop(self.claims.insert(phone)),
            (Some(("order", order)), None)
                if self.level.after(order).is_some_and(|it| it.is_goal) =>
            {
                self.found.entry(phone).or_insert_with(|| order.into());
            }
            (Some(("step", thread)), Some(Steering { order, votes, until })) => {
                if self.level.after(&format!("{order}{thread}")).is_some()
                    && let Ok(thread) = thread.parse()
                {
                    votes.insert(phone, thread);
                    until.get_or_insert(now + COLLECTED);
                }
            }
            _ => {}
        }
    }

    /// Takes the step that most are for, when it is time; of equals that of the lower thread.
    fn advance(&mut self, now: Instant) {
        let votes = self.votes();
        let most = votes.into_iter().max_by_key(|(thread, votes)| (*votes, Reverse(*thread)));
        if let (Some(steering), Some((thread, _))) = (&mut self.steering, most)
            && steering.until.is_some_and(|until| now >= until)
        {
            steering.until = None;
            steering.votes.clear();
            steering.order += &thread.to_string();
        }
    }

    fn view(&self, phone: Phone) -> Value {
        json!({
            "is": "game",
            "level": self.level.number,
            "is_open": self.is_open,
            "has_claimed": self.claims.contains(&phone),
            "has_found": self.found.contains_key(&phone),
            "order": self.steering.as_ref().map(|steering| &steering.order),
            "own": self.steering.as_ref().and_then(|steering| steering.votes.get(&phone)),
        })
    }

    fn forget(&mut self, phone: Phone) {
        self.claims.remove(&phone);
        self.found.remove(&phone);
        if let Some(steering) = &mut self.steering {
            steering.votes.remove(&phone);
        }
    }

    fn close(&mut self) {
        self.is_open = false;
        if let Some(steering) = &mut self.steering {
            steering.until = None;
        }
    }
}

/// How often each of these comes.
fn counts<T: Ord>(all: impl Iterator<Item = T>) -> BTreeMap<T, usize> {
    let mut counts = BTreeMap::new();
    for one in all {
        *counts.entry(one).or_default() += 1;
    }
    counts
}
