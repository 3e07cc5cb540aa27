//! The class: which phones are here, what they are shown, and what they have answered.
//!
//! It knows of no network and has no clock: [`Class::advance`] tells it the time.

use std::collections::{BTreeMap, HashMap};
use std::net::IpAddr;
use std::time::{Duration, Instant};

use basics::words::plural;
use every_interleaving::LEVELS;
use serde_json::{Value, json};

use crate::activity::{Activity, Phone};
use crate::game::Game;
use crate::level::Level;
use crate::race::{Race, Round, RoundResult, Rounds};
use crate::vote::{Question, Vote};

/// The most phones of a class.
pub const MOST_PHONES: usize = 60;

/// A phone that was not heard of for so long is not here: its screen is dark, or it has left.
const AWAY: Duration = Duration::from_secs(10);

/// So long a full class keeps the place of a phone that is not here.
const KEPT: Duration = Duration::from_secs(60);

/// If no phone has come after so long, the network may not let them through.
const SILENCE: Duration = Duration::from_secs(30);

/// What tells one browser from all others: a random number in its cookie.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Token(pub u128);

/// The phones and what they do now.
pub struct Class {
    opened: Instant,
    now: Instant,
    phones: BTreeMap<Phone, Guest>,
    /// Counts the scenes, so that a late tap is not taken for one on the next scene.
    at: u64,
    scene: Scene,
    /// Whether the phones say only: look to the front. What they did before is kept.
    is_front: bool,
    rounds: Vec<RoundResult>,
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
    Vote(Vote),
    Race(Race),
    Game(Game),
    End,
}

impl Scene {
    fn activity(&mut self) -> Option<&mut dyn Activity> {
        match self {
            Self::Vote(vote) => Some(vote),
            Self::Race(race) => Some(race),
            Self::Game(game) => Some(game),
            Self::End => None,
        }
    }
}

impl Class {
    /// A class without phones that look to the front.
    pub fn new(now: Instant) -> Self {
        Self {
            opened: now,
            now,
            phones: BTreeMap::new(),
            at: 0,
            scene: Scene::End,
            is_front: true,
            rounds: Vec::new(),
            levels: Vec::new(),
        }
    }

