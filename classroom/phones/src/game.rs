//! A level of the game on the phones: each plays alone, or the class steers.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::time::{Duration, Instant};

use crate::class::{Activity, Phone};
use crate::level::{Level, Position};
use crate::view::{Button, View};

/// How long votes for a step are collected, from the first one.
const COLLECTED: Duration = Duration::from_secs(3);

/// A level, and what the phones have made of it.
pub struct Game {
    level: Level,
    pub(crate) number: usize,
    /// The phones that claim that the goal cannot be reached.
    claims: BTreeSet<Phone>,
    play: Play,
}

enum Play {
    /// The orders that reached the goal.
    Alone(BTreeMap<Phone, String>),
    /// The order so far, the votes for its next step, and until when they are collected.
    Steered { order: String, votes: BTreeMap<Phone, usize>, until: Option<Instant> },
}

impl Game {
    /// The level with this number, counted from 0, for each phone alone or for the class to steer;
    /// nothing if there is no such level.
    pub fn new(number: usize, is_steered: bool) -> Option<Self> {
        let play = if is_steered {
            Play::Steered { order: String::new(), votes: BTreeMap::new(), until: None }
        } else {
            Play::Alone(BTreeMap::new())
        };
        Some(Self { level: Level::of(number)?, number, claims: BTreeSet::new(), play })
    }

    /// How many phones claim that the goal cannot be reached.
    pub fn claims(&self) -> usize {
        self.claims.len()
    }

    /// The different orders that reached the goal, those first that most phones have found, and how
    /// many have.
    pub fn orders(&self) -> Vec<(&str, usize)> {
        let Play::Alone(found) = &self.play else { return Vec::new() };
        let mut orders: Vec<_> = counts(found.values().map(String::as_str)).into_iter().collect();
        orders.sort_by_key(|(_, phones)| Reverse(*phones));
        orders
    }

    /// If the class steers: what the projector shows.
    pub fn board(&self) -> Option<String> {
        let Play::Steered { order, votes, .. } = &self.play else { return None };
        let Level { title, text, .. } = &self.level;
        let Position { code, number, said, .. } = self.level.after(order)?;
        let steps = if order.is_empty() { "none" } else { order };
        let mut board = format!("{title}\n{text}\n\n{code}\n\n{number}\n\nSteps so far: {steps}\n");
        for (thread, votes) in counts(votes.values()) {
            let _ = write!(board, "Thread {thread}: {votes}   ");
        }
        Some(board + said.as_deref().unwrap_or(""))
    }
}

impl Activity for Game {
    fn tap(&mut self, phone: Phone, button: &str, now: Instant) {
        match &mut self.play {
            // Pressed once more, it is taken back.
            _ if button == "impossible" => {
                if !self.claims.remove(&phone) {
                    self.claims.insert(phone);
                }
            }
            Play::Alone(found) => {
                if self.level.after(button).is_some_and(|it| it.is_goal) {
                    found.entry(phone).or_insert_with(|| button.into());
                    self.claims.remove(&phone);
                }
            }
            Play::Steered { order, votes, until } => {
                if let Ok(thread) = button.parse()
                    && self.level.after(&format!("{order}{thread}")).is_some()
                {
                    votes.insert(phone, thread);
                    until.get_or_insert(now + COLLECTED);
                }
            }
        }
    }

    /// Takes the step that most are for, when it is time; of equals that of the lower thread.
    fn advance(&mut self, now: Instant) {
        if let Play::Steered { order, votes, until } = &mut self.play
            && until.is_some_and(|until| now >= until)
        {
            let most = counts(votes.values().copied()).into_iter();
            let most = most.max_by_key(|(thread, votes)| (*votes, Reverse(*thread)));
            order.extend(most.map(|(thread, _)| thread.to_string()));
            votes.clear();
            *until = None;
        }
    }

    fn view(&self, phone: Phone, is_open: bool) -> View {
        let has_claimed = self.claims.contains(&phone);
        let mut view = View::default();
        match &self.play {
            Play::Alone(found) => {
                view.level = Some(self.number);
                if found.contains_key(&phone) {
                    view.said = "That is the goal. It is counted.".into();
                }
            }
            Play::Steered { order, votes, .. } => {
                let Some(state) = self.level.after(order) else { return view };
                let own = votes.get(&phone);
                view.said = match (&state.said, own) {
                    (Some(said), _) => said.clone(),
                    (None, Some(own)) => format!("Your vote: thread {own}."),
                    (None, None) => "Which thread takes the next step?".into(),
                };
                view.title.clone_from(&self.level.title);
                view.text = self.level.text.into();
                view.number.clone_from(&state.number);
                view.code.clone_from(&state.code);
                for (thread, next) in (1..).zip(&state.buttons) {
                    let can = is_open && next.press.is_some();
                    let press = can.then(|| thread.to_string());
                    view.buttons.push(Button::new(&next.text, press, own == Some(&thread)));
                }
            }
        }
        view.buttons.push(Button::new(
            "Impossible",
            is_open.then(|| "impossible".into()),
            has_claimed,
        ));
        if !is_open {
            view.said += " Look to the front.";
        } else if has_claimed {
            view.said += " Your claim is counted: impossible.";
        }
        view
    }

    fn forget(&mut self, phone: Phone) {
        self.claims.remove(&phone);
        match &mut self.play {
            Play::Alone(found) => drop(found.remove(&phone)),
            Play::Steered { votes, .. } => drop(votes.remove(&phone)),
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
