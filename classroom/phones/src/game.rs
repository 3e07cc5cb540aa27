//! A level of the game on the phones: each plays alone, or the class steers.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::time::{Duration, Instant};

use crate::activity::{Activity, Phone, counts};
use crate::level::Level;
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
        let View { code, number, said, .. } = self.level.after(order)?;
        let steps = if order.is_empty() { "none" } else { order };
        let mut board = format!("{title}\n{text}\n\n{code}\n\n{number}\n\nSteps so far: {steps}\n");
        for (thread, votes) in counts(votes.values()) {
            let _ = write!(board, "Thread {thread}: {votes}   ");
        }
        Some(board + said)
    }
}

impl Activity for Game {
    fn tap(&mut self, phone: Phone, button: &str, now: Instant) {
        match &mut self.play {
            _ if button == "impossible" => drop(self.claims.insert(phone)),
            _ if button == "possible" => drop(self.claims.remove(&phone)),
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
    fn advance(&mut self, now: Instant, is_open: bool) {
        if let Play::Steered { order, votes, until } = &mut self.play
            && until.is_some_and(|until| is_open && now >= until)
        {
            let most = counts(votes.values().copied()).into_iter();
            let most = most.max_by_key(|(thread, votes)| (*votes, Reverse(*thread)));
            order.extend(most.map(|(thread, _)| thread.to_string()));
            votes.clear();
            *until = None;
        }
    }

    fn view(&self, phone: Phone, is_open: bool) -> View {
        let mut view = match &self.play {
            Play::Alone(found) => {
                let has_found = found.contains_key(&phone);
                let said = if has_found { "That is the goal. It is counted." } else { "" };
                View { level: Some(self.number), ..View::new("", said) }
            }
            Play::Steered { order, votes, .. } => {
                let mut view = self.level.after(order).cloned().unwrap_or_default();
                let own = votes.get(&phone);
                if view.said.is_empty() {
                    let ask = "Which thread takes the next step? Most votes in three seconds.";
                    view.said = own.map_or(ask.into(), |own| format!("Your vote: thread {own}."));
                }
                for (thread, button) in (1..).zip(&mut view.buttons) {
                    button.press = button.press.take().map(|_| thread.to_string());
                    button.is_chosen = own == Some(&thread);
                }
                let (title, text) = (self.level.title.clone(), self.level.text.into());
                View { title, text, ..view }
            }
        };
        let has_claimed = self.claims.contains(&phone);
        let press = if has_claimed { "possible" } else { "impossible" };
        view.buttons.push(Button::new("Impossible", Some(press.into()), has_claimed));
        if !is_open {
            view.buttons.iter_mut().for_each(|button| button.press = None);
            view.said += " Look to the front.";
        } else if has_claimed {
            view.said += " Your claim is counted: impossible. Press again to take it back.";
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