    /// Tells the time, and does what is due.
    pub fn advance(&mut self, now: Instant) {
        self.now = now;
        if let Some(activity) = self.scene.activity() {
            activity.advance(now);
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
        if self.now - self.opened < SILENCE {
            return "Open this address with one phone first, to see whether this network lets it \
                    through. No phone has come yet."
                .into();
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
        if let Some(activity) = self.scene.activity() {
            activity.forget(phone);
        }
        self.phones.insert(phone, Guest { token, address, seen: now });
        Some(phone)
    }

    /// Which phone gives its place in a full class to one from this address: the last one of the
    /// address with most phones, so that one computer cannot keep the others out; or else one that
    /// has been away for long.
    fn least_missed(&self, newcomer: IpAddr) -> Option<Phone> {
        let addresses = || self.phones.values().map(|guest| guest.address);
        let own = addresses().filter(|address| *address == newcomer).count();
        let (most, phones) = most_frequent(addresses())?;
        let (phone, _) = if phones > own + 1 {
            self.phones.iter().rfind(|(_, guest)| guest.address == most)?
        } else {
            let longest = self.phones.iter().min_by_key(|(_, guest)| guest.seen)?;
            Some(longest).filter(|(_, guest)| self.now - guest.seen >= KEPT)?
        };
        Some(*phone)
    }

    /// Does what a button such as `vote/a` says, if it belongs to the scene with this number.
    pub fn tap(&mut self, phone: Phone, at: u64, button: &str) {
        if at != self.at || self.is_front {
            return;
        }
        if let Some(activity) = self.scene.activity() {
            activity.tap(phone, button, self.now);
        }
    }

    /// All that the page of a phone has to know: the number of the scene, the phone, when to ask again,
    /// in milliseconds, and what to show.
    pub fn view(&mut self, phone: Phone) -> Value {
        let (wait, scene) = match &self.scene {
            _ if self.is_front => (2000, json!({"is": "front"})),
            Scene::End => (2000, json!({"is": "end", "levels": LEVELS.len()})),
            Scene::Vote(vote) => (1000, vote.view(phone)),
            Scene::Race(race) => (500, race.view(phone)),
            Scene::Game(game) => (500, game.view(phone)),
        };
        json!({"at": self.at, "phone": phone.0, "wait": wait, "scene": scene})
    }

    /// Whether phones may have this level, counted from 0.
    pub(crate) fn is_open(&self, level: usize) -> bool {
        (matches!(self.scene, Scene::End) && !self.is_front) || self.levels.contains(&level)
    }

    fn show(&mut self, scene: Scene) {
        self.rounds = self.rounds().0;
        self.scene = scene;
        self.turn(false);
    }

    fn turn(&mut self, is_front: bool) {
        self.at += 1;
        self.is_front = is_front;
    }

    /// Lets all phones say: look to the front. What was open is closed.
    pub fn front(&mut self) {
        self.close();
        self.turn(true);
    }

    /// Opens a vote; or shows it again, if the last one was on the same question.
    pub fn ask(&mut self, question: Question) {
        match &self.scene {
            Scene::Vote(vote) if *vote.question() == question => self.turn(false),
            _ => self.show(Scene::Vote(Vote::new(question))),
        }
    }

    /// Closes the vote, and shows it with its right choice. Until now nothing here has known it.
    pub fn answer(&mut self, right: char) {
        if let Scene::Vote(vote) = &mut self.scene {
            vote.answer(right);
            self.turn(false);
        }
    }

    /// Opens a second vote on the same question.
    pub fn ask_again(&mut self) {
        if let Scene::Vote(vote) = &mut self.scene {
            vote.again();
            self.turn(false);
        }
    }

    /// Opens a round of the race, in which each phone increments the counter so many times.
    pub fn race(&mut self, round: Round, times: u32) {
        self.show(Scene::Race(Race::new(round, times)));
    }

    /// Gives each phone this level, counted from 0, to play alone.
    pub fn play(&mut self, level: usize) {
        self.open_level(level, false);
    }

    /// Lets the class steer this level, counted from 0, from its beginning.
    pub fn steer(&mut self, level: usize) {
        self.open_level(level, true);
    }

    fn open_level(&mut self, level: usize, is_steered: bool) {
        if let Some(of) = Level::of(level) {
            self.levels.push(level);
            self.show(Scene::Game(Game::new(of, is_steered)));
        }
    }

    /// Takes leave: the phones may have all levels.
    pub fn end(&mut self) {
        self.show(Scene::End);
    }

    /// Closes what is open; its result stays.
    pub fn close(&mut self) {
        if let Some(activity) = self.scene.activity() {
            activity.close();
        }
    }

    /// The vote that is shown.
    pub fn vote(&mut self) -> Option<&mut Vote> {
        if let Scene::Vote(vote) = &mut self.scene { Some(vote) } else { None }
    }

    /// The round of the race that is shown.
    pub fn racing(&self) -> Option<&Race> {
        if let Scene::Race(race) = &self.scene { Some(race) } else { None }
    }

    /// The level that is shown.
    pub fn game(&self) -> Option<&Game> {
        if let Scene::Game(game) = &self.scene { Some(game) } else { None }
    }

    /// The rounds of the race so far, the last one of each kind, with the one that is shown.
    pub fn rounds(&self) -> Rounds {
        let mut rounds = self.rounds.clone();
        if let Some(result) = self.racing().map(Race::result).filter(|it| it.should_be > 0) {
            rounds.retain(|other| other.round != result.round);
            rounds.push(result);
        }
        Rounds(rounds)
    }
}

/// The address that comes most often, and how often.
pub(crate) fn most_frequent(addresses: impl Iterator<Item = IpAddr>) -> Option<(IpAddr, usize)> {
    let mut counts: HashMap<IpAddr, usize> = HashMap::new();
    for address in addresses {
        *counts.entry(address).or_default() += 1;
    }
    counts.into_iter().max_by_key(|(_, count)| *count)
}
