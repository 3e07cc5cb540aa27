//! The class: which phones are here, what they are shown, and what they have answered.
//!
//! It knows of no network and has no clock: [`Class::advance`] tells it the time.

use std::collections::{BTreeMap, HashMap};
use std::net::IpAddr;
use std::time::{Duration, Instant};

use basics::words::plural;
use every_interleaving::LEVELS;
use serde_derive::Serialize;

use crate::game::{Alone, Steering};
use crate::race::{Race, Round, Rounds};
use crate::view::{SceneView, View};
use crate::vote::{Counts, Question, Vote};

/// The most phones of a class.
pub const MOST_PHONES: usize = 60;

/// A phone that was not heard of for so long is not here: its screen is dark, or it has left.
const AWAY: Duration = Duration::from_secs(10);

/// If no phone has come after so long, the network may not let them through.
const SILENCE: Duration = Duration::from_secs(30);

/// So long a full class keeps the place of a phone that is not here.
const KEPT: Duration = Duration::from_secs(60);

/// What tells one browser from all others: a random number in its cookie.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Token(pub u128);

/// The number of a phone, from 1: all that is ever shown of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Phone(pub u8);

/// A button that was pressed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tap {
    /// The vote for a choice.
    Vote(char),
    /// Load the counter.
    Read,
    /// Store the counter.
    Write,
    /// Load, add and store in one step.
    Add,
    /// A vote for the thread with this number, from 1, to take the next step.
    Step(usize),
    /// An order that was found, as the numbers of threads.
    Order(String),
    /// The claim that no order reaches the goal.
    Impossible,
}

/// The phones and what they do now.
pub struct Class {
    opened: Instant,
    now: Instant,
    phones: BTreeMap<Phone, Guest>,
    /// Counts the scenes, so that a late tap is not taken for one on the next scene.
    at: u64,
    scene: Scene,
    rounds: Rounds,
    /// The levels that were opened; phones get no others before the end.
    levels: Vec<usize>,
}

/// The owner of a number. It is kept in memory alone, and nothing shows it.
struct Guest {
    token: Token,
    address: IpAddr,
    seen: Instant,
}

enum Scene {
    Front,
    Vote(Vote),
    Race(Race),
    Alone(Alone),
    Steering(Steering),
    End,
}

impl Class {
    /// A class without phones that look to the front.
    pub fn new(now: Instant) -> Self {
        Self {
            opened: now,
            now,
            phones: BTreeMap::new(),
            at: 0,
            scene: Scene::Front,
            rounds: Rounds::default(),
            levels: Vec::new(),
        }
    }

    /// Tells the time, and does what is due.
    pub fn advance(&mut self, now: Instant) {
        self.now = now;
        match &mut self.scene {
            Scene::Race(race) => race.advance(now),
            Scene::Steering(steering) => steering.advance(now),
            _ => {}
        }
    }

    /// How many phones are here.
    pub fn count(&self) -> usize {
        self.phones.values().filter(|guest| self.now - guest.seen < AWAY).count()
    }

    /// What stands beside the address: how many phones are here, and whether this network lets them
    /// reach this computer.
    pub fn welcome(&self) -> String {
        if !self.phones.is_empty() {
            return format!("{} here.", plural(self.count() as u64, "phone"));
        }
        let first =
            "Open this address with one phone first, to see whether this network lets it through.";
        if self.now - self.opened < SILENCE {
            return format!("{first} No phone has come yet.");
        }
        "No phone has come through. If a phone says that the page cannot be reached: is it in the same \
         network as this laptop? Does a firewall ask something here? Many networks keep their guests \
         apart; then open a network of your own, with this laptop or a phone, and begin again there."
            .into()
    }

    /// The phone with this token, which is a new one if nobody has it; nothing if the class is full.
    pub fn phone(&mut self, token: Token, address: IpAddr) -> Option<Phone> {
        let now = self.now;
        let known = self.phones.iter_mut().find(|(_, guest)| guest.token == token);
        if let Some((phone, guest)) = known {
            (guest.seen, guest.address) = (now, address);
            return Some(*phone);
        }
        let free = (1..=MOST_PHONES as u8).map(Phone).find(|it| !self.phones.contains_key(it));
        let phone = free.or_else(|| self.least_missed(address))?;
        self.forget(phone);
        self.phones.insert(phone, Guest { token, address, seen: now });
        Some(phone)
    }

    /// Which phone gives its place in a full class to one from this address: the last one of the
    /// address with most phones, so that one computer cannot keep the others out; or else one that
    /// has been away for long.
    fn least_missed(&self, newcomer: IpAddr) -> Option<Phone> {
        let mut phones_at: HashMap<IpAddr, usize> = HashMap::new();
        for guest in self.phones.values() {
            *phones_at.entry(guest.address).or_default() += 1;
        }
        let own = phones_at.get(&newcomer).copied().unwrap_or(0);
        let (most, phones) = phones_at.into_iter().max_by_key(|(_, phones)| *phones)?;
        let of_most = || self.phones.iter().rfind(|(_, guest)| guest.address == most);
        let longest = || self.phones.iter().min_by_key(|(_, guest)| guest.seen);
        let is_kept = |guest: &Guest| self.now - guest.seen < KEPT;
        let phone = if phones > own + 1 {
            of_most()
        } else {
            longest().filter(|(_, guest)| !is_kept(guest))
        };
        phone.map(|(phone, _)| *phone)
    }

    fn forget(&mut self, phone: Phone) {
        self.phones.remove(&phone);
        match &mut self.scene {
            Scene::Vote(vote) => vote.forget(phone),
            Scene::Race(race) => race.forget(phone),
            Scene::Alone(alone) => alone.forget(phone),
            Scene::Steering(steering) => steering.forget(phone),
            Scene::Front | Scene::End => {}
        }
    }

    /// Does what a button says, if it belongs to the scene with this number.
    pub fn tap(&mut self, phone: Phone, at: u64, tap: &Tap) {
        if at != self.at {
            return;
        }
        let now = self.now;
        match (&mut self.scene, tap) {
            (Scene::Vote(vote), Tap::Vote(letter)) => vote.vote(phone, *letter),
            (Scene::Race(race), Tap::Read) => race.read(phone, now),
            (Scene::Race(race), Tap::Write) => race.write(phone, now),
            (Scene::Race(race), Tap::Add) => race.add(phone, now),
            (Scene::Alone(alone), Tap::Order(order)) => alone.found(phone, order),
            (Scene::Alone(alone), Tap::Impossible) => alone.claim(phone),
            (Scene::Steering(steering), Tap::Step(thread)) => steering.vote(phone, *thread, now),
            (Scene::Steering(steering), Tap::Impossible) => steering.claim(phone),
            _ => {}
        }
    }

    /// What a phone shows.
    pub fn view(&self, phone: Phone) -> View<'_> {
        let wait = match self.scene {
            Scene::Front | Scene::End => 2000,
            Scene::Vote(_) | Scene::Alone(_) => 1000,
            Scene::Race(_) | Scene::Steering(_) => 500,
        };
        let scene = match &self.scene {
            Scene::Front => SceneView::Front,
            Scene::Vote(vote) => vote.view(phone),
            Scene::Race(race) => race.view(phone),
            Scene::Alone(alone) => alone.view(phone),
            Scene::Steering(steering) => steering.view(phone),
            Scene::End => SceneView::End { levels: LEVELS.len() },
        };
        View { at: self.at, phone, wait, scene }
    }

    /// Whether phones may have this level, counted from 0.
    pub(crate) fn is_open(&self, level: usize) -> bool {
        matches!(self.scene, Scene::End) || self.levels.contains(&level)
    }

    fn show(&mut self, scene: Scene) {
        self.close();
        self.at += 1;
        self.scene = scene;
    }

    /// Lets all phones say: look to the front.
    pub fn front(&mut self) {
        self.show(Scene::Front);
    }

    /// Opens a vote.
    pub fn ask(&mut self, question: Question) {
        self.show(Scene::Vote(Vote::new(question)));
    }

    /// Opens a round of the race, in which each phone increments the counter so many times.
    pub fn race(&mut self, round: Round, times: u32) {
        self.show(Scene::Race(Race::new(round, times)));
    }

    /// Gives each phone this level, counted from 0, to play alone.
    pub fn play(&mut self, level: usize) {
        self.levels.push(level);
        self.show(Scene::Alone(Alone::new(level)));
    }

    /// Lets the class steer this level, counted from 0, from its beginning.
    pub fn steer(&mut self, level: usize) {
        self.levels.push(level);
        self.show(Scene::Steering(Steering::new(level)));
    }

    /// Takes leave: the phones may have all levels.
    pub fn end(&mut self) {
        self.show(Scene::End);
    }

    /// Closes what is open; its result stays.
    pub fn close(&mut self) {
        match &mut self.scene {
            Scene::Vote(vote) => vote.close(),
            Scene::Race(race) => {
                if let Some(result) = race.close() {
                    self.rounds.add(result);
                }
            }
            Scene::Alone(alone) => alone.close(),
            Scene::Steering(steering) => steering.close(),
            Scene::Front | Scene::End => {}
        }
    }

    /// Opens a second vote on the same question.
    pub fn ask_again(&mut self) {
        if let Scene::Vote(vote) = &mut self.scene {
            vote.again();
            self.at += 1;
        }
    }

    /// Puts hands that were counted in place of the phones' votes, and closes the vote.
    pub fn hands(&mut self, hands: Counts) {
        if let Scene::Vote(vote) = &mut self.scene {
            vote.hands(hands);
        }
    }

    /// Shows which choice is right. Until now nothing here has known it.
    pub fn answer(&mut self, right: char) {
        if let Scene::Vote(vote) = &mut self.scene {
            vote.answer(right);
        }
    }

    /// How many have voted, if there is a vote.
    pub fn voted(&self) -> Option<usize> {
        self.vote().map(Vote::voted)
    }

    /// The votes for each choice: once, or twice if it was asked again.
    pub fn votes(&self) -> Vec<Counts> {
        self.vote().map(Vote::counts).unwrap_or_default()
    }

    fn vote(&self) -> Option<&Vote> {
        if let Scene::Vote(vote) = &self.scene { Some(vote) } else { None }
    }

    /// The race that is run, or was run last and is still shown.
    pub fn racing(&self) -> Option<&Race> {
        if let Scene::Race(race) = &self.scene { Some(race) } else { None }
    }

    /// The rounds of the race that are over, as `race_condition` prints them.
    pub fn rounds(&self) -> &Rounds {
        &self.rounds
    }

    /// The level that each plays alone.
    pub fn alone(&self) -> Option<&Alone> {
        if let Scene::Alone(alone) = &self.scene { Some(alone) } else { None }
    }

    /// The level that the class steers.
    pub fn steering(&self) -> Option<&Steering> {
        if let Scene::Steering(steering) = &self.scene { Some(steering) } else { None }
    }
}
